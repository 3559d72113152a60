"""Stretches of civil days, and how closely they fix a time."""

from datetime import date, timedelta
from typing import Literal, NamedTuple

DAY = timedelta(days=1)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

Precision = Literal["day", "days", "week", "month", "year", "years"]
"""How closely the words fix the time: one day, a week, a month, a year, or years; `days` is a stretch of days that is
no such unit ("since Monday", "between 1 April and 30 June"), however long: `earliest` and `latest` tell how long."""


class Resolved(NamedTuple):
    """The civil days that date words can mean.

    Attributes:
        earliest: the first day that the words allow, or None when unresolved.
        latest: the last day that the words allow, or None when unresolved.
        precision: how closely the words fix the time, or None when unresolved.
        unresolved: why there are no days, or None when there are.
    """

    earliest: date | None
    latest: date | None
    precision: Precision | None
    unresolved: str | None


def unresolved(reason: str) -> Resolved:
    """No days, and why."""
    return Resolved(None, None, None, reason)


def on_or_before(day: date, weekday: int) -> date:
    """The nearest such weekday (Monday 0), the day itself included."""
    return day - DAY * ((day.weekday() - weekday) % 7)


def on_or_after(day: date, weekday: int) -> date:
    """The nearest such weekday (Monday 0), the day itself included."""
    return day + DAY * ((weekday - day.weekday()) % 7)


def one_day(day: date) -> Resolved:
    """One civil day."""
    return Resolved(day, day, "day", None)


def day_of(year: int, month: int, day: int) -> Resolved:
    """That day, or unresolved where the calendar has none."""
    try:
        return one_day(date(year, month, day))
    except ValueError:
        return unresolved("no such day")


def month_of(year: int, month: int) -> Resolved:
    """A whole calendar month."""
    if not (1 <= month <= 12 and 1 <= year < 9999):
        return unresolved("no such month")
    first = date(year, month, 1)
    return Resolved(first, same_day(first, 1) - DAY, "month", None)


def year_of(year: int) -> Resolved:
    """A whole calendar year; OverflowError outside the calendar."""
    if not 1 <= year <= 9999:
        raise OverflowError
    return Resolved(date(year, 1, 1), date(year, 12, 31), "year", None)


def month_away(day: date, months: int) -> Resolved:
    """The whole month so many months from the month of `day`."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return month_of(year, month + 1)


def same_day(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where the month is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    for number in range(day.day, 27, -1):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    return date(year, month + 1, min(day.day, 28))


def stretch(first: date, last: date) -> Resolved:
    """Both ends included: `days`, unless they are just one day or one whole week (Monday to Sunday), month or year."""
    whole: Precision = "days"
    if first == last:
        whole = "day"
    elif first.weekday() == 0 and last - first == 6 * DAY:
        whole = "week"
    elif (first, last) == month_of(first.year, first.month)[:2]:
        whole = "month"
    elif (first, last) == year_of(first.year)[:2]:
        whole = "year"
    return Resolved(first, last, whole, None)


def between(first: date, last: date) -> Resolved:
    """Both ends included; the precision is the smallest unit that holds them ("the past week" is one)."""
    apart = (last - first).days
    sizes: tuple[tuple[int, Precision], ...] = ((0, "day"), (5, "days"), (7, "week"), (31, "month"), (366, "year"))
    for limit, precision in sizes:
        if apart <= limit:
            return Resolved(first, last, precision, None)
    return Resolved(first, last, "years", None)
