# SPDX-License-Identifier: Apache-2.0
"""Data Integrity proofs over JSON-LD: canonical bytes, safe-mode check, sign and check.

Knows bytes and dicts, no badges. Nothing here opens a connection: contexts come from this package
or not at all. The fast path for builders is `site_builder.proofs.template`; it is not imported
here, because a witness must not use it.
"""

from __future__ import annotations

from site_builder.proofs.canonical import TooSymmetric, canonical
from site_builder.proofs.contexts import CONTEXTS, UnknownContext
from site_builder.proofs.integrity import Outcome, check_proof, proofs_of, sign
from site_builder.proofs.safe import Fault, UnsafeDocument, faults

__all__ = [
    "CONTEXTS",
    "Fault",
    "Outcome",
    "TooSymmetric",
    "UnknownContext",
    "UnsafeDocument",
    "canonical",
    "check_proof",
    "faults",
    "proofs_of",
    "sign",
]
