"""Who did it and whom it hit: the first of each that is known as an actor, who acted with them, and rival names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractor.export.view import View
from extractor.schema import Value


@dataclass(frozen=True)
class Side:
    """One side of an incident. Whom another account names instead is no associate, but a rival."""

    main: Value | None
    associates: list[Value]
    rivals: list[Value]
    reason: str
    """Why there is no main one."""


def side(values: Sequence[Value], view: View, role: str) -> Side:
    """The first that is an actor, else the first; beside it others of the same account, apart those of other ones."""
    if not values:
        return Side(None, [], [], f"the article names no {role}")
    main = next((value for value in values if view.actor(value)), values[0])
    others = _other_actors(values, main, view)
    together = [value for value in others if view.same_account(main, value)]
    return Side(main, together, [value for value in others if value not in together], "")


def _other_actors(values: Sequence[Value], main: Value, view: View) -> list[Value]:
    """Each other actor once, and each thing; the main one under another name is none."""
    seen = {view.name(main).casefold()}
    others: list[Value] = []
    for value in values:
        name = view.name(value).casefold()
        if name not in seen:
            seen.add(name)
            others.append(value)
    return others
