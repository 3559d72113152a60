"""Where an attribution stands in the sentences it is made in."""

from collections.abc import Sequence
from typing import NamedTuple

from extractor.derive.content.spans import Span


class Attribution(NamedTuple):
    """The pointers of one claim, as spans into the text: who said it, the cue, who passed it on, whom it is against."""

    source: Span | None
    cue: Span | None
    via: tuple[Span, ...] = ()
    against: Span | None = None


class Anchor(NamedTuple):
    """One attribution in a passage: its stretch from source to cue, and the pointers that are no content."""

    span: Span
    source: Span | None
    cue: Span | None
    via: tuple[Span, ...]

    @property
    def inverted(self) -> bool:
        """Whether the cue stands before the source: "said the army", "according to the army"."""
        return self.source is not None and self.cue is not None and self.cue[0] < self.source[0]

    @property
    def between(self) -> Span | None:
        """What stands between source and cue."""
        if self.source is None or self.cue is None:
            return None
        (_, start), (end, _) = sorted((self.source, self.cue))
        return (start, end) if start < end else None


def clip(span: Span | None, low: int, high: int) -> Span | None:
    """The part of a span between two offsets, counted from the first of them."""
    if span is None or max(span[0], low) >= min(span[1], high):
        return None
    return max(span[0], low) - low, min(span[1], high) - low


def anchors_of(attributions: Sequence[Attribution], low: int, high: int) -> list[Anchor | None]:
    """The anchors of attributions between two offsets; None for one with neither source nor cue there.

    "The army and the police said A": claims with the same cue have the same anchor, from the first source to the cue.
    "The army said A and denied B": when a source has another claim's cue between it and its own, it belongs to that
    claim, and the anchor is the cue alone.
    """
    clipped = [(clip(a.source, low, high), clip(a.cue, low, high)) for a in attributions]
    cues = [cue for _, cue in clipped if cue]
    found: list[Anchor | None] = []
    for (source, cue), attribution in zip(clipped, attributions, strict=True):
        together = [other for other, its_cue in clipped if other and cue and its_cue == cue]
        own = [span for span in (source, cue, *together) if span]
        if not own:
            found.append(None)
            continue
        if source and cue and any(source[1] <= other[0] and other[1] <= cue[0] for other in cues):
            own = [cue]
        span = min(start for start, _ in own), max(end for _, end in own)
        via = sorted(part for span in attribution.via if (part := clip(span, low, high)))
        found.append(Anchor(span, source, cue, tuple(via)))
    return found
