"""Cuts the content of each claim out of its sentence, by position, punctuation and a few connecting words.

The conventions are those that PolNeAR's annotators mostly follow (Newell, Margolin and Ruths, LREC 2018): quotation
marks belong to the content, the full stop of the sentence does not, and "X accused Y of A" has the content "Y of A".
Unlike there, a leading "that" is no content.
"""

from collections.abc import Sequence
from typing import Literal

import regex

from extractor.derive.content.anchors import Anchor, Attribution, anchors_of, clip
from extractor.derive.content.connectors import connector, count_words, is_bare, leading, trailing
from extractor.derive.content.quotes import MARKS, quotations
from extractor.derive.content.spans import Span, drop_loose, joined, skip_loose, subtract, trim

LONGEST_ADJUNCT = 8
"""Words of a time, place or addressee between a cue and its content. Measured on PolNeAR: 6 is as good, 12 is worse."""

LONGEST_LEFT_OUT = 2
"""Words before a source that a pointer to it may have left out: "but the rebel [council] claims"."""
NAMES_BEFORE = regex.compile(r"(?:(?<![\w.’-])\p{Lu}[\w.’-]*[^\S\n])+$")
COMMAS = ",，،、"
COLONS = ":："
STOPS = ".!?。…؟۔！？।"
SET_OFF = frozenset(COMMAS + "–—―-")


def cut(text: str, sentences: Sequence[Span], attributions: Sequence[Attribution]) -> list[list[Span]]:
    """Cut the content of every claim that shares some sentences.

    `sentences` are the half-open spans of the claims' sentences in `text`; `attributions` all claims of these
    sentences, in any order. Returns for each attribution the spans of its content: inside the sentences, in order,
    trimmed, and beside its own source, cue and via. With neither source nor cue there, the content is the whole
    sentences; a claim whose sentences hold nothing else gets no span.
    """
    if not sentences:
        return [[] for _ in attributions]
    low, high = min(start for start, _ in sentences), max(end for _, end in sentences)
    # On a copy of its own, a passage is cut the same whatever stands around it.
    passage = _Passage(text[low:high], [(start - low, end - low) for start, end in sorted(sentences)])
    anchors = [anchor and passage.whole(anchor) for anchor in anchors_of(attributions, low, high)]
    contents: list[list[Span]] = []
    for attribution, own in zip(attributions, anchors, strict=True):
        others = [anchor for anchor in anchors if anchor and own and anchor.span != own.span]
        pieces = passage.beside(own, others) if own else passage.sentences
        holes = [
            hole
            for pointer in (attribution.source, attribution.cue, *attribution.via)
            if (hole := clip(pointer, low, high))
        ]
        found = passage.refined(pieces, holes) or passage.longest(holes)
        contents.append([(start + low, end + low) for start, end in found])
    return contents


