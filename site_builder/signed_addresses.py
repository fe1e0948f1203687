# SPDX-License-Identifier: Apache-2.0
"""Paths and identifiers of the signed files; `addresses.py` in all but name."""

from __future__ import annotations

from urllib.parse import urlsplit

from site_builder.addresses import Site, award_page, credential_page
from site_builder.model import Award, Credential

PROFILE = "issuer/profile.json"
DID = "did.json"
DID_WELL_KNOWN = ".well-known/did.json"
KEYS = "keys/index.json"


def award_json(award_id: str) -> str:
    return f"awards/{award_id}.json"


def achievement(credential: Credential) -> str:
    return f"credentials/{credential.id}/{credential.version}/achievement.json"


def status_list(number: int) -> str:
    return f"status/{number}.json"


def issuer_did(site: Site) -> str:
    """The did:web of a site: `did:web:badges.example.org`, `did:web:host%3A8000:folder`.

    Source: did:web Method Specification, "Method-specific identifier".
    """
    parts = urlsplit(site.base_url)
    host = parts.netloc.rpartition("@")[2].lower().replace(":", "%3A")
    return ":".join(["did", "web", host, *filter(None, parts.path.split("/"))])


def key_method(key_id: str, site: Site) -> str:
    """The verification method of one of the issuer's keys, such as `did:web:host#key-1`."""
    return f"{issuer_did(site)}#{key_id}"


def evidence_anchor(award: Award, number: int, site: Site) -> str:
    """Address of an evidence item that has none of its own: its place on the award's page."""
    return f"{site.url(award_page(award.id))}#evidence-{number}"


def criteria(credential: Credential, site: Site) -> str:
    """Where a credential's criteria are to be read."""
    return site.url(credential_page(credential.id))
