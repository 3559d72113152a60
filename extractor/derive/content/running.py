"""Quotations that run on over the ends of the sentence in which they are attributed."""

from collections.abc import Sequence

from extractor.derive.content.quotes import MARKS, quotations
from extractor.derive.content.spans import Span

LONGEST_QUOTATION = 20
"""Sentences; a quotation still open after that many has lost its closing mark."""


def run_on(text: str, sentences: Sequence[Span], index: int) -> range:
    """The indices of the sentences over which the quotation in one sentence runs on, that sentence among them.

    A quotation that is open at an end of the sentence goes on to its other mark. After a sentence with a whole
    quotation (“A,” he said.) or a colon at its end, the sentences that follow belong to it as long as they are nothing
    but quotations; before one without any, a quotation that asks or cries out (“A?” he asked.) does.
    Raises IndexError when there is no such sentence.
    """
    start, end = sentences[index]
    found = quotations(text[start:end])
    first = last = index
    if not found and _is_asked(text, sentences, index):
        first = index - 1
    if found and found[0][0] == 0:
        first = _opening(text, sentences, index, start + found[0][1])
    if found and found[-1][1] == end - start:
        last = _closing(text, sentences, index, start + found[-1][0]) or index
    if first < index or found or text[end - 1] in ":：":
        while last + 1 < len(sentences) and (after := _quoted(text, sentences, last + 1)) is not None:
            last = after
    return range(first, last + 1)


def _is_asked(text: str, sentences: Sequence[Span], index: int) -> bool:
    """Whether the sentence before, in the same line, is a quotation that ends with a question or exclamation mark."""
    if index == 0 or "\n" in text[sentences[index - 1][1] : sentences[index][0]]:
        return False
    start, end = sentences[index - 1]
    whole = quotations(text[start:end])[-1:]
    return (
        bool(whole) and whole[0][1] == end - start and text[start:end].rstrip("".join(MARKS))[-1:] in tuple("?!？！؟")
    )


def _quoted(text: str, sentences: Sequence[Span], index: int) -> int | None:
    """The index of the last sentence of the quotation that begins with one sentence and ends with one."""
    start = sentences[index][0]
    last = _closing(text, sentences, index, start)
    if last is None or quotations(text[start : sentences[last][1]])[:1] != [(0, sentences[last][1] - start)]:
        return None
    return last


def _closing(text: str, sentences: Sequence[Span], index: int, start: int) -> int | None:
    """The index of the sentence in which the quotation that opens at `start` closes."""
    for last in range(index, min(len(sentences), index + LONGEST_QUOTATION)):
        end = sentences[last][1]
        found = quotations(text[start:end] + "\0")
        if found and found[0][0] == 0 and found[0][1] <= end - start:
            return last
    return None


def _opening(text: str, sentences: Sequence[Span], index: int, end: int) -> int:
    """The index of the sentence in which the quotation that closes at `end` opens."""
    for first in range(index, max(-1, index - LONGEST_QUOTATION), -1):
        start = sentences[first][0]
        found = quotations("\0" + text[start:end])
        if found and found[-1][0] > 0 and found[-1][1] == end - start + 1:
            return first
    return index
