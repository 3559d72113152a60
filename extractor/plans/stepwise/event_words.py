"""The words of a sentence by which it may tell of an event, from a list of its language: the model decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast, get_args

import regex
from pydantic import BaseModel, ConfigDict

from extractor.plans.stepwise.word_lists import WordList, any_of, read_list
from extractor.schema import CasualtyStatus, IncidentType
from extractor.templates import prompts_folder

_VIOLENT: tuple[IncidentType, ...] = (
    "airstrike", "shelling_missile", "ground_clash", "ied_bombing", "attack_on_civilians",
    "looting_destruction", "other",
)  # fmt: skip
"""What a word of violence of any kind may stand for."""


_FEW_WORDS = regex.compile(r"(?:\s+[\p{L}’'-]+){0,3}\s+")
"""Between "would" and "arrested" in "would soon be arrested"."""


class Status(BaseModel):
    """Words that tell what became of people."""

    model_config = ConfigDict(extra="forbid")

    words: str
    phrases: list[str] = []


class EventFile(WordList):
    """A file of `prompts/events`."""

    violence: str
    violence_phrases: list[str]
    words: dict[IncidentType, str]
    phrases: dict[IncidentType, list[str]]
    statuses: dict[CasualtyStatus, Status]
    suffered: list[str]
    weapons: str
    aircraft: str
    not_yet: list[str]
    places: str
    vague_places: str


@dataclass(frozen=True)
class EventWords:
    """The words of one language by which a sentence may tell of an event."""

    types: Mapping[str, Collection[IncidentType]]
    """Each word or phrase, in lower case, with the types of event that it may stand for."""
    statuses: Mapping[str, CasualtyStatus]
    """Words that tell what became of people."""
    suffered: frozenset[str]
    """Those whose subject suffers: "died"."""
    pattern: regex.Pattern[str]
    weapons: regex.Pattern[str]
    aircraft: regex.Pattern[str]
    """Words that name an aircraft with a crew."""
    places: frozenset[str]
    """Common nouns that are places."""
    vague_places: frozenset[str]
    """Those that by themselves say nothing of where: "town"."""
    not_yet: regex.Pattern[str]
    """Words that make of an act one that is planned or possible."""

    def candidates(self, sentence: str) -> list[str]:
        """The words of a sentence that may tell of an event, as they stand in it, in order, each once."""
        return list(dict.fromkeys(match.group() for match in self.pattern.finditer(sentence)))

    def types_of(self, candidates: Iterable[str]) -> list[IncidentType]:
        """The types that the words may stand for, in the order of the schema's list."""
        may = {type_ for word in candidates for type_ in self.types[word.lower()]}
        return [type_ for type_ in cast(tuple[IncidentType, ...], get_args(IncidentType)) if type_ in may]

    def statuses_in(self, sentence: str) -> set[CasualtyStatus]:
        """What the words of a sentence tell to have become of people."""
        return {self.statuses[word.lower()] for word in self.candidates(sentence) if word.lower() in self.statuses}

    def reals(self, sentence: str, word: str) -> list[str]:
        """How far it may be that what the word tells took place: "did", "will" or "may"."""
        ends = [match.end() for match in self.not_yet.finditer(sentence)]
        if not ends:
            return ["did"]
        start = sentence.index(word)
        right_before = any(end <= start and _FEW_WORDS.fullmatch(sentence, end, start) for end in ends)
        return ["will", "may"] if right_before else ["did", "will", "may"]

    def weapons_in(self, sentence: str) -> list[str]:
        """The words of a sentence that may name a weapon, each once."""
        return list(dict.fromkeys(match.group() for match in self.weapons.finditer(sentence)))


@cache
def event_words_for(language: str) -> EventWords | None:
    """The list of a language; `None` when there is none."""
    file = prompts_folder() / "events" / f"{language}.yaml"
    return _compiled(read_list(file, EventFile, "words of events")) if file.is_file() else None


def _compiled(file: EventFile) -> EventWords:
    listed: list[tuple[list[str], Sequence[IncidentType]]] = [
        ([*file.violence.split(), *file.violence_phrases], _VIOLENT),
        *(([*words.split(), *file.phrases.get(type_, [])], [type_]) for type_, words in file.words.items()),
    ]
    types: dict[str, set[IncidentType]] = {}
    for words, may in listed:
        for word in words:
            types.setdefault(word.lower(), set()).update(may)
    statuses: dict[str, CasualtyStatus] = {
        word: status for status, held in file.statuses.items() for word in [*held.words.split(), *held.phrases]
    }
    weapon = any_of(file.weapons.split()).pattern
    weapons = regex.compile(rf"{weapon}(?:\s+{weapon})*", regex.I)
    return EventWords(
        types,
        statuses,
        frozenset(file.suffered),
        any_of(types),
        weapons,
        any_of(file.aircraft.split()),
        frozenset(file.places.split()),
        frozenset(file.vague_places.split()),
        any_of(file.not_yet),
    )
