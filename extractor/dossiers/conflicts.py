"""Values that do not fit together over all articles, side by side. Nothing is chosen and nothing merged.

An account is what one party says in one article, or what the article says in its own voice. Values conflict when two
accounts have none in common; several values in one account are no conflict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations
from typing import Literal, NamedTuple, TypeVar

from extractor.derive.deaths import exclude
from extractor.dossiers.names import name, one_name, one_place
from extractor.dossiers.schema import Conflict, Telling, Told, TollTold, ValueField, Version, WhenTold, WhereTold

Bounds = tuple[int | None, int | None]
T = TypeVar("T", bound=Told)
Counted = Literal["killed", "wounded", "missing", "captured"]
_COUNTED: tuple[Counted, ...] = ("wounded", "missing", "captured")


def conflicts(tellings: Sequence[Telling]) -> list[Conflict]:
    """The fields with values that do not fit together, each version with who says so. Needs the dossier's parties."""
    held: dict[Counted, list[Total]] = {}
    for telling in tellings:
        for total in totals(telling):
            held.setdefault(total.status, []).append(total)
    return [
        *_apart("initiators", [one for telling in tellings for one in telling.initiators], _one_doer, _as_told),
        *_apart("weapons", [one for telling in tellings for one in telling.weapons], _one_thing, _as_told),
        *_apart("type", [_type(telling) for telling in tellings], _equal, _as_told),
        *_apart("when", [one for telling in tellings for one in telling.when if one.latest], _days_meet, _days),
        *_apart("where", [one for telling in tellings for one in telling.where if _is_town(one)], _one_town, _as_told),
        *(each for status in held for each in _numbers(status, held[status])),
    ]


def _apart(
    field: ValueField, told: Iterable[T], same: Callable[[T, T], bool], shown: Callable[[T], str]
) -> Iterator[Conflict]:
    versions: list[list[T]] = []
    told = list(told)
    if len(told) < 2:
        return
    for value in told:
        home = next((held for held in versions if any(same(value, other) for other in held)), None)
        if home is None:
            versions.append([value])
        else:
            home.append(value)
    accounts: dict[tuple[str, str], set[int]] = {}
    for number, held in enumerate(versions):
        for value in held:
            for by in value.by or [""]:
                accounts.setdefault((value.document, by), set()).add(number)
    if any(one.isdisjoint(other) for one, other in combinations(accounts.values(), 2)):
        yield Conflict(field, [Version(shown(held[0]), [*held]) for held in versions])


def _as_told(one: Told) -> str:
    return one.text


def _equal(one: Told, other: Told) -> bool:
    return one.text == other.text


def _one_doer(one: Told, other: Told) -> bool:
    if one.who and other.who:
        return one.who == other.who
    return one_name(name(one.text), name(other.text))


def _one_thing(one: Told, other: Told) -> bool:
    return one_name(name(one.text), name(other.text))


def _type(telling: Telling) -> Told:
    """The type as a value, with the first sentence that tells of the incident as its place in the text."""
    article, member = telling.article, telling.member
    start, end = (member.evidence[0].start, member.evidence[0].end) if member.evidence else (0, 0)
    return Told(article.document, article.publisher, article.date, member.type, start, end, [], [], None)


def _days_meet(one: WhenTold, other: WhenTold) -> bool:
    if one.earliest is None or one.latest is None or other.earliest is None or other.latest is None:
        return False
    return one.earliest <= other.latest and other.earliest <= one.latest


def _days(one: WhenTold) -> str:
    return str(one.earliest) if one.earliest == one.latest else f"{one.earliest} to {one.latest}"


def _is_town(one: WhereTold) -> bool:
    return one.level in {"settlement", None} and one.relation not in {"from", "toward"} and bool(name(one.text).proper)


def _one_town(one: WhereTold, other: WhereTold) -> bool:
    return one_place(name(one.text), name(other.text))


class Total(NamedTuple):
    """What an account comes to."""

    status: Counted
    by: str | None
    """Null for the article's own voice."""
    bounds: Bounds
    tolls: list[TollTold]
    """The words that it is from."""


def totals(telling: Telling) -> Iterator[Total]:
    """What each account of an article comes to, where it is bounded: of the dead all, of others the largest number."""
    for by, low, high in telling.killed:
        if (low, high) != (None, None):
            yield Total("killed", by, (low, high), killed_in(telling, by))
    for status in _COUNTED:
        largest: dict[str, TollTold] = {}
        for toll in telling.tolls:
            if toll.status == status and not toll.denied and (toll.min, toll.max) != (None, None):
                for by in toll.by or [""]:
                    if by not in largest or _size(toll) > _size(largest[by]):
                        largest[by] = toll
        yield from (Total(status, by or None, (toll.min, toll.max), [toll]) for by, toll in largest.items())


def killed_in(telling: Telling, account: str | None) -> list[TollTold]:
    """The tolls of the dead that an account puts forward; null is the article's own voice."""
    killed = [toll for toll in telling.tolls if toll.status == "killed" and not toll.denied]
    return [toll for toll in killed if (account in toll.by if account else not toll.by)]


def _size(toll: TollTold) -> int:
    return max(toll.min or 0, toll.max or 0)


def _numbers(status: Counted, held: Sequence[Total]) -> Iterator[Conflict]:
    told: dict[Bounds, list[Told | WhenTold | WhereTold | TollTold]] = {}
    for total in held:
        told.setdefault(total.bounds, []).extend(total.tolls)
    if any(exclude(one, other) for one, other in combinations(told, 2)):
        ordered = sorted(told, key=lambda one: (one[0] or 0, one[1] or 0))
        yield Conflict(status, [Version(bounds_told(bounds), told[bounds]) for bounds in ordered])


def bounds_told(bounds: Bounds) -> str:
    """Bounds in words."""
    low, high = bounds
    if low == high:
        return str(low)
    return f"{low} or more" if high is None else f"{high} at most" if low is None else f"{low} to {high}"
