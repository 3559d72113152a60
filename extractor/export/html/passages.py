"""The text to mark: the whole article, or, in a report without it, the passages that the report quotes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import regex

from extractor.export.html.marks import Mark, marks_of, values_of
from extractor.export.html.pieces import cut
from extractor.export.html.voices import Voice, Voices
from extractor.schema import Report

_PARAGRAPH_END = regex.compile(r"[\r\n]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of the article, and the code point that they begin at."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Behind its last code point."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage without an edge inside."""

    start: int
    text: str
    marks: tuple[Mark, ...]

    @property
    def classes(self) -> str:
        """Its looks: what it is part of, and in whose colours, two at most."""
        parts = dict.fromkeys(mark.part for mark in self.marks)
        colours = list(dict.fromkeys(mark.voice.colour for mark in self.marks if mark.voice))
        return " ".join([*parts, *(f"{name}{colour}" for name, colour in zip("vw", colours, strict=False))])

    @property
    def items(self) -> str:
        """The claims and incidents that it belongs to."""
        return " ".join(dict.fromkeys(mark.item for mark in self.marks))

    @property
    def told(self) -> str:
        """What stands here, in words."""
        return "; ".join(dict.fromkeys(mark.told for mark in self.marks if mark.part != "evidence"))

    @property
    def speakers(self) -> list[Voice]:
        """Whose words begin here."""
        begun = [m.voice for m in self.marks if m.begins and m.start == self.start and m.voice]
        return list(dict.fromkeys(begun))


def passages_of(report: Report) -> list[Passage]:
    """The article in one passage, or all that is quoted of it, in order; quotes that disagree are left out."""
    if report.document is not None and report.document.text is not None:
        return [Passage(0, report.document.text)]
    passages: list[Passage] = []
    for start, words in sorted(_quotes(report), key=lambda quote: (quote[0], -len(quote[1]))):
        last = passages[-1] if passages else None
        if last is None or start > last.end:
            passages.append(Passage(start, words))
        elif last.text[start - last.start :] == words[: last.end - start] and start + len(words) > last.end:
            passages[-1] = Passage(last.start, last.text + words[last.end - start :])
    return passages


def _quotes(report: Report) -> Iterator[tuple[int, str]]:
    for incident in report.incidents:
        yield from ((span.start, span.quote) for span in incident.evidence if _fits(span.start, span.end, span.quote))
        for _, value in values_of(incident):
            if _fits(value.start, value.end, value.text):
                yield value.start, value.text
    for claim in report.claims:
        yield from ((span.start, span.quote) for span in claim.content if _fits(span.start, span.end, span.quote))
        for name in (claim.source, claim.cue, *claim.via):
            if name is not None and _fits(name.start, name.end, name.text):
                yield name.start, name.text


def _fits(start: int, end: int, words: str) -> bool:
    return 0 <= start < end and end - start == len(words)


def marked(report: Report, voices: Voices, passages: list[Passage]) -> list[list[list[Piece]]]:
    """Each passage in paragraphs, each of these in pieces with their marks."""
    starts = [passage.start for passage in passages]
    marks: list[list[Mark]] = [[] for _ in passages]
    for mark in marks_of(report, voices):
        if (at := bisect_right(starts, mark.start) - 1) >= 0:
            marks[at].append(mark)
    return [list(_paragraphs(passage, within)) for passage, within in zip(passages, marks, strict=True)]


def _paragraphs(passage: Passage, marks: list[Mark]) -> Iterator[list[Piece]]:
    """A paragraph holds the line ends behind it: joined, they are the passage."""
    begins = {passage.start + found.end() for found in _PARAGRAPH_END.finditer(passage.text)}
    paragraph: list[Piece] = []
    for piece in cut(passage.text, marks, passage.start, begins):
        if piece[0] in begins:
            yield paragraph
            paragraph = []
        paragraph.append(Piece(*piece))
    yield paragraph
