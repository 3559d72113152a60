"""The words by which a text ties actors together, by language."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple, TypedDict


class _Words(TypedDict):
    roles: list[str]
    organs: list[str]
    before_owner: str
    apart: list[str]
    its: list[str]
    one_thing: list[str]
    says_so: list[str]
    belongs: list[str]


class TieWords(NamedTuple):
    """Patterns over what stands before, inside, between and after the names of two actors."""

    owned: re.Pattern[str]
    """Inside a name, before the owner's: "spokeswoman for the "."""
    apart: re.Pattern[str]
    """A word that sets a name apart from the one inside it: "former "."""
    its_role: re.Pattern[str]
    """Before a name: "its director, "; the group `its` is the word that refers back."""
    its: re.Pattern[str]
    """Before a name that tells its role itself: "its "."""
    owners_role: re.Pattern[str]
    """Between an owner and a name: "'s media wing, ", " commander "."""
    role: re.Pattern[str]
    """A word for a role, anywhere."""
    says_so: re.Pattern[str]
    """Between a name and an owner: ", who speaks for the ", " of the opposition "."""
    belongs: tuple[tuple[str, str], ...]
    """What stands before and after the name of one that belongs to the owner named last."""
    organ: re.Pattern[str]
    """A whole name of an organ that a state has one of: "army", "Defence Ministry"."""
    one_thing: frozenset[str]
    """The words of `its` that refer to one thing, never to people."""


@cache
def tie_words(language: str | None) -> TieWords | None:
    """The words of a language ("en-GB" is "en"; none told: English), or none where they are not known."""
    data: dict[str, _Words] = json.loads(files("extractor.derive").joinpath("tie_words.json").read_text("utf-8"))
    words = data.get((language or "en").split("-")[0].lower())
    if words is None:
        return None
    roles, its = "|".join(words["roles"]), "|".join(words["its"])
    role = rf"(?:[\w-]+ ){{0,2}}?(?:{roles})"
    title = r"(?:[A-Z][\w.]+ ){0,3}"
    return TieWords(
        owned=re.compile(rf"(?:.* )?{words['before_owner']} "),
        apart=re.compile(rf"\b(?:{'|'.join(words['apart'])})\b", re.IGNORECASE),
        its_role=re.compile(rf"\b(?P<its>{its}) {role},? {title}$", re.IGNORECASE),
        its=re.compile(rf"\b(?P<its>{its}) (?:(?!the |an? )[\w-]+ )?$", re.IGNORECASE),
        owners_role=re.compile(rf"(?:['’]s?)? {role},? {title}"),
        role=re.compile(rf"\b(?:{roles})\b", re.IGNORECASE),
        says_so=re.compile(
            rf"(?:{'|'.join(words['says_so'])}|,? (?:an?|the) {role} (?:of|for)(?: the)?| of(?: the)?)(?: [\w-]+)? "
            rf"|, {role} (?:of|for)(?: the)? "
        ),
        belongs=tuple((before, after) for form in words["belongs"] for before, _, after in [form.partition("{}")]),
        organ=re.compile(rf"(?:the )?(?:{'|'.join(words['organs'])})", re.IGNORECASE),
        one_thing=frozenset(words["one_thing"]),
    )
