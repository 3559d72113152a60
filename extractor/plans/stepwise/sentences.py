"""The first step: what each sentence tells. A call a sentence: who speaks, what is counted, what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypeVar, cast, get_args

import regex
from pydantic import BaseModel, Field, ValidationError, create_model

from extractor.derive.content.quotes import quotations
from extractor.document import Sentence
from extractor.grounding import locate
from extractor.plans.asking import Asking
from extractor.plans.stepwise.cues import CueList
from extractor.plans.stepwise.days import days_in
from extractor.plans.stepwise.deeds import NONE, PHRASE, Deed, deed_of, line_of
from extractor.plans.stepwise.event_words import EventWords
from extractor.plans.stepwise.numbers import numbers_in
from extractor.plans.stepwise.quoting import Speaker, in_order, one_name, told_by_the_quoted
from extractor.plans.stepwise.wording import each, whole_name
from extractor.schema import CasualtyStatus

M = TypeVar("M", bound=BaseModel)

PROMPT = "stepwise/sentences"

_MOST_EVENTS = 2

_NOTHING = frozenset({"", "?", "null", "none", "unknown", "n/a", "nobody", "not specified", "unspecified"})
_ARTICLE = regex.compile(r"^(?:the|an?) ", regex.I)
_WORD = regex.compile(r"\p{L}[\p{L}\p{M}]+")
_NEVER = regex.compile(r"(?!)")
_SEVERAL = regex.compile(r";| \+ ")


Dated = Literal["event", "speech", "none"]
"""What a day is the day of."""


class Counted(BaseModel):
    """People counted, and what became of them."""

    who: str
    how: CasualtyStatus


_STATUSES = "|".join(get_args(CasualtyStatus))
_Speakers = Annotated[str, Field(pattern=f"^({PHRASE}(; {PHRASE}){{0,2}})?$")]
_People = Annotated[str, Field(pattern=f"^(none|{PHRASE}: ({_STATUSES}|none))$")]
"""Who is counted by a number, and what became of them: "officers: killed"."""
_Who = Annotated[str, Field(pattern=f"^{PHRASE}$")]


@dataclass(frozen=True)
class Told:
    """What one sentence tells."""

    sentence: int
    speakers: list[Speaker] = field(default_factory=list[Speaker])
    counted: list[tuple[str | None, Counted]] = field(default_factory=list[tuple[str | None, Counted]])
    """The number's words, if there is one, and who is counted."""
    days: list[str] = field(default_factory=list[str])
    """Words that tell the day of a deed."""
    named_days: list[str] = field(default_factory=list[str])
    """All words that tell a day."""
    deeds: list[Deed] = field(default_factory=list[Deed])


async def read_sentences(
    asking: Asking, cues: CueList | None, events: EventWords | None, prompt: str | None = None
) -> list[Told]:
    """Ask about every sentence that may tell something, but for headings, each by itself."""
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
        about = _Asked.of(words, document.language or (cues and cues.language), cues, events)
        if about.nothing:
            return Told(sentence.number)
        data = await asking.answer_or_nothing(template.messages(sentence=words), about.schema(), max_tokens=450)
        return _Reader(asking, sentence.number).told(data, about, events)

    return await asking.each(asked, ask, "reading the sentences")


