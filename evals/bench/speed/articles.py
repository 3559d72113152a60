"""Made-up short articles, no two alike, with the right answer in each system's own form.

All are one text with other names, so that an answer is made by putting the names in: a server can make it as fast as it
can send it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from evals.bench.peers.by_instructor import converted
from evals.bench.peers.by_langextract import flat
from evals.bench.peers.task import EXAMPLES
from evals.bench.written import pointed
from extractor.document import Document

DATE = "2026-03-10"

_SYLLABLES = ("ka", "mo", "ti", "se", "dr", "vo", "ni", "ba", "ol", "es", "qu", "la", "di", "pe", "gu", "zo")
_LONG = 5
"""Syllables of a name."""
_TEXT, _ANSWER = EXAMPLES[0]
_NAMES = {
    "Harlo": "Harlo {}",
    "Red Banner": "{} Banner",
    "Oren Dahl": "Oren {}",
    "Radio Lisk": "Radio {}",
    "Kesh": "{}",
}
"""What is called otherwise in each article; the first is what an article is known by."""
_KNOWN_BY = re.compile(rb"Harlo ([A-Z][a-z]{9})\b")
MOST = len(_SYLLABLES) ** _LONG // len(_NAMES)
"""So many articles there are."""

SYSTEMS = ("whole", "quoted", "listed")
"""Ways to answer: of this project's plan `whole`, of plain instructor's schema, of langextract's."""


@dataclass(frozen=True, slots=True)
class Template:
    """Words about an article whose names are to be put in."""

    words: str

    def of(self, number: int) -> str:
        """The words about the article of this number."""
        words = self.words
        for place, (name, form) in enumerate(_NAMES.items()):
            words = words.replace(name, form.format(_name(number * len(_NAMES) + place)))
        return words


TEXT = Template(_TEXT)


def answer(system: str) -> Template:
    """What is answered, in JSON, for one of `SYSTEMS`."""
    if system == "quoted":
        return Template(_ANSWER.model_dump_json())
    if system == "listed":
        listed = [
            {(kind := one["extraction_class"]): one["extraction_text"], f"{kind}_attributes": one["attributes"]}
            for one in flat(_TEXT, _ANSWER)
        ]
        return Template(json.dumps({"extractions": listed}))
    document = Document(_TEXT)
    return Template(json.dumps(pointed(converted(_ANSWER, document, 0).report, document), separators=(",", ":")))


def number_of(request: bytes) -> int:
    """Which article a request is about."""
    found = _KNOWN_BY.search(request)
    if found is None:
        raise ValueError("a request about none of the articles")
    letters = found[1].decode().lower()
    number = 0
    for place in range(0, len(letters), 2):
        number = number * len(_SYLLABLES) + _SYLLABLES.index(letters[place : place + 2])
    return number // len(_NAMES)


def _name(number: int) -> str:
    """A name for each number below 16 to the power of `_LONG`, all of one length."""
    syllables: list[str] = []
    for _ in range(_LONG):
        number, place = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[place])
    return "".join(reversed(syllables)).capitalize()
