"""What the steps that make incidents know of an article besides what the model told of its sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import regex

from extractor.document import Document
from extractor.plans.stepwise.event_words import EventWords
from extractor.plans.stepwise.incidents.found import key
from extractor.plans.stepwise.kinds import Kind

_IN = regex.compile(r"(?<!\p{L})(?:in|near|around|outside|inside)\s+")
_GOES_ON = regex.compile(r"['’]s|\s+\p{Lu}|\p{L}")
_LETTERS = regex.compile(r"\p{L}+")
_NOBODY = frozenset({"weapon", "thing", "place", "people"})


@dataclass(frozen=True)
class Article:
    """The text, the kind of each name, and the words of its language (`None` without a list)."""

    document: Document
    kinds: Mapping[str, Kind]
    words: EventWords | None

    def sentence(self, number: int) -> str:
        """The words of a sentence."""
        return self.document.words(number)

    @cached_property
    def somebody(self) -> frozenset[frozenset[str]]:
        """The names of actors, which are no places."""
        return frozenset(key(name) for name, kind in self.kinds.items() if kind not in _NOBODY)

    def is_place(self, name: str) -> bool:
        """Whether a name may be a place: no actor has it, and a common noun is the noun of a place."""
        if name.endswith(("'s", "’s", " of")) or (key(name) in self.somebody and not self.stands_at(name)):
            return False
        nouns = self.words.places if self.words else None
        vague = self.words.vague_places if self.words else frozenset[str]()
        words = set(name.split()) - {"the", "a", "an"}
        return nouns is None or name.lower() != name or (not nouns.isdisjoint(words) and not words <= vague)

    def stands_at(self, name: str) -> bool:
        """Whether the text says of something that it is in or near a name, which then is a place's: "in Velnik"."""
        if name.lower() == name:
            return False
        return any(
            self.document.text.startswith(name, start) and not _GOES_ON.match(self.document.text, start + len(name))
            for start in self._after_in.get(_first_word(name, 0), ())
        )

    @cached_property
    def _after_in(self) -> Mapping[str, Sequence[int]]:
        """Where the text goes on after "in", "near" and the like, by the first word there."""
        places: dict[str, list[int]] = {}
        for match in _IN.finditer(self.document.text):
            places.setdefault(_first_word(self.document.text, match.end()), []).append(match.end())
        return places


def _first_word(text: str, start: int) -> str:
    match = _LETTERS.match(text, start)
    return match.group() if match else ""
