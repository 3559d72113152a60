"""Many small calls, each about little and each checked, for models that lose the thread of a whole article.

Sentence by sentence: who speaks, who is counted, what is done. Code then makes incidents of the deeds; the model is
asked who is meant by "it" and "the statement", and of what kind everybody is. The calls of a step begin alike, so that
a server that keeps the beginning of a prompt reads it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from extractor.plans.asking import Asking
from extractor.plans.linking import linked
from extractor.plans.stepwise.actors import find_actors
from extractor.plans.stepwise.claims import blame, claims_of
from extractor.plans.stepwise.cues import cue_list_for
from extractor.plans.stepwise.denials import word_denials
from extractor.plans.stepwise.event_words import event_words_for
from extractor.plans.stepwise.incidents import FoundIncident, merge
from extractor.plans.stepwise.kinds import find_kinds
from extractor.plans.stepwise.sentences import read_sentences
from extractor.plans.stepwise.speakers import find_speakers
from extractor.plans.stepwise.where import read_relations
from extractor.schema import Report

__all__ = ["stepwise"]


async def stepwise(asking: Asking, prompt: str | None = None) -> Report:
    """Ask step by step; returns the report grounded and linked, nothing worked out yet.

    `prompt` replaces the prompt of the sentences.
    """
    cues = cue_list_for(asking.document)
    events = event_words_for(cues.language) if cues else None
    told = await read_sentences(asking, cues, events, prompt)
    if cues is None:
        await find_speakers(asking, told)
    kinds = await find_kinds(asking, told, cues)
    incidents = _worth_telling(asking, merge(asking.document, told, kinds, events))
    claims = claims_of(asking.document, told, incidents, kinds, cues)
    blame(incidents, claims, kinds, cues)
    sides = [name for incident in incidents for name in (*incident.by, *incident.on)]
    actors = await find_actors(asking, sides, claims, kinds, cues)
    data: dict[str, Any] = {
        "actors": actors,
        "incidents": [incident.as_answer() for incident in incidents],
        "claims": [claim.as_answer() for claim in claims],
    }
    report = await linked(asking, data)
    word_denials(asking.document, report, cues)
    read_relations(asking.document, report.incidents)
    return report


def _worth_telling(asking: Asking, incidents: Sequence[FoundIncident]) -> list[FoundIncident]:
    """The incidents but for those mentioned in passing, which are listed as dropped; all of them if all are."""
    told = [incident for incident in incidents if not incident.in_passing]
    for incident in incidents if told else ():
        if incident.in_passing:
            words = asking.document.words(incident.sentences[0])
            asking.drop(
                "incident", words[:80], f"this {incident.type} is mentioned in passing: too little is told of it"
            )
    return told or list(incidents)
