# SPDX-License-Identifier: Apache-2.0
"""Continuing-education credit in words and in sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from site_builder.model import Award, Credential, Credit
from site_builder.pages.labels import credit_amount, label


@dataclass(frozen=True, slots=True)
class CreditWords:
    """Credit a credential carries: "15 CTLE hours" and who grants it."""

    words: str
    authority: str


class CreditRow(NamedTuple):
    award: Award
    credential: Credential
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CreditLog:
    """What one scheme of one authority adds up to, oldest award first."""

    scheme: str
    authority: str
    rows: tuple[CreditRow, ...]

    @property
    def total(self) -> Decimal:
        return sum((row.amount for row in self.rows), Decimal(0))


_scheme = cache(label)  # credentials share a few schemes


def credits_of(credential: Credential) -> tuple[CreditWords, ...]:
    """Every kind of credit a credential carries, in words."""
    return tuple(CreditWords(credit_amount(one), one.authority) for one in credential.credit)


def credit_logs(earned: Iterable[tuple[Credential, Award]]) -> tuple[CreditLog, ...]:
    """One log per scheme and authority, of awards in force issued while the credit was granted."""
    rows: dict[tuple[str, str], list[CreditRow]] = {}
    for credential, award in earned:
        if award.status.state != "active":
            continue
        for credit in credential.credit:
            if _granted(credit, award):
                key = (_scheme(credit.scheme), credit.authority)
                rows.setdefault(key, []).append(CreditRow(award, credential, credit.amount))
    return tuple(
        CreditLog(scheme, authority, tuple(sorted(found, key=_by_date)))
        for (scheme, authority), found in sorted(rows.items())
    )


def _granted(credit: Credit, award: Award) -> bool:
    day = award.issued
    if day is None:
        return False
    return (credit.valid_from is None or credit.valid_from <= day) and (
        credit.valid_until is None or day <= credit.valid_until
    )


def _by_date(row: CreditRow) -> tuple[dt.date | None, str]:
    return row.award.issued, row.award.id
