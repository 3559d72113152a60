"""The days on which an incident can have happened, by its own words, else by the date of its article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date

import regex

from extractor.schema import Incident, When

LOOKING_BACK = 7
"""Days before an article within which what it tells without a date is taken to lie; after it for what is planned."""
_NIGHT = regex.compile(r"\b(?:over)?nights?\b|\b(?:mid|to)night\b|\bdawn\b|\bearly\b|\blate\b", regex.I)
"""English words for hours that lie on two civil days, or that two accounts put on different ones."""


@dataclass(slots=True)
class Days:
    """Civil days as ordinals; `first` and `last` are null where neither words nor the article's date give any."""

    first: int | None
    last: int | None
    told: bool
    """By the article's words; else by the date of the article alone."""
    night: bool
    """Whether it was at night, so that the next account may have it a day off."""

    @property
    def certain(self) -> bool:
        """Whether it is one day, and told."""
        return self.told and self.first == self.last


def days(incident: Incident, published: Date | None) -> Days:
    """The days of an incident. Words that agree narrow each other; those that do not stretch from first to last."""
    night = any(_NIGHT.search(when.text) for when in incident.when)
    spans = [span for when in incident.when if (span := _span(when, published)) is not None]
    if spans:
        first, last = max(span[0] for span in spans), min(span[1] for span in spans)
        if first > last:
            first, last = min(span[0] for span in spans), max(span[1] for span in spans)
        return Days(first, last, True, night)
    if published is None:
        return Days(None, None, False, night)
    day = published.toordinal()
    if incident.realis in {"planned", "hypothetical"}:
        return Days(day, day + LOOKING_BACK, False, night)
    return Days(day - LOOKING_BACK, day, False, night)


def _span(when: When, published: Date | None) -> tuple[int, int] | None:
    first, last = when.earliest, when.latest
    if first is None or last is None:
        if first is None or published is None or published < first:
            return None
        last = published  # "since Monday", with the end left open
    return (first.toordinal(), last.toordinal()) if first <= last else None