@dataclass(frozen=True)
class _Asked:
    """What is asked about a sentence: code finds the words, the model tells what they mean."""

    words: str
    cues: CueList | None
    reporting: list[str]
    accusing: list[str]
    """Those of them that accuse."""
    speakers: list[str]
    """A key for each reporting word, and one for whom it tells or accuses or by whom it is quoted."""
    numbers: list[str]
    befell: list[str]
    """Where no number counts people, the words that tell what became of somebody: one for each status."""
    days: list[str]
    events: list[str] | None
    """Words that may tell of an event; `None` where the language has no list of them."""
    line: Any
    """The form of an event."""
    suffered: frozenset[str]
    """Words whose subject suffers."""

    @classmethod
    def of(cls, words: str, language: str | None, cues: CueList | None, events: EventWords | None) -> _Asked:
        """What to ask about a sentence."""
        reporting = cues.candidates(words) if cues else []
        accusing = [cue for cue in reporting if cues and cues.stance(cue) == "accuses"]
        speakers = [key for cue in reporting for key in _keys(cue, cues)]
        days = days_in(words, language)
        numbers = [
            number
            for number in numbers_in(words, language)
            if number not in reporting and not any(number in day for day in days)
        ]
        told = events.candidates(words) if events else None
        befell = {events.statuses.get(word.lower()): word for word in reversed(told or [])} if events else {}
        return cls(
            words,
            cues,
            reporting,
            accusing,
            speakers,
            numbers,
            [] if numbers else [word for status, word in reversed(befell.items()) if status],
            days,
            told,
            line_of(words, events),
            events.suffered if events else frozenset(),
        )

    @property
    def nothing(self) -> bool:
        """Whether the sentence has no word to ask about."""
        return self.events == [] and not (self.reporting or self.numbers)

    def schema(self) -> type[BaseModel]:
        """The form of the answer."""
        fields: dict[str, Any] = {f"cue_{n}": (_Speakers, Field(alias=key)) for n, key in enumerate(self.speakers)}
        fields |= {f"number_{n}": (_People, Field(alias=number)) for n, number in enumerate(self.numbers)}
        fields |= {f"befell_{n}": (_Who, Field(alias=f"{word}, who")) for n, word in enumerate(self.befell)}
        if self.events != []:
            fields |= {f"day_{n}": (Dated, Field(alias=day)) for n, day in enumerate(self.days)}
            most = min(_MOST_EVENTS, len(self.events)) if self.events else _MOST_EVENTS
            fields["events"] = (Annotated[list[self.line], Field(min_length=1, max_length=most)], ...)
        return create_model("Sentence", **fields)


def _keys(cue: str, cues: CueList | None) -> list[str]:
    """What is asked about a cue: who speaks, and to or against whom, or by whom others are quoted."""
    if cues is None:
        return [cue]
    if cue.lower() in cues.relays:
        return [cue, f"{cue}, by"]
    return [cue, f"{cue}, whom"] if cue.lower() in cues.tells or cues.stance(cue) == "accuses" else [cue]


