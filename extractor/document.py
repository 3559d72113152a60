"""The article: text in, numbered sentences with code-point offsets out. The text itself is never altered."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from functools import cached_property
from typing import Any, cast

import regex

from extractor.errors import InputError

LONGEST_SENTENCE = 2_000
"""Code points; what runs on longer (a table, a page without full stops) is cut at a space."""

_NARROWEST_WRAPPED_LINE = 30
_WIDEST_WRAPPED_LINE = 120
_LONGEST_HEADING = 120
_MOST_WORDS_IN_HEADING = 16

_BLANK_LINE = regex.compile(r"\r?\n(?=[^\S\n]*+\n)\s*+")
_LINE = regex.compile(r"[^\n]+")
_ENDS_LIKE_A_SENTENCE = regex.compile(r"[\p{Sentence_Terminal}:;,…–—-][\p{Pe}\p{Pf}\p{Pi}\"'*\s]*$")
_LIST_ITEM = regex.compile(r"^\s*(?:[-*•–—]|\(?\d+[.)])\s")
_WORD_CHARACTER = regex.compile(r"[\p{L}\p{N}]")
_LONE_SURROGATE = regex.compile(r"[\ud800-\udfff]")
"""UTF-8, and so the sentence splitter, cannot hold it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One numbered sentence: `document.text[start:end]`, with no white space at either end."""

    number: int
    """Counted from 1; what a model is shown and points to."""
    start: int
    end: int
    heading: bool
    """A line of its own that does not end like a sentence: shown to the model, never the ground of a claim."""


@dataclass(frozen=True)
class Document:
    """An article and what is known about it.

    `text` is kept exactly as given; every offset in the project is a code point of it, half-open.
    Raises `InputError` when there is no text.
    """

    text: str
    id: str | None = None
    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    date: Date | None = None
    language: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise InputError("the text is empty: give an article with at least one sentence")

    @cached_property
    def sha256(self) -> str:
        """Of the text in UTF-8 (lone surrogates, which UTF-8 cannot hold, are passed through)."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences in order; between them lies nothing but white space."""
        spans = [span for start, end in _lines(self.text) for span in _split(self.text, start, end, self.language)]
        marks = _headings(self.text, spans, self.title)
        return tuple(
            Sentence(number, start, end, heading)
            for number, ((start, end), heading) in enumerate(zip(spans, marks, strict=True), 1)
        )

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def sentence(self, number: int) -> Sentence:
        """The sentence with this number; `IndexError` when there is none."""
        if not 1 <= number <= len(self.sentences):
            raise IndexError(number)
        return self.sentences[number - 1]

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that holds this code point, or the nearest one before it (the first, at the very start)."""
        return self.sentences[max(0, bisect_right(self._starts, offset) - 1)]

    def words(self, number: int) -> str:
        """The words of one sentence, exactly as they stand in the text."""
        sentence = self.sentence(number)
        return self.text[sentence.start : sentence.end]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Blocks of text that no sentence runs across: paragraphs, cut at line breaks that are not mere wrapping."""
    start = 0
    for gap in [*_BLANK_LINE.finditer(text), None]:
        end = gap.start() if gap else len(text)
        lines = [match.span() for match in _LINE.finditer(text, start, end)]
        width = max((stop - first for first, stop in lines), default=0)
        yield from _unwrap(text, lines, width)
        start = gap.end() if gap else end


def _unwrap(text: str, lines: Sequence[tuple[int, int]], width: int) -> Iterator[tuple[int, int]]:
    """Join lines that were broken only because the next word did not fit into the paragraph's width."""
    held: tuple[int, int] | None = None
    for start, end in lines:
        if held is None:
            held = (start, end)
            continue
        last_line = text.rfind("\n", held[0], held[1]) + 1 or held[0]
        next_word = len(text[start:end].split(maxsplit=1)[0]) if text[start:end].strip() else width
        wrapped = (
            _NARROWEST_WRAPPED_LINE <= width <= _WIDEST_WRAPPED_LINE and held[1] - last_line + 1 + next_word > width
        )
        if wrapped and not _LIST_ITEM.match(text[start:end]):
            held = (held[0], end)
        else:
            yield held
            held = (start, end)
    if held is not None:
        yield held


def _split(text: str, start: int, end: int, language: str | None) -> Iterator[tuple[int, int]]:
    import sentencex  # pyright: ignore[reportMissingTypeStubs]

    code = (language or "en").split("-")[0]
    block = _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text[start:end])
    for boundary in cast(Any, sentencex).get_sentence_boundaries(code, block):
        first, last = _trim(text, start + boundary["start_index"], start + boundary["end_index"])
        while last - first > LONGEST_SENTENCE:
            cut = text.rfind(" ", first + LONGEST_SENTENCE // 2, first + LONGEST_SENTENCE)
            cut = cut if cut > 0 else first + LONGEST_SENTENCE
            if _trim(text, first, cut)[0] < _trim(text, first, cut)[1]:
                yield _trim(text, first, cut)
            first, last = _trim(text, cut, last)
        if first < last:
            yield first, last


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _headings(text: str, spans: Sequence[tuple[int, int]], title: str | None) -> list[bool]:
    """A short line of its own with no sentence ending, or the title repeated, that stands above something."""
    marks = [
        _stands_alone(text, start, end)
        and (
            (title is not None and text[start:end].strip() == title.strip())
            or (
                end - start <= _LONGEST_HEADING
                and len(text[start:end].split()) <= _MOST_WORDS_IN_HEADING
                and _WORD_CHARACTER.search(text, start, end) is not None
                and not _ENDS_LIKE_A_SENTENCE.search(text[start:end])
                and not _LIST_ITEM.match(text[start:end])
            )
        )
        for start, end in spans
    ]
    last = max((number for number, mark in enumerate(marks) if not mark), default=-1)
    return [mark and number < last for number, mark in enumerate(marks)]


def _stands_alone(text: str, start: int, end: int) -> bool:
    before = text[:start].rstrip(" \t\r") if start < 64 else text[max(0, start - 64) : start].rstrip(" \t\r")
    after = text[end : end + 64].lstrip(" \t\r")
    return (not before or before.endswith("\n")) and (not after or after.startswith("\n"))
