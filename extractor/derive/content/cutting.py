"""Cuts the content of each claim out of its sentence, by position, punctuation and a few connecting words.

The conventions are those of PolNeAR (Newell, Margolin and Ruths, LREC 2018): quotation marks belong to the content, the
sentence's full stop does not, "X accused Y of A" has the content "Y of A"; other than there, a leading "that" is no content.
"""

from collections.abc import Sequence
from typing import NamedTuple

from extractor.derive.content.connectors import Kind, connector
from extractor.derive.content.quotes import MARKS, quotations
from extractor.derive.content.spans import LOOSE, Span, subtract, trim


LONGEST_ADJUNCT = 8
"""Words between a cue and the "that" of its content."""
COMMAS = ",，،、"
SET_OFF = frozenset(COMMAS + "–—―-")


class Attribution(NamedTuple):
    """The pointers of one claim, as spans into the text: who said it, the cue, who passed it on, whom it is against."""

    source: Span | None
    cue: Span | None
    via: tuple[Span, ...] = ()
    against: Span | None = None


def cut(text: str, sentences: Sequence[Span], attributions: Sequence[Attribution]) -> list[list[Span]]:
    """Cut the content of every claim that shares some sentences.

    `sentences` are the half-open spans of the claims' sentences in `text`; `attributions` all claims of these sentences,
    in any order. For each attribution the result has its content: spans inside the sentences, in order, trimmed, beside
    the claim's own source, cue and via. An attribution with neither source nor cue there gets the whole sentences.
    """
    if not sentences:
        return [[] for _ in attributions]
    low, high = min(start for start, _ in sentences), max(end for _, end in sentences)
    # On its own copy, the passage cannot be cut differently for what stands around it.
    passage = Passage(
        text[low:high],
        sorted((start - low, end - low) for start, end in sentences),
        [_locate(attribution, low, high) for attribution in attributions],
    )
    return [[(start + low, end + low) for start, end in passage.content(own)] for own in passage.anchors]


class Anchor(NamedTuple):
    """Where an attribution stands in the passage: its stretch from source to cue, and all its own spans."""

    span: Span | None
    pointers: tuple[Span, ...]
    source: Span | None
    cue: Span | None
    via: tuple[Span, ...]


def _locate(attribution: Attribution, low: int, high: int) -> Anchor:
    def inside(span: Span | None) -> Span | None:
        if span is None or span[0] >= high or span[1] <= low or span[0] >= span[1]:
            return None
        return max(span[0], low) - low, min(span[1], high) - low

    source, cue = inside(attribution.source), inside(attribution.cue)
    via = tuple(span for span in map(inside, attribution.via) if span)
    own = [span for span in (source, cue) if span]
    span = (min(start for start, _ in own), max(end for _, end in own)) if own else None
    return Anchor(span, (*own, *via), source, cue, via)


