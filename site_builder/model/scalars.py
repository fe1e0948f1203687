# SPDX-License-Identifier: Apache-2.0
"""The small types every record is made of: ids, dates, versions, texts.

The loader types only true, false, null and plain integers; every other scalar arrives as the
text that was typed. These types turn that text into values, or say what was expected.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Strict, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

SLUG = r"[a-z0-9][a-z0-9-]{0,62}"
RANDOM_ID = r"[0-9a-hjkmnp-tv-z]{26}"  # 130 bits in Crockford's lower-case alphabet
VERSION = r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})"
LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
_LANGUAGE = re.compile(LANGUAGE)
_DECIMAL = re.compile(r"[0-9]{1,9}(\.[0-9]{1,4})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PERIOD = re.compile(
    r"P(?=[0-9])(?:([0-9]{1,3})Y)?(?:([0-9]{1,3})M)?(?:([0-9]{1,3})W)?(?:([0-9]{1,3})D)?"
)


class Model(BaseModel):
    """A frozen record; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(Model):
    """A record that is one file; its id is the file's name and is not written inside it."""

    id: SkipJsonSchema[str] = ""


def _as_text(value: Any) -> Any:
    """The source text of a plain integer, so that `title: 2016` is a title."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, bool) or value is None:
        raise PydanticCustomError("expected", "write text here, in quotes if the word is meant")
    if not isinstance(value, str):
        raise PydanticCustomError("expected", "write text here")
    return value


# For each check of a form the pattern of ASCII that says the same, or less; see quick.py.
PLAIN_PATTERNS: dict[Callable[[str], str], str] = {}


def _matching(pattern: str, expected: str, plain: str | None = None) -> AfterValidator:
    """A check of a text's form.

    Args:
        pattern: of the whole text.
        expected: what to write instead.
        plain: a narrower pattern where `pattern` means something else to other engines.
    """
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise PydanticCustomError("expected", "{expected}", {"expected": expected})
        return value

    PLAIN_PATTERNS[check] = plain or pattern
    return AfterValidator(check)


def _scalar(pattern: str | None = None, *, numbers: bool = True, **extra: Any) -> WithJsonSchema:
    """JSON Schema of a text field; an ordinary YAML reader hands us `1.10` as a number."""
    schema: dict[str, Any] = {"type": ["string", "number"] if numbers else "string"}
    if pattern is not None:
        schema["pattern"] = f"^{pattern}$"
    return WithJsonSchema(schema | extra)


def not_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("expected", "write at least one word, or leave the key out")
    return value


_text = BeforeValidator(_as_text)
Str = Annotated[str, _text, AfterValidator(not_blank), _scalar(minLength=1)]
Slug = Annotated[
    str,
    _text,
    _matching(SLUG, "use small letters a to z, digits and hyphens, at most 63 characters"),
    _scalar(SLUG),
]
RandomId = Annotated[
    str,
    _text,
    _matching(RANDOM_ID, "use a 26-character id of 0-9 and a-z without i, l, o and u"),
    _scalar(RANDOM_ID),
]
Version = Annotated[
    str,
    _text,
    _matching(VERSION, "write a version as MAJOR.MINOR.PATCH, such as 1.0.0"),
    _scalar(VERSION),
]
PinnedRef = Annotated[
    str,
    _text,
    _matching(
        rf"{SLUG}@{VERSION}", "write the name and its version, such as looking-at-work@1.0.0"
    ),
    _scalar(f"{SLUG}@{VERSION}"),
]
LooseRef = Annotated[
    str,
    _text,
    _matching(
        rf"{SLUG}(@{VERSION})?", "write a name, or a name and its version such as team-norms@1.0.0"
    ),
    _scalar(f"{SLUG}(@{VERSION})?"),
]
Language = Annotated[
    str, _text, _matching(LANGUAGE, "write a language tag such as en or pt-BR"), _scalar(LANGUAGE)
]
Sha256 = Annotated[
    str,
    _text,
    _matching(r"[0-9a-f]{64}", "write a SHA-256 as 64 hexadecimal digits"),
    _scalar("[0-9a-f]{64}"),
]
SchoolYear = Annotated[
    str,
    _text,
    _matching(r"[0-9]{4}-[0-9]{2}", "write a school year such as 2015-16"),
    _scalar("[0-9]{4}-[0-9]{2}"),
]
_ADDRESS = r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[A-Za-z0-9\-._~%!$&'()*+,;=:@/]*)?"
Url = Annotated[
    str,
    _text,
    _matching(
        _ADDRESS + r"(\?[^\s<>\"{}|\\^`]*)?(#[^\s<>\"{}|\\^`]*)?",
        "write a full address that starts with https:// and holds no spaces",
        _ADDRESS,
    ),
    _scalar(r"https?://[^\s]+", numbers=False),
]
EmailAddress = Annotated[
    str,
    _text,
    _matching(
        r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"'.]+",
        "write an e-mail address",
        r"[a-z0-9.]+@[a-z0-9-]+\.[a-z0-9-]+",
    ),
    _scalar(r"[^@\s]+@[^@\s]+", numbers=False),
]
Currency = Annotated[
    str,
    _text,
    _matching(r"[A-Z]{3}", "write a currency as three capitals, such as USD"),
    _scalar("[A-Z]{3}"),
]
Bool = Annotated[bool, Strict()]
Int = Annotated[int, Strict()]


def count(value: int) -> int:
    if value < 0:
        raise PydanticCustomError("expected", "write a whole number, 0 or more")
    return value


Count = Annotated[
    int, Strict(), AfterValidator(count), WithJsonSchema({"type": "integer", "minimum": 0})
]


def _decimal(value: Any) -> Any:
    text = _as_text(value)
    if not _DECIMAL.fullmatch(text):
        raise PydanticCustomError("expected", "write a number of 0 or more, such as 15 or 2.5")
    return Decimal(text)


Amount = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0},
                {"type": "string", "pattern": r"^[0-9]{1,9}(\.[0-9]{1,4})?$"},
            ]
        }
    ),
]


def date(value: Any) -> dt.date:
    text = _as_text(value)
    if not _DATE.fullmatch(text):
        raise PydanticCustomError("expected", "write a date as YYYY-MM-DD")
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise PydanticCustomError("no_such_date", "there is no such day") from None


Date = Annotated[
    dt.date,
    BeforeValidator(date),
    WithJsonSchema({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}),
]


def _period(value: str) -> str:
    if not _PERIOD.fullmatch(value):
        raise PydanticCustomError(
            "expected", "write a length of time such as P1Y, P6M, P2W or P10D"
        )
    return value


Period = Annotated[str, _text, AfterValidator(_period), _scalar(r"P([0-9]+[YMWD])+", numbers=False)]


def add_period(day: dt.date, period: str) -> dt.date:
    """The day `period` after `day`; a month too short for the day gives its last day.

    Source: ISO 8601 durations, years to days; months are added before weeks and days.
    """
    match = _PERIOD.fullmatch(period)
    if match is None:
        raise ValueError(f"not a period: {period!r}")
    years, months, weeks, days = (int(part or 0) for part in match.groups())
    month_index = day.month - 1 + months + 12 * years
    year, month = day.year + month_index // 12, month_index % 12 + 1
    clamped = min(day.day, calendar.monthrange(year, month)[1])
    return dt.date(year, month, clamped) + dt.timedelta(days=7 * weeks + days)


def period_days(period: str) -> int:
    """Length of `period` in days, counted from 1 September 2015 (a usual school year)."""
    start = dt.date(2015, 9, 1)
    return (add_period(start, period) - start).days


def _language_map(value: Any) -> dict[str, str]:
    """A text as {language: words}; the key "" stands for the site's default language."""
    if not isinstance(value, dict):
        return {"": not_blank(_as_text(value))}
    if not value:
        raise PydanticCustomError("expected", "write the text, or one text per language")
    result = {}
    for tag, words in value.items():
        if not _LANGUAGE.fullmatch(str(tag)):
            raise PydanticCustomError(
                "expected",
                "'{tag}' is not a language tag; use tags such as en or es",
                {"tag": str(tag)[:40]},
            )
        result[str(tag)] = not_blank(_as_text(words))
    return result


_plain_text: dict[str, Any] = {"type": ["string", "number"], "minLength": 1}
Text = Annotated[
    dict[str, str],
    BeforeValidator(_language_map),
    WithJsonSchema(
        {
            "anyOf": [
                _plain_text,
                {
                    "type": "object",
                    "minProperties": 1,
                    "propertyNames": {"pattern": f"^{LANGUAGE}$"},
                    "additionalProperties": _plain_text,
                },
            ]
        }
    ),
]
