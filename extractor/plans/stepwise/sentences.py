"""The first step: what each sentence tells. A call a sentence: who speaks, what is counted, what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, TypeVar, cast

import regex
from pydantic import BaseModel, Field, ValidationError, create_model

from extractor.derive.content.quotes import quotations
from extractor.document import Sentence
from extractor.grounding import locate
from extractor.plans.asking import Asking
from extractor.plans.stepwise.cues import CueList
from extractor.plans.stepwise.days import days_in
from extractor.plans.stepwise.numbers import numbers_in
from extractor.plans.stepwise.wording import whole_name
from extractor.schema import CasualtyStatus, IncidentType, Stance

M = TypeVar("M", bound=BaseModel)

PROMPT = "stepwise/sentences"

_NOTHING = frozenset({"", "null", "none", "unknown", "n/a", "nobody", "not specified", "unspecified"})
_ARTICLE = regex.compile(r"^(?:the|an?) ", regex.I)
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]+")


Dated = Literal["event", "speech", "none"]
"""What a day is the day of."""


class Deed(BaseModel):
    """An event as one sentence tells it, words not yet grounded; several values stand with semicolons between."""

    type: IncidentType
    real: Literal["actual", "planned", "hypothetical"]
    by: str
    on: str
    where: str
    with_: Annotated[str, Field(alias="with")]


class NoDeed(BaseModel):
    """A sentence that tells of no event."""

    type: Literal["none"]


class Counted(BaseModel):
    """Who is counted by a number, and what became of them."""

    who: str
    how: CasualtyStatus | Literal["none"]


@dataclass(frozen=True)
class Speaker:
    """Who speaks with a cue."""

    cue: str
    source: str
    via: str | None = None
    """Who passes it on."""
    told: str | None = None
    """To whom it is said."""
    stance: Stance | None = None
    """The speech act, where the model told it; else the cue words it."""


@dataclass(frozen=True)
class Told:
    """What one sentence tells."""

    sentence: int
    speakers: list[Speaker] = field(default_factory=list[Speaker])
    counted: list[tuple[str, Counted]] = field(default_factory=list[tuple[str, Counted]])
    days: list[str] = field(default_factory=list[str])
    """Words that tell the day of a deed."""
    deeds: list[Deed] = field(default_factory=list[Deed])


async def read_sentences(asking: Asking, cues: CueList | None, prompt: str | None = None) -> list[Told]:
    """Ask about every sentence but headings, each by itself."""
    template = asking.prompt(prompt or PROMPT)
    await asking.warm(template.beginning())
    document = asking.document
    asked = [
        sentence
        for sentence in document.sentences
        if not sentence.heading and _WORD.search(document.words(sentence.number))
    ]

    async def ask(sentence: Sentence) -> Told:
        words = " ".join(document.words(sentence.number).split())
        reporting = cues.candidates(words) if cues else []
        days = days_in(words, document.language)
        numbers = [
            number
            for number in numbers_in(words, document.language)
            if number not in reporting and not any(number in day for day in days)
        ]
        speakers = [key for cue in reporting for key in _keys(cue, cues)]
        schema = _schema(speakers, numbers, days)
        data = await asking.answer_or_nothing(template.messages(sentence=words), schema, max_tokens=450)
        return _Reader(asking, sentence.number).told(data, reporting, numbers, days)

    return await asking.each(asked, ask, "reading the sentences")


def _keys(cue: str, cues: CueList | None) -> list[str]:
    """What is asked about a cue: who speaks, and to whom, or by whom others are quoted."""
    besides = "by" if cues and cue.lower() in cues.relays else "whom" if cues and cue.lower() in cues.tells else None
    return [cue, f"{cue}, {besides}"] if besides else [cue]


def _schema(speakers: Sequence[str], numbers: Sequence[str], days: Sequence[str]) -> type[BaseModel]:
    fields: dict[str, Any] = {f"cue_{n}": (str, Field(alias=key)) for n, key in enumerate(speakers)}
    fields |= {f"number_{n}": (Counted, Field(alias=number)) for n, number in enumerate(numbers)}
    fields |= {f"day_{n}": (Dated, Field(alias=day)) for n, day in enumerate(days)}
    fields["events"] = (Annotated[list[NoDeed | Deed], Field(min_length=1, max_length=2)], ...)
    return create_model("Sentence", **fields)


class _Reader:
    """Takes from one sentence's answer what stands in that sentence."""

    def __init__(self, asking: Asking, sentence: int) -> None:
        self.asking = asking
        self.sentence = sentence

    def told(self, data: Any, reporting: Sequence[str], numbers: Sequence[str], days: Sequence[str]) -> Told:
        answers = cast(dict[str, Any], data) if isinstance(data, dict) else {}
        told = Told(self.sentence)
        told.speakers.extend(self._speakers(answers, reporting))
        for number in numbers:
            for one in self._valid(Counted, number, answers.get(number)):
                if one.how == "none":
                    continue
                who = self._standing(number, one.who)
                told.counted.extend(
                    [(number, one.model_copy(update={"who": words})) for words in (who or [number])[:1]]
                )
        told.days.extend(day for day in days if answers.get(day) == "event")
        events: Any = answers.get("events")
        for answer in cast(list[Any], events) if isinstance(events, list) else []:
            for deed in self._valid(Deed, "event", answer) if answer != {"type": "none"} else ():
                told.deeds.append(self._grounded(deed))
        return told

    def _grounded(self, deed: Deed) -> Deed:
        """The deed with the words that stand in the sentence, names in full."""
        words = self.asking.document.words(self.sentence)
        held = {name: self._standing(name, getattr(deed, name)) for name in ("by", "on", "where", "with_")}
        for name in ("by", "on"):
            held[name] = [whole_name(one, words) for one in held[name]]
        return deed.model_copy(update={name: "; ".join(values) for name, values in held.items()})

    def _standing(self, what: str, answer: Any) -> list[str]:
        return standing(self.asking, self.sentence, what, answer)

    def _speakers(self, answers: Mapping[str, Any], reporting: Sequence[str]) -> list[Speaker]:
        """Who speaks. One who is quoted by another is the source of all that the other one says here."""
        found: list[Speaker] = []
        quoted: dict[str, list[str]] = {}
        for cue in reporting:
            by = next(iter(self._standing(cue, answers.get(f"{cue}, by"))), None)
            whom = next(iter(self._standing(cue, answers.get(f"{cue}, whom"))), None)
            for source in self._standing(cue, answers.get(cue)):
                if regex.search(rf"\b{regex.escape(cue)}\b", source):
                    self.asking.drop("claim", f"{source} {cue}", "its source holds its cue")
                    continue
                via = by if by is not None and by.lower() != source.lower() else None
                if via is not None:
                    quoted.setdefault(via.lower(), []).append(source)
                found.append(Speaker(cue, source, via, whom))
        relayed = {one.source.lower() for one in found if one.via is None} & quoted.keys()
        return [
            replace(one, source=source, via=one.source) if one.source.lower() in relayed else one
            for one in found
            if one.via is None or one.via.lower() not in relayed
            for source in (quoted[one.source.lower()] if one.source.lower() in relayed else [one.source])
        ]

    def _valid(self, schema: type[M], what: str, answer: Any) -> list[M]:
        try:
            return [schema.model_validate(answer)]
        except ValidationError:
            self.asking.drop(what, str(answer)[:80], f"it is no {schema.__name__.lower()}")
            return []


def standing(asking: Asking, sentence: int, what: str, answer: Any) -> list[str]:
    """The words of an answer that stand in the sentence; the others are dropped and listed."""
    document, found = asking.document, list[str]()
    place = document.sentence(sentence)
    for words in several(answer):
        for written in dict.fromkeys((words, _ARTICLE.sub("", words))):  # a model may turn "a" into "the"
            span = locate(document, written, [sentence])
            if span is not None and place.start <= span.start and span.end <= place.end:
                found.append(written)
                break
        else:
            asking.drop(what, words, f"it is not in sentence {sentence}")
    return found


def several(answer: Any) -> list[str]:
    """The values of an answer that may hold several, with semicolons between."""
    values = [" ".join(value.split()) for value in answer.split(";")] if isinstance(answer, str) else []
    return [value for value in dict.fromkeys(values) if value.lower() not in _NOTHING]


def wholly_quoted(sentence: str) -> bool:
    """Whether a sentence is nothing but a quotation."""
    return quotations(sentence.strip()) == [(0, len(sentence.strip()))]
