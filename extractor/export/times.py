"""When an incident was, and how precisely, in the codes of ACLED and UCDP GED."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta

from extractor.export.view import View
from extractor.schema import Incident, When


@dataclass(frozen=True)
class Span:
    """The civil days that an incident lies in, whose words say so, and in which claims those stand."""

    earliest: Date
    latest: Date
    claims: list[str]

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.latest - self.earliest).days + 1

    @property
    def middle(self) -> Date:
        """The middle day, the earlier one of two: ACLED's date of reference for a week or a month."""
        return self.earliest + timedelta(days=(self.days - 1) // 2)


def span(incident: Incident, view: View) -> tuple[Span | None, str]:
    """The days that the article's words come to; else none and the reason.

    Of words that agree, the narrowest count. Several days of one account are the days from the first to the last. Days
    of rival accounts that exclude each other give none: choosing would side with one of them.
    """
    if not incident.when:
        return None, "the article gives no date for it"
    known = [(when, when.earliest, when.latest) for when in incident.when if when.earliest and when.latest]
    if not known:
        return None, "; ".join(_unresolved(when) for when in incident.when)
    first, last = max(start for _, start, _ in known), min(end for _, _, end in known)
    if first <= last:
        when, start, end = min(known, key=lambda one: one[2] - one[1])
        return Span(start, end, when.claims), ""
    if all(view.same_account(known[0][0], when) for when, _, _ in known):
        claims = list(dict.fromkeys(claim for when, _, _ in known for claim in when.claims))
        return Span(min(start for _, start, _ in known), max(end for _, _, end in known), claims), ""
    told = (f'"{when.text}" is {start} to {end}, says {view.said_by(when.claims)}' for when, start, end in known)
    return None, f"rival dates: {'; '.join(told)}"


def _unresolved(when: When) -> str:
    open_ended = "one end of the time is open" if when.earliest or when.latest else NOT_RESOLVED
    return f'"{when.text}": {when.unresolved or open_ended}'


NOT_RESOLVED = "not resolved in this report"


def acled_date(days: Span) -> tuple[Date | None, int | None, str]:
    """Event date, time precision, and the reason where there are none.

    1 for a day; 2 for up to a week and 3 for up to a month, with the middle day for a date, as ACLED's codebook has it.
    """
    if days.days == 1:
        return days.earliest, 1, ""
    if days.days <= 31:
        return days.middle, 2 if days.days <= 7 else 3, ""
    return None, None, f"{days.earliest} to {days.latest} is longer than a month, the coarsest time that ACLED codes"


def ged_precision(days: Span) -> int | None:
    """UCDP GED's date_prec: 1 a day, 2 two to six days, 3 a week, 4 a month, 5 a year; none for more."""
    bounds = ((1, 1), (6, 2), (7, 3), (31, 4), (366, 5))
    return next((code for longest, code in bounds if days.days <= longest), None)
