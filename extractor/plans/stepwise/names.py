"""Which names are one: those that are the same but for an article, or of which one is the end of just one other."""

from __future__ import annotations

from collections.abc import Sequence

import regex

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_LEADING = frozenset({"the", "a", "an", "its", "his", "her", "their", "our"})


def group(names: Sequence[str]) -> list[list[str]]:
    """Names that are the same but for an article, or of which one is the end of just one other.

    "The army" is the Syrian Army when no other army is named; "forces" is nobody's when two forces are.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        groups.setdefault(_key(name), []).append(name)
    for key in sorted(groups, key=len):
        longer = [other for other in groups if len(other) > len(key) and other[-len(key) :] == key]
        widest = [other for other in longer if not any(other != one and one[-len(other) :] == other for one in longer)]
        if len(widest) == 1 and key:
            groups[widest[0]] += groups.pop(key)
    return [names for key, names in groups.items() if key]


def _key(name: str) -> tuple[str, ...]:
    words = [word.lower() for word in _WORD.findall(regex.sub(r"['’]s?\b", "", name))]
    while len(words) > 1 and words[0] in _LEADING:
        words = words[1:]
    return tuple(words)
