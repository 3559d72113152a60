"""One grammar for canonical date words (see `date_words`): which days each form means, seen from an anchor."""

import re
from collections.abc import Callable
from datetime import date

from extractor.derive.civil_days import (
    DAY,
    MONTHS,
    WEEKDAYS,
    Resolved,
    between,
    day_of,
    month_away,
    month_of,
    on_or_after,
    on_or_before,
    one_day,
    same_day,
    stretch,
    unresolved,
    year_of,
)


class NeedsAnchor(Exception):
    """Words that are understood, but say nothing without a document date. Caught in `dates`, never shown."""


_W, _M, _D, _Y = "|".join(WEEKDAYS), "|".join(MONTHS), r"\d{1,2}", r"[12]\d{3}"
_UNIT = "hour|day|week|month|year"


def _pattern(pattern: str) -> re.Pattern[str]:
    """`pattern` with WEEKDAY, MONTH, DAY and YEAR spelled out."""
    return re.compile(pattern.replace("WEEKDAY", _W).replace("MONTH", _M).replace("DAY", _D).replace("YEAR", _Y))


class Reading:
    """One reading of canonical date words; each method takes words and gives days, or None when they do not fit."""

    def __init__(self, anchor: date | None, planned: bool, day_first: bool) -> None:
        self._anchor = anchor
        self.planned = planned
        self.day_first = day_first

    @property
    def anchor(self) -> date:
        """The document's date; NeedsAnchor without one."""
        if self._anchor is None:
            raise NeedsAnchor
        return self._anchor

    def read(self, text: str) -> Resolved | None:
        """The days of the first form that fits all of `text`; None when none does."""
        ways: tuple[Callable[[str], Resolved | None], ...] = (
            self._point, self._window, self._part_of_period, self._since, self._weekday_list, self._range,
            self._hours_from,
        )  # fmt: skip
        return next((found for way in ways if (found := way(text))), None)

    # One day, week, month or year

    def _point(self, text: str, after: date | None = None) -> Resolved | None:
        """A single date, week, month or year; without its year it is the first one from `after` on, when given."""
        return (
            self._numeric(text)
            or self._month_day(text, after)
            or self._month(text, after)
            or self._year(text)
            or self._weekday(text)
            or self._counted_words(text)
            or self._other(text)
        )

    def _numeric(self, text: str) -> Resolved | None:
        if found := re.fullmatch(r"(\d{4})/(\d{1,2})(?:/(\d{1,2}))?", text):
            year, month, day = int(found[1]), int(found[2]), found[3]
            return day_of(year, month, int(day)) if day else month_of(year, month)
        if not (found := re.fullmatch(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})", text)):
            return None
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        if first > 12 or self.day_first or first == second:
            return day_of(year, second, first)
        return day_of(year, first, second) if second > 12 else unresolved("day and month order unclear")

    def _month_day(self, text: str, after: date | None) -> Resolved | None:
        found = _pattern(
            r"(?:(?P<w>WEEKDAY) )?(?:(?P<d>DAY) (?P<m>MONTH)|(?P<m2>MONTH) (?P<d2>DAY))(?: (?P<y>YEAR))?"
        ).fullmatch(text)
        if not found:
            return None
        day, month = int(found["d"] or found["d2"]), MONTHS.index(found["m"] or found["m2"]) + 1
        resolved = day_of(int(found["y"]), month, day) if found["y"] else self._yearless(month, day, after)
        named = found["w"]
        if named and resolved.earliest and resolved.earliest.weekday() != WEEKDAYS.index(named):
            return unresolved("weekday and date disagree")
        return resolved

    def _yearless(self, month: int, day: int, after: date | None) -> Resolved:
        start, ahead = (after, True) if after else (self.anchor, self.planned)
        for step in range(9):  # 29 February may be eight years away
            resolved = day_of(start.year + (step if ahead else -step), month, day)
            if resolved.earliest and (resolved.earliest >= start if ahead else resolved.earliest <= start):
                return resolved
        return unresolved("no such day")

    def _month(self, text: str, after: date | None) -> Resolved | None:
        if found := _pattern(r"(MONTH) (\d+ year ago|in \d+ year)").fullmatch(text):  # "August last year"
            year = self._counted_words(found[2])
            return month_of(year.earliest.year, MONTHS.index(found[1]) + 1) if year and year.earliest else None
        found = _pattern(r"(?:(last|this|next) )?(MONTH)(?: (YEAR))?|(YEAR) (MONTH)|(MONTH) (last|next)").fullmatch(
            text
        )
        if not found:
            return None
        month = MONTHS.index(found[2] or found[5] or found[6]) + 1
        which, year = found[1] or found[7], found[3] or found[4]
        if year:
            return None if which else month_of(int(year), month)
        start, ahead = (after, True) if after else (self.anchor, self.planned)
        if which == "this":
            return month_of(start.year, month)
        if which:
            start, ahead = self.anchor, which == "next"
        distance = (month - start.month) % 12 if ahead else -((start.month - month) % 12)
        if which and distance == 0:
            distance = 12 if ahead else -12
        return month_away(start, distance)

    def _year(self, text: str) -> Resolved | None:
        if re.fullmatch(_Y, text):
            return year_of(int(text))
        if found := re.fullmatch(r"decade (\d{4})", text):
            return Resolved(date(int(found[1]), 1, 1), date(int(found[1]) + 9, 12, 31), "years", None)
        return None

    def _weekday(self, text: str) -> Resolved | None:
        """For "Sunday", "last Sunday", "Sunday last week"."""
        if found := _pattern(r"(?:(last|this|next) )?(WEEKDAY)|(WEEKDAY) (last|next)").fullmatch(text):
            which, wanted = found[1] or found[4], WEEKDAYS.index(found[2] or found[3])
            if which == "last":
                return one_day(on_or_before(self.anchor - DAY, wanted))
            if which == "next":
                return one_day(on_or_after(self.anchor + DAY, wanted))
            near = on_or_after if self.planned else on_or_before
            return one_day(near(self.anchor, wanted))
        if found := _pattern(r"(WEEKDAY) (\d+ week ago|in \d+ week)|(\d+ week ago|in \d+ week) (WEEKDAY)").fullmatch(
            text
        ):
            week = self._counted_words(found[2] or found[3])
            if week and week.earliest:
                return one_day(week.earliest + DAY * WEEKDAYS.index(found[1] or found[4]))
        return None

    def _counted_words(self, text: str) -> Resolved | None:
        """For "2 day ago", "in 1 week", "0 month ago", "3 day hence"; a day may have its weekday beside it."""
        found = re.fullmatch(rf"(?:({_W}) )?(?:(in) )?(\d+) ({_UNIT})(?: (ago|hence))?(?: ({_W}))?", text)
        if not found or bool(found[2]) == bool(found[5]):
            return None
        number, unit, named = int(found[3]), found[4], found[1] or found[6]
        resolved = self._counted(-number if found[5] == "ago" else number, unit)
        if named and (unit != "day" or not resolved.earliest):
            return None
        if named and resolved.earliest and resolved.earliest.weekday() != WEEKDAYS.index(named):
            return unresolved("weekday and date disagree")
        return resolved

    def _counted(self, number: int, unit: str) -> Resolved:
        if unit == "hour":
            days, rest = divmod(abs(number), 24)
            ends = [self.anchor + DAY * days * _sign(number), self.anchor + DAY * (days + bool(rest)) * _sign(number)]
            return between(min(ends), max(ends))
        if unit == "day":
            return one_day(self.anchor + DAY * number)
        if unit == "week":
            monday = on_or_before(self.anchor + 7 * DAY * number, 0)
            return Resolved(monday, monday + 6 * DAY, "week", None)
        return month_away(self.anchor, number) if unit == "month" else year_of(self.anchor.year + number)

    def _other(self, text: str) -> Resolved | None:
        return self._duration(text) or self._week_of(text) or self._night_or_weekend(text) or self._day_of_month(text)

    def _duration(self, text: str) -> Resolved | None:
        found = re.fullmatch(rf"(inside )?(\d+ (?:second|minute|{_UNIT}))", text)
        if not found:
            return None
        ahead = self._counted_words(f"in {found[2]}") if self.planned and found[1] else None
        return ahead or unresolved("a duration, not a date")

    def _week_of(self, text: str) -> Resolved | None:
        found = re.fullmatch(r"week (.+)", text)
        day = self._point(found[1]) if found else None
        if day is None or day.precision != "day" or day.earliest is None:
            return day if day and day.unresolved else None
        monday = on_or_before(day.earliest, 0)
        return Resolved(monday, monday + 6 * DAY, "week", None)

    def _night_or_weekend(self, text: str) -> Resolved | None:
        if text == "overnight":
            return between(self.anchor, self.anchor + DAY) if self.planned else between(self.anchor - DAY, self.anchor)
        found = re.fullmatch(r"(?:(last|next) )?weekend", text)
        if not found:
            return None
        if found[1] == "next" or (self.planned and not found[1]):
            saturday = on_or_after(self.anchor + (DAY if found[1] else -DAY), 5)
        else:  # a weekend that the anchor lies in is not the last one
            saturday = on_or_before(self.anchor - (2 * DAY if found[1] else 0 * DAY), 5)
        return between(saturday, saturday + DAY)

    def _day_of_month(self, text: str) -> Resolved | None:
        """For "nth 12": the nearest such day of a month."""
        found = re.fullmatch(r"nth (\d+)", text)
        if not found:
            return None
        months = self.anchor.year * 12 + self.anchor.month - 1
        for step in range(3):  # no two months in a row lack a day up to 31
            year, month = divmod(months + (step if self.planned else -step), 12)
            resolved = day_of(year, month + 1, int(found[1]))
            near = resolved.earliest
            if near and (near >= self.anchor if self.planned else near <= self.anchor):
                return resolved
        return unresolved("no such day")

    # Stretches of time

    def _window(self, text: str) -> Resolved | None:
        """For "Past 24 hour", "next 3 day": so much time up to the anchor, or on from it."""
        found = re.fullmatch(rf"(past|last|next) (?:(\d+) )?({_UNIT})", text)
        if not found:
            return None
        sign = 1 if found[1] == "next" else -1
        number, unit = int(found[2] or 1), found[3]
        if unit in {"month", "year"}:
            far = same_day(self.anchor, sign * number * (12 if unit == "year" else 1))
        else:
            days = -(-number // 24) if unit == "hour" else number * (7 if unit == "week" else 1)
            far = self.anchor + DAY * days * sign
        return between(min(far, self.anchor), max(far, self.anchor))

    def _part_of_period(self, text: str) -> Resolved | None:
        """For "Earlier 0 month ago": the anchor's week, month or year up to the anchor, or on from it."""
        found = re.fullmatch(r"(earlier|later) (0 (week|month|year) ago)", text)
        if not found:
            return None
        whole = self._counted_words(found[2])
        if not whole or not whole.earliest or not whole.latest:
            return None
        if found[1] == "earlier":
            return whole._replace(latest=self.anchor)
        return whole._replace(earliest=self.anchor)

    def _since(self, text: str) -> Resolved | None:
        """For "Since 2011": from then to the anchor."""
        found = re.fullmatch(r"(?:ever )?since (.+)", text)
        begin = self._point(found[1]) if found else None
        if not found or begin is None or begin.unresolved or begin.earliest is None:
            return begin
        if begin.earliest > self.anchor:
            return unresolved("begins after the document's date")
        closely = begin.precision not in {"year", "years"} or found[1] == "0 year ago"  # "the start of the year"
        return (stretch if closely else between)(begin.earliest, self.anchor)

    def _hours_from(self, text: str) -> Resolved | None:
        """For "72 hour sunday", which was "72 hours from midnight on Sunday": every day that they may reach."""
        found = re.fullmatch(r"(?:for )?(\d+) hour (.+)", text)
        begin = self._point(found[2]) if found else None
        if not found or begin is None or begin.precision != "day" or begin.earliest is None:
            return None
        return stretch(begin.earliest, begin.earliest + DAY * -(-int(found[1]) // 24))

    def until(self, text: str, *, before: bool) -> Resolved | None:
        """From the anchor to the days of `text`, or to the day before them; None when it is no date."""
        end = self._point(text)
        if end is None or end.earliest is None or end.latest is None:
            return end
        last = end.earliest - DAY if before else end.latest
        return stretch(self.anchor, last) if last >= self.anchor else unresolved("ends before the document's date")

    def _weekday_list(self, text: str) -> Resolved | None:
        """For "Friday ~ Saturday": counted back from the last day, or ahead from the first when planned."""
        if not _pattern(r"(?:(?:between|from|since) )?(?:WEEKDAY)(?: (?:~ )?(?:WEEKDAY))+").fullmatch(text):
            return None
        days = [WEEKDAYS.index(word) for word in text.split() if word in WEEKDAYS]
        if self.planned:
            first = last = on_or_after(self.anchor, days[0])
            for day in days[1:]:
                last = on_or_after(last + DAY, day)
        else:
            first = last = on_or_before(self.anchor, days[-1])
            for day in reversed(days[:-1]):
                first = on_or_before(first - DAY, day)
        return stretch(first, last)

    def _range(self, text: str) -> Resolved | None:
        """For "3 ~ 5 may 2021", "between march ~ may": from the first day of one end to the last day of the other."""
        ends = re.sub(r"^(?:between|from|since) ", "", text).split(" ~ ")
        if len(ends) != 2:
            return None
        left, right = _filled_in(*ends)
        first = self._point(left)
        if first is None or first.earliest is None:
            return first
        last = self._point(right, after=first.earliest)
        if last is None or last.latest is None:
            return last
        borrowed = _pattern(r"(.+) (YEAR)").fullmatch(left) if left != ends[0] else None
        if borrowed and last.latest < first.earliest:  # "30 December - 2 January 2021"
            first = self._point(f"{borrowed[1]} {int(borrowed[2]) - 1}") or first
        if first.earliest is None or first.earliest > last.latest:
            return unresolved("ends before it begins")
        named = {first.precision, last.precision}
        if named <= {"year", "years"}:
            return between(first.earliest, last.latest)
        told = stretch(first.earliest, last.latest)
        return told._replace(precision="month") if named <= {"month", "year"} else told


def _filled_in(left: str, right: str) -> tuple[str, str]:
    """The month and year that one end of a range borrows from the other."""
    if re.fullmatch(_D, left) and (found := _pattern(r"DAY ((?:MONTH)(?: YEAR)?)").fullmatch(right)):
        return f"{left} {found[1]}", right
    if (found := _pattern(r"((?:MONTH) )DAY").fullmatch(left)) and re.fullmatch(rf"{_D}(?: {_Y})?", right):
        right = found[1] + right
    if (found := _pattern(r".*(?:MONTH).* (YEAR)").fullmatch(right)) and _pattern(
        r"DAY (?:MONTH)|(?:MONTH)(?: DAY)?"
    ).fullmatch(left):
        left = f"{left} {found[1]}"
    return left, right


def _sign(number: int) -> int:
    return 1 if number > 0 else -1
