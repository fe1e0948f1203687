# SPDX-License-Identifier: Apache-2.0
"""What a holder puts elsewhere: the fields a profile asks for, its add link, and a snippet."""

from __future__ import annotations

import html
from dataclasses import dataclass
from urllib.parse import urlencode

from site_builder.model import Award
from site_builder.texts import date_words

# LinkedIn's own form for "Licenses & certifications"; field names as seen in its address.
_LINKEDIN = "https://www.linkedin.com/profile/add"


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


def sharing(award: Award, *, title: str, issued_by: str, url: str, picture: str) -> Sharing:
    """What the holder of an award copies.

    Args:
        title: the credential's, in plain words.
        issued_by: the issuer's name.
        url: the award's page.
        picture: URL of the badge's picture.
    """
    ends = date_words(award.expires) if award.expires else "Does not expire"
    fields = [Field("Name", title), Field("Issuing organisation", issued_by)]
    if award.issued:
        fields.append(Field("Issue date", date_words(award.issued)))
    fields += [
        Field("Expiry date", ends, can_copy=award.expires is not None),
        Field("Credential ID", award.id),
        Field("Credential URL", url),
    ]
    asked: dict[str, str | int] = {
        "startTask": "CERTIFICATION_NAME",
        "name": title,
        "organizationName": issued_by,
    }
    if award.issued:
        asked |= {"issueYear": award.issued.year, "issueMonth": award.issued.month}
    if award.expires:
        asked |= {"expirationYear": award.expires.year, "expirationMonth": award.expires.month}
    asked |= {"certUrl": url, "certId": award.id}
    alt = html.escape(f"Badge: {title}, issued by {issued_by}")
    snippet = (
        f'<a href="{html.escape(url)}"><img src="{html.escape(picture)}" '
        f'width="160" height="160" alt="{alt}"></a>'
    )
    return Sharing(tuple(fields), f"{_LINKEDIN}?{urlencode(asked)}", snippet)
