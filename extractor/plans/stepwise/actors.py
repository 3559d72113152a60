"""The last step: who is who. Names are grouped by their words, pronouns by asking, kinds by asking once for all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, cast

import regex
from pydantic import BaseModel, Field, create_model

from extractor.grounding import locate
from extractor.plans.asking import Asking, numbered
from extractor.plans.stepwise.claims import FoundClaim
from extractor.plans.stepwise.cues import CueList
from extractor.plans.stepwise.incidents import FoundIncident
from extractor.schema import ActorKind

KINDS = "stepwise/kinds"
SOURCES = "stepwise/sources"

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_LEADING = frozenset({"the", "a", "an", "its", "his", "her", "their", "our"})
_UNSAFE = regex.compile(r"[^\p{L}\p{M}\p{N} .,'’&/()-]+")
_AT_ONCE = 16
_LOOK_BACK = 3


async def find_actors(
    asking: Asking, incidents: Sequence[FoundIncident], claims: Sequence[FoundClaim], cues: CueList | None
) -> list[dict[str, Any]]:
    """The actors in the form in which a report is asked for; each claim's source is tied to one of them."""
    asking.step(0, 2, "who is who")
    pronouns = cues.pronouns if cues else frozenset[str]()
    plain = [claim for claim in claims if claim.source.lower() not in pronouns]
    names = [claim.source for claim in plain] + [name for one in incidents for name in (*one.by, *one.on)]
    groups = group([name for name in dict.fromkeys(names) if _is_there(asking, name) and name.lower() not in pronouns])
    number = {name: index for index, names in enumerate(groups, 1) for name in names}
    for claim in plain:
        claim.actor = number.get(claim.source)
    for claim in claims:  # in order: a pronoun may stand for the source of the one before
        if claim.actor is None and claim.source.lower() in pronouns:
            await _tie(asking, claim, claims, groups, number)
    asking.step(1, 2, "who is who")
    kinds = await _kinds(asking, [max(names, key=len) for names in groups])
    return [{"kind": kind, "mentions": names} for kind, names in zip(kinds, groups, strict=True)]


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


def _is_there(asking: Asking, name: str) -> bool:
    return locate(asking.document, name) is not None


async def _tie(
    asking: Asking,
    claim: FoundClaim,
    claims: Sequence[FoundClaim],
    groups: Sequence[Sequence[str]],
    number: dict[str, int],
) -> None:
    """Ask who a pronoun stands for, among the sources and sides that the sentences before it name."""
    document = asking.document
    shown = [
        sentence.number
        for sentence in document.sentences[max(0, claim.sentence - 1 - _LOOK_BACK) : claim.sentence]
        if not sentence.heading
    ]
    before = document.text[document.sentence(shown[0]).start : document.sentence(claim.sentence).start]
    last = next((c.actor for c in reversed(claims) if c.sentence < claim.sentence and c.actor is not None), None)
    named = {
        index: max((name for name in names if name in before), key=len, default=max(names, key=len))
        for index, names in enumerate(groups, 1)
        if index == last or any(name in before for name in names)
    }
    options = sorted(named.values(), key=document.text.find)
    if not options:
        return
    choice = options[0]
    if len(options) > 1:
        referent = create_model("Referent", who=(Literal[tuple(options)], ...))  # pyright: ignore[reportArgumentType]
        messages = asking.prompt(SOURCES).messages(
            sentences=numbered(document, shown), words=claim.source, number=claim.sentence, names="; ".join(options)
        )
        data = await asking.answer_or_nothing(messages, referent, max_tokens=60)
        choice = cast(dict[str, str], data).get("who", choice) if isinstance(data, dict) else choice
    claim.actor = number.get(choice)


async def _kinds(asking: Asking, names: Sequence[str]) -> list[ActorKind]:
    """The kind of each name; `other` where the model gives none."""
    kinds: list[ActorKind] = []
    if names:
        template = asking.prompt(KINDS)
        await asking.warm(template.beginning())
        for start in range(0, len(names), _AT_ONCE):
            some = [_UNSAFE.sub(" ", name)[:80].strip() or "?" for name in names[start : start + _AT_ONCE]]
            kinds += await _some_kinds(asking, template.messages(names="; ".join(some)), some)
    return kinds


async def _some_kinds(asking: Asking, messages: Any, names: Sequence[str]) -> list[ActorKind]:
    fields: dict[str, Any] = {
        f"name_{n}": (ActorKind, Field(alias=name)) for n, name in enumerate(dict.fromkeys(names))
    }
    schema: type[BaseModel] = create_model("Kinds", **fields)
    data = await asking.answer_or_nothing(messages, schema, max_tokens=24 * len(names) + 20)
    answered = cast(dict[str, ActorKind], data) if isinstance(data, dict) else {}
    return [answered.get(name, "other") for name in names]
