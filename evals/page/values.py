"""The values of an incident, each with its verdict: the report's against the label's, paired as in the score."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from evals.page.marks import Verdict
from evals.scoring.alignment import align
from evals.scoring.comparators import count_credit, date_credit, type_credit
from evals.scoring.sides import Days, Sides
from extractor.schema import Casualty, Count, Incident, Mention, When

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Judged:
    """A value of a field; `start` and `end` are 0 where it stands on no words."""

    field: str
    words: str
    verdict: Verdict
    of_label: bool
    start: int = 0
    end: int = 0


def incident_values(sides: Sides, said: Incident | None, label: Incident | None) -> list[Judged]:
    """The values of both sides, of an incident that both have or one of them."""
    return [
        *_closed(sides, said, label),
        *_mentions(sides, "initiators", said, label),
        *_mentions(sides, "targets", said, label),
        *_mentions(sides, "weapons", said, label),
        *_dates(sides, said, label),
        *_mentions(sides, "where", said, label),
        *_casualties(sides, said, label),
    ]


def _closed(sides: Sides, said: Incident | None, label: Incident | None) -> Iterator[Judged]:
    """Type and realis."""
    if said is None or label is None:
        held, verdict = (said, "wrong") if label is None else (label, "missed")
        if held is not None:
            yield Judged("type", held.type, verdict, label is not None)
            if held.realis != "actual":
                yield Judged("realis", held.realis, verdict, label is not None)
        return
    if said.type != label.type and said.type not in sides.either(f"{label.id}.type"):
        yield Judged("type", said.type, "partly" if type_credit(said.type, label.type) else "wrong", False)
        yield Judged("type", label.type, "missed", True)
    else:
        yield Judged("type", said.type, "right", False)
    if said.realis != label.realis and said.realis not in sides.either(f"{label.id}.realis"):
        yield Judged("realis", said.realis, "wrong", False)
        yield Judged("realis", label.realis, "missed", True)


def _mentions(sides: Sides, field: str, said: Incident | None, label: Incident | None) -> Iterator[Judged]:
    ours: Sequence[Mention] = getattr(said, field) if said else ()
    theirs: Sequence[Mention] = getattr(label, field) if label else ()
    path = f"{label.id}.{field}" if label else ""
    same = sides.same_where if field == "where" else sides.same

    def credit(value: Mention, j: int) -> float:
        return float(same(value, theirs[j], f"{path}[{j}]"))

    found = _paired(ours, len(theirs), credit)
    earned = {i: float(any(credit(value, j) for j in found.values())) for i, value in enumerate(ours)}
    yield from _told(sides, field, (ours, theirs), path, found, earned, lambda value: value.text)


def _dates(sides: Sides, said: Incident | None, label: Incident | None) -> Iterator[Judged]:
    ours: Sequence[When] = said.when if said else ()
    theirs: Sequence[When] = label.when if label else ()
    path = f"{label.id}.when" if label else ""

    def credit(value: When, j: int) -> float:
        return max(date_credit(value, right) for right in (theirs[j], *sides.others(f"{path}[{j}]", Days)))

    found = _paired(ours, len(theirs), credit)
    earned = {i: credit(ours[i], j) for i, j in found.items()}
    yield from _told(sides, "when", (ours, theirs), path, found, earned, _days)


def _casualties(sides: Sides, said: Incident | None, label: Incident | None) -> Iterator[Judged]:
    """Entries and their numbers; entries are of one kind when their status is the same."""
    ours: Sequence[Casualty] = said.casualties if said else ()
    theirs: Sequence[Casualty] = label.casualties if label else ()
    path = f"{label.id}.casualties" if label else ""

    def number(entry: Casualty, j: int) -> float:
        rights = [theirs[j].count, *sides.others(f"{path}[{j}].count", Count)]
        return max((count_credit(entry.count, right) for right in rights if right and entry.count), default=0.0)

    def people(entry: Casualty, j: int) -> float:
        at, right = f"{path}[{j}]", theirs[j]
        if entry.status != right.status and entry.status not in sides.either(f"{at}.status"):
            return 0.0
        category = entry.category == right.category or entry.category in sides.either(f"{at}.category")
        return (sides.same(entry.who, right.who, f"{at}.who") + category) / 2

    def likeness(entry: Casualty, j: int) -> float:
        status = entry.status == theirs[j].status or entry.status in sides.either(f"{path}[{j}].status")
        return people(entry, j) + number(entry, j) + 0.01 if status else 0.0

    found = _paired(ours, len(theirs), likeness)
    earned = {i: people(ours[i], j) for i, j in found.items()}
    yield from _told(sides, "casualties", (ours, theirs), path, found, earned, _people)
    for i, entry in enumerate(ours):
        if entry.count is not None:
            verdict = _verdict(number(entry, found[i])) if i in found else "wrong"
            yield Judged("counts", _number(entry.count), verdict, False, entry.count.start, entry.count.end)
    partners = {j: ours[i] for i, j in found.items()}
    for j, right in enumerate(theirs):
        at = f"{path}[{j}]"
        held = partners.get(j)
        spared = sides.optional(at if held is None else f"{at}.count") or None in sides.either(f"{at}.count")
        if right.count and not (held and number(held, j) == 1) and not (spared and not (held and held.count)):
            yield Judged("counts", _number(right.count), "missed", True, right.count.start, right.count.end)


def _paired(ours: Sequence[T], theirs: int, credit: Callable[[T, int], float]) -> dict[int, int]:
    return {i: j for i, j, _ in align(ours, range(theirs), credit)}


def _told(
    sides: Sides,
    field: str,
    values: tuple[Sequence[T], Sequence[T]],
    path: str,
    found: dict[int, int],
    earned: dict[int, float],
    words: Callable[[T], str],
) -> Iterator[Judged]:
    """The values of a list: the report's, then the label's, but for those that the report has just so."""
    ours, theirs = values
    partners = {j: earned[i] for i, j in found.items()}
    for i, value in enumerate(ours):
        yield Judged(field, words(value), _verdict(earned.get(i, 0.0)), False, *_place(value))
    for j, value in enumerate(theirs):
        if partners.get(j, 0.0) < 1 and (j in partners or not sides.optional(f"{path}[{j}]")):
            yield Judged(field, words(value), "partly" if j in partners else "missed", True, *_place(value))


def _verdict(credit: float) -> Verdict:
    return "right" if credit >= 1 else "partly" if credit > 0 else "wrong"


def _place(value: object) -> tuple[int, int]:
    mention = value.who if isinstance(value, Casualty) else value
    return (mention.start, mention.end) if isinstance(mention, Mention) else (0, 0)


def _days(when: When) -> str:
    if when.earliest is None:
        return f"{when.text} (no date)"
    last = f" to {when.latest}" if when.latest not in (None, when.earliest) else ""
    return f"{when.text} ({when.earliest}{last})"


def _people(entry: Casualty) -> str:
    return f"{entry.who.text}: {entry.status}, {entry.category}"


def _number(count: Count) -> str:
    if count.min == count.max:
        return f"{count.text} ({'no number' if count.min is None else count.min})"
    return f"{count.text} ({'' if count.min is None else count.min}–{'' if count.max is None else count.max})"
