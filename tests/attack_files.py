# SPDX-License-Identifier: Apache-2.0
"""Attacks that hide in names, drawings and pictures, or that hold too much; see attacks.py."""

from __future__ import annotations

import copy
import hashlib
import zlib
from typing import TYPE_CHECKING, Any

from site_builder.verify.reading import contexts_in, values_in
from tests.mutations import Case, signed_anyway, text
from tests.signed import drop, put
from tests.test_verify_bad_input import chunk, itxt, png
from tests.verified import BASE, KEY, Hosted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.signed import Json

_V2 = "https://www.w3.org/ns/credentials/v2"
_HASH = ("credentialSubject", "identifier", 0, "identityHash")
NAMES = (
    "Ada\N{HANGUL FILLER}Okafor",
    "Ada Okafor\N{ZERO WIDTH SPACE}",
    "Ada \N{CYRILLIC CAPITAL LETTER O}kafor",
    "\N{FULLWIDTH LATIN CAPITAL LETTER A}da Okafor",
)
# Letters on whose other case programs disagree
_LETTERS = (
    "\u1e9e", "\u00df", "\u0130", "\u0131", "\ufb01", "\u212b", "\u03c2", "\u0149", "\u212a", "\u24b6", "\u13a0", "\uab70",
    "\u1c80", "A\u0345\u0301", "\u01c5", "\u1fb3", "\u2800", "\u3164", "\ue000", "x" * 400, "\U0001f600" * 400,
)  # fmt: skip


def holders(good: Json) -> Iterator[Case]:
    """Who holds a badge: names that look the same, and hashes."""
    for name in (*NAMES, *_LETTERS, "", " ", "Ada  Okafor", "ADA OKAFOR", "=1+1"):
        forged = text(put(good, _HASH, name))
        yield Case(f"name {name!r}", forged)
        for asked in {name, name.lower(), name.upper(), name.casefold(), "Ada Okafor"} - {""}:
            yield Case(f"name {name!r}, asked {asked!r}", forged, asked=asked)
    mine = good["credentialSubject"]
    other = put(mine, ("identifier", 0, "identityHash"), "Bo Nygaard")
    for both in ([mine, other], [other, mine]):
        for asked in (None, "Bo Nygaard", "Ada Okafor"):
            forged = text(good | {"credentialSubject": both})
            yield Case(f"two holders, asked {asked}", forged, asked=asked)
    for salt in (None, "", 7, ["x"], "s"):
        salted = b"ada@example.org" + (salt.encode() if isinstance(salt, str) else b"")
        value = f"sha256${hashlib.sha256(salted).hexdigest()}"
        for kind in ("email", "emailAddress", "name"):
            identity = {"type": "IdentityObject", "hashed": True, "identityType": kind}
            identity |= {"identityHash": value, "salt": salt}
            body = text(put(good, ("credentialSubject", "identifier"), [identity]))
            for asked in ("Ada@Example.org", "bo@example.org"):
                yield Case(f"{kind} with salt {salt}, asked {asked}", body, asked=asked)


def drawings(good: Json) -> Iterator[Case]:
    """Drawings that hold a badge more than once, in pieces, or behind something else."""
    space = "https://purl.imsglobal.org/ob/v3p0"
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="{space}">%s</svg>'
    badge = "<openbadges:credential>%s</openbadges:credential>"
    plain = text(good).decode()
    held = plain.replace("&", "&amp;").replace("<", "&lt;")
    numbers = "".join(f"&#{ord(one)};" for one in plain[:200])
    bodies = {
        "two": badge % held * 2,
        "an entity": badge % "&x;",
        "an element": badge % f"<a/>{held}",
        "only a comment": "<!--<openbadges:credential>-->",
        "split by a comment": badge % f"{held[:50]}<!--x-->{held[50:]}",
        "split by an instruction": badge % f"{held[:50]}<?x y?>{held[50:]}",
        "in two pieces": badge % f"<![CDATA[{plain[:50]}]]><![CDATA[{plain[50:]}]]>",
        "another prefix": f'<x:credential xmlns:x="{space}">{held}</x:credential>',
        "its own namespace": f'<credential xmlns="{space}">{held}</credential>',
        "a prefix bound anew": f'<g xmlns:openbadges="urn:x">{badge % held}</g>',
        "no namespace": f"<credential>{held}</credential>",
        "numbers": badge % (numbers + plain[200:].replace("&", "&amp;").replace("<", "&lt;")),
        "nested": "<a>" * 20_000 + "</a>" * 20_000,
    }
    for name, body in bodies.items():
        yield Case(f"drawing with {name}", (drawing % body).encode())
    for before in (
        '<!DOCTYPE svg [<!ENTITY x "y">]>',
        '<!DOCTYPE svg SYSTEM "http://evil.example/x">',
        '<?xml version="1.0" encoding="UTF-16"?>',
        '<?xml version="1.1"?>',
        "<!--<svg>-->",
        "\ufeff",
        "<a/>",
    ):
        yield Case(f"drawing after {before}", (before + drawing % (badge % held)).encode())


