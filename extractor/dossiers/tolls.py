"""The dead over all articles, and how the toll changed from one to the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date

from extractor.derive.deaths import Toll, deaths
from extractor.dossiers.conflicts import killed_in
from extractor.dossiers.schema import Telling, TollThen
from extractor.schema import Deaths


def all_deaths(tellings: Sequence[Telling]) -> Deaths | None:
    """Low, best and high over every account of every article."""
    told = [Toll(low, high) for telling in tellings for _, low, high in telling.killed]
    return deaths([toll for toll in told if toll != (None, None)])


def timeline(tellings: Sequence[Telling]) -> list[TollThen]:
    """What each account came to, in the order of publication; articles without a date last."""
    ordered = sorted(tellings, key=lambda one: (one.article.date or Date.max, one.member.document, one.member.incident))
    lines: list[TollThen] = []
    for telling in ordered:
        article = telling.article
        for by, low, high in sorted(telling.killed, key=lambda one: one[0] or ""):
            lines.append(
                TollThen(
                    published=article.date, document=article.document, publisher=article.publisher, by=by,
                    words=_words(telling, by), min=low, max=high,
                    change=_change(lines, article.date, by, low, high),
                )
            )  # fmt: skip
    return lines


def _words(telling: Telling, account: str | None) -> list[str]:
    return [
        f"{toll.count} {toll.text}" if toll.count and toll.count not in toll.text else toll.text
        for toll in killed_in(telling, account)
    ]


def _change(before: Sequence[TollThen], today: Date | None, by: str | None, low: int | None, high: int | None) -> str:
    """Against the last toll of the same account published on an earlier day; else against the last of any."""
    if low is None and high is None:
        return "no number"
    if today is None:
        return "the article has no date"
    earlier = [one for one in before if one.published and one.published < today and (one.min, one.max) != (None, None)]
    if not earlier:
        return "the first day of tolls"
    own = [one for one in earlier if one.by == by]
    last = (own or earlier)[-1]
    lowest, highest = (last.min or 0), (last.max if last.max is not None else last.min or 0)
    more, less = ("up from its own", "down from its own") if own else ("more than another's", "less than another's")
    how = "fits its own" if own else "fits another's"
    if (last.min, last.max) == (low, high):
        how = "as its own" if own else "as another's"
    elif (low or 0) > highest:
        how = more
    elif high is not None and high < lowest:
        how = less
    return f"{how} of {last.published}"
