"""The second step: who says what, a sentence a call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import regex
from pydantic import BaseModel, Field, create_model

from extractor.document import Document, Sentence
from extractor.grounding import locate
from extractor.llm.client import Message
from extractor.plans.asking import Asking, in_turn_or_together
from extractor.plans.stepwise.cues import CueList
from extractor.plans.stepwise.incidents import FoundIncident
from extractor.schema import Aspect, Stance
from extractor.templates import Prompt

PROMPT = "stepwise/claims"

_FAR = 30
"""Code points between source and cue from which on the clause of the cue is asked about by itself."""
_CLAUSE_BREAK = regex.compile(r"[,;:—–\"“”«»]")
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]+")
_WHOLLY_QUOTED = regex.compile(r"^[\"“„«「‘'].*[\"”“»」’']$", regex.S)


@dataclass
class FoundClaim:
    """A claim as the small model tells it, words not yet grounded."""

    sentence: int
    source: str
    cue: str | None
    stance: Stance
    incident: int
    about: Aspect | None
    actor: int | None = None

    def as_answer(self) -> dict[str, Any]:
        """In the form in which a report is asked for."""
        return {
            "sentences": [self.sentence],
            "source": {"text": self.source, "actor": self.actor},
            "via": [],
            "cue": self.cue,
            "against": None,
            "attribution": "implicit" if self.cue is None else "explicit",
            "stance": self.stance,
            "incidents": [self.incident] if self.incident else [],
            "aspects": [self.about] if self.about else [],
        }


async def find_claims(asking: Asking, incidents: Sequence[FoundIncident], cues: CueList | None) -> list[FoundClaim]:
    """Ask about each sentence that may hold a claim.

    Where there is a list of cues for the language, sentences without any are passed over, and the model chooses among
    those that a sentence has. A sentence that is nothing but a quotation carries on the account before it.
    """
    template = asking.prompt(PROMPT)
    labels = " ".join(f"{number} {incident.label()}." for number, incident in enumerate(incidents, 1)) or "none."
    await asking.warm(template.beginning(incidents=labels))
    document = asking.document
    asked = [
        sentence
        for sentence in document.sentences
        if not sentence.heading
        and not _WHOLLY_QUOTED.match(document.words(sentence.number))
        and (cues is None or cues.candidates(document.words(sentence.number)))
    ]
    sentence_claims = _SentenceClaims(asking, template, labels, len(incidents), cues)
    done = 0

    async def ask(sentence: Sentence) -> list[FoundClaim]:
        nonlocal done
        asking.step(done, len(asked), "who says what")
        found = await sentence_claims.ask(sentence)
        done += 1
        return found

    answers = await in_turn_or_together(asking.slots, [lambda sentence=sentence: ask(sentence) for sentence in asked])
    by_sentence = {sentence.number: found for sentence, found in zip(asked, answers, strict=True)}
    return _with_quotations(document, by_sentence)


class _SentenceClaims:
    """What the calls of this step have in common."""

    def __init__(self, asking: Asking, template: Prompt, labels: str, incidents: int, cues: CueList | None) -> None:
        self.asking = asking
        self.template = template
        self.labels = labels
        self.incidents = incidents
        self.cues = cues

    async def ask(self, sentence: Sentence) -> list[FoundClaim]:
        words = self.asking.document.words(sentence.number)
        candidates = self.cues.candidates(words) if self.cues else None
        found: list[FoundClaim] = []
        for answer in await self._answers(words, candidates):
            claim = FoundClaim(
                sentence=sentence.number,
                source=answer.source,
                cue=answer.cue,
                stance=self.cues.stance(answer.cue) if self.cues else answer.act,
                incident=answer.incident,
                about=answer.about,
            )
            if candidates is not None and self._is_far(sentence, claim):
                claim.source = await self._source_in_clause(sentence, claim)
            found.append(claim)
        return list(self._one_for_each_cue(words, found))

    async def _answers(self, words: str, candidates: list[str] | None) -> list[Any]:
        schema = _schema(candidates, words, self.incidents)
        messages: list[Message] = self.template.messages(incidents=self.labels, sentence=" ".join(words.split()))
        limit = 60 * len(candidates or [1, 1, 1]) + 40
        data = await self.asking.answer_or_nothing(messages, schema, max_tokens=limit)
        return [] if data is None else self.asking.items(schema, data, "claims")

    def _is_far(self, sentence: Sentence, claim: FoundClaim) -> bool:
        """Whether between source and cue lies more than a small model can be trusted over."""
        text = self.asking.document.text
        source, cue = self._place(sentence, claim.source), self._place(sentence, claim.cue or "")
        if source is None or cue is None:
            return cue is not None
        between = text[min(source[1], cue[1]) : max(source[0], cue[0])]
        return len(between) > _FAR and _CLAUSE_BREAK.search(between) is not None

    def _place(self, sentence: Sentence, words: str) -> tuple[int, int] | None:
        found = locate(self.asking.document, words, [sentence.number])
        return (found.start, found.end) if found and sentence.start <= found.start < sentence.end else None

    async def _source_in_clause(self, sentence: Sentence, claim: FoundClaim) -> str:
        """The source named right beside the cue, if the model finds one there; else the one it named before."""
        cue = self._place(sentence, claim.cue or "")
        if cue is None or claim.cue is None:
            return claim.source
        text = self.asking.document.text
        breaks = [match.start() for match in _CLAUSE_BREAK.finditer(text, sentence.start, sentence.end)]
        starts = [sentence.start, *(place + 1 for place in breaks if place < cue[0])]
        end = min((place for place in breaks if place >= cue[1]), default=sentence.end)
        start = starts[-1]
        # A bare "the statement said." is no sentence to a small model: some of what comes before goes with it.
        shown = next((one for one in reversed(starts) if start - one > _FAR), sentence.start)
        clause = text[shown:end].strip()
        if len(clause) <= len(claim.cue) + 2 or clause == self.asking.document.words(sentence.number):
            return claim.source
        ending = "" if clause[-1] in ".!?" else "."
        for answer in await self._answers(clause + ending, [claim.cue]):
            source = self._place(sentence, answer.source)
            apart = source is not None and (source[1] <= cue[0] or cue[1] <= source[0])
            if (
                source
                and apart
                and start <= source[0]
                and len(text[min(source[1], cue[1]) : max(source[0], cue[0])]) <= _FAR
            ):
                return answer.source
        return claim.source

    def _one_for_each_cue(self, words: str, claims: Sequence[FoundClaim]) -> list[FoundClaim]:
        """As many claims for a cue as it occurs; more only for sources named in one breath ("A and B said")."""
        kept: list[FoundClaim] = []
        for claim in claims:
            same = [other for other in kept if other.cue == claim.cue]
            cue = claim.cue or ""
            if len(same) < words.count(cue) or (
                same and self._in_one_breath(words, same[-1].source, claim.source, cue)
            ):
                kept.append(claim)
            else:
                self.asking.drop("claim", f"{claim.source} {cue}", f"the cue {cue!r} belongs to another source")
        return kept

    @staticmethod
    def _in_one_breath(words: str, one: str, other: str, cue: str) -> bool:
        first, second = words.find(one), words.find(other)
        between = words[first + len(one) : second]
        return 0 <= first < second and len(between) <= 8 and cue not in between


def _schema(candidates: list[str] | None, words: str, incidents: int) -> type[BaseModel]:
    """The answer's schema: cues and incidents are those that there are. The cue comes first, for it is what to find.

    Without a list of the language the cue is any one word of the sentence, and the model tells the speech act too.
    """
    cue: Any = Literal[tuple(candidates or dict.fromkeys(_WORD.findall(words)) or [words])]
    more: dict[str, Any] = {} if candidates else {"act": (Stance, ...)}
    number: Any = Literal[tuple(range(incidents + 1))]
    one = create_model(
        "SentenceClaim", cue=(cue, ...), source=(str, ...), incident=(number, ...), about=(Aspect, ...), **more
    )
    most = len(candidates) + 1 if candidates else 4
    several: Any = Annotated[list[one], Field(max_length=most)]
    return create_model("SentenceClaims", claims=(several, ...))


def _with_quotations(document: Document, by_sentence: dict[int, list[FoundClaim]]) -> list[FoundClaim]:
    """All claims in order, those of wholly quoted sentences after the claim that they carry on."""
    claims: list[FoundClaim] = []
    running: FoundClaim | None = None
    for sentence in document.sentences:
        found = by_sentence.get(sentence.number, [])
        if found:
            running = found[-1]
        elif running and not sentence.heading and _WHOLLY_QUOTED.match(document.words(sentence.number)):
            found = [FoundClaim(sentence.number, running.source, None, "asserts", running.incident, None)]
        else:
            running = None
        claims += found
    return claims
