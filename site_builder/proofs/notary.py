# SPDX-License-Identifier: Apache-2.0
"""Many documents signed with one key, fast: the bytes of `integrity.sign`, written once.

A document is read once for both what is signed and what is published. What proofs of one day share
is made once, and a record takes over the credentials inside it as they were signed and written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from site_builder import keys
from site_builder.json_text import compact
from site_builder.proofs.blocks import Quads
from site_builder.proofs.embedded import Records
from site_builder.proofs.integrity import options_of, proof_of
from site_builder.proofs.shape import Path
from site_builder.proofs.stored import Memory, Store
from site_builder.proofs.template import Templates

Json = dict[str, Any]
_DAYS = 2048  # of which what their proofs share is kept
# Never the 64 bytes of two digests, so that no proof can be made of this signature, nor it of one.
_PURPOSE = b"badges-static: the seal of what was learned of documents, and of nothing else"
_INSIDE = '"verifiableCredential":'


@dataclass(frozen=True, slots=True)
class Signed:
    """A document with its proof.

    Attributes:
        document: what it says, `proof` last.
        text: the same as compact JSON.
        quads: of a credential without its proof, for the record it is put into.
    """

    document: Json
    text: str
    quads: Quads | None

    @property
    def data(self) -> bytes:
        """The bytes of its file."""
        return (self.text + "\n").encode()


class Notary:
    """Signs documents; one for each process, for as many of them as there are.

    Args:
        key: private half of the key `method` names.
        method: verification method, such as `did:web:badges.example.org#key-1`.
        constant: paths of objects many documents share, such as `("issuer",)`.
        store: keeps what was learned for other processes; what lies there need not be trusted.
    """

    def __init__(
        self,
        key: keys.SigningKey,
        method: str,
        constant: Sequence[Path] = (),
        store: Store | None = None,
    ) -> None:
        self._key = key
        self._method = method
        secret = hashlib.sha256(key.sign(_PURPOSE)).digest()
        self.templates = Templates(
            constant, memory=None if store is None else Memory(store, secret)
        )
        self.records = Records(self.templates)
        self._heads: dict[tuple[str, ...], tuple[Json, str, bytes]] = {}

    def signed(self, document: Json, created: str) -> Signed:
        """The document with a proof, as `sign` makes it.

        Args:
            document: a JSON-LD object without proofs.
            created: date-time with zone, from the data and never from a clock.

        Raises:
            UnsafeDocument: something in it would not be covered by the proof.
            UnknownContext: a context is not vendored.
            ValueError: it has a proof already, or `created` is no date-time with zone.
        """
        if "proof" in document:
            raise ValueError("the document has a proof already")
        written = self.templates.written(document)
        canonical = written.quads.canonical()
        return self._with_proof(document, created, canonical, written.text, written.quads)

    def record(self, document: Json, created: str, inside: Sequence[Signed]) -> Signed:
        """A learner record with a proof; errors as in `signed`.

        Args:
            document: with the credentials in `credentialSubject.verifiableCredential`.
            created: date-time with zone.
            inside: the same, signed by this notary.
        """
        subject = document["credentialSubject"]
        if [id(one.document) for one in inside] != [
            id(one) for one in subject["verifiableCredential"]
        ]:
            raise ValueError("the record holds other credentials than those given")
        bodies = [one.quads for one in inside if one.quads is not None]
        canonical = self.records.canonical(document, bodies)
        empty = compact(document | {"credentialSubject": subject | {"verifiableCredential": []}})
        # A quotation mark inside a text is never without its backslash, so this is no text.
        before, _, after = empty.partition(f"{_INSIDE}[]")
        text = f"{before}{_INSIDE}[{','.join([one.text for one in inside])}]{after}"
        return self._with_proof(document, created, canonical, text)

    def _with_proof(
        self, document: Json, created: str, canonical: bytes, text: str, quads: Quads | None = None
    ) -> Signed:
        options, said, head = self._head(document["@context"], created)
        proof = proof_of(options, head, canonical, self._key)
        # Base 58 has no character that JSON writes otherwise.
        value = f'"proofValue":"{proof["proofValue"]}"'
        whole = f'{text[:-1]},"proof":[{said[:-1]},{value}}}]}}'
        return Signed(document | {"proof": [proof]}, whole, quads)

    def _head(self, context: Any, created: str) -> tuple[Json, str, bytes]:
        """What a proof of this moment says, the same as JSON, and the digest of it."""
        name = (created, *context)
        known = self._heads.get(name)
        if known is None:
            options = options_of(self._method, created)
            canonical = self.templates.canonical({"@context": context} | options)
            known = options, compact(options), hashlib.sha256(canonical).digest()
            if len(self._heads) >= _DAYS:
                self._heads.clear()
            self._heads[name] = known
        return known
