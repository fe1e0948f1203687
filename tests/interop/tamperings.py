# SPDX-License-Identifier: Apache-2.0
"""Ways to forge an Open Badges 2.0 award, each with the errors the reference validator gives.

In the errors `{url}` is the address asked for, `{badge}` the badge class and `{base}` the site.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
Case = tuple[str, Mapping[str, Json | str | None]]

EVIL = "https://elsewhere.example.net"
NOBODY = "0" * 26


def changed(record: Json, changes: Json) -> Json:
    """A record with some fields changed; None takes a field out."""
    return {name: one for name, one in (record | changes).items() if one is not None}


@dataclass(frozen=True)
class Scene:
    """One award as it is published, to be tampered with."""

    base: str
    assertion: Json
    badge: Json
    issuer: Json

    @property
    def url(self) -> str:
        return str(self.assertion["id"])

    def assertion_with(self, **changes: Any) -> Case:
        return self.url, {self.url: changed(self.assertion, changes)}

    def badge_with(self, **changes: Any) -> Case:
        return self.url, {self.badge["id"]: changed(self.badge, changes)}

    def issuer_with(self, **changes: Any) -> Case:
        return self.url, {self.issuer["id"]: changed(self.issuer, changes)}

    def recipient_with(self, **changes: Any) -> Case:
        return self.assertion_with(recipient=changed(self.assertion["recipient"], changes))

    def moved_to(self, url: str) -> Case:
        """The same award at another address, which it also names as its own."""
        return url, {url: changed(self.assertion, {"id": url})}

    def by_another_issuer(self) -> Case:
        """Our badge class, said to be issued by a profile on another host that does answer."""
        issuer = changed(self.issuer, {"id": f"{EVIL}/issuer.json", "verification": None})
        return self.url, {
            self.badge["id"]: changed(self.badge, {"issuer": issuer["id"]}),
            issuer["id"]: issuer,
        }


@dataclass(frozen=True)
class Tampering:
    forge: Callable[[Scene], Case]
    errors: tuple[str, ...]


_NO_JSON = "Unknown Content-Type (Not image/png or image/svg+xml). Response could not be interpreted from url {0}"
_REQUIRED = "Required property {0} not present in unknown type node {1}"
_NO_IMAGE = "Could not load and validate image in node {0}"
_NOT_RUN = "Task could not run due to unmet prerequisites."
_NOT_REACHED = "requests.exceptions.ConnectionError: {0} cannot be reached"
_NO_CONTEXT = "pyld.jsonld.JsonLdError: ('Could not expand input before compaction.',)"
_NO_DATE = "DATETIME property issuedOn value {0} not valid in unknown type node {{url}}"
_OUTSIDE = (
    "Assertion id {0}does not start with any permitted values in its issuer's verification policy."
)
# The validator stumbles over its own sentence when a badge class or an issuer is not named.
_STUMBLES = "IndexError: Replacement index 1 out of range for positional args tuple"
_NAIVE = "TypeError: can't compare offset-naive and offset-aware datetimes"

STUB = (
    *(
        _REQUIRED.format(name, "{url}")
        for name in ("recipient", "badge", "verification", "issuedOn")
    ),
    _NOT_RUN,
    _STUMBLES,
)
EXPIRED = "Assertion {url} expired on {expires}"

REFUSED: dict[str, Tampering] = {
    "id_is_another_address": Tampering(
        lambda s: s.assertion_with(id=f"{s.base}/awards/{NOBODY}.ob2.json"),
        (_NO_JSON.format(f"{{base}}/awards/{NOBODY}.ob2.json"),),
    ),
    "id_is_on_another_host": Tampering(
        lambda s: s.assertion_with(id=f"{EVIL}/award.json"),
        (_NOT_REACHED.format(f"{EVIL}/award.json"),),
    ),
    "type_is_another": Tampering(
        lambda s: s.assertion_with(type="BadgeClass"),
        (
            *(
                _REQUIRED.format(name, "{url}")
                for name in ("issuer", "name", "description", "criteria")
            ),
            _NO_IMAGE.format("{url}"),
            _STUMBLES,
        ),
    ),
    "issued_after_now": Tampering(
        lambda s: s.assertion_with(issuedOn="2999-01-01T00:00:00Z"),
        ("Assertion {url} has issue date 2999-01-01 00:00:00+00:00 in the future.",),
    ),
    "issued_without_zone": Tampering(
        lambda s: s.assertion_with(issuedOn="2016-03-14T00:00:00"),
        (_NO_DATE.format("2016-03-14T00:00:00"), _NAIVE),
    ),
    "issued_without_time": Tampering(
        lambda s: s.assertion_with(issuedOn="2016-03-14"),
        (_NO_DATE.format("2016-03-14"), _NOT_RUN),
    ),
    "expires_before_it_was_issued": Tampering(
        lambda s: s.assertion_with(expires="2001-01-01T00:00:00Z"),
        ("Assertion {url} expiration is prior to issue date.",),
    ),
    "expired_before_now": Tampering(
        lambda s: s.assertion_with(expires="2020-01-01T23:59:59Z"),
        ("Assertion {url} expired on 2020-01-01T23:59:59Z",),
    ),
    "badge_is_on_another_host": Tampering(
        lambda s: s.assertion_with(badge=f"{EVIL}/badgeclass.json"),
        (_NOT_REACHED.format(f"{EVIL}/badgeclass.json"),),
    ),
    "badge_page_was_taken_away": Tampering(
        lambda s: (s.url, {s.badge["id"]: None}), (_NO_JSON.format("{badge}"),)
    ),
    "badge_is_by_another_hosts_issuer": Tampering(
        lambda s: s.by_another_issuer(),
        ("Assertion {short} not hosted in allowed origins elsewhere.example.net",),
    ),
    "badge_has_no_image": Tampering(
        lambda s: s.badge_with(image=None), (_NO_IMAGE.format("{badge}"),)
    ),
    "badge_has_no_criteria": Tampering(
        lambda s: s.badge_with(criteria=None), (_REQUIRED.format("criteria", "{badge}"),)
    ),
    "badge_has_no_name": Tampering(
        lambda s: s.badge_with(name=None), (_REQUIRED.format("name", "{badge}"),)
    ),
    "issuer_page_was_taken_away": Tampering(
        lambda s: (s.url, {s.issuer["id"]: None}), (_NO_JSON.format("{issuer}"),)
    ),
    "recipient_is_missing": Tampering(
        lambda s: s.assertion_with(recipient=None), (_REQUIRED.format("recipient", "{url}"),)
    ),
    "recipient_is_said_to_be_hashed_but_is_plain": Tampering(
        lambda s: s.recipient_with(hashed=True),
        ("Identity {identity} must match known hash style if hashed is true",),
    ),
    "recipient_is_an_email_that_is_none": Tampering(
        lambda s: s.recipient_with(type="email"), ("Email type identity must match email format.",)
    ),
    "verification_is_missing": Tampering(
        lambda s: s.assertion_with(verification=None),
        (_REQUIRED.format("verification", "{url}"), _NOT_RUN),
    ),
    "moved_outside_the_awards_folder": Tampering(
        lambda s: s.moved_to(f"{s.base}/uploads/award.ob2.json"),
        (_OUTSIDE.format("{base}/uploads/award.ob2.json"),),
    ),
    "moved_to_another_host": Tampering(
        lambda s: s.moved_to(f"{EVIL}/awards/award.ob2.json"),
        (_OUTSIDE.format(f"{EVIL}/awards/award.ob2.json"),),
    ),
    "context_is_unknown": Tampering(
        lambda s: s.assertion_with(**{"@context": f"{EVIL}/context.json"}), (_NO_CONTEXT,)
    ),
    "context_is_missing": Tampering(
        lambda s: s.assertion_with(**{"@context": None}), (_NO_CONTEXT, _NOT_RUN)
    ),
    "page_is_cut_off": Tampering(
        lambda s: (s.url, {s.url: '{"@context":"https://w3id'}), (_NO_JSON.format("{url}"),)
    ),
    "page_was_taken_away": Tampering(lambda s: (s.url, {s.url: None}), (_NO_JSON.format("{url}"),)),
}

# What the reference validator lets pass, to be known and to be checked elsewhere. Its list of
# property kinds leaves out types and e-mail addresses (`_get_validation_actions` in
# openbadges/verifier/tasks/validation.py, 1.1.2), and where an assertion may be hosted is asked of
# the exact type HostedBadge only.
LET_PASS: dict[str, Callable[[Scene], Case]] = {
    "id_is_missing": lambda s: s.assertion_with(id=None),
    "recipient_type_is_unknown": lambda s: s.recipient_with(type="passport"),
    "verification_type_is_unknown": lambda s: s.assertion_with(verification={"type": "TrustMe"}),
    "verification_is_said_to_be_signed": lambda s: s.assertion_with(
        verification={"type": "SignedBadge"}
    ),
    "issuer_has_no_email": lambda s: s.issuer_with(email=None),
    "full_record_says_revoked": lambda s: s.assertion_with(revoked=True),
}
