"""Sources as PolNeAR marks them: the whole noun phrase, with title, apposition and what hangs on it.

A report's source is the name alone ("Maria Lund"); PolNeAR's annotators marked "former minister Maria Lund, a banker
from Oslo". English only, as PolNeAR is.
"""

from __future__ import annotations

import regex

from evals.scoring.spans import Ranges

_WORD = r"[\p{L}\p{N}][\p{L}\p{N}.&’'-]*"
_BEFORE = regex.compile(rf"(?<word>{_WORD}) +$")
_ABBREVIATION = regex.compile(
    r"(?:\p{Lu}\.)+|(?:Sen|Rep|Gov|Gen|Lt|Col|Capt|Sgt|Dr|Mr|Mrs|Ms|Prof|Rev|Pres|Hon|Jr|St)\."
)
_TITLE = regex.compile(
    r"\p{Lu}.*|.*(?:er|or|ist|man|woman|people|persons?|date|nee|ant|ary|dent|head|chief|host|aide|guru|wife|critic)s?"
)
"""A word that may stand right before a name as its title."""
_DETERMINER_WORDS = "the a an this that these those his her its their our my one two three several many some"
_OTHER_WORDS = """
    and or but nor so as than if when while after before since because although though that which who whom whose what
    of in on at by with from to for into over about against between during through under without like per via amid
    he she it they we you i him them us me there here not n't never also only just even still then now yet again too
    is are was were be been being has have had do does did will would can could may might must shall should
    said says say told tells according added meanwhile however later earlier today yesterday tomorrow instead
    monday tuesday wednesday thursday friday saturday sunday january february march april june july august
    september october november december
"""
_DETERMINERS = frozenset(_DETERMINER_WORDS.split())
_NO_NOUNS = frozenset(_OTHER_WORDS.split())
_APPOSITION = regex.compile(
    r", (?:an?|the|his|her|its|their|one|[\p{L}’'.-]+[’']s|(?:[\p{Ll}-]+ ){0,3}\p{Ll}+ (?:of|for|at|to|from|with)) "
    r"[^,;:.()“”\"]{3,120}(?:,|(?=[.;:()“”\"]))"
)
_VERB = regex.compile(
    r"\b(?:is|are|was|were|has|have|had|did|does|says?|said|saying|told|went|opted|referring|eager)\b"
)
_TAIL = regex.compile(r" (?:of|for|from|at|in|who|with|to|familiar|close|posted)\b[^,;:.()“”\"]{2,100}$")
_LONGEST = 12


def whole(text: str, source: Ranges, cue: Ranges) -> Ranges:
    """A source's range, widened to its noun phrase; ranges of pronouns and empty ones stay as they are.

    `source` and `cue` are half-open ranges of code points in `text`.
    """
    if len(source) != 1:
        return source
    start, end = source[0]
    if text[start:end].lower() in _NO_NOUNS:
        return source
    start = _start(text, start)
    return ((start, _end(text, end, cue)),)


def _start(text: str, start: int) -> int:
    first = regex.match(_WORD, text[start:])
    if first and first.group().lower() in _DETERMINERS:
        return start
    named = first is not None and first.group()[0].isupper()
    for _ in range(_LONGEST):
        before = _BEFORE.search(text, max(0, start - 60), start)
        word = before["word"] if before else ""
        if before is None or word.lower() in _NO_NOUNS or _ends_sentence(word):
            return start
        determiner = word.lower() in _DETERMINERS
        if named and not determiner and not _TITLE.fullmatch(word):
            return start
        start, named = before.start(), False
        if determiner:
            return start
    return start


def _ends_sentence(word: str) -> bool:
    return word.endswith(".") and not _ABBREVIATION.fullmatch(word)


def _end(text: str, end: int, cue: Ranges) -> int:
    cue_start = min((start for start, _ in cue), default=-1)
    apposition = _APPOSITION.match(text, end)
    if apposition and not _VERB.search(apposition.group()) and not end < cue_start < apposition.end() - 1:
        return apposition.end()
    if end < cue_start <= end + 120:
        tail = _TAIL.match(text[:cue_start].rstrip(), end)
        if tail:
            return tail.end()
    return end
