"""When two names are the same name."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex
from rapidfuzz.distance import JaroWinkler

from extractor.schema import Actor, Mention, Report

NEAR_PLACE = 0.9
"""Jaro-Winkler similarity from which two spellings are one place."""

_NOT_A_WORD = regex.compile(r"[^\p{L}\p{N}]+")
_ARTICLE = regex.compile(r"^(?:the|an?) ")

_PRONOUNS = frozenset(
    ("he", "him", "his", "she", "her", "hers", "it", "its", "they", "them", "their", "theirs", "we", "our", "ours")
)
"""Without "us" and "who", which are names in capitals."""

Names = dict[str, frozenset[str]]
"""The normal forms of every name of every actor, by the actor's id."""


@lru_cache(maxsize=1 << 16)
def normal(name: str) -> str:
    """A name without case, diacritics, punctuation and leading article."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return _ARTICLE.sub("", _NOT_A_WORD.sub(" ", bare).strip())


def names_of(report: Report) -> Names:
    """Every name of every actor of a report."""
    return {actor.id: _all_names(actor) for actor in report.actors}


def told_apart(names: Names, gold: Names) -> Names:
    """The names of a report's actors, where an actor that bears names of several gold actors is one of them only.

    It is the one that it shares the most names with. Else one actor with every name would be everybody.
    """
    return {actor: known - _of_others(known, gold) for actor, known in names.items()}


def _of_others(known: frozenset[str], gold: Names) -> frozenset[str]:
    shared = [common for every in gold.values() if (common := known & every)]
    if len(shared) < 2:
        return frozenset()
    return frozenset[str]().union(*shared) - max(shared, key=lambda common: (len(common), sorted(common)))


def called(mention: Mention, names: Names) -> frozenset[str]:
    """What a mention is called: its own words, unless they are a pronoun, and every name of its actor."""
    own = frozenset((normal(mention.text),)) - _PRONOUNS
    return own | names[mention.actor] if mention.actor in names else own


def one_place(a: str, b: str) -> bool:
    """Whether two place names are one: equal in normal form, or near in spelling."""
    first, second = normal(a), normal(b)
    return first == second or JaroWinkler.similarity(first, second) >= NEAR_PLACE


def _all_names(actor: Actor) -> frozenset[str]:
    return frozenset(normal(name) for name in (actor.name, *(mention.text for mention in actor.mentions)) if name)
