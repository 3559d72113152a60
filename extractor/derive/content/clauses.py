"""Where a clause begins and ends by its punctuation and connecting words. What is quoted has no such edges."""

from collections.abc import Sequence

import regex

from extractor.derive.content.connectors import connector, leading
from extractor.derive.content.spans import COLONS, COMMAS, SEMICOLONS, Span

_BREAK = regex.compile(rf"[{SEMICOLONS}]|[{COLONS}](?=\s)")
_WHILE_DOING = regex.compile(r"\s+\w+ing\b")
_DATELINE = regex.compile(
    r"\p{Lu}[\p{Lu}’'.-]+(?:[^\S\n]\p{Lu}[\p{Lu}’'.-]+)*(?:,[^\n.;:!?–—-]{1,30}\.?){0,2}"
    r"(?:[^\S\n]?\([^()\n]{1,40}\))?[^\S\n]*[-–—―]{1,2}[^\S\n]+"
)
"""Capitals, perhaps a region or a day and an agency, and a dash: "PORT LIND, March 3 (Coast Wire) - "."""


def clause_start(text: str, span: Span, quotes: Sequence[Span]) -> int:
    """Where the last clause of a stretch begins: after a dateline, after its last colon."""
    dateline = _DATELINE.match(text, *span)
    start = dateline.end() if dateline else span[0]
    colons = [edge for edge in _breaks(text, (start, span[1]), quotes) if text[edge] in COLONS]
    return colons[-1] + 1 if colons else start


def clause_end(text: str, span: Span, quotes: Sequence[Span]) -> int:
    """Where the first clause of a stretch ends.

    It ends at a semicolon that no further "that" follows, and at a comma before "while" with a subject of its own or
    before a participle of speech: "…, citing the mayor".
    """
    end = span[1]
    for edge in _breaks(text, span, quotes):
        if text[edge] in SEMICOLONS and leading(text, (edge + 1, end), "complementizers") is None:
            end = edge
            break
    for edge in commas(text, (span[0], end), quotes):
        for kind in ("contrasts", "reports"):
            after = leading(text, (edge, end), kind)
            if after is not None and not _WHILE_DOING.match(text, after, end):
                return edge
    return end


def last_break(text: str, span: Span, quotes: Sequence[Span]) -> int | None:
    """Where the last semicolon or colon of a stretch stands."""
    edges = _breaks(text, span, quotes)
    return edges[-1] if edges else None


def commas(text: str, span: Span, quotes: Sequence[Span]) -> list[int]:
    """Where the commas of a stretch stand."""
    return [i for i in range(*span) if text[i] in COMMAS and not _is_quoted(i, quotes)]


def label_end(text: str, span: Span) -> int | None:
    """Where a label ends that names a speaker: "The navy, by radio: A"."""
    colon = _BREAK.search(text, *span)
    return colon.end() if colon and colon[0] in COLONS else None


def is_relative(text: str, span: Span) -> bool:
    """Whether a stretch goes on about the name before it: ", a baker", ", who saw it"."""
    return any(leading(text, span, kind) is not None for kind in ("determiners", "relatives"))


def opens_with_document(text: str, span: Span) -> bool:
    """Whether a stretch begins with where something was said: "In a statement on its website, ..."."""
    if leading(text, span, "adjuncts") is None:
        return False
    edge = min(commas(text, span, ()), default=span[1])
    return connector("documents").search(text, span[0], edge) is not None


def _breaks(text: str, span: Span, quotes: Sequence[Span]) -> list[int]:
    return [mark.start() for mark in _BREAK.finditer(text, *span) if not _is_quoted(mark.start(), quotes)]


def _is_quoted(offset: int, quotes: Sequence[Span]) -> bool:
    return any(low < offset < high for low, high in quotes)
