"""One answer of the answers about several windows of an article: what is told in two of them is told once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from extractor.document import Document
from extractor.grounding import Mention
from extractor.plans.linking import NUMBER, TOLD_IN
from extractor.plans.stepwise.incidents.found import FoundIncident, Happening, same
from extractor.plans.stepwise.incidents.merging import Found
from extractor.plans.stepwise.names import key
from extractor.schema import Casualty, Incident, Report

_VALUES = ("initiators", "targets", "weapons", "when", "where", "casualties")


@dataclass(eq=False)
class _Told(FoundIncident):
    """An incident of one or several windows, with the answer that it makes."""

    answer: dict[str, Any] | None = None
    number: int = 0


class Joined:
    """The answers about the windows of an article so far, each checked, put together into one.

    Actors are one that have a name in common, but for case and article; where two of those before have it, neither is.
    An incident is one told in an earlier window if by the rules of the stepwise plan it is; incidents that are told
    apart in one window stay apart.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._actors: list[dict[str, Any]] = []
        self._incidents: list[dict[str, Any]] = []
        self._claims: list[dict[str, Any]] = []
        self._named: dict[tuple[str, ...], set[int]] = {}
        self._found: Found[_Told] = Found()

    def add(self, report: Report, answer: Any) -> None:
        """Add what one window tells: the report that was checked, and the answer as it stood."""
        kept = cast(dict[str, list[dict[str, Any]]], answer)
        actors: dict[Any, int] = {one[NUMBER]: self._actor(one) for one in kept["actors"]}
        taken: set[int] = set()
        incidents: dict[Any, int] = {
            one[NUMBER]: self._incident(incident, one, taken)
            for incident, one in zip(report.incidents, kept["incidents"], strict=True)
        }
        for claim in kept["claims"]:
            source: Any = claim["source"]
            if isinstance(source, dict):
                said = cast(dict[str, Any], source)
                claim["source"] = {**said, "actor": actors.get(said.get("actor"))}
            about = cast(list[Any], claim.get("incidents") or [])
            claim["incidents"] = list(dict.fromkeys(incidents[one] for one in about if one in incidents))
            self._claims.append(claim)

    def answer(self) -> dict[str, Any]:
        """The one answer, in the form in which a report is asked for."""
        return {"actors": self._actors, "incidents": self._incidents, "claims": self._claims}

    def _actor(self, actor: dict[str, Any]) -> int:
        names = [_words(one) for one in actor["mentions"]]
        known = [self._named[key(name)] for name in names if key(name) in self._named]
        sure = {next(iter(numbers)) for numbers in known if len(numbers) == 1}
        if len(sure) == 1:
            [number] = sure
            held: list[Any] = self._actors[number - 1]["mentions"]
            there = set(map(_words, held))
            held += [one for one in actor["mentions"] if _words(one) not in there]
        else:
            self._actors.append(actor)
            number = len(self._actors)
        for name in names:
            self._named.setdefault(key(name), set()).add(number)
        return number

    def _incident(self, incident: Incident, answer: dict[str, Any], taken: set[int]) -> int:
        answer = {**answer, **{name: self._placed(getattr(incident, name), answer.get(name)) for name in _VALUES}}
        answer["evidence"] = sorted(
            number
            for one in incident.evidence
            for number in range(one.sentence, self._document.sentence_at(one.end - 1).number + 1)
        )
        happening = _happening(incident)
        told = self._found.home(happening, [], lambda one: one.number not in taken)
        if told is None or told.answer is None:
            self._incidents.append(answer)
            told = _Told(answer=answer, number=len(self._incidents))
            self._found.append(told)
        else:
            _join(told.answer, answer)
        told.take(happening)
        for sentence in answer["evidence"]:
            told.note(sentence)
        self._found.told(told)
        taken.add(told.number)
        return told.number

    def _placed(self, values: Sequence[Any], answers: Any) -> list[Any]:
        """The values as answered, each with the sentence in which it stands."""
        return [
            {
                **(cast(dict[str, Any], said) if isinstance(said, dict) else {"text": said}),
                TOLD_IN: self._sentence(value),
            }
            for value, said in zip(values, cast(list[Any], answers or []), strict=True)
        ]

    def _sentence(self, value: Mention | Casualty) -> int:
        at = value.who if isinstance(value, Casualty) else value
        return self._document.sentence_at(at.start).number


def _happening(incident: Incident) -> Happening:
    return Happening(
        min(one.sentence for one in incident.evidence),
        incident.type,
        incident.realis,
        by=[one.text for one in incident.initiators],
        on=[one.text for one in incident.targets],
        where=[one.text for one in incident.where],
        when=[one.text for one in incident.when],
        used=[one.text for one in incident.weapons],
    )


def _join(held: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add what another window tells of an incident, without what is told already."""
    held["evidence"] = sorted({*held["evidence"], *more["evidence"]})
    for name in _VALUES[:-1]:
        held[name] += [one for one in more[name] if not any(same(_words(one), _words(other)) for other in held[name])]
    tolls = {_toll(one) for one in held["casualties"]}
    held["casualties"] += [one for one in more["casualties"] if _toll(one) not in tolls]


def _toll(casualty: Mapping[str, Any]) -> tuple[str, Any]:
    return _words(casualty.get("count") or casualty["who"]).lower(), casualty["status"]


def _words(answer: Any) -> str:
    return str(cast(dict[str, Any], answer).get("text", "")) if isinstance(answer, dict) else str(answer)
