"""The words beside a cue that are neither its content nor its source: addressee, time, place, "that"."""

from collections.abc import Sequence

from extractor.derive.content.anchors import Anchor
from extractor.derive.content.clauses import commas
from extractor.derive.content.connectors import connector, count_words, is_bare, leading, trailing
from extractor.derive.content.spans import COLONS, COMMAS, LONGEST_ADJUNCT, Span, drop_loose, skip_loose

LONGEST_ADDRESSEE = 16
"""Words of an addressee, with time and place, after a verb that takes one (told)."""


def is_tail(text: str, quotes: Sequence[Span], own: Anchor, before: Span, after: Span) -> bool:
    """Whether a stretch after an anchor is only addressee, time or place: "A, the army said on Sunday"."""
    shorter = count_words(text[slice(*after)]) <= count_words(text[slice(*before)])
    return shorter and _is_statement(text, before) and _is_adjunct(text, quotes, own, after)


def tail_end(text: str, quotes: Sequence[Span], own: Anchor, before: Span, after: Span) -> int | None:
    """Where the tail of an inserted attribution ends: "A, the army said on Sunday, B"."""
    for comma in commas(text, after, quotes)[:1]:
        tail = after[0], comma
        addressed = _is_addressed(text, own) and count_words(text[slice(*before)]) > 1 and _is_statement(text, before)
        if is_tail(text, quotes, own, before, tail) or (addressed and _is_adjunct(text, quotes, own, tail)):
            return comma
    return None


def skip_via(text: str, own: Anchor, after: Span) -> Span:
    """A stretch after an anchor without those at its start who passed it on: "told the agency"."""
    start, end = after
    for via in own.via:
        article = leading(text, (start, via[0]), "determiners") if start < via[0] else None
        if start <= via[0] < end and is_bare(text, (article or start, via[0])):
            start = min(via[1], end)
    return start, end


def skip_adjuncts(text: str, quotes: Sequence[Span], own: Anchor, after: Span) -> int:
    """Where the content begins after a cue, past addressee, time, place, "that" and colon."""
    start, end = after
    if _is_addressed(text, own):
        start = leading(text, after, "addressees") or start
    clause = complement(text, quotes, own, (start, end))
    if clause is not None:
        return clause
    if leading(text, (start, end), "adjuncts"):
        for low, high in quotes:
            lead = text[start:low].rstrip()
            to_the_end = start < low and high >= drop_loose(text, low, end)
            if to_the_end and lead[-1:] in COMMAS + COLONS and count_words(lead) <= LONGEST_ADJUNCT:
                return low
    return start


def complement(text: str, quotes: Sequence[Span], own: Anchor, after: Span) -> int | None:
    """Where the clause begins that "that" opens, at once or after an addressee, time or place."""
    start, end = skip_loose(text, *after), after[1]
    that = connector("complementizers").search(text, start, end)
    if that is None:
        return None
    lead = text[start : that.start()].rstrip()
    addressed = _is_addressed(text, own)
    too_long = count_words(lead) > (LONGEST_ADDRESSEE if addressed else LONGEST_ADJUNCT)
    if too_long or any(start <= low < that.start() for low, _ in quotes):
        return None
    timed = (
        leading(text, after, "adjuncts") is not None or trailing(text, (start, that.start()), "adjuncts") is not None
    )
    return that.end() if not lead or lead[-1] in COMMAS or addressed or timed else None


def _is_adjunct(text: str, quotes: Sequence[Span], own: Anchor, after: Span) -> bool:
    """Whether a stretch after an anchor is short and opens like an addressee, time or place."""
    addressed = _is_addressed(text, own)
    return (
        0 < count_words(text[slice(*after)]) <= (LONGEST_ADDRESSEE if addressed else LONGEST_ADJUNCT)
        and (addressed or leading(text, after, "adjuncts") is not None)
        and complement(text, quotes, own, after) is None
    )


def _is_addressed(text: str, own: Anchor) -> bool:
    return own.cue is not None and trailing(text, own.cue, "addressing") is not None


def _is_statement(text: str, before: Span) -> bool:
    """Whether what is before an anchor says something, and is not just a time or place: "On Sunday, the army said"."""
    if leading(text, before, "adjuncts") is None:
        return True
    return count_words(text[slice(*before)]) > LONGEST_ADJUNCT and bool(
        commas(text, (before[0], drop_loose(text, *before)), ())
    )
