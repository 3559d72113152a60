"""Cuts the content of each claim out of its sentence, by position, punctuation and a few connecting words.

The conventions are those that PolNeAR's annotators mostly follow (Newell, Margolin and Ruths, LREC 2018): quotation
marks belong to the content, the full stop of the sentence does not, and "X accused Y of A" has the content "Y of A".
Unlike there, a leading "that" is no content.
"""

from collections.abc import Sequence
from typing import Literal

from extractor.derive.content.anchors import Anchor, Attribution, anchors_of, clip
from extractor.derive.content.clauses import (
    clause_end,
    clause_start,
    is_relative,
    label_end,
    last_break,
    opens_with_document,
)
from extractor.derive.content.connectors import count_words, is_bare, last_connector, leading, trailing
from extractor.derive.content.quotes import MARKS, quotations
from extractor.derive.content.sources import whole
from extractor.derive.content.spans import (
    COLONS,
    COMMAS,
    SEMICOLONS,
    SET_OFF,
    STOPS,
    Span,
    drop_loose,
    joined,
    subtract,
    trim,
)
from extractor.derive.content.tails import complement, is_tail, skip_adjuncts, skip_via, tail_end

LONGEST_LEFT_OUT = 2
"""Words before a source that a pointer to it may have left out: "but the rebel [council] claims"."""

