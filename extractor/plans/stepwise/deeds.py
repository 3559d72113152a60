"""Events as a small model writes them: a line each, held by a pattern to words that it may use.

`did opened fire: fighting; by Gunmen; against police checkpoint; at Velnik + Karo province; with rifles`. Who did it
and to whom is always asked, `?` where it is not told; place and weapon are left out then. A line is a third shorter
than an object with a key for each value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import regex
from pydantic import BaseModel, Field

from extractor.plans.stepwise.event_words import EventWords
from extractor.schema import IncidentType, Realis

NONE = "none"
"""The line of a sentence that tells of no event."""

TYPES: Mapping[str, IncidentType] = {
    "airstrike": "airstrike", "crash": "aircraft_downing", "shelling": "shelling_missile",
    "fighting": "ground_clash", "capture": "territory_change", "bombing": "ied_bombing",
    "suicide attack": "suicide_attack", "gas": "chemical_attack", "murder": "attack_on_civilians",
    "rape": "sexual_violence", "arrest": "abduction_detention", "interception": "weapons_disruption",
    "troops": "force_posture", "talks": "contact_agreement", "destruction": "looting_destruction",
    "exodus": "displacement", "protest": "civil_unrest", "other": "other",
}  # fmt: skip
"""The plain words that a small model is asked for."""
_WORDS = {type_: word for word, type_ in TYPES.items()}

_REALIS: Mapping[str, Realis] = {"did": "actual", "will": "planned", "may": "hypothetical"}
_SPECIAL = regex.compile(r"[\\^$.|?*+()\[\]{}/]")
_WORD = r'[^ ,;:"\\]+'
PHRASE = f"{_WORD}( {_WORD}){{0,9}}"
"""Copied words, few, so that a model that repeats itself comes to an end."""
_KNOWN = PHRASE.replace("^ ", "^? ")
"""The same, and no "?"."""
_LINE = regex.compile(
    r"(?P<real>did|will|may) (?P<what>[^:;]+): (?P<type>[^:;]+)"
    r"(?:; by (?P<by>[^;]+))?(?:; against (?P<on>[^;]+))?(?:; at (?P<where>[^;]+))?(?:; with (?P<weapon>[^;]+))?"
)


class Deed(BaseModel):
    """An event as one sentence tells it, words not yet grounded; several values stand with `+` between."""

    what: str
    """The word that tells of it."""
    realis: Realis
    type: IncidentType
    by: str = ""
    on: str = ""
    where: str = ""
    weapon: str = ""


def line_of(sentence: str, words: EventWords | None) -> Any:
    """The form of a line about an event of the sentence, for its words that may tell of one."""
    weapons = words.weapons_in(sentence) if words else None
    used = "" if weapons == [] else f"(; with {_any(map(_plain, weapons)) if weapons else PHRASE})?"
    told = f"; by {PHRASE}; against {PHRASE}(; at {_KNOWN})?{used}"
    return Annotated[str, Field(pattern=f"^({NONE}|{_any(_beginnings(sentence, words))}{told})$")]


def deed_of(line: Any) -> Deed | None:
    """The event that a line tells; `None` where it is no such line."""
    match = _LINE.fullmatch(line) if isinstance(line, str) else None
    if match is None or match["type"] not in TYPES:
        return None
    values = {name: (match[name] or "").strip() for name in ("what", "by", "on", "where", "weapon")}
    return Deed(realis=_REALIS[match["real"]], type=TYPES[match["type"]], **values)


def _beginnings(sentence: str, words: EventWords | None) -> Iterable[str]:
    """How a line may begin: what is only planned or possible needs a word that says so, as "will" or "if"."""
    told = words.candidates(sentence) if words else []
    if not told or words is None:
        return [f"{_any(_REALIS)} {PHRASE}: {_any(_WORDS.values())}"]
    alike: dict[tuple[tuple[str, ...], tuple[IncidentType, ...]], list[str]] = {}
    for word in told:
        alike.setdefault((tuple(words.reals(sentence, word)), tuple(words.types_of([word]))), []).append(_plain(word))
    return [
        f"{_any(reals)} {_any(some)}: {_any(_WORDS[type_] for type_ in types)}"
        for (reals, types), some in alike.items()
    ]


def _any(words: Iterable[str]) -> str:
    return f"({'|'.join(words)})"


def _plain(word: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", word)
