"""Denials that no cue words: "There was no missile," he said. The model is asked where a sentence could hold one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from extractor.plans.asking import Asking, numbered
from extractor.plans.stepwise.claims import FoundClaim
from extractor.plans.stepwise.cues import CueList

PROMPT = "stepwise/denials"


class Denial(BaseModel):
    """What a speaker does."""

    act: Literal["denies", "asserts"]


async def find_denials(asking: Asking, claims: Sequence[FoundClaim], cues: CueList | None) -> None:
    """Make denials of the claims, worded as mere statements, that the model takes for one."""
    document = asking.document
    doubtful = [
        claim
        for claim in claims
        if cues and claim.stance == "asserts" and cues.negation.search(document.words(claim.sentence))
    ]
    if not doubtful:
        return
    template = asking.prompt(PROMPT)
    await asking.warm(template.beginning())

    async def ask(claim: FoundClaim) -> None:
        shown = [number for number in (claim.sentence - 2, claim.sentence - 1, claim.sentence) if number > 0]
        messages = template.messages(sentences=numbered(document, shown), source=claim.source)
        data = await asking.answer_or_nothing(messages, Denial, max_tokens=20)
        if data == {"act": "denies"}:
            claim.stance = "denies"

    await asking.each(doubtful, ask, "who denies what")
