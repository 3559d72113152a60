"""Ties that code can read for itself, in the words of the text: no more than these few forms.

An owner's name inside a name ("spokeswoman for the army"), a role beside one ("its director, X"; "X, who speaks for
the Y"; "X of the Y"), and organs that are of one state by their kinds and names ("army", "Defence Ministry"). What
takes a reader to see is for the model to say.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from extractor.derive.parties import components
from extractor.derive.tie_words import TieWords, tie_words
from extractor.document import Document
from extractor.grounding import Mention, Span
from extractor.schema import Actor, ActorKind, Report, Tie

_NEAR = 120
"""Code points between two names beyond which no phrase is looked for."""
_SENTENCES_BACK = 2
"""How many sentences before its own "its" may refer to."""


def read_ties(report: Report, document: Document) -> list[Tie]:
    """The ties that stand in the words of the text, each pair once, with those words; none in an unknown language."""
    words = tie_words(document.language)
    if words is None or len(report.actors) < 2:
        return []
    reading = _Reading(report.actors, document, words)
    found = [*reading.owners_in_names(), *reading.owners_before_roles(), *reading.owners_beside()]
    found += _of_one_state(report, found, words)
    pairs: dict[frozenset[str], Tie] = {}
    for tie in found:
        pairs.setdefault(frozenset((tie.a, tie.b)), tie)
    return list(pairs.values())


class _Place(NamedTuple):
    """Where the text names an actor."""

    start: int
    end: int
    actor: str


@dataclass
class _Reading:
    """An article, with the places where its actors are named."""

    actors: Sequence[Actor]
    document: Document
    words: TieWords

    def __post_init__(self) -> None:
        self.kinds: Mapping[str, ActorKind] = {actor.id: actor.kind for actor in self.actors}
        owners: dict[str, set[str]] = {}
        for actor in self.actors:
            for mention in actor.mentions:
                owners.setdefault(mention.text, set()).add(actor.id)
        self.owner = {name: ids.pop() for name, ids in owners.items() if len(ids) == 1}  # a name of two names nobody
        places = {
            _Place(mention.start, mention.end, actor.id)
            for actor in self.actors
            if actor.kind != "civilians"
            for mention in actor.mentions
        }
        capitals = (
            name for name, actor in self.owner.items() if name[0].isupper() and self.kinds[actor] != "civilians"
        )
        for start, end in _Names(capitals).places(self.document.text):
            places.add(_Place(start, end, self.owner[self.document.text[start:end]]))
        self.places = sorted(places)
        """Every place that names an actor, but for civilians: its mentions, and each repeat of a name in capitals."""
        self.starts = [place.start for place in self.places]

    def owners_in_names(self) -> Iterator[Tie]:
        """As in "spokeswoman for the army", "TPLF negotiator": the name of one in that of another."""
        names = _Names(self.owner)
        for actor in self.actors:
            if actor.kind == "civilians":
                continue
            own = {mention.text for mention in actor.mentions}
            for mention in actor.mentions:
                for start, end in names.places(mention.text, but=own):
                    owner = self.owner[mention.text[start:end]]
                    before, after = mention.text[:start], mention.text[end:]
                    if self.words.apart.search(before):
                        continue
                    if self.words.owned.fullmatch(before) or (not before and self.words.role.search(after)):
                        yield self._tie(actor.id, owner, mention.start, mention.end)

    def owners_before_roles(self) -> Iterator[Tie]:
        """As in "its director, X", "its spokeswoman": whom the word refers back to."""
        text = self.document.text
        for place in self.places:
            sentence = self.document.sentence_at(place.start)
            before = text[max(sentence.start, place.start - _NEAR) : place.start]
            named = self.words.its_role.search(before)
            if named is None and self.words.role.search(text, place.start, place.end):
                named = self.words.its.search(before)
            if named is not None:
                start = place.start - len(before) + named.start()
                owner = self._referred_to(start, place.actor, one_thing=named["its"].lower() in self.words.one_thing)
                if owner is not None:
                    yield self._tie(place.actor, owner, start, place.end)

    def owners_beside(self) -> Iterator[Tie]:
        """As in "the army's spokesman X", "X, who speaks for the Y", "the Y, to which X belongs"."""
        text = self.document.text
        for number, first in enumerate(self.places):
            end = min(first.end + _NEAR, self.document.sentence_at(first.start).end)
            for second in self.places[number + 1 : bisect_left(self.starts, end)]:
                between = text[first.end : second.start]
                if first.actor == second.actor or not between:
                    continue
                if self.words.owners_role.fullmatch(between) or self.words.says_so.fullmatch(between):
                    yield self._tie(first.actor, second.actor, first.start, second.end)
                for opening, closing in self.words.belongs:
                    if between.endswith(opening) and text.startswith(closing, second.end):
                        yield self._tie(second.actor, first.actor, first.start, second.end + len(closing))

    def _referred_to(self, at: int, own: str, *, one_thing: bool) -> str | None:
        """Whom "its" refers to: the first actor named before it in its sentence, or in one of the two before.

        Nobody in an open quotation, and no plural where one thing is meant.
        """
        text, last = self.document.text, self.document.sentence_at(at).number
        for number in range(last, max(0, last - 1 - _SENTENCES_BACK), -1):
            sentence = self.document.sentence(number)
            end = min(sentence.end, at)
            for place in self.places[bisect_left(self.starts, sentence.start) : bisect_left(self.starts, end)]:
                quoted = text.count('"', sentence.start, place.start) % 2 == 1
                plural = text[place.end - 1] == "s" and text[place.end - 2] != "s"
                if place.end <= end and place.actor != own and not quoted and not (one_thing and plural):
                    return place.actor
        return None

    def _tie(self, a: str, b: str, start: int, end: int) -> Tie:
        return Tie(a=a, b=b, because=[Span(start=start, end=end, quote=self.document.text[start:end])], by="code")


class _Names:
    """Names as whole words, looked up by their first word and their length, so that their number does not matter."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = set(names)
        lengths: dict[str, set[int]] = {}
        for name in self._names:
            if first := _FIRST.match(name):
                lengths.setdefault(first[0], set()).add(len(name))
        self._lengths = {first: sorted(of_one, reverse=True) for first, of_one in lengths.items()}

    def places(self, text: str, but: Container[str] = ()) -> Iterator[tuple[int, int]]:
        """Where names stand, at each place the longest that fits; `but` those are not looked for."""
        at = 0
        while first := _FIRST.search(text, at):
            at = first.end()
            start = first.start()
            for length in self._lengths.get(first[0], ()):
                name, end = text[start : start + length], start + length
                if name in self._names and name not in but and _WHOLE.match(text, end):
                    yield start, end
                    at = end
                    break


