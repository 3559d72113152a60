"""What the steps that make incidents know of an article besides what the model told of its sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import regex

from extractor.document import Document
from extractor.plans.stepwise.event_words import EventWords
from extractor.plans.stepwise.incidents.found import key
from extractor.plans.stepwise.kinds import Kind

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
        at = rf"(?<!\p{{L}})(?:in|near|around|outside|inside)\s+{regex.escape(name)}(?!['’]s|\s+\p{{Lu}}|\p{{L}})"
        return regex.search(at, self.document.text) is not None
