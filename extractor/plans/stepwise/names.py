"""Which names are one: those that are the same but for an article, or of which one is the end of just one other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

import regex

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_LEADING = frozenset({"the", "a", "an", "its", "his", "her", "their", "our"})


def group(names: Sequence[str]) -> list[list[str]]:
    """Names that are the same but for an article, or of which one is the end of just one other.

    "The army" is the Syrian Army when no other army is named; "forces" is nobody's when two forces are.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        groups.setdefault(key(name), []).append(name)
    longer: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    """The names that end with this one."""
    for words in groups:
        for first in range(1, len(words)):
            longer.setdefault(words[first:], []).append(words)
    for words in sorted(groups, key=len):
        widest = list(islice((one for one in longer.get(words, []) if one not in longer), 2))
        if len(widest) == 1:
            groups[widest[0]] += groups.pop(words)
    return [names for words, names in groups.items() if words]


@lru_cache(maxsize=10_000)
def key(name: str) -> tuple[str, ...]:
    """The words by which names are told to be one: without articles and the like, in lower case."""
    words = [word.lower() for word in _WORD.findall(regex.sub(r"['’]s?\b", "", name))]
    while len(words) > 1 and words[0] in _LEADING:
        words = words[1:]
    return tuple(words)
