"""Articles longer than a model can take at once: windows of whole sentences, one after the other.

Sentences keep their numbers, so that what a model points to needs no repair, and each window is told who and what was
named before it. A window ends at the end of a paragraph where one is near. What a server says is too long for it is
asked in two halves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

from extractor.document import Document
from extractor.errors import ContextTooShort, UnusableAnswer
from extractor.llm.client import Message
from extractor.plans.asking import Asking, numbered
from extractor.settings import Endpoint

T = TypeVar("T")

Window = range
"""The numbers of the sentences of one call."""

BYTES_A_TOKEN = 3
"""UTF-8 bytes, at the least in most scripts: English has four and more."""
LONGEST = 16_000
"""Tokens of an article in one call: an answer is at most that long, and may need as many."""
_SHORTEST = 300
"""Tokens: a model that cannot take so many beside the prompt is asked all the same."""
_LEAST_FULL = 0.6
"""A window ends with a paragraph if it is filled that far, else with a sentence."""
_MOST_NAMES = 40
"""Carried into a later window, half of them the most frequent, the others the latest."""
_LONGEST_NAME = 40
_BEFORE = 700
"""Tokens for what a window is shown of those before it, and what servers add around messages."""

PROMPT = "window"


class Names:
    """Who and what was named so far, those named often or lately first."""

    def __init__(self) -> None:
        self._times: Counter[str] = Counter()
        self._last: dict[str, int] = {}
        self._seen = 0

    def add(self, names: Iterable[str]) -> None:
        """Note the names of a window."""
        self._seen += 1
        for name in names:
            words = " ".join(name.split())
            if 0 < len(words) <= _LONGEST_NAME:
                self._times[words] += 1
                self._last[words] = self._seen
        if len(self._times) > 20 * _MOST_NAMES:  # of a very long text not all are remembered
            for words in sorted(self._times, key=self._weight)[: -10 * _MOST_NAMES]:
                del self._times[words], self._last[words]

    def chief(self) -> list[str]:
        """At most `_MOST_NAMES`."""
        often = sorted(self._times, key=self._weight, reverse=True)[: _MOST_NAMES // 2]
        lately = sorted(self._times, key=lambda name: (self._last[name], self._times[name]), reverse=True)
        return list(dict.fromkeys([*often, *lately]))[:_MOST_NAMES]

    def _weight(self, name: str) -> tuple[int, int]:
        return self._times[name], self._last[name]


def room(endpoint: Endpoint, beside: Sequence[Message], answer: int) -> tuple[int, int]:
    """How many tokens of an article go into one call, and how long the answer may be.

    Args:
        endpoint: Where it is asked; it may tell how long prompt and answer may be together.
        beside: The messages without the article.
        answer: How long the answer may be at the most.
    """
    if endpoint.context_tokens is None:
        return LONGEST, answer
    left = endpoint.context_tokens - tokens("".join(message["content"] for message in beside)) - _BEFORE
    window = max(_SHORTEST, min(LONGEST, max(left - answer, left // 2)))
    if endpoint.kind == "embedded":  # its server ends an answer where the context ends; others refuse to begin
        return window, answer
    return window, max(_SHORTEST, min(answer, left - window))


def tokens(text: str) -> int:
    """How many tokens a text has at the most, about."""
    return -(-len(text.encode("utf-8", "surrogatepass")) // BYTES_A_TOKEN)


def windows(document: Document, longest: int, start: int = 1) -> list[Window]:
    """The sentences from `start` on in windows of at most `longest` tokens; a longer sentence makes one by itself."""
    sizes = {one.number: tokens(numbered(document, [one.number])) + 1 for one in document.sentences[start - 1 :]}
    found: list[Window] = []
    first, size, paragraph = start, 0, start
    for number, more in sizes.items():
        if size + more > longest and number > first:
            following = paragraph if paragraph > first else number
            found.append(range(first, following))
            first, size = following, sum(sizes[one] for one in range(following, number))
        if size >= _LEAST_FULL * longest and _begins_paragraph(document, number):
            paragraph = number
        size += more
    return [*found, range(first, start + len(sizes))]


def _begins_paragraph(document: Document, number: int) -> bool:
    before = document.sentence(number - 1).end if number > 1 else 0
    return "\n" in document.text[before : document.sentence(number).start]


def shown(asking: Asking, window: Window, part: int, names: Names) -> str:
    """The sentences of a window as a model is shown them; of an article in one window they alone."""
    if len(window) == len(asking.document.sentences):
        return numbered(asking.document)
    template = asking.prompt(PROMPT)
    sentences = numbered(asking.document, window)
    variables = {"part": part, "first": window[0], "last": window[-1], "names": names.chief()}
    return template.messages(sentences=sentences, **variables)[-1]["content"]


async def each_window(asking: Asking, longest: int, ask: Callable[[Window, int], Awaitable[T]], what: str) -> list[T]:
    """Ask about each window in turn; `ask` is given its sentences and its number.

    Where the server finds a window too long, the rest is asked in windows half as long. A single sentence that is too
    long, and of an article in several windows one to which there is no usable answer, is dropped and listed.

    Raises:
        ContextTooShort, UnusableAnswer: There was no answer to any window.
    """
    document = asking.document
    left = windows(document, longest)[::-1]
    answers: list[T] = []
    failed: UnusableAnswer | ContextTooShort | None = None
    asked = 0
    while left:
        window = left.pop()
        asking.step(asked, asked + len(left) + 1, what)
        try:
            answers.append(await ask(window, asked + 1))
        except (ContextTooShort, UnusableAnswer) as error:
            if isinstance(error, ContextTooShort) and len(window) > 1:
                longest = max(1, min(longest, sum(tokens(numbered(document, [one])) for one in window)) // 2)
                left = windows(document, longest, window.start)[::-1]
                continue
            if len(window) == len(document.sentences):
                raise
            failed = error
            asking.complete = False
            asking.drop("sentences", f"{window[0]} to {window[-1]}", str(error))
        asked += 1
    if not answers and failed is not None:
        raise failed
    asking.step(asked, asked, "done")
    return answers
