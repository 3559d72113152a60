"""An incident put together from sentences, words not yet grounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import regex

from extractor.plans.linking import TOLD_IN
from extractor.schema import CasualtyCategory, CasualtyStatus, IncidentType, Realis

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_LEADING = frozenset({"the", "a", "an", "its", "his", "her", "their", "our", "of", "in", "at", "on", "near"})

PRONOUNS = frozenset({"he", "she", "it", "they", "we", "i", "you", "him", "her", "them", "us", "who", "one", "others"})
"""Words that name nobody."""
_ENOUGH_TOLD = 3
"""Of who, to whom, where, when and with what."""
UNKNOWN: IncidentType = "other"
"""The type of an incident of which nothing tells one."""


@dataclass
class FoundCasualty:
    """People counted, as the sentence has it."""

    who: str
    count: str | None
    status: CasualtyStatus
    category: CasualtyCategory
    sentence: int


@dataclass
class Happening:
    """An event as one sentence tells it, each name where its kind belongs."""

    sentence: int
    type: IncidentType | None
    """None where nothing tells one."""
    real: Realis | None = None
    by: Sequence[str] = ()
    on: Sequence[str] = ()
    where: Sequence[str] = ()
    when: Sequence[str] = ()
    used: Sequence[str] = ()
    only_toll: bool = False
    """Whether it tells no more than what became of people."""


@dataclass(eq=False)
class FoundIncident:
    """An incident put together from sentences, words not yet grounded."""

    types: list[IncidentType] = field(default_factory=list[IncidentType])
    """What each sentence calls it."""
    realis: list[Realis] = field(default_factory=list[Realis])
    sentences: list[int] = field(default_factory=list[int])
    by: list[str] = field(default_factory=list[str])
    on: list[str] = field(default_factory=list[str])
    where: list[str] = field(default_factory=list[str])
    when: list[str] = field(default_factory=list[str])
    weapons: list[str] = field(default_factory=list[str])
    casualties: list[FoundCasualty] = field(default_factory=list[FoundCasualty])
    told_in: dict[str, int] = field(default_factory=dict[str, int])
    """The sentence in which each name is told."""
    last: int = field(default=0, init=False)
    """The last sentence that tells of it so far."""

    def __post_init__(self) -> None:
        self.last = max(self.sentences, default=0)

    @property
    def type(self) -> IncidentType:
        """What most sentences call it; of several, the first."""
        return max(self.types or [UNKNOWN], key=self.types.count)

    @property
    def in_passing(self) -> bool:
        """Whether a single sentence mentions it and tells little: not who did it to whom, and nobody counted."""
        told = (self.by, self.on, self.where, self.when, self.weapons)
        whole = bool(self.casualties or (self.by and self.on)) or sum(map(bool, told)) >= _ENOUGH_TOLD
        return len(self.sentences) == 1 and not whole

    def take(self, told: Happening) -> None:
        """Add what a sentence tells."""
        if told.type is not None:
            self.types.append(told.type)
        if told.real is not None:
            self.realis.append(told.real)
        self.note(told.sentence)
        for held, words in (
            (self.by, told.by), (self.on, told.on), (self.where, told.where), (self.when, told.when),
            (self.weapons, told.used),
        ):  # fmt: skip
            self.add(held, words, told.sentence)

    def add(self, held: list[str], words: Sequence[str], sentence: int) -> None:
        """Add to one of the lists the names that a sentence tells and that are not there yet."""
        for one in words:
            if not any(same(one, other) for other in held):
                held.append(one)
                self.told_in.setdefault(one, sentence)

    def note(self, sentence: int) -> None:
        """A sentence tells of it."""
        if sentence > self.last or sentence not in self.sentences:
            self.sentences.append(sentence)
            self.last = max(self.last, sentence)

    def count(self, people: FoundCasualty) -> None:
        """Add people counted, unless they are counted with the same words already."""
        told = ((people.count or people.who).lower(), people.status)
        if all(((one.count or one.who).lower(), one.status) != told for one in self.casualties):
            self.casualties.append(people)

    def as_answer(self) -> dict[str, Any]:
        """In the form in which a report is asked for."""
        return {
            "type": self.type,
            "realis": "actual" if "actual" in self.realis or not self.realis else self.realis[0],
            "evidence": sorted(self.sentences),
            "initiators": self._answers(self.by),
            "targets": self._answers(self.on),
            "weapons": self._answers(self.weapons),
            "when": self._answers(self.when[:1]),
            "where": [{**one, "relation": "at", "level": None} for one in self._answers(self.where)],
            "casualties": [
                {
                    "who": one.who, "status": one.status, "category": one.category, "count": one.count,
                    TOLD_IN: one.sentence,
                }
                for one in self.casualties
            ],
        }  # fmt: skip

    def _answers(self, names: Sequence[str]) -> list[dict[str, Any]]:
        return [{"text": name, TOLD_IN: self.told_in[name]} for name in names]


def same(one: str, other: str) -> bool:
    """Whether two phrases name one thing: the words of one are among those of the other."""
    first, second = key(one), key(other)
    return bool(first and second) and (first <= second or second <= first)


def alike(words: Sequence[str], held: Sequence[str]) -> bool:
    """Whether two lists name one thing in common."""
    return any(same(one, other) for one in words for other in held)


@lru_cache(maxsize=10_000)
def key(words: str) -> frozenset[str]:
    """The words of a name without articles and the like."""
    return frozenset(word for word in map(str.lower, _WORD.findall(words)) if word not in _LEADING)