def pictures(good: Json) -> Iterator[Case]:
    """Pictures that hold too many badges, or one where none belongs."""
    mine = itxt(b"openbadgecredential", text(good))
    large = itxt(b"openbadges", bytes(1 << 20), packed=True)
    wrong = mine[:-1] + bytes([mine[-1] ^ 1])
    packed = zlib.compress(text(good))
    made = {
        "behind its end": png() + mine,
        "of a thousand large ones": png(*[large] * 1000),
        "twice, then damage": png(mine, mine, wrong),
        "damage, then twice": png(wrong, mine, mine),
        "and an empty record": png(mine, itxt(b"clrcredential", b"{}")),
        "with a keyword in capitals": png(itxt(b"OpenBadgeCredential", text(good))),
        "with more behind": png(mine) + b"more",
        "packed, with more behind": png(chunk(b"zTXt", b"openbadgecredential\0\0" + packed + b"x")),
    }
    for name, data in made.items():
        yield Case(f"picture: {name}", data)


def too_much(site: Hosted, good: Json) -> Iterator[Case]:
    """What holds more than anybody can go through, and what holds just not too much."""
    bare = drop(good, ("credentialStatus",))
    yield from _many_values(bare)
    yield from _many_contexts(bare)
    yield from _parts_in_parts(bare)
    listing = site.json("status/0.json")
    for number in (2000, 2001):
        one = _filled(listing, number)
        yield Case(
            f"a list of {number} values", text(good), web={f"{BASE}status/0.json": text(one)}
        )
    padded = listing | {
        "evidence": [{"id": f"urn:x:{one}", "type": "Evidence"} for one in range(300)]
    }
    anew = text(signed_anyway(padded, KEY) or padded)
    yield Case("a list of 1,500 values, signed", text(good), web={f"{BASE}status/0.json": anew})


def _filled(body: Json, values: int, name: str = "x") -> Json:
    """The document with so many values in all, each context for thirty."""
    empty = body | {name: []}
    return body | {name: [0] * (values - values_in(empty) - 30 * _contexts(body))}


def _contexts(body: Json) -> int:
    return 0 if "encodedList" in body.get("credentialSubject", {}) else contexts_in(body)


def _cheap(body: Json, number: int = 1) -> Json:
    """With signatures of a kind that is refused before the document is gone through."""
    (proof,) = body["proof"]
    return body | {"proof": [proof | {"cryptosuite": "x"}] * number}


def _many_values(bare: Json) -> Iterator[Case]:
    """Two signatures over half of what may be spent, and over a little more."""
    for values in (75_000, 75_001):
        for number in (1, 2, 3):
            one = _filled(_cheap(bare, number), values)
            yield Case(f"{number} signatures over {values} values", text(one))
    whole = _filled(bare, 160_000)
    yield Case("one signature over 160,000 values", text(whole))
    yield Case("twice over 160,000 values", text(whole | {"proof": bare["proof"] * 2}))


def _many_contexts(bare: Json) -> Iterator[Case]:
    top = contexts_in(bare)
    for number in (2000, 2001):
        inside: Any = [{"@context": _V2}] * (number - top)
        yield Case(f"{number} contexts", text(_cheap(bare) | {"evidence": inside}))
        inside = {"@context": [_V2] * (number - top), "type": ["Evidence"]}
        yield Case(f"{number} contexts in one place", text(_cheap(bare) | {"evidence": [inside]}))
    for number in (1, 2, 3):
        inside = [{"@context": _V2}] * (1600 - top)  # 48,000 values and some more
        body = _cheap(bare, number) | {"evidence": inside}
        yield Case(f"{number} signatures over 1,600 contexts", text(body))
    evidence = [{"@context": _V2, "type": ["Evidence"]}] * 9000
    yield Case("9,000 contexts inside", text(bare | {"evidence": evidence}))
    yield Case(
        "10,000 contexts at the top",
        text(bare | {"@context": [*bare["@context"], *[_V2] * 10_000]}),
    )


def _parts_in_parts(bare: Json) -> Iterator[Case]:
    """Who comes first is paid first: each part before those beside it, after those around it."""
    cheap = _cheap(bare)
    inner = _filled(cheap, 30_000)
    for beside in (20_000, 30_000, 90_000):
        first = _filled(cheap, 5_000) | {"endorsement": [inner]}
        record = cheap | {"type": ["VerifiableCredential", "ClrCredential"]}
        subject = {"type": ["ClrSubject"]} | {
            "verifiableCredential": [first, _filled(cheap, beside)]
        }
        yield Case(
            f"parts of 35,000 and {beside} values", text(record | {"credentialSubject": subject})
        )
    other = put(copy.deepcopy(drop(bare, ("proof",))), _HASH, "Bo Nygaard")
    ended = other | {"validUntil": "2016-06-01T00:00:00Z"}
    for part in (other, ended, {}, "x.y.z"):
        signed = signed_anyway(part, KEY) if isinstance(part, dict) and part else None
        record = bare | {"endorsement": [signed or part]}
        for asked in (None, "Ada Okafor", "Bo Nygaard"):
            yield Case("a part of somebody else's", text(record), asked=asked)
