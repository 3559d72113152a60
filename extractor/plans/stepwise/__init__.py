"""Many small calls, each about little and each checked, for models that lose the thread of a whole article.

First the incidents of the article; then, sentence by sentence, who says what about which of them; then who is meant by
"it" and "the statement"; then of what kind everybody is. The calls of a step begin alike, so that a server that keeps
the beginning of a prompt reads it once.
"""

from __future__ import annotations

from typing import Any

from extractor.plans.asking import Asking
from extractor.plans.linking import linked
from extractor.plans.stepwise.actors import find_actors
from extractor.plans.stepwise.claims import find_claims
from extractor.plans.stepwise.cues import cue_list_for
from extractor.plans.stepwise.incidents import find_incidents
from extractor.plans.stepwise.where import read_relations
from extractor.schema import Report

__all__ = ["stepwise"]


async def stepwise(asking: Asking, prompt: str | None = None) -> Report:
    """Ask step by step; returns the report grounded and linked, nothing worked out yet.

    `prompt` replaces the prompt of the incidents, so that another field needs another file and no code.
    """
    cues = cue_list_for(asking.document)
    incidents = await find_incidents(asking, prompt)
    claims = await find_claims(asking, incidents, cues)
    actors = await find_actors(asking, incidents, claims, cues)
    data: dict[str, Any] = {
        "actors": actors,
        "incidents": [incident.as_answer(claims, number) for number, incident in enumerate(incidents, 1)],
        "claims": [claim.as_answer() for claim in claims],
    }
    report = await linked(asking, data)
    read_relations(asking.document, report.incidents)
    return report