Side = Literal["before", "after", "both"]


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
    anchors = [
        anchor and whole(passage.text, passage.sentences, passage.quotes, anchor)
        for anchor in anchors_of(attributions, low, high)
    ]
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
        rest = self._rest(others, low, high)
        if own.cue is None:
            return [(label_end(self.text, (own.span[1], high)) or low, high), *rest]
        left, right = self._limits(own, others, low, high)
        before = left, self._inserted(own, left)
        after = skip_via(self.text, own, (own.span[1], right))
        if own.between and is_bare(self.text, before) and is_bare(self.text, after):
            return [own.between, *rest]  # the order of languages with the verb last
        side = self._side(own, before, after)
        pieces: list[Span] = []
        if side != "after":
            start = clause_start(self.text, before, self.quotes)
            pieces.append((leading(self.text, (start, before[1]), "coordinators") or start, before[1]))
        if side == "before":
            later = [quote for quote in self.quotes if own.span[1] <= quote[0] < right]
            pieces += [quote for quote in later if self._is_after_stop(quote[0])]
        else:
            start = self._start_after(own, before, after, inserted=side == "both")
            pieces.append((start, clause_end(self.text, (start, right), self.quotes)))
        return [*pieces, *rest]

    def _inserted(self, own: Anchor, left: int) -> int:
        """Where an anchor begins with the word that inserts it: "as the mayor said", "by the mayor's count"."""
        before = left, own.span[0]
        inserted = trailing(self.text, before, "parentheticals")
        manner = None if own.inverted else trailing(self.text, before, "manners")
        if manner is not None and (manner == left or self._is_after_comma(left, manner)):
            return manner
        return own.span[0] if inserted is None else inserted

    def _start_after(self, own: Anchor, before: Span, after: Span, *, inserted: bool) -> int:
        """Where the content begins, or after an inserted attribution goes on."""
        if not inserted:
            return skip_adjuncts(self.text, self.quotes, own, after)
        tail = tail_end(self.text, self.quotes, own, before, after)
        return tail or leading(self.text, after, "complementizers") or after[0]

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
            if first is own:
                ends = split, self._parenthetical((first.span[1], second.span[0]))
                right = min([right, *(end for end in ends if end is not None)])
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
            contrasted = first.inverted and leading(self.text, gap, "coordinators") is not None
            return gap[0] if contrasted and self.text[gap[0]] in COMMAS else None
        edge = last_break(self.text, gap, self.quotes)
        if edge is not None and not is_bare(self.text, (gap[0], edge)):
            return edge
        conjunction = self._conjunction(gap)
        if conjunction is not None:
            return None if is_bare(self.text, (gap[0], conjunction)) else conjunction
        if self.text[gap[0] : gap[1]].lstrip()[:1] in tuple(STOPS):
            return gap[0]
        end = drop_loose(self.text, *gap)
        same_source = second.source is not None and (second.source == first.source or second.source[1] <= first.span[1])
        return end if same_source or not frozenset(SEMICOLONS).isdisjoint(self.text[end : gap[1]]) else None

    def _parenthetical(self, gap: Span) -> int | None:
        """Where a comparison with the next claim begins that ends a gap: "X rejects A, as Y has claimed"."""
        inserted = trailing(self.text, gap, "parentheticals")
        return inserted if inserted is not None and self._is_after_comma(gap[0], inserted) else None

    def _conjunction(self, gap: Span) -> int | None:
        """Where the conjunction begins that ends a gap; after a comma, short of the first words of the next source."""
        last = last_connector("coordinators").search(self.text, *gap)
        if (
            last is not None
            and self._is_after_comma(gap[0], last.start())
            and count_words(self.text[last.end() : gap[1]]) <= LONGEST_LEFT_OUT
        ):
            return last.start()
        return trailing(self.text, gap, "coordinators")

    def _side(self, own: Anchor, before: Span, after: Span) -> Side:
        """On which side of its anchor the content stands."""
        text = self.text
        # "In a statement the army said A": a pointer may have taken "statement" alone.
        lone = count_words(text[slice(*before)]) == 1 and leading(text, before, "adjuncts") is not None
        if lone or is_bare(text, before):
            return "after"
        if is_bare(text, after):
            return "before"
        end = drop_loose(text, *before)
        quoted = text[end - 1] in MARKS
        if quoted or (own.inverted and not SET_OFF.isdisjoint(text[end : before[1]])):
            return self._side_of_inverted(before, after, quoted=quoted)
        if own.inverted:
            # "The plan was backed by the mayor", but "it is feared by many that A"
            joined_on = trailing(text, before, "coordinators") or leading(text, after, "complementizers")
            return "before" if joined_on is None else "after"
        return "after" if SET_OFF.isdisjoint(text[end : before[1]]) else self._side_of_set_off(own, before, after)

    def _side_of_inverted(self, before: Span, after: Span, *, quoted: bool) -> Side:
        """The side of an anchor after a quotation, or after a comma and with the source last."""
        rest = self.text[slice(*after)].lstrip()
        if rest[0] not in COMMAS:
            return "before"
        if rest[1:].lstrip()[:1] in MARKS:
            return "both" if quoted else "after"
        # What follows A, said X, is X's office or a new remark: short or long.
        short = len(rest) < drop_loose(self.text, *before) - before[0]
        return "before" if quoted or short or is_relative(self.text, after) else "both"

    def _side_of_set_off(self, own: Anchor, before: Span, after: Span) -> Side:
        """The side of an anchor after a comma, with the source first."""
        told = after[0] > own.span[1] and complement(self.text, self.quotes, own, after) is not None
        if told or opens_with_document(self.text, before):
            return "after"
        if tail_end(self.text, self.quotes, own, before, after) is not None:
            return "both"
        rest = self.text[slice(*after)].lstrip()
        if rest[0] not in COMMAS:
            return "before" if is_tail(self.text, self.quotes, own, before, after) else "after"
        return "after" if rest[1:].lstrip()[:1] in MARKS else "both"

    def _is_quoted(self, anchor: Anchor) -> bool:
        return any(start < anchor.span[0] < end for start, end in self.quotes)

    def _is_after_comma(self, start: int, offset: int) -> bool:
        return self.text[start:offset].rstrip()[-1:] in tuple(COMMAS)

    def _is_after_stop(self, offset: int) -> bool:
        """Whether a sentence ends, or a colon or comma stands, right before an offset."""
        return self.text[:offset].rstrip()[-1:] in tuple(STOPS + COLONS + COMMAS)
