"""The second step: of what kind is everybody and everything that the sentences name; asked once for all."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, cast, get_args

import regex
from pydantic import BaseModel, Field, create_model

from extractor.plans.asking import Asking
from extractor.plans.stepwise.cues import CueList
from extractor.plans.stepwise.names import group
from extractor.plans.stepwise.sentences import Told, several
from extractor.schema import ActorKind, CasualtyCategory

PROMPT = "stepwise/kinds"

_NoActor = Literal["people", "weapon", "place", "thing"]
Kind = ActorKind | _NoActor
"""What a name may be the name of; only the kinds of `ActorKind` make actors."""

CATEGORIES: Mapping[Kind, CasualtyCategory] = {
    "state_forces": "combatant", "coalition": "combatant", "pro_state_militia": "combatant",
    "non_state_armed": "combatant", "government": "civilian", "civilians": "civilian", "media": "civilian",
    "monitor_ngo": "civilian", "intergovernmental": "civilian",
}  # fmt: skip
"""Whether people of a kind fight."""

WORDS: Mapping[str, Kind] = {
    "army": "state_forces", "government": "government", "coalition": "coalition", "militia": "pro_state_militia",
    "rebels": "non_state_armed", "civilians": "civilians", "media": "media", "monitors": "monitor_ngo",
    "international": "intergovernmental", "other": "other", "people": "people", "weapon": "weapon", "place": "place",
    "thing": "thing",
}  # fmt: skip
"""The plain words that a small model is asked for."""
_Any = Literal[tuple(WORDS)]
_Somebody = Literal[tuple(word for word, kind in WORDS.items() if kind in get_args(ActorKind))]
"""Who speaks is an actor."""
_UNSAFE = regex.compile(r"[^\p{L}\p{M}\p{N} .,'’&/()-]+")
_AT_ONCE = 8


async def find_kinds(asking: Asking, told: Sequence[Told], cues: CueList | None) -> dict[str, Kind]:
    """The kind of each name that the sentences tell; none where the model gives none."""
    pronouns = cues.pronouns if cues else frozenset[str]()
    named = [name for one in told for name in _names(one) if name.lower() not in pronouns]
    chief = {name: max(names, key=len) for names in group(list(dict.fromkeys(named))) for name in names}
    speakers = {chief[name] for one in told for name in _speakers(one) if name in chief}
    asking.step(0, 1, "what kind everybody is")
    kinds = await _kinds(asking, list(dict.fromkeys(chief.values())), speakers)
    return {name: kinds[full] for name, full in chief.items() if full in kinds}


def _names(told: Told) -> list[str]:
    """Everybody and everything that a sentence tells of, but for places and days."""
    deeds = [name for one in told.deeds for words in (one.by, one.on, one.weapon) for name in several(words)]
    return [*_speakers(told), *deeds, *(counted.who for _, counted in told.counted)]


def _speakers(told: Told) -> list[str]:
    """Who speaks in a sentence, to whom and against whom."""
    return [name for one in told.speakers for name in (one.source, one.via, one.told, one.against) if name]


async def _kinds(asking: Asking, names: Sequence[str], speakers: Collection[str]) -> dict[str, Kind]:
    """The kind of each name; none where the model gives none."""
    kinds: dict[str, Kind] = {}
    if names:
        template = asking.prompt(PROMPT)
        await asking.warm(template.beginning())
        for start in range(0, len(names), _AT_ONCE):
            some = names[start : start + _AT_ONCE]
            shown = "; ".join(f"{n} {_UNSAFE.sub(' ', name)[:80].strip() or '?'}" for n, name in enumerate(some, 1))
            words = [_Somebody if name in speakers else _Any for name in some]
            kinds |= await _some_kinds(asking, template.messages(names=shown), dict(zip(some, words, strict=True)))
    return kinds


async def _some_kinds(asking: Asking, messages: Any, names: Mapping[str, Any]) -> dict[str, Kind]:
    fields: dict[str, Any] = {f"name_{n}": (word, Field(alias=str(n))) for n, word in enumerate(names.values(), 1)}
    schema: type[BaseModel] = create_model("Kinds", **fields)
    data = await asking.answer_or_nothing(messages, schema, max_tokens=12 * len(names) + 20)
    answers = cast(dict[str, Any], data) if isinstance(data, dict) else {}
    words = ((name, answers.get(str(n))) for n, name in enumerate(names, 1))
    return {name: WORDS[word] for name, word in words if isinstance(word, str) and word in WORDS}
