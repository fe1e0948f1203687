# SPDX-License-Identifier: Apache-2.0
"""Words for the slugs of the catalog, and for amounts, pay and supports."""

from __future__ import annotations

from site_builder.model import Credential, Credit, EvidencePrompt, Inducement, Pay, Support
from site_builder.texts import amount_words, money_words, number_words, period_words, strings

_LANGUAGE = "en"  # of the interface; a second one comes with its own locales file
_PARTS = {"overview": "Part 1", "artifacts": "Part 2", "reflection": "Part 3"}


def label(slug: str) -> str:
    """A slug as words, the first letter large: "Peer coach"."""
    words = strings(_LANGUAGE).get(slug, slug.replace("-", " "))
    return words[:1].upper() + words[1:]


def labels(slugs: tuple[str, ...]) -> str:
    """Several slugs as one phrase: "Elementary, middle and high"."""
    words = [strings(_LANGUAGE).get(slug, slug.replace("-", " ")) for slug in slugs]
    joined = words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]
    return joined[:1].upper() + joined[1:]


def plural(count: int, one: str, many: str = "") -> str:
    """A small number and its noun in words: "four micro-credentials"."""
    return f"{number_words(count)} {one if count == 1 else many or one + 's'}"


def hours(credential: Credential) -> str:
    """What to expect: "about 15 hours"; empty when the work is not estimated."""
    if credential.workload is None:
        return ""
    typical = credential.workload.hours.typical
    return f"about {amount_words(typical)} hour{'' if typical == 1 else 's'}"


def validity(credential: Credential) -> str:
    return (
        f"Valid for {period_words(credential.validity)}"
        if credential.validity
        else "Does not expire"
    )


def credit_amount(credit: Credit) -> str:
    scheme = strings(_LANGUAGE).get(credit.scheme, credit.scheme.replace("-", " "))
    return f"{amount_words(credit.amount)} {scheme}"


def part(prompt: EvidencePrompt) -> str:
    return _PARTS[prompt.part]


def asked_for(prompt: EvidencePrompt) -> str:
    """Form and size of one piece of evidence: "Written, 250 to 300 words"."""
    words = label(prompt.kind)
    if prompt.count is not None and prompt.count > 1:
        words += f", {number_words(prompt.count)} pieces"
    if prompt.words is not None:
        low, high = prompt.words.min, prompt.words.max
        if low is not None and high is not None:
            words += f", {low} to {high} words"
        elif high is not None:
            words += f", up to {high} words"
        elif low is not None:
            words += f", at least {low} words"
    return words if prompt.required else f"{words} (optional)"


def pay(offer: Pay | Inducement) -> str:
    """Pay in careful words: "a permanent raise of $500", "up to $12,500 for each year in the role".

    Empty for an inducement that is no money.
    """
    sum_offered = offer.up_to if offer.up_to is not None else offer.amount
    if sum_offered is None or offer.currency is None:
        return ""
    words = money_words(sum_offered, offer.currency)
    if offer.per:
        words += f" {strings(_LANGUAGE).get(offer.per, 'per ' + offer.per.replace('-', ' '))}"
    if offer.up_to is not None:
        return f"up to {words}"
    return f"a permanent raise of {words}" if offer.permanent else words


def inducement(offer: Inducement) -> str:
    """What a programme offered, never said as more than it is."""
    after = {"pathway": " after completing the pathway", "role": " for those appointed"}.get(
        offer.requires or "", f" (requires: {label(offer.requires)})" if offer.requires else ""
    )
    if offer.kind == "interview-pool":
        return f"A place in the candidate pool{after}, which is a chance to interview"
    if money := pay(offer):
        return money[:1].upper() + money[1:] + after
    chance = "A chance: " if offer.wording == "chance" else ""
    return f"{chance}{label(offer.kind)}{after}"


def support(one: Support) -> str:
    """A support in words: "Onsite coaching, every two weeks", "Workshops, four of 2.5 hours"."""
    words = label(f"{one.mode}-{one.kind}" if one.mode else one.kind)
    details = []
    if one.days:
        details.append(plural(one.days, "day"))
    if one.every:
        details.append(strings(_LANGUAGE).get(one.every, "every " + one.every.replace("-", " ")))
    if one.count:
        details.append(f"{number_words(one.count)} times" if one.count > 1 else "once")
    if one.hours:
        details.append(f"{amount_words(one.hours)} hours" + (" each" if one.count else ""))
    return ", ".join([words, *details])