class _Reader:
    """Takes from one sentence's answer what stands in that sentence."""

    def __init__(self, asking: Asking, sentence: int) -> None:
        self.asking = asking
        self.sentence = sentence

    def told(self, data: Any, about: _Asked, words: EventWords | None) -> Told:
        answers = cast(dict[str, Any], data) if isinstance(data, dict) else {}
        told = Told(self.sentence, named_days=about.days)
        told.speakers.extend(self._speakers(answers, about))
        for number in about.numbers:
            who, _, how = str(answers.get(number)).rpartition(": ")
            for one in self._valid(Counted, number, {"how": how, "who": who}) if how != "none" else ():
                words_told = self._standing(number, one.who) or [number]
                told.counted.append((number, one.model_copy(update={"who": words_told[0]})))
        told.days.extend(day for day in about.days if answers.get(day) == "event")
        events: Any = answers.get("events")
        for line in cast(list[Any], events) if isinstance(events, list) else []:
            deed = deed_of(line)
            if deed is not None:
                told.deeds.append(_suffered(self._grounded(deed), about))
            elif line != NONE:
                self.asking.drop("event", str(line)[:80], "it is no event")
        self._count_without_number(told, answers, about, words)
        return told

    def _count_without_number(
        self, told: Told, answers: Mapping[str, Any], about: _Asked, words: EventWords | None
    ) -> None:
        """People whom a word tells to be killed, wounded ... and whom no number counts; that alone makes no event."""
        counted = {one.how for _, one in told.counted}
        if words is None:
            return
        for word in about.befell:
            if words.reals(about.words, word)[0] == "did":
                people = self._standing(word, answers.get(f"{word}, who"))
                how = words.statuses[word.lower()]
                told.counted.extend((None, Counted(who=who, how=how)) for who in people if who != "none")
        for deed in list(told.deeds):
            how = words.statuses.get(deed.what.lower())
            if how is None or deed.realis != "actual":
                continue
            if how not in counted and not about.befell:
                told.counted.extend((None, Counted(who=who, how=how)) for who in several(deed.on))
            alone = deed.on and not (deed.by or deed.where or deed.weapon)
            if alone and (deed.type == "other" or how == "missing"):
                told.deeds.remove(deed)

    def _grounded(self, deed: Deed) -> Deed:
        """The deed with the words that stand in the sentence, names in full."""
        words = self.asking.document.words(self.sentence)
        held = {name: self._standing(name, getattr(deed, name)) for name in ("by", "on", "where", "weapon")}
        for name in ("by", "on"):
            held[name] = [whole_name(one, words) for both in held[name] for one in each(both)]
        return deed.model_copy(update={name: "; ".join(values) for name, values in held.items()})

    def _standing(self, what: str, answer: Any) -> list[str]:
        return standing(self.asking, self.sentence, what, answer)

    def _speakers(self, answers: Mapping[str, Any], about: _Asked) -> list[Speaker]:
        """Who speaks. One who is quoted by another is the source of all that the other one says here."""
        found: list[Speaker] = []
        for cue in about.reporting:
            by = next(iter(self._standing(cue, answers.get(f"{cue}, by"))), None)
            whom = next(iter(self._standing(cue, answers.get(f"{cue}, whom"))), None)
            for source in self._sources(cue, answers.get(cue), about):
                if regex.search(rf"\b{regex.escape(cue)}\b", source):
                    self.asking.drop("claim", f"{source} {cue}", "its source holds its cue")
                    continue
                if cue in about.accusing:
                    found.append(Speaker(cue, source, against=whom))
                elif by is None or one_name(by, source):
                    found.append(Speaker(cue, source, told=whom))
                else:
                    quoted, quoting = in_order(
                        about.words, cue, source, by, about.cues.passive if about.cues else _NEVER
                    )
                    found.append(Speaker(cue, quoted, quoting))
        return told_by_the_quoted(found)

    def _sources(self, cue: str, answer: Any, about: _Asked) -> list[str]:
        """Each source by itself, without what it wrote, and without the cue where a model ran on into the sentence."""
        said = regex.sub(rf"(?<=\w\w\w)\s+{regex.escape(cue)}\s.*", "", answer) if isinstance(answer, str) else answer
        standing = [one for words in self._standing(cue, said) for one in each(words)]
        return [about.cues.author(one) if about.cues else one for one in standing]

    def _valid(self, schema: type[M], what: str, answer: Any) -> list[M]:
        try:
            return [schema.model_validate(answer)]
        except ValidationError:
            self.asking.drop(what, str(answer)[:80], f"it is no {schema.__name__.lower()}")
            return []


def _suffered(deed: Deed, about: _Asked) -> Deed:
    """The deed without who died, or was hit, among those who did it: that is whom it befell."""
    died = deed.what.lower() in about.suffered
    hit = [name for name in several(deed.by) if died or _is_hit(name, deed.what, about)]
    if not hit:
        return deed
    by = [name for name in several(deed.by) if name not in hit]
    return deed.model_copy(update={"by": "; ".join(by), "on": deed.on or "; ".join(hit)})


def _is_hit(name: str, what: str, about: _Asked) -> bool:
    """Whether the sentence has it done to them: "the post was shelled"."""
    if about.cues is None:
        return False
    done = regex.compile(rf"{regex.escape(name)}\b[^.,;]{{0,60}}?\s(?=(?:\p{{L}}+ly\s)?{regex.escape(what)}\b)")
    match = done.search(about.words)
    return match is not None and about.cues.passive.search(match.group()) is not None


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
    """The values of an answer that may hold several, with `;` or `+` between."""
    values = [" ".join(value.split()) for value in _SEVERAL.split(answer)] if isinstance(answer, str) else []
    return [value for value in dict.fromkeys(values) if value.lower() not in _NOTHING]


def wholly_quoted(sentence: str) -> bool:
    """Whether a sentence is nothing but a quotation."""
    return quotations(sentence.strip()) == [(0, len(sentence.strip()))]
