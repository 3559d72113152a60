"""Spans of a text: narrowing, subtracting and joining them."""

from collections.abc import Sequence

Span = tuple[int, int]
"""Half-open code-point offsets (start, end)."""

# Marks that hold nothing by themselves at the edge of a stretch.
LOOSE = frozenset(" ,;:.!?…-–—―،؛؟۔。，；：、！？।")
COMMAS = ",،，、"
COLONS = ":："
SEMICOLONS = ";；؛"
STOPS = ".!?。…؟۔！？।"
SET_OFF = frozenset(COMMAS + "–—―-")

LONGEST_ADJUNCT = 8
"""Words of a time, place or addressee between a cue and its content. Measured on PolNeAR: 6 is as good, 12 is worse."""

BRACKETS = {"(": ")", "[": "]", "（": "）"}


def skip_loose(text: str, start: int, end: int) -> int:
    """The start of a stretch moved past space and loose punctuation."""
    while start < end and (text[start].isspace() or text[start] in LOOSE):
        start += 1
    return start


def drop_loose(text: str, start: int, end: int) -> int:
    """The end of a stretch moved before space and loose punctuation."""
    while start < end and (text[end - 1].isspace() or text[end - 1] in LOOSE):
        end -= 1
    return end


def trim(text: str, span: Span, quotes: frozenset[str]) -> Span | None:
    """Narrow a span to its words: no outer space, no loose punctuation, no lone bracket or quotation mark at its edges.

    What stands inside quotation marks keeps its punctuation. None when no letter or digit is left.
    """
    start, end = span
    while start < end:
        first, last, inside = text[start], text[end - 1], text[start:end]
        if first.isspace() or (first in LOOSE and not _is_sign(inside)):
            start += 1
        elif last.isspace() or (last in LOOSE and not _is_abbreviation(inside)):
            end -= 1
        elif (first in quotes and inside[1:2].isspace()) or _is_lone_opener(inside):
            start += 1
        elif (last in quotes and inside[-2:-1].isspace()) or _is_lone_closer(inside):
            end -= 1
        else:
            break
    return (start, end) if any(character.isalnum() for character in text[start:end]) else None


def subtract(span: Span, holes: Sequence[Span]) -> list[Span]:
    """What is left of a span beside the holes."""
    left = [span]
    for low, high in holes:
        parts = [part for start, end in left for part in ((start, min(end, low)), (max(start, high), end))]
        left = [(start, end) for start, end in parts if start < end]
    return left


def joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans in order, those made one that overlap or have only space between them."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and not text[found[-1][1] : start].strip():
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def _is_sign(inside: str) -> bool:
    """Whether a dash or point begins a number: "-5", ".50"."""
    return inside[0] in "-–." and inside[1:2].isdigit()


def _is_abbreviation(inside: str) -> bool:
    """Whether the final full stop belongs to an abbreviation such as "U.S."."""
    return inside[-1] == "." and inside[-3:-2] == "." and inside[-2].isupper()


def _is_lone_opener(inside: str) -> bool:
    return inside[0] in BRACKETS.values() or (inside[0] in BRACKETS and BRACKETS[inside[0]] not in inside)


def _is_lone_closer(inside: str) -> bool:
    return inside[-1] in BRACKETS or any(inside[-1] == end and start not in inside for start, end in BRACKETS.items())
