"""Where a region lies: Label Studio counts as the browser does, we count code points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from extractor.errors import InputError


def located(text: str, start: int, end: int, words: str | None) -> tuple[int, int]:
    r"""The code points of a region.

    Newer versions count code points, older ones UTF-16 code units, and a browser sees `\r\n` as one line break
    (issues 1347, 4929 and 4988 of HumanSignal/label-studio); so the words decide, where they were saved.

    Args:
        text: The article.
        start: As the region has it.
        end: As the region has it.
        words: The region's words; None where they were not saved.

    Raises:
        InputError: The words are not there, however one counts, and not at exactly one other place.
    """
    for first, last in _readings(text, start, end):
        if 0 <= first <= last <= len(text) and (words is None or _same(text[first:last], words)):
            return first, last
    places = [match.start() for match in re.finditer(re.escape(words), text)] if words else []
    if words is None or len(places) != 1:
        raise InputError(f"the region at {start} to {end}, {words!r}, is not there in the text: mark it again")
    return places[0], places[0] + len(words)


def _readings(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    yield start, end
    yield _counted(start, end, [2 if ord(character) > 0xFFFF else 1 for character in text])
    yield _counted(start, end, [0 if text[number : number + 2] == "\r\n" else 1 for number in range(len(text))])


def _counted(start: int, end: int, sizes: list[int]) -> tuple[int, int]:
    """Offsets in characters of these sizes as code points; -1 where none begins."""
    begins = {offset: number for number, offset in reversed([*enumerate(accumulate(sizes, initial=0))])}
    return begins.get(start, -1), begins.get(end, -1)


def _same(there: str, words: str) -> bool:
    return there == words or _bare(there) == _bare(words)


def _bare(words: str) -> str:
    """Without what a browser does to white space; some versions write a line break as a backslash and an n."""
    return " ".join(words.replace("\\n", "\n").split())
