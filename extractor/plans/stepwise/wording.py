"""What of a model's words is a place's name, and how far a name goes."""

from __future__ import annotations

from collections.abc import Sequence

import regex

_CAPITAL = r"(?:\p{Ll}{1,4}[-’'])?\p{Lu}[\p{L}\p{M}\p{N}'’.-]*"
NAME = regex.compile(rf"{_CAPITAL}(?:\s+(?:(?:al|da|de|del|do|dos|du|el|la|las|los|of|von)\s+)*{_CAPITAL})*")

_PART = r"(?:north|south|east|west|central)(?:ern)?"
_KIND = (
    r"(?:river|islands?|hills|mountains|valley|forest|lagoon|strait|estate|bridge|road|province|region|parish|area|town|"
    r"frontier|border|roadblock)"
)
PLACE = regex.compile(rf"(?:{_PART}\s+)?{NAME.pattern}(?:\s+{_KIND}\b)?")
"""A name with the part of the land before it and the sort of place after it: "northern Sarn", "Sarn valley"."""


def place_names(words: str) -> Sequence[str]:
    """The names in a phrase that tells where ("between Hula and Markaba"); the phrase itself where it holds none."""
    return [name.rstrip(".'’-") for name in PLACE.findall(words)] or [words]


def whole_name(words: str, sentence: str) -> str:
    """A name with whose it is, where the sentence goes on to say so: "post" in "a post of the River Guard"."""
    longer = regex.search(rf"\b{regex.escape(words)}\s+of\s+(?:the\s+)?{NAME.pattern}", sentence)
    return longer.group().rstrip(".'’-") if longer else words


_EACH = regex.compile(
    rf"(?<one>(?:the|an?) (?:(?!and ).)+) and (?<other>(?:the|an?) .+)|(?<one>{_CAPITAL}) and (?<other>{_CAPITAL})|"
    r"(?<one>(?:\p{Ll}+ )*\p{Ll}+s) and (?<other>(?:\p{Ll}+ )+\p{Ll}+s)"
)


def each(words: str) -> Sequence[str]:
    """Two that are named together: "the governor and the mayor", "Russia and Syria", "gangs and foreign fighters"."""
    match = _EACH.fullmatch(words)
    return [words] if match is None else [match["one"], match["other"]]
