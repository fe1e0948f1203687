# SPDX-License-Identifier: Apache-2.0
"""The issuer's DID document and key history.

Source: Decentralized Identifiers v1.0; did:web Method Specification; design/standards.md section 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.model.catalog_kinds import Key

Json = dict[str, Any]
CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")


def document(keys: Iterable[Key], site: Site) -> Json:
    """The DID document: every key that signatures may rest on, present and past.

    A key that was replaced stays, in both lists, or everything it signed would stop to verify. One
    that was compromised is left out, and then everything it signed does.

    Args:
        keys: `issuer.yml`'s, or the preview key.
        site: public addresses; published at both `did.json` and `.well-known/did.json`.
    """
    did = addresses.issuer_did(site)
    trusted = [one for one in keys if one.compromised is None]
    return {
        "@context": list(CONTEXTS),
        "id": did,
        "verificationMethod": [
            {
                "id": addresses.key_method(one.id, site),
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": one.public,
            }
            for one in trusted
        ],
        # Texts, never embedded objects: the 1EdTech validator stops at an object here.
        "assertionMethod": [addresses.key_method(one.id, site) for one in trusted],
    }


def history(keys: Iterable[Key], site: Site) -> Json:
    """Every key there ever was, compromised ones included, with its dates."""
    return {"issuer": addresses.issuer_did(site), "keys": [_entry(one, site) for one in keys]}


def _entry(key: Key, site: Site) -> Json:
    body = {
        "id": addresses.key_method(key.id, site),
        "publicKeyMultibase": key.public,
        "from": key.from_.isoformat(),
    }
    ends = (("until", key.until), ("compromised", key.compromised))
    return body | {name: day.isoformat() for name, day in ends if day is not None}
