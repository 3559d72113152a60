"""When two names that different articles write may be the same name. No knowledge of the world, only spelling."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import regex
from rapidfuzz.distance import JaroWinkler

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_SMALL = frozenset({"the", "a", "an", "of", "in", "at", "on", "near", "and", "for", "its", "his", "her", "their", "s"})
_VOWELS = regex.compile(r"[aeiouyhw'’]")
_ONE_SOUND = str.maketrans({"q": "k", "c": "k", "z": "s", "g": "j", "v": "f"})
_FOLLOWS = regex.compile(r"\s(?:of|in|at|on|near|beside|by|with|from|to|for|who|that|which)\s|[,(]")
_ALIKE = 0.8
"""Jaro-Winkler similarity that two words with the same consonants need, so as to be one word."""
_SPELLABLE = 5
"""Letters; shorter words must be spelt the same."""


class Name(NamedTuple):
    """A name as it stands, and what it is compared by."""

    text: str
    words: frozenset[str]
    proper: frozenset[str]
    """Those of the words that are written with a capital, or in a script without: they tell one thing from another."""
    joined: str
    """Those in one, for spellings that part words otherwise."""
    initials: str
    """Of a name of three words or more, else nothing."""
    head: str
    """The last word before what follows it ("of ...", "beside ..."): what kind of thing is named."""

    def __reduce__(self) -> tuple[Callable[[str], Name], tuple[str]]:
        """Kept on disk as its text: what is read again is the one in memory."""
        return name, (self.text,)


@lru_cache(maxsize=1 << 16)
def name(text: str) -> Name:
    """A name taken apart; case, diacritics, articles and the plural of common nouns do not count."""
    told = [one for one in _WORD.findall(text) if one.casefold() not in _SMALL]
    proper = [one for one in told if one != one.lower() or (one == one.upper() and not one.isdigit())]
    initials = "".join(plain(one)[0] for one in proper if plain(one)) if len(proper) > 2 else ""
    kept = list(map(plain, proper))
    return Name(text, frozenset(map(_singular, told)), frozenset(kept), "".join(kept), initials, _head(text))


@lru_cache(maxsize=1 << 16)
def plain(word: str) -> str:
    """A word without case and diacritics."""
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


@lru_cache(maxsize=1 << 16)
def consonants(word: str) -> str:
    """What spellings of one foreign name mostly share: its consonants, doubled ones once ("Ezzor", "az-Zor": "sr")."""
    bare = _VOWELS.sub("", plain(word)).translate(_ONE_SOUND)
    kept = regex.sub(r"(.)\1+", r"\1", bare)
    return kept or plain(word)


def one_name(a: Name, b: Name) -> bool:
    """Whether two names may be one: the words of one are among those of the other, or one is the other's initials."""
    if a is b or not a.words or not b.words:
        return bool(a.words and b.words)
    if a.words <= b.words or b.words <= a.words:
        return True
    return bool(a.initials and a.initials in b.words) or bool(b.initials and b.initials in a.words)


def one_place(a: Name, b: Name) -> bool:
    """Whether two names may be of one place: the proper words of one are among those of the other, however spelt.

    Names of common nouns alone ("the market") are so too, but never with a proper name.
    """
    if not a.proper and not b.proper:
        return one_name(a, b)
    if not a.proper or not b.proper:
        return False
    if a.proper <= b.proper or b.proper <= a.proper:
        return True
    few, many = sorted((a.proper, b.proper), key=len)
    return all(any(_one_word(one, other) for other in many) for one in few) or _one_word(a.joined, b.joined)


@lru_cache(maxsize=1 << 16)
def _one_word(a: str, b: str) -> bool:
    if a == b:
        return True
    if min(len(a), len(b)) < _SPELLABLE or consonants(a) != consonants(b):
        return False
    return JaroWinkler.similarity(a, b) >= _ALIKE


def fullest(names: list[Name]) -> tuple[Name, ...]:
    """The names without those that are a part of another of them: "the Front" says less than "the Northern Front"."""
    once = {one.words: one for one in names if one.words}
    return tuple(one for one in once.values() if not any(one.words < other for other in once))


def _head(text: str) -> str:
    told = _WORD.findall(_FOLLOWS.split(text, maxsplit=1)[0])
    return _singular(told[-1]) if told else ""


def _singular(word: str) -> str:
    bare = plain(word)
    return bare[:-1] if word == word.lower() and len(bare) > 3 and bare.endswith("s") and bare[-2] != "s" else bare
