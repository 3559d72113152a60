"""Made-up articles, no two alike, with the right answer in each system's own form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evals.bench.peers.by_instructor import converted
from evals.bench.peers.by_langextract import ATTRIBUTES, flat
from evals.bench.peers.task import EXAMPLES, Answer
from evals.bench.written import pointed
from extractor.document import Document

_SYLLABLES = ("ka", "mor", "ti", "sel", "dra", "vo", "nim", "bar", "ol", "esh", "qu", "lan", "dir", "pes", "gu", "zor")
_TOWN = re.compile(rb"([A-Z][a-z]+)abad\b")
_TEXT, _ANSWER = EXAMPLES[0]
_NAMES = {"Harlo": "{}abad", "Red Banner": "{} Banner", "Oren Dahl": "Oren {}", "Radio Lisk": "Radio {}", "Kesh": "{}esk"}
"""What is called otherwise in each article; the first is what an article is known by."""


@dataclass(frozen=True, slots=True)
class Article:
    """A short article and what to answer."""

    id: str
    text: str
    answer: Answer
    """In a schema of verbatim quotes."""

    def whole(self) -> str:
        """The answer of this project's plan `whole`."""
        document = Document(self.text)
        return json.dumps(pointed(converted(self.answer, document, 0).report, document), separators=(",", ":"))

    def quoted(self) -> str:
        """The answer of plain instructor's schema."""
        return self.answer.model_dump_json()

    def listed(self) -> str:
        """The answer of langextract's output schema."""
        return json.dumps({"extractions": flat(self.text, self.answer)})


def articles(count: int) -> Iterator[Article]:
    """So many; the same ones each time."""
    for number in range(count):
        text, answer = _TEXT, _ANSWER.model_dump_json()
        for place, (name, form) in enumerate(_NAMES.items()):
            other = form.format(_name(number * len(_NAMES) + place).capitalize())
            text, answer = text.replace(name, other), answer.replace(name, other)
        yield Article(f"a{number:06}", text, Answer.model_validate_json(answer))


def town(request: bytes) -> str:
    """Which article a request is about."""
    found = _TOWN.search(request)
    if found is None:
        raise ValueError("a request about none of the articles")
    return found[1].decode()


def _name(number: int) -> str:
    """A name of four syllables; another one for each number below 65,536 and five syllables beyond."""
    syllables: list[str] = []
    while number or len(syllables) < 4:
        number, place = divmod(number, len(_SYLLABLES))
        syllables.append(_SYLLABLES[place])
    return "".join(syllables)
