"""Spans of a text and how they are trimmed."""

from collections.abc import Sequence

Span = tuple[int, int]
"""Half-open code-point offsets (start, end)."""

# Marks that hold nothing by themselves at the edge of a stretch; a final ! or ? is dropped like a full stop.
LOOSE = frozenset(" ,;:.!?…-–—―،؛؟۔。，；：、！？।")
BRACKETS = {"(": ")", "[": "]", "（": "）"}


def trim(text: str, start: int, end: int, quotes: frozenset[str]) -> Span | None:
    """Narrow a stretch to its words: without outer space, loose punctuation, lone brackets and lone quotation marks.

    None when no letter or digit is left. What stands inside quotation marks keeps its punctuation.
    """
    while start < end:
        first, last, inside = text[start], text[end - 1], text[start:end]
        if first.isspace() or (first in LOOSE and not _is_sign(text, start, end)):
            start += 1
        elif last.isspace() or (last in LOOSE and not _is_abbreviation(inside)):
            end -= 1
        elif first in quotes and text[start + 1 : end][:1].isspace():
            start += 1
        elif last in quotes and text[start : end - 1][-1:].isspace():
            end -= 1
        elif (first in BRACKETS and BRACKETS[first] not in inside) or (first in BRACKETS.values()):
            start += 1
        elif (last in BRACKETS) or _is_lone_closer(inside):
            end -= 1
        else:
            break
    return (start, end) if any(character.isalnum() for character in text[start:end]) else None


def subtract(span: Span, holes: Sequence[Span]) -> list[Span]:
    """What is left of a span beside the holes."""
    left = [span]
    for low, high in holes:
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, low)), (max(start, high), end))
            if piece[0] < piece[1]
        ]
    return left


def _is_sign(text: str, start: int, end: int) -> bool:
    """Whether a dash or point begins a number: "-5", ".50"."""
    return text[start] in "-–." and text[start + 1 : end][:1].isdigit()


def _is_abbreviation(inside: str) -> bool:
    """Whether the final full stop belongs to an abbreviation such as "U.S."."""
    return inside[-1] == "." and len(inside) > 3 and inside[-3] == "." and inside[-2].isupper()


def _is_lone_closer(inside: str) -> bool:
    return any(inside[-1] == closer and opener not in inside for opener, closer in BRACKETS.items())