class _Passage:
    """The sentences of some claims."""

    def __init__(self, text: str, sentences: Sequence[Span]) -> None:
        self.text = text
        self.sentences = sentences
        self.quotes = quotations(text)

    def whole(self, anchor: Anchor) -> Anchor:
        """The anchor with the article, title and first name that a pointer to its source may have left out."""
        if anchor.cue and anchor.span[0] == anchor.cue[0]:
            return anchor
        name = NAMES_BEFORE.search(self.text, 0, anchor.span[0])
        start = name.start() if name else anchor.span[0]
        article = trailing(self.text, (0, start), "determiners")
        start = self._after_quotation(start if article is None else article)
        return anchor._replace(span=(start, anchor.span[1]))

    def _after_quotation(self, start: int) -> int:
        """Where the words begin that lead from a quotation to its source: '"...," its spokesman, X, said'."""
        for _, end in self.quotes:
            lead = self.text[end:start].strip()
            apposed = end < start and self.text[end - 2] in COMMAS and lead[-1:] in tuple(COMMAS)
            in_one = not any(end <= low < start for low, _ in self.sentences)
            if apposed and in_one and count_words(lead) <= LONGEST_ADJUNCT:
                return end
        return start

    def refined(self, pieces: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
        """The pieces inside the sentences, joined, beside the holes, and trimmed."""
        inside = [
            (max(start, low), min(end, high))
            for start, end in pieces
            for low, high in self.sentences
            if max(start, low) < min(end, high)
        ]
        parts = [part for span in joined(self.text, inside) for part in subtract(span, holes)]
        return [span for part in parts if (span := trim(self.text, part, MARKS))]

    def longest(self, holes: Sequence[Span]) -> list[Span]:
        """The longest stretch of the sentences beside the holes: for claims whose source and cue are misplaced."""
        left = self.refined(self.sentences, holes)
        return [max(left, key=lambda span: span[1] - span[0])] if left else []

    def beside(self, own: Anchor, others: Sequence[Anchor]) -> list[Span]:
        """The stretches before, after or on both sides of an anchor that are its content, untrimmed."""
        low, high = self._home(own)
        left, right = self._limits(own, others, low, high)
        inserted = trailing(self.text, (left, own.span[0]), "parentheticals")
        before = left, own.span[0] if inserted is None else inserted
        after = own.span[1], right
        rest = self._rest(others, low, high)
        if own.between and is_bare(self.text, before) and is_bare(self.text, after):
            return [own.between, *rest]  # the order of languages with the verb last
        side = self._side(own, before, after)
        pieces = [] if side == "after" else [(leading(self.text, before, "coordinators") or before[0], before[1])]
        if side == "before":
            later = [quote for quote in self.quotes if own.span[1] <= quote[0] < right]
            pieces += [quote for quote in later if self._is_after_stop(quote[0])]
        else:
            pieces.append((self._skip_adjuncts(own, after), after[1]))
        return [*pieces, *rest]

    def _home(self, own: Anchor) -> Span:
        """The sentence, or sentences, of an anchor; within a quotation around it, only that."""
        touched = [(low, high) for low, high in self.sentences if low < own.span[1] and own.span[0] < high]
        low, high = (touched[0][0], touched[-1][1]) if touched else own.span
        for start, end in self.quotes:
            if start < own.span[0] and own.span[1] < end:
                return max(low, start + 1), min(high, end)
        return low, high

    def _rest(self, others: Sequence[Anchor], low: int, high: int) -> list[Span]:
        """The other sentences, but for those in which another claim is made outside a quotation."""
        taken = [other.span for other in others if not self._is_quoted(other)]
        return [
            (start, end)
            for start, end in self.sentences
            if (end <= low or start >= high) and not any(a < end and start < b for a, b in taken)
        ]

    def _limits(self, own: Anchor, others: Sequence[Anchor], low: int, high: int) -> Span:
        """How far the content can reach on each side: to the next claim of the same rank, or to the sentence's edge."""
        left, right = low, high
        for other in others:
            if not low <= other.span[0] < high or self._is_quoted(other) != self._is_quoted(own):
                continue
            first, second = (own, other) if own.span < other.span else (other, own)
            split = self._split(first, second)
            if split is not None and first is own:
                right = min(right, split)
            elif split is not None:
                left = max(left, split)
        return left, right

    def _split(self, first: Anchor, second: Anchor) -> int | None:
        """The end of the first claim before the second one's anchor, or None when the second is part of the first.

        "X said A, but Y claims B" splits at the conjunction; "X said that Y claims B" does not; "X said A, adding B"
        splits at the cue, since the source is the same.
        """
        gap = first.span[1], second.span[0]
        if is_bare(self.text, gap):
            return None
        conjunction = self._conjunction(gap)
        if conjunction is not None:
            return None if is_bare(self.text, (gap[0], conjunction)) else conjunction
        if self.text[gap[0] : gap[1]].lstrip()[:1] in tuple(STOPS):
            return gap[0]
        end = drop_loose(self.text, *gap)
        same_source = second.source is not None and (second.source == first.source or second.source[1] <= first.span[1])
        return end if same_source or not frozenset(";；؛").isdisjoint(self.text[end : gap[1]]) else None

    def _conjunction(self, gap: Span) -> int | None:
        """Where the conjunction begins that ends a gap; after a comma, short of the first words of the next source."""
        for last in list(connector("coordinators").finditer(self.text, *gap))[-1:]:
            after_comma = self.text[gap[0] : last.start()].rstrip()[-1:] in tuple(COMMAS)
            if after_comma and count_words(self.text[last.end() : gap[1]]) <= LONGEST_LEFT_OUT:
                return last.start()
        return trailing(self.text, gap, "coordinators")

    def _side(self, own: Anchor, before: Span, after: Span) -> Literal["before", "after", "both"]:
        """On which side of its anchor the content stands."""
        text = self.text
        if is_bare(text, before):
            return "after"
        if is_bare(text, after):
            return "before"
        end = drop_loose(text, *before)
        quoted = text[end - 1] in MARKS
        if not quoted and SET_OFF.isdisjoint(text[end : before[1]]):
            return "before" if own.inverted and trailing(text, before, "coordinators") is None else "after"
        rest = text[after[0] : after[1]].lstrip()
        if rest[0] not in COMMAS:
            return "before" if quoted or own.inverted or self._is_tail(own, before, after) else "after"
        if rest[1:].lstrip()[:1] in MARKS:
            return "both" if quoted else "after"
        # What follows "A," said X, is X's office or a new remark: short or long.
        return "before" if quoted or (own.inverted and len(rest) < end - before[0]) else "both"

    def _is_tail(self, own: Anchor, before: Span, after: Span) -> bool:
        """Whether the stretch after an anchor is only a time or place: "A, the army said on Sunday"."""
        words = count_words(self.text[slice(*after)])
        return (
            words <= min(LONGEST_ADJUNCT, count_words(self.text[slice(*before)]))
            and leading(self.text, after, "adjuncts") is not None
            and leading(self.text, before, "adjuncts") is None
            and self._complement(own, after) is None
        )

    def _skip_adjuncts(self, own: Anchor, after: Span) -> int:
        """Where the content begins after a cue, past addressee, time, place, "that" and colon."""
        start, end = after
        for via in own.via:
            if start <= via[0] and is_bare(self.text, (start, via[0])):
                start = via[1]
        complement = self._complement(own, (start, end))
        if complement is not None:
            return complement
        if leading(self.text, (start, end), "adjuncts"):
            for low, high in self.quotes:
                lead = self.text[start:low].rstrip()
                to_the_end = start < low and high >= drop_loose(self.text, low, end)
                if to_the_end and lead[-1:] in COMMAS + COLONS and count_words(lead) <= LONGEST_ADJUNCT:
                    return low
        return start

    def _complement(self, own: Anchor, after: Span) -> int | None:
        """Where the clause begins that "that" opens, at once or after an addressee, time or place."""
        start, end = skip_loose(self.text, *after), after[1]
        that = connector("complementizers").search(self.text, start, end)
        if that is None:
            return None
        lead = self.text[start : that.start()].rstrip()
        if count_words(lead) > LONGEST_ADJUNCT or any(start <= low < that.start() for low, _ in self.quotes):
            return None
        addressing = own.cue is not None and trailing(self.text, own.cue, "addressing") is not None
        reached = not lead or lead[-1] in COMMAS or addressing or leading(self.text, after, "adjuncts") is not None
        return that.end() if reached else None

    def _is_quoted(self, anchor: Anchor) -> bool:
        return any(start < anchor.span[0] < end for start, end in self.quotes)

    def _is_after_stop(self, offset: int) -> bool:
        """Whether a sentence ends, or a colon or comma stands, right before an offset."""
        return self.text[:offset].rstrip()[-1:] in tuple(STOPS + COLONS + COMMAS)