class Passage:
    """The sentences of some claims, and the anchors of these claims in them."""

    def __init__(self, text: str, sentences: Sequence[Span], anchors: Sequence[Anchor]) -> None:
        self.text = text
        self.sentences = sentences
        self.quotes = quotations(text)
        self.anchors = [self._unshared(anchor, anchors) for anchor in anchors]

    def content(self, own: Anchor) -> list[Span]:
        """The content spans of one claim."""
        if own.span is None:
            pieces = list(self.sentences)
        else:
            pieces = self._beside(own, own.span)
        clipped = [
            (max(start, low), min(end, high))
            for start, end in pieces
            for low, high in self.sentences
            if max(start, low) < min(end, high)
        ]
        beside = [part for span in _joined(sorted(clipped), self.text) for part in subtract(span, own.pointers)]
        return [span for start, end in beside if (span := trim(self.text, start, end, MARKS))]

    def _unshared(self, anchor: Anchor, others: Sequence[Anchor]) -> Anchor:
        """ "The army said A and denied B": the second claim's anchor is its cue alone, its source belongs to the first."""
        if anchor.source is None or anchor.cue is None:
            return anchor
        for other in others:
            if other.cue and anchor.source[1] <= other.cue[0] and other.cue[1] <= anchor.cue[0]:
                return anchor._replace(span=anchor.cue)
        return anchor

    def _beside(self, own: Anchor, span: Span) -> list[Span]:
        low, high = self._sentence_of(span)
        others = [other for other in self.anchors if other is not own and other.span and other.span != span]
        left = self._left_limit(own, span, others, low)
        right = self._right_limit(own, span, others, high)
        before, after = (left, span[0]), (span[1], right)
        more = self._other_sentences(span, others, low, high)
        between = self._between(own)
        if between and self._is_bare(*before) and self._is_bare(*after):
            return [between, *more]
        side = self._side(own, before, after)
        pieces: list[Span] = []
        if side != "after":
            pieces.append(self._skip_opening(before))
        if side == "before":
            pieces += [quote for quote in self.quotes if quote[0] >= span[1] and self._after_stop(quote[0], span[1])]
        else:
            pieces.append(self._skip_adjuncts(own, after))
        return pieces + more

    def _between(self, own: Anchor) -> Span | None:
        """What stands between source and cue: the content in languages that put the verb last."""
        if own.source is None or own.cue is None:
            return None
        (_, start), (end, _) = sorted((own.source, own.cue))
        return (start, end) if start < end else None

    def _sentence_of(self, span: Span) -> Span:
        touched = [(low, high) for low, high in self.sentences if low < span[1] and span[0] < high]
        return touched[0][0], touched[-1][1]

    def _other_sentences(self, span: Span, others: Sequence[Anchor], low: int, high: int) -> list[Span]:
        """The other sentences given, unless another claim is made in them outside a quotation."""
        rest = [(start, end) for start, end in self.sentences if end <= low or start >= high]
        return [
            (start, end)
            for start, end in rest
            if not any(
                other.span and other.span[0] < end and start < other.span[1] and not self._quoted(other.span[0])
                for other in others
            )
        ]

    def _quoted(self, offset: int) -> bool:
        return any(start < offset < end for start, end in self.quotes)

    def _side(self, own: Anchor, before: Span, after: Span) -> str:
        """Whether the content stands "before", "after", or on "both" sides of the anchor."""
        text = self.text
        if self._is_bare(*before):
            return "after"
        if self._is_bare(*after):
            return "before"
        end = self._trimmed_end(*before)
        quoted = text[end - 1] in MARKS
        rest = text[after[0] : after[1]].lstrip()
        inverted = own.source is not None and own.cue is not None and own.cue[0] < own.source[0]
        if quoted or not SET_OFF.isdisjoint(text[end : before[1]]):
            if rest[:1] in COMMAS:
                if rest[1:].lstrip()[:1] in MARKS:
                    return "both" if quoted else "after"
                return "before" if quoted or (inverted and len(rest) < end - before[0]) else "both"
            if quoted or inverted or (self._complement(own, after) is None and self._is_tail(before, after)):
                return "before"
            return "after"
        return "before" if inverted and not self._ends(before, "coordinators") else "after"

    def _right_limit(self, own: Anchor, span: Span, others: Sequence[Anchor], high: int) -> int:
        """Where the content after an anchor ends: at the next claim of the same rank, or with the sentence."""
        for other in sorted(others, key=lambda other: other.span or (0, 0)):
            assert other.span
            if other.span[0] < span[1] or other.span[0] >= high or self._quoted(other.span[0]):
                continue
            gap = (span[1], other.span[0])
            shared = other.source is not None and (other.source == own.source or other.source[1] <= span[1])
            split = self._split(gap, shared)
            if split is not None:
                return split
        return high

    def _split(self, gap: Span, shared: bool) -> int | None:
        """The end of the first claim in the gap before the next one's anchor, or None when the next is part of it."""
        start, end = gap
        if self._is_bare(start, end):
            return None
        stripped = self._trimmed_end(start, end)
        before_conjunction = self._ends((start, stripped), "coordinators")
        if before_conjunction is not None:
            return None if self._is_bare(start, before_conjunction) else before_conjunction
        closing = self.text[start:end].rstrip()[-1:]
        if closing in ";；؛" or shared:
            return stripped
        return None

    def _left_limit(self, own: Anchor, span: Span, others: Sequence[Anchor], low: int) -> int:
        """Where the content before an anchor begins: after the previous claim of the same rank, or with the sentence."""
        limit = low
        for other in others:
            assert other.span
            if not low <= other.span[0] < span[0] or self._quoted(other.span[0]):
                continue
            shared = own.source is not None and (own.source == other.source or own.source[1] <= other.span[1])
            split = self._split((other.span[1], span[0]), shared)
            if split is not None:
                limit = max(limit, split)
        return limit

    def _skip_opening(self, piece: Span) -> Span:
        """Drop the conjunction that ties a sentence or clause to what stands before it."""
        start, end = piece
        start = self._skip_loose(start, end)
        match = connector("coordinators").match(self.text, start, end)
        return (match.end(), end) if match else (start, end)

    def _skip_adjuncts(self, own: Anchor, piece: Span) -> Span:
        """Drop what stands between the cue and the content: addressee, relative clause, time and place, and "that"."""
        start, end = piece
        for via in sorted(own.via):
            if start <= via[0] and self._is_bare(start, via[0]):
                start = via[1]
        start = self._skip_loose(start, end)
        skipped = self._complement(own, (start, end))
        if skipped is not None:
            return skipped, end
        for low, high in self.quotes:
            if start < low < end and high >= self._trimmed_end(low, end):
                lead = self.text[start:low].rstrip()
                short = len(lead.split()) <= LONGEST_ADJUNCT and self._starts(piece, "adjuncts")
                if short and lead[-1:] in ",:，：،":
                    return low, end
        return start, end

    def _complement(self, own: Anchor, piece: Span) -> int | None:
        """Where the clause begins that "that" opens, at the start of the piece or after an addressee, time or place."""
        start, end = self._skip_loose(*piece), piece[1]
        match = connector("complementizers").search(self.text, start, end)
        if not match or len(self.text[start : match.start()].split()) > LONGEST_ADJUNCT:
            return None
        if match.start() == start:
            return match.end()
        if any(start < low < match.end() for low, _ in self.quotes):
            return None
        comma = self.text[start : match.start()].rstrip()[-1:] in COMMAS
        addressing = own.cue is not None and self._ends(own.cue, "addressing") is not None
        return match.end() if comma or addressing or self._starts(piece, "adjuncts") else None

    def _is_tail(self, before: Span, after: Span) -> bool:
        """Whether the stretch after an anchor is only a time or place: "A, the army said on Sunday"."""
        length = len(self.text[slice(*after)].split())
        return (
            self._starts(after, "adjuncts")
            and length <= LONGEST_ADJUNCT
            and length <= len(self.text[slice(*before)].split())
        )

    def _skip_loose(self, start: int, end: int) -> int:
        while start < end and (self.text[start].isspace() or self.text[start] in LOOSE):
            start += 1
        return start

    def _trimmed_end(self, start: int, end: int) -> int:
        while start < end and (self.text[end - 1].isspace() or self.text[end - 1] in LOOSE):
            end -= 1
        return end

    def _starts(self, piece: Span, kind: Kind) -> bool:
        return connector(kind).match(self.text, self._skip_loose(*piece), piece[1]) is not None

    def _ends(self, piece: Span, kind: Kind) -> int | None:
        """Where the connecting word at the end of a piece begins."""
        start, end = piece[0], self._trimmed_end(*piece)
        for match in connector(kind).finditer(self.text, start, end):
            if match.end() == end:
                return match.start()
        return None

    def _is_bare(self, start: int, end: int) -> bool:
        """Whether a stretch has nothing but punctuation and connecting words."""
        start = self._skip_loose(start, end)
        while start < end:
            match = connector("complementizers").match(self.text, start, end) or connector("coordinators").match(
                self.text, start, end
            )
            if not match:
                return not any(character.isalnum() for character in self.text[start:end])
            start = self._skip_loose(match.end(), end)
        return True

    def _after_stop(self, offset: int, start: int) -> bool:
        """Whether a new sentence, or line, begins at the offset, nothing but a stop standing before it."""
        return self.text[start:offset].rstrip()[-1:] in ".!?。…:,"


def _joined(spans: Sequence[Span], text: str) -> list[Span]:
    """Join spans that overlap or have only space between them."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
