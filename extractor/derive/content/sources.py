"""The words around a source that a pointer to it leaves out, and that are no content."""

from collections.abc import Sequence

import regex

from extractor.derive.content.anchors import Anchor
from extractor.derive.content.clauses import commas
from extractor.derive.content.connectors import count_words, is_bare, leading, trailing
from extractor.derive.content.spans import COMMAS, LONGEST_ADJUNCT, Span

LONGEST_TITLE = 3
"""Words, article among them, between a comma and a name: "the coastal agency Meer"."""
_NAMES_BEFORE = regex.compile(r"(?:(?<![\w.’-])\p{Lu}[\w.’-]*[^\S\n])+$")
_OWNED = regex.compile(r"['’]s?(?:\s+[\w-]+){1,2}(?=[^\S\n]*(?:[,،.;]|$))")
_MARKS_AND_SPACE = regex.compile(r"[”\"’'\s]*")


def whole(text: str, sentences: Sequence[Span], quotes: Sequence[Span], anchor: Anchor) -> Anchor:
    """An anchor with the article, title, first name, agency or owned noun that its pointers leave out."""
    start, end = anchor.span
    if anchor.inverted and anchor.cue:
        start = min((via[0] for via in anchor.via if _runs_into(text, via, anchor.cue)), default=start)
        owned = _OWNED.match(text, end)
        end = owned.end() if owned else end
        if start == anchor.cue[0]:
            return anchor._replace(span=(start, end))
    elif anchor.cue and start == anchor.cue[0]:
        return anchor
    name = _NAMES_BEFORE.search(text, 0, start)
    start = name.start() if name else start
    # Portuguese "as" (the) is English "as".
    inserted = trailing(text, (0, start), "parentheticals") is not None
    article = None if inserted else trailing(text, (0, start), "determiners")
    start = _after_quotation(text, sentences, quotes, start if article is None else article)
    return anchor._replace(span=(_after_comma(text, start), end))


def _runs_into(text: str, via: Span, cue: Span) -> bool:
    """Whether who passed it on stands right before a cue: "the agency reports, citing a diplomat"."""
    return via[1] <= cue[0] and is_bare(text, (via[1], cue[0])) and text[via[1]] not in COMMAS


def _after_quotation(text: str, sentences: Sequence[Span], quotes: Sequence[Span], start: int) -> int:
    """Where the words begin that lead from a quotation to its source: '"...," its spokesman, X, said'."""
    for _, end in quotes:
        lead = text[end:start].strip()
        apposed = end < start and text[end - 2] in COMMAS and lead[-1:] in tuple(COMMAS)
        in_one = not any(end <= low < start for low, _ in sentences)
        if apposed and in_one and count_words(lead) <= LONGEST_ADJUNCT:
            return end
    return start


def _after_comma(text: str, start: int) -> int:
    """Where a title after a comma begins that leads to a name: '"...," its spokesman X said'."""
    for comma in commas(text, (0, start), ())[-1:]:
        edge = _MARKS_AND_SPACE.match(text, comma + 1, start)
        lead = (edge.end() if edge else comma + 1), start
        titled = leading(text, lead, "determiners") is not None and leading(text, lead, "parentheticals") is None
        if titled and count_words(text[slice(*lead)]) <= LONGEST_TITLE:
            return lead[0]
    return start
