"""Who speaks, in languages without a list of reporting words: a call of its own for each sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import regex
from pydantic import BaseModel, Field, create_model

from extractor.plans.asking import Asking
from extractor.plans.stepwise.sentences import Speaker, Told, standing, wholly_quoted
from extractor.schema import Stance

PROMPT = "stepwise/claims"

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]+")
_MOST = 4


async def find_speakers(asking: Asking, told: Sequence[Told]) -> None:
    """Ask of each sentence who speaks in it; the cue is any word of it, and the model tells the speech act too."""
    template = asking.prompt(PROMPT)
    await asking.warm(template.beginning())
    document = asking.document
    asked = [one for one in told if not wholly_quoted(document.words(one.sentence))]

    async def ask(one: Told) -> None:
        words = " ".join(document.words(one.sentence).split())
        schema = _schema(words)
        data = await asking.answer_or_nothing(template.messages(sentence=words), schema, max_tokens=60 * _MOST + 40)
        for claim in asking.items(schema, data, "claims") if data is not None else []:
            sources = standing(asking, one.sentence, claim.cue, claim.source)
            one.speakers.extend(Speaker(claim.cue, source, stance=claim.act) for source in sources)

    await asking.each(asked, ask, "who says what")


def _schema(words: str) -> type[BaseModel]:
    cue: Any = Literal[tuple(dict.fromkeys(_WORD.findall(words)))]
    one = create_model("SentenceClaim", cue=(cue, ...), source=(str, ...), act=(Stance, ...))
    several: Any = Annotated[list[one], Field(max_length=_MOST)]
    return create_model("SentenceClaims", claims=(several, ...))
