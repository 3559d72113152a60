"""The days, weeks, months and years that a sentence names: candidates, of which the model tells what they date."""

from __future__ import annotations

from datetime import date as Date
from functools import lru_cache

import regex

from extractor.derive.dates import resolve

_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}’'./-]*(?<![./])")
_LONGEST = 6
_SOME_DAY = Date(2000, 1, 15)
_BROKEN = regex.compile(r"[,;:\"“”()]")
_PLAIN = regex.compile(r"\p{Nd}{1,3}|\p{L}{1,3}|\p{Ll}{4}|(?:the )?(?:first|second|third)|may .*")


def days_in(sentence: str, language: str | None) -> list[str]:
    """The phrases of a sentence that name a day or a longer time ("on 3 May", "last week"), in order, each once.

    What the rules for dates can work out is one; words that only count from another event are none.
    """
    words = list(_WORD.finditer(sentence))
    found: list[str] = []
    first = 0
    while first < len(words):
        phrases = [sentence[words[first].start() : word.end()] for word in words[first : first + _LONGEST]]
        dated = [(days, number) for number, phrase in enumerate(phrases) if (days := _days(phrase, language))]
        if dated:
            longest = dated[-1][0]
            last = next(number for days, number in dated if days == longest)  # "27 November the" says no more
            found.append(phrases[last])
            first += last
        first += 1
    return list(dict.fromkeys(found))


@lru_cache(maxsize=4096)  # each takes a millisecond, and a text may say the same a thousand times
def _days(phrase: str, language: str | None) -> tuple[Date, Date | None] | None:
    if _BROKEN.search(phrase) or _PLAIN.fullmatch(phrase):
        return None
    told = resolve(phrase, _SOME_DAY, language=language)
    return (told.earliest, told.latest) if told.earliest else None
