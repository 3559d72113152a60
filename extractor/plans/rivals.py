"""Asking which claims are rivals: one short call about the pairs that stances and values leave open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from extractor.derive.disputes import Comparable, comparable_pairs
from extractor.derive.report import weigh_accounts
from extractor.derive.rivals import at_odds
from extractor.plans.asking import Asking
from extractor.schema import Aspect, Claim, Incident, Relation, Report, RivalKind

PROMPT = "rivals"

_AT_ONCE = 20
"""Pairs in one call."""
_TOKENS_A_PAIR = 30


class Rival(BaseModel):
    """A pair that is at odds, by its number."""

    pair: int
    aspect: Aspect
    kind: RivalKind


class Rivals(BaseModel):
    """The pairs that are at odds; the others are left out."""

    rivals: list[Rival]


async def ask_about_rivals(asking: Asking, report: Report) -> None:
    """Add to the relations of a report, worked out, what the model says of the pairs left open; weigh accounts anew.

    An answer about a pair that was not shown, or an aspect on which not both speak, is dropped and listed.
    """
    incidents = {incident.id: incident for incident in report.incidents}
    comparable = (_open(pair, incidents[pair.incident]) for pair in comparable_pairs(report))
    pairs = [pair for pair in comparable if pair.aspects]
    found: list[Relation] = []
    for start in range(0, len(pairs), _AT_ONCE):
        asking.step(start, len(pairs), "which accounts are at odds")
        found += await _rivals(asking, pairs[start : start + _AT_ONCE])
    if found:
        report.relations = [*(report.relations or []), *found]
        weigh_accounts(report, asking.document)


def _open(pair: Comparable, incident: Incident) -> Comparable:
    """The pair with the aspects on which code does not know them to be at odds."""
    return pair._replace(aspects=tuple(one for one in pair.aspects if not at_odds(pair, one, incident)))


async def _rivals(asking: Asking, pairs: Sequence[Comparable]) -> list[Relation]:
    shown = [
        {
            "first_source": pair.a.source.text,
            "first_says": _content(pair.a),
            "second_source": pair.b.source.text,
            "second_says": _content(pair.b),
            "aspects": pair.aspects,
        }
        for pair in pairs
    ]
    messages = asking.prompt(PROMPT).messages(pairs=shown)
    data: Any = await asking.answer_or_nothing(messages, Rivals, max_tokens=_TOKENS_A_PAIR * len(pairs) + 20)
    said: list[Rival] = asking.items(Rivals, data, "rivals") if data is not None else []
    found: list[Relation] = []
    for rival in said:
        pair = pairs[rival.pair - 1] if 0 < rival.pair <= len(pairs) else None
        if pair is None or rival.aspect not in pair.aspects:
            asking.drop("relation", f"pair {rival.pair}: {rival.aspect}", "no such pair was asked about")
        else:
            found.append(
                Relation(a=pair.a.id, b=pair.b.id, incident=pair.incident, aspect=rival.aspect, kind=rival.kind)
            )
    return found


def _content(claim: Claim) -> str:
    return " ".join(" ".join(span.quote.split()) for span in claim.content)
