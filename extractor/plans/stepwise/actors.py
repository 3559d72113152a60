"""The last step: who is who. Names are grouped by their words, pronouns by asking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic import BaseModel

from extractor.grounding import locate
from extractor.plans.asking import Asking, numbered
from extractor.plans.stepwise.claims import FoundClaim
from extractor.plans.stepwise.cues import CueList
from extractor.plans.stepwise.kinds import Kind
from extractor.plans.stepwise.names import group, key
from extractor.schema import ActorKind

SOURCES = "stepwise/sources"

_LOOK_BACK = 3
_CARRIES_ON = 1
"""Sentences: who speaks as "he" in the sentence after a claim is its source (48 of 50 in the articles for tuning)."""


_SPEAKERS: dict[Kind, ActorKind] = {"place": "government", "people": "civilians", "weapon": "other", "thing": "other"}
"""Who speaks is somebody, whatever the name: a capital stands for its government."""


async def find_actors(
    asking: Asking, sides: Sequence[str], claims: Sequence[FoundClaim], kinds: Mapping[str, Kind], cues: CueList | None
) -> list[dict[str, Any]]:
    """The actors in the form in which a report is asked for; each claim's source is tied to one of them.

    `sides` are the names of who did something or suffered it, `kinds` tells of what kind each name is.
    """
    pronouns = cues.pronouns if cues else frozenset[str]()
    speakers = dict.fromkeys(name for claim in claims for name in (claim.source, claim.via) if name)
    actors: list[dict[str, Any]] = []
    number: dict[str, int] = {}
    for names in group([name for name in dict.fromkeys([*speakers, *sides]) if name.lower() not in pronouns]):
        kind = kinds.get(names[0], "other")
        if kind in _SPEAKERS and not any(name in speakers for name in names):
            continue
        actors.append({"kind": _SPEAKERS.get(kind, kind), "mentions": names})
        number |= dict.fromkeys(names, len(actors))
    by_last_word: dict[str, list[int]] = {}

    def note(name: str, actor: int) -> None:
        for word in key(name)[-1:]:
            by_last_word.setdefault(word, []).append(actor)

    for name, actor in number.items():
        note(name, actor)
    before: FoundClaim | None = None
    for done, claim in enumerate(claims):
        asking.step(done, len(claims), "who is who")
        claim.actor = number.get(claim.source)
        if claim.actor is None and claim.source.lower() in pronouns:
            if before is not None and before.actor and _carries_on(claim, before):
                claim.actor = before.actor
            elif (name := await _referent(asking, claim)) and name.lower() not in pronouns:
                if name not in number:
                    likely = sorted({one for word in key(name)[-1:] for one in by_last_word.get(word, [])})
                    known = [one for one in likely if len(group([*actors[one - 1]["mentions"], name])) == 1]
                    if known:
                        actors[known[0] - 1]["mentions"].append(name)
                        number[name] = known[0]
                    else:
                        actors.append({"kind": "other", "mentions": [name]})
                        number[name] = len(actors)
                    note(name, number[name])
                claim.actor = number[name]
        before = claim
    return actors


def _carries_on(claim: FoundClaim, before: FoundClaim) -> bool:
    """Whether a pronoun stands for the source of the claim before; nobody denies what he says in the same sentence."""
    if claim.sentence == before.sentence and claim.stance == "denies":
        return False
    return claim.sentence - before.sentence <= _CARRIES_ON


class Referent(BaseModel):
    """Who a word stands for."""

    who: str


async def _referent(asking: Asking, claim: FoundClaim) -> str | None:
    """Who a pronoun stands for, in words of the sentences before it."""
    document = asking.document
    shown = [
        sentence.number
        for sentence in document.sentences[max(0, claim.sentence - 1 - _LOOK_BACK) : claim.sentence]
        if not sentence.heading
    ]
    messages = asking.prompt(SOURCES).messages(
        sentences=numbered(document, shown), words=claim.source, number=claim.sentence
    )
    data = await asking.answer_or_nothing(messages, Referent, max_tokens=60)
    who = str(cast(dict[str, Any], data).get("who", "")) if isinstance(data, dict) else ""
    found = locate(document, who, shown)
    if found is None or found.start >= document.sentence(claim.sentence).end:
        asking.drop("referent", who, f"who {claim.source!r} is in sentence {claim.sentence} stays open")
        return None
    return document.text[found.start : found.end]
