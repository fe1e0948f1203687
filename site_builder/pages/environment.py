# SPDX-License-Identifier: Apache-2.0
"""The one Jinja environment: autoescaping, strict about missing names, with our filters.

Every page is rendered through `render`, which gives the template its place on the site (`origin`)
and its languages, so that a link is `{{ path|link }}` and a text `{{ credential.title|text }}`.

Filters; those marked * need a page, that is: a call of `render`. `paths` is the addresses module.

| filter | from | to |
|---|---|---|
| text * | language map | plain words in the page's language, escaped like any text |
| spoken * | language map | the same, in a span that names the language if it is not the page's |
| lang * | language map | the attribute ` lang="es"` for an element around them, or nothing |
| prose * | language map | cleaned HTML of the Markdown subset |
| link * | path | relative link from this page |
| badge, mark, ghost * | Credential | relative link of its picture |
| date | date | `<time datetime="2016-03-14">14 March 2016</time>` |
| month | `2016-03` | March 2016 |
| period | `P6M` | six months |
| amount | Decimal or int | `15`, `2.5`, `1,200` |
| hours | Decimal or int | `one hour`, `15 hours` |
| count | int | words up to twelve, then digits |
| plain | words | without Markdown marks, on one line |
| slot_class | slot of an area, from 0 | `a1` to `a5` |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from site_builder import addresses
from site_builder.addresses import Site
from site_builder.catalog import Catalog
from site_builder.model import Credential
from site_builder.texts import (
    Picked,
    amount_words,
    date_words,
    markdown_html,
    month_words,
    number_words,
    period_words,
    pick,
    plain,
)

INTERFACE = "en"  # language of our own words; a second one comes with its own locales file
AREA_COLOURS = 5  # tokens.css has five; a sixth area starts again at the first

Words = Mapping[str, str] | None


def render(template: str, *, catalog: Catalog, site: Site, origin: str, **values: Any) -> str:
    """The page of a template, as text.

    Args:
        template: path below `templates/`, such as `stamped/award.html`.
        catalog: gives the templates `catalog`, `issuer` and the default language.
        site: gives the templates `site`, for full URLs.
        origin: the page's own path on the site; relative links start from it.
        values: what else the template names.
    """
    return (
        environment()
        .get_template(template)
        .render(
            catalog=catalog,
            issuer=catalog.issuer,
            site=site,
            origin=origin,
            **tongues(catalog),
            **values,
        )
    )


def tongues(catalog: Catalog) -> dict[str, str]:
    """Languages of a page: `interface` of our words, `language` wanted of the authors' words."""
    own = catalog.issuer.language
    return {"interface": INTERFACE, "language": own, "default_language": own}


@cache
def environment() -> Environment:
    """The environment all templates share; templates are compiled once per process."""
    made = Environment(
        loader=PackageLoader("site_builder", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(
        text=_text,
        spoken=_spoken,
        lang=_lang,
        prose=_prose,
        link=_link,
        badge=_badge,
        mark=_mark,
        ghost=_ghost,
        date=time_html,
        month=month_words,
        period=period_words,
        amount=amount_words,
        hours=hours_words,
        count=number_words,
        plain=plain,
        slot_class=slot_class,
    )
    made.globals["paths"] = addresses
    return made


def hours_words(hours: Decimal | int) -> str:
    """A number of hours with its noun."""
    return "one hour" if hours == 1 else f"{amount_words(hours)} hours"


def slot_class(slot: int) -> str:
    """CSS class of an area by its position in its framework, from 0."""
    return f"a{slot % AREA_COLOURS + 1}"


def time_html(day: dt.date) -> Markup:
    """A date as people read it, with the machine's form around it."""
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), date_words(day))


def _picked(context: Context, words: Words) -> Picked:
    return pick(words, context["language"], context["default_language"])


@pass_context
def _text(context: Context, words: Words) -> str:
    return _picked(context, words).words


def spoken(picked: Picked) -> str | Markup:
    """An author's words, in a span that names their language if it is not the interface's."""
    if not picked.words or picked.language == INTERFACE:
        return picked.words
    return Markup('<span lang="{}">{}</span>').format(picked.language, picked.words)


@pass_context
def _spoken(context: Context, words: Words) -> str | Markup:
    return spoken(_picked(context, words))


@pass_context
def _lang(context: Context, words: Words) -> Markup:
    picked = _picked(context, words)
    if not picked.words or picked.language == INTERFACE:
        return Markup()
    return Markup(' lang="{}"').format(picked.language)


@pass_context
def _prose(context: Context, words: Words) -> Markup:
    picked = _picked(context, words)
    html = Markup(markdown_html(picked.words))  # noqa: S704 - cleaned by texts.markdown_html
    if not picked.words or picked.language == INTERFACE:
        return html
    return Markup('<div lang="{}">{}</div>').format(picked.language, html)


@pass_context
def _link(context: Context, path: str) -> str:
    return addresses.relative(path, context["origin"])


@pass_context
def _badge(context: Context, credential: Credential) -> str:
    return addresses.relative(addresses.badge_svg(credential), context["origin"])


@pass_context
def _mark(context: Context, credential: Credential) -> str:
    return addresses.relative(addresses.credential_mark(credential), context["origin"])


@pass_context
def _ghost(context: Context, credential: Credential) -> str:
    return addresses.relative(addresses.credential_ghost(credential), context["origin"])
