"""How many were killed, as each account has it, and over all of them: low, best, high.

Unknown is not zero: a toll that nobody gives has no bounds. Over accounts, low is the lowest minimum and high the
highest number named; best is the one number that all agree on: some give it exactly, the others bounds that hold it
(UCDP GED's low, best and high; ACLED takes the lowest). Within an account the dead of different sides add up; of
several counts for one side, or for people of no known side, one may be a part of another, so the largest is a lower
bound. What a claim denies or questions is no toll. The total of the report itself, worked out from the text, goes
before that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from extractor.export.view import UNDENIED, View
from extractor.schema import Actor, Casualty, Deaths, Incident, Mention

Side = Literal["a", "b", "civilians", "unknown"]


@dataclass(frozen=True)
class Bounds:
    """A number of dead in one account; None where the account does not bound it."""

    low: int | None = None
    high: int | None = None
    sure: bool = True
    """Whether the account itself sets these bounds; not where it is unclear what its counts come to."""

    def agrees(self, number: int) -> bool:
        """Whether the account gives bounds, and the number lies in them."""
        bounded = self.low is not None or self.high is not None
        return self.sure and bounded and (self.low or 0) <= number and (self.high is None or number <= self.high)


@dataclass(frozen=True)
class Sides:
    """The two sides of an incident, by which the dead are counted."""

    a: Mention | None
    b: Mention | None


@dataclass(frozen=True)
class Tolls:
    """The deaths of an incident, by account and side."""

    by_account: dict[str, dict[Side, list[Bounds]]]
    worked_out: Deaths | None
    """The total, where the report has it."""

    @property
    def told(self) -> bool:
        """Whether anybody tells of deaths, with a number or without."""
        return bool(self.by_account) or self.worked_out is not None

    def total(self) -> Deaths:
        """All deaths."""
        return self.worked_out or over_accounts([_whole(sides) for sides in self.by_account.values()])

    def accounts(self) -> dict[str, Bounds]:
        """All dead of each account."""
        return {account: _whole(sides) for account, sides in self.by_account.items()}

    def tell_of(self, side: Side) -> bool:
        """Whether anybody tells of dead of one side."""
        return any(side in sides for sides in self.by_account.values())

    def of(self, side: Side) -> Deaths:
        """The deaths of one side."""
        return over_accounts([_largest(sides[side]) for sides in self.by_account.values() if side in sides])


def tolls(incident: Incident, view: View, sides: Sides) -> Tolls:
    """All counts of people killed that somebody puts forward."""
    found: dict[str, dict[Side, list[Bounds]]] = {}
    for one in killed(incident):
        bounds = Bounds(one.count.min, one.count.max) if one.count else Bounds()
        for account in sorted(_tellers(one, view)):
            found.setdefault(account, {}).setdefault(_side(one, view, sides), []).append(bounds)
    return Tolls(found, incident.deaths)


def over_accounts(accounts: Sequence[Bounds]) -> Deaths:
    """Low, best and high of what several accounts give."""
    lows = [one.low for one in accounts if one.low is not None]
    named = [*lows, *(one.high for one in accounts if one.high is not None)]
    exact = [one.low for one in accounts if one.low is not None and one.low == one.high]
    agreed = [number for number in exact if all(one.agrees(number) for one in accounts)]
    return Deaths(low=min(lows, default=None), best=agreed[0] if agreed else None, high=max(named, default=None))


def killed(incident: Incident) -> list[Casualty]:
    """Who is said to have been killed."""
    return [one for one in incident.casualties if one.status == "killed"]


def told(incident: Incident, view: View) -> list[str]:
    """Every toll in the article's words, with who says so."""
    return [_told(one, view) for one in killed(incident)]


def _told(one: Casualty, view: View) -> str:
    count = f"{one.count.text} " if one.count else ""
    stances = {view.claims[each].stance for each in one.who.claims if each in view.claims}
    denied = "".join(f", {stance}" for stance in sorted(stances - UNDENIED))
    return f"{count}{one.who.text} [{view.said_by(one.who.claims)}{denied}]"


def _tellers(one: Casualty, view: View) -> frozenset[str]:
    """The accounts that put a toll forward: none for one that stands only where it is denied or questioned."""
    known = [each for each in one.who.claims if each in view.claims]
    put_forward = [each for each in known if view.claims[each].stance in UNDENIED]
    return view.accounts(put_forward) if put_forward or not known else frozenset()


def _side(one: Casualty, view: View, sides: Sides) -> Side:
    """Civilians by category; others by whose side they are on, where the report tells who they are."""
    if one.category == "civilian":
        return "civilians"
    victim = view.actor(one.who)
    if one.category == "mixed" or victim is None:
        return "unknown"
    if _of(victim, sides.a, view):
        return "a"
    return "b" if _of(victim, sides.b, view) else "unknown"


def _of(victim: Actor, side: Mention | None, view: View) -> bool:
    other = view.actor(side) if side else None
    return other is not None and (victim.id == other.id or (victim.party is not None and victim.party == other.party))


def _largest(counts: Sequence[Bounds]) -> Bounds:
    """Of several counts of one account, one may be a part of another: the largest is a lower bound."""
    if len(counts) == 1:
        return counts[0]
    return Bounds(max((one.low for one in counts if one.low is not None), default=None), sure=False)


def _whole(sides: dict[Side, list[Bounds]]) -> Bounds:
    """All dead of one account: its sides add up, and people of no known side may be the same people."""
    apart = [_largest(counts) for side, counts in sides.items() if side != "unknown"]
    added = [_sum(apart)] if apart else []
    return _largest([*added, *sides.get("unknown", [])])


def _sum(counts: Iterable[Bounds]) -> Bounds:
    """Of all together; who is not counted leaves the number open above."""
    all_of_them = list(counts)
    lows = [one.low for one in all_of_them if one.low is not None]
    highs = [one.high for one in all_of_them if one.high is not None]
    high = sum(highs) if len(highs) == len(all_of_them) else None
    return Bounds(sum(lows) if lows else None, high, sure=all(one.sure for one in all_of_them))
