"""Quotations that run on over the end of the sentence in which they are attributed."""

from collections.abc import Sequence

from extractor.derive.content.quotes import quotations
from extractor.derive.content.spans import Span

LONGEST_QUOTATION = 20
"""Sentences; a quotation still open after that many has lost its closing mark."""


def run_on(text: str, sentences: Sequence[Span], index: int) -> range:
    """The indices of the sentences over which the quotation in one sentence runs on, that sentence among them.

    A quotation that is open at the sentence's end goes on to where it closes. After a sentence with a whole quotation
    (“A,” he said.) the sentences that follow are the same quotation's as long as each is nothing but a quotation.
    Raises IndexError when there is no such sentence.
    """
    start, end = sentences[index]
    found = quotations(text[start:end])
    if not found:
        return range(index, index + 1)
    last = index
    if found[-1][1] == end - start:
        last = _closing(text, sentences, index, start + found[-1][0]) or index
    while last + 1 < len(sentences):
        start, end = sentences[last + 1]
        if quotations(text[start:end])[:1] != [(0, end - start)]:
            break
        last = _closing(text, sentences, last + 1, start) or last + 1
    return range(index, last + 1)


def _closing(text: str, sentences: Sequence[Span], index: int, start: int) -> int | None:
    """The index of the sentence in which the quotation that opens at `start` closes."""
    for last in range(index, min(len(sentences), index + LONGEST_QUOTATION)):
        end = sentences[last][1]
        found = quotations(text[start:end] + "\0")
        if found and found[0][1] <= end - start:
            return last
    return None
