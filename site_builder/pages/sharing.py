# SPDX-License-Identifier: Apache-2.0
"""What a holder puts elsewhere: the fields a profile asks for, its add link, and a snippet."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote_plus

from site_builder.pages.days import Day

# LinkedIn's own form for "Licenses & certifications"; field names as seen in its address.
_LINKEDIN = "https://www.linkedin.com/profile/add"


class Written(NamedTuple):
    """The same words in the three ways a page writes them.

    Attributes:
        query: as they stand in the query of an address.
        html: as they stand in HTML that is itself shown as text.
    """

    words: str
    query: str
    html: str

    @classmethod
    def of(cls, words: str) -> Written:
        return cls(words, quote_plus(words), html.escape(words))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form elsewhere; `can_copy` is False where there is nothing to put in."""

    label: str
    words: str
    can_copy: bool = True


@dataclass(frozen=True, slots=True)
class Sharing:
    """What an award that stands offers its holder.

    Attributes:
        linkedin: address of LinkedIn's form, filled in; nothing is sent before somebody follows it.
        snippet: HTML of a picture that links to the award's page, for any page; no script.
    """

    fields: tuple[Field, ...]
    linkedin: str
    snippet: str


def sharing(
    award_id: str,
    issued: Day | None,
    expires: Day | None,
    *,
    title: Written,
    issued_by: Written,
    url: str,
    picture: str,
) -> Sharing:
    """What the holder of an award copies.

    Args:
        title: the credential's, in plain words.
        issued_by: the issuer's name.
        url: the award's page.
        picture: URL of the badge's picture, escaped for HTML.
    """
    ends = expires.words if expires else "Does not expire"
    fields = [Field("Name", title.words), Field("Issuing organisation", issued_by.words)]
    if issued:
        fields.append(Field("Issue date", issued.words))
    fields += [
        Field("Expiry date", ends, can_copy=expires is not None),
        Field("Credential ID", award_id),
        Field("Credential URL", url),
    ]
    asked = {
        "startTask": "CERTIFICATION_NAME",
        "name": title.query,
        "organizationName": issued_by.query,
    }
    if issued:
        asked |= {"issueYear": issued.year, "issueMonth": issued.month}
    if expires:
        asked |= {"expirationYear": expires.year, "expirationMonth": expires.month}
    asked |= {"certUrl": quote_plus(url), "certId": quote_plus(award_id)}
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    snippet = (
        f'<a href="{html.escape(url)}"><img src="{picture}" width="160" height="160" '
        f'alt="Badge: {title.html}, issued by {issued_by.html}"></a>'
    )
    return Sharing(tuple(fields), f"{_LINKEDIN}?{query}", snippet)
