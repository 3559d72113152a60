"""What our incident types and kinds of actor are in the codes of ACLED and UCDP, from a table (incident_types.json)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NotRequired, TypedDict

from extractor.export.view import View
from extractor.schema import ActorKind, Incident, Mention

STATE: frozenset[ActorKind] = frozenset({"state_forces", "government", "coalition"})
"""Kinds of actor that are or act for states."""

UNARMED: frozenset[ActorKind] = frozenset({"civilians", "media", "monitor_ngo"})
"""Kinds of actor that are civilians."""

_Choice = TypedDict(
    "_Choice", {"if": NotRequired[list[str]], "event_type": str, "sub_event_type": str | None, "why": NotRequired[str]}
)
_Type = TypedDict("_Type", {"armed_force": bool, "acled": list[_Choice], "else": NotRequired[str]})
_Inter = TypedDict("_Inter", {"always": str, "at_home": str, "abroad": str, "else": str}, total=False)


class CodeTable(TypedDict):
    """The table of codes."""

    disorder_types: dict[str, str]
    sub_event_types: dict[str, list[str]]
    weapons: dict[str, list[str]]
    types: dict[str, _Type]
    inter: dict[ActorKind, _Inter]
    inter_codes: dict[str, int]


@cache
def code_table() -> CodeTable:
    """The table of codes, with where they come from."""
    table: CodeTable = json.loads(files("extractor.export").joinpath("incident_types.json").read_text(encoding="utf-8"))
    return table


@dataclass(frozen=True)
class Acting:
    """An incident with the two that ACLED would put first, and the country it was in."""

    incident: Incident
    view: View
    first: Mention | None
    second: Mention | None
    country: str | None

    def kind(self, mention: Mention | None) -> ActorKind | None:
        """What kind of actor a mention means, where that is known."""
        actor = self.view.actor(mention) if mention else None
        return actor.kind if actor else None


@dataclass(frozen=True)
class EventType:
    """ACLED's types of an event; what is None has a reason."""

    disorder_type: str | None
    event_type: str | None
    sub_event_type: str | None
    reason: str


def event_type(acting: Acting) -> EventType:
    """ACLED's disorder, event and sub-event type of an incident."""
    entry = code_table()["types"][acting.incident.type]
    for choice in entry["acled"]:
        if all(_CONDITIONS[condition](acting) for condition in choice.get("if", [])):
            disorder = code_table()["disorder_types"][choice["event_type"]]
            return EventType(disorder, choice["event_type"], choice["sub_event_type"], choice.get("why", ""))
    return EventType(None, None, None, entry.get("else", ""))


def armed_force(incident: Incident) -> bool:
    """Whether incidents of its type are a use of armed force, as UCDP's events are."""
    return code_table()["types"][incident.type]["armed_force"]


def inter(acting: Acting, mention: Mention) -> tuple[str | None, str]:
    """ACLED's type of an actor; else none and the reason. State forces outside their country are external ones."""
    actor = acting.view.actor(mention)
    if actor is None:
        return None, f'what kind of actor "{mention.text}" is, is not told'
    ways = code_table()["inter"][actor.kind]
    if "always" in ways:
        return ways["always"], ""
    if "at_home" not in ways or "abroad" not in ways:
        return None, ways.get("else", "")
    if actor.country is None or acting.country is None:
        unknown = f"of {actor.name or mention.text}" if actor.country is None else "that it happened in"
        return None, f"state forces at home or external ones: the country {unknown} is not known"
    return ways["at_home" if actor.country == acting.country else "abroad"], ""


def interaction(first: str, second: str | None) -> str:
    """ACLED's name of two types of actor together, in the order of their codes; of one alone, "... only"."""
    codes = code_table()["inter_codes"]
    if second is None:
        return f"{first} only"
    one, two = sorted((first, second), key=lambda name: codes[name])
    if (codes[one], codes[two]) == (7, 8):  # the one pair that ACLED lists the other way round
        one, two = two, one
    return f"{one}-{two}"


def _by_government(acting: Acting) -> bool:
    return acting.first is not None and (
        acting.kind(acting.first) == "pro_state_militia" or inter(acting, acting.first)[0] == "State forces"
    )


def _by_others(acting: Acting) -> bool:
    return acting.first is not None and (
        acting.kind(acting.first) == "non_state_armed" or inter(acting, acting.first)[0] == "External/Other forces"
    )


def _fought(acting: Acting) -> bool:
    return bool(acting.incident.weapons) or any(
        one.status in {"killed", "wounded"} for one in acting.incident.casualties
    )


def _names(acting: Acting, weapon: str) -> bool:
    """Whether the words for who did it and with what name a weapon of this sort, and none of the other."""
    words = [mention.text for mention in (*acting.incident.initiators, *acting.incident.weapons)]
    named = {sort: any(_pattern(sort).search(text) for text in words) for sort in code_table()["weapons"]}
    return named.pop(weapon) and not any(named.values())


@cache
def _pattern(sort: str) -> re.Pattern[str]:
    """Whole words; those with capitals are names, and written so."""
    words = code_table()["weapons"][sort]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(_forms(words))})(?![\w-])")


def _forms(words: Iterable[str]) -> Iterable[str]:
    for word in words:
        escaped = re.escape(word)
        yield escaped if word != word.lower() else f"(?i:{escaped})"


_CONDITIONS: dict[str, Callable[[Acting], bool]] = {
    "by_aircraft": lambda acting: _names(acting, "aircraft"),
    "from_the_ground": lambda acting: _names(acting, "from_the_ground"),
    "fought": _fought,
    "by_government": _by_government,
    "by_others": _by_others,
    "by_non_state": lambda acting: acting.kind(acting.first) in {"non_state_armed", "pro_state_militia"},
    "on_civilians": lambda acting: acting.kind(acting.second) in UNARMED,
}