_FIRST = re.compile(r"\w+|(?<!\w)[^\w\s]")
_WHOLE = re.compile(r"(?!\w)")


def _of_one_state(report: Report, found: Sequence[Tie], words: TieWords) -> Iterator[Tie]:
    """Organs of one state: its forces, and offices by their names ("Defence Ministry"); each tied to the first of them.

    The state of those without a country is the article's own: the others are named with theirs. Who is set against each
    other ("the police, the officer said, had fired first") is not tied, nor those tied to them.
    """
    root = components([actor.id for actor in report.actors], [(tie.a, tie.b) for tie in found])
    at_odds: dict[str, set[str]] = {}
    for claim in report.claims:
        one, other = (root.get(actor or "") for actor in (claim.source.actor, claim.against and claim.against.actor))
        if one is not None and other is not None:
            at_odds.setdefault(one, set()).add(other)
            at_odds.setdefault(other, set()).add(one)
    states: dict[str | None, list[_State]] = {}
    for actor in report.actors:
        name = _organ(actor, words)
        if name is None:
            continue
        known, own = states.setdefault(actor.country, []), root[actor.id]
        state = next((one for one in known if own not in one.against), None)
        if state is None:
            known.append(_State(actor, name, set(at_odds.get(own, ()))))
            continue
        spans = [Span(start=one.start, end=one.end, quote=one.text) for one in (state.name, name)]
        yield Tie(a=state.first.id, b=actor.id, because=spans, by="code")
        state.against |= at_odds.get(own, set())


@dataclass
class _State:
    """Organs that are tied to the first of them, which has this name, and whom any of them is set against."""

    first: Actor
    name: Mention
    against: set[str]


def _organ(actor: Actor, words: TieWords) -> Mention | None:
    """The name that tells an actor to be an organ of a state, if one does."""
    if actor.kind == "state_forces" or (actor.kind == "government" and actor.country is not None):
        return actor.mentions[0]
    if actor.kind == "government":
        return next((name for name in actor.mentions if words.organ.fullmatch(name.text)), None)
    return None
