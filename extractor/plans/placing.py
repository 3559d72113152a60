"""Which "said" is whose, where a sentence holds the words of a source or a cue more than once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from extractor.document import Document, Sentence
from extractor.grounding import Mention
from extractor.schema import Claim

_LETTER = r"[\p{L}\p{M}\p{N}_]"
_IS_LETTER = regex.compile(_LETTER)


def place_beside_each_other(document: Document, claims: Sequence[Claim]) -> None:
    """Move source and cue of each claim to the occurrences, in its sentences, that stand closest together.

    Of two at the same distance, a cue that no claim before has is preferred, then one after its source: in "the army
    said the mayor said so" the mayor has the second.
    """
    taken: set[int] = set()
    for claim in claims:
        if claim.cue is None:
            continue
        pairs = [
            (max(cue[0] - source[1], source[0] - cue[1]), cue[0] in taken, cue[0] < source[0], source, cue)
            for source in _occurrences(document, claim, claim.source)
            for cue in _occurrences(document, claim, claim.cue)
            if source[1] <= cue[0] or cue[1] <= source[0]
        ]
        if pairs:
            *_, source, cue = min(pairs)
            _move(document, claim.source, source)
            _move(document, claim.cue, cue)
            taken.add(claim.cue.start)


def _occurrences(document: Document, claim: Claim, mention: Mention) -> list[tuple[int, int]]:
    sentences = [document.sentence(number) for number in claim.sentences]
    found = [span for one in sentences for span in _whole_words(document.text, one, mention.text)]
    where_it_is = (mention.start, mention.end)
    inside = any(one.start <= mention.start and mention.end <= one.end for one in sentences)
    return sorted({*found, where_it_is}) if inside else found


def _whole_words(text: str, sentence: Sentence, words: str) -> Iterator[tuple[int, int]]:
    """Where the words stand in the sentence, whatever their case."""
    start, end = sentence.start, sentence.end
    if not (words.isascii() and text[start:end].isascii()):
        pattern = regex.compile(rf"(?<!{_LETTER}){regex.escape(words)}(?!{_LETTER})", regex.IGNORECASE)
        yield from (match.span() for match in pattern.finditer(text, start, end))
        return
    small, wanted = text[start:end].lower(), words.lower()  # much faster than a pattern for each name
    place = small.find(wanted)
    while place >= 0:
        after = place + len(wanted)
        whole = not any(_IS_LETTER.match(one) for one in (small[place - 1 : place], small[after : after + 1]))
        if whole:
            yield start + place, start + after
        place = small.find(wanted, after if whole else place + 1)


def _move(document: Document, mention: Mention, place: tuple[int, int]) -> None:
    mention.start, mention.end = place
    words = document.text[slice(*place)]
    if words != mention.text and mention.match == "exact":
        mention.match = "case"
    mention.text = words
