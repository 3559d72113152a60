"""From a model's answer to a report: ids in place of the model's numbers, and the rules that tie claims to the text."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeVar, cast

from extractor.document import Document
from extractor.grounding import Mention, nearest_evidence
from extractor.plans.asking import Asking
from extractor.plans.placing import place_beside_each_other
from extractor.schema import Claim, Incident, Report

T = TypeVar("T")

NUMBER = "number_in_answer"
"""A key of an actor or incident of an answer: which one it was, from 1."""
TOLD_IN = "told_in"
"""A key of a value of an answer: the number of the sentence in which it stands, where a plan knows that."""


async def linked(asking: Asking, data: Any) -> Report:
    """Ground an answer of the form of a `Report` and give everything in it its id.

    A claim is dropped when its source or cue does not stand in its own sentences, or when they are headings only: it
    never becomes the article's own voice. An incident is dropped when the text names nobody and nothing of it.
    """
    remember_numbers(data)
    checked = await asking.settle(Report, data)
    report, kept = checked.value, cast(dict[str, list[dict[str, Any]]], checked.data)
    actors = {f"A{item[NUMBER]}": f"A{number}" for number, item in enumerate(kept["actors"], 1)}
    old_incidents = [f"I{item[NUMBER]}" for item in kept["incidents"]]

    for number, actor in enumerate(report.actors, 1):
        actor.id = f"A{number}"
    for incident, answer in zip(report.incidents, kept["incidents"], strict=True):
        _put_where_told(asking.document, incident, answer)
    standing = [(old, one) for old, one in zip(old_incidents, report.incidents, strict=True) if _stands(asking, one)]
    incidents = {old: f"I{number}" for number, (old, _) in enumerate(standing, 1)}
    report.incidents = [incident for _, incident in standing]
    for incident in report.incidents:
        _say_once(asking, incident)
    for number, incident in enumerate(report.incidents, 1):
        incident.id = f"I{number}"

    report.claims = list(_standing_claims(asking, report))
    for number, claim in enumerate(report.claims, 1):
        claim.id = f"C{number}"
        claim.source.actor = actors.get(claim.source.actor or "")
        claim.incidents = [incidents[old] for old in dict.fromkeys(claim.incidents) if old in incidents]
    return report


def remember_numbers(data: Any) -> None:
    """Write each item's number into it, so that links still fit after some items were dropped."""
    if not isinstance(data, dict):
        return
    for name in ("actors", "incidents"):
        items = cast(dict[str, Any], data).get(name)
        for number, item in enumerate(cast(list[Any], items) if isinstance(items, list) else [], 1):
            if isinstance(item, dict):
                item[NUMBER] = number


def _put_where_told(document: Document, incident: Incident, answer: Mapping[str, Any]) -> None:
    """Move each value to its words in the sentence that the answer gives it."""
    for name in ("initiators", "targets", "weapons", "when", "where", "casualties"):
        values: list[Any] = getattr(incident, name)
        for value, said in zip(values, cast(list[Any], answer.get(name) or []), strict=True):
            if isinstance(said, dict) and TOLD_IN in said:
                nearest_evidence(value, document, [cast(dict[str, int], said)[TOLD_IN]])


def _stands(asking: Asking, incident: Incident) -> bool:
    if incident.initiators or incident.targets or incident.casualties or incident.weapons:
        return True
    asking.drop(
        "incident", incident.evidence[0].quote[:80], f"nobody and nothing of this {incident.type} is in the text"
    )
    return False


def _say_once(asking: Asking, incident: Incident) -> None:
    """Leave out values that point to the same words again; a casualty is the same with its status and count."""
    for name in ("initiators", "targets", "weapons", "when", "where"):
        values: list[Mention] = getattr(incident, name)
        setattr(incident, name, _each_once(asking, name, [((one.start, one.end), one.text, one) for one in values]))
    tolls = [
        ((one.who.start, one.who.end, one.status, one.count.start if one.count else None), one.who.text, one)
        for one in incident.casualties
    ]
    incident.casualties = _each_once(asking, "casualties", tolls)


def _each_once(asking: Asking, name: str, keyed: Sequence[tuple[Hashable, str, T]]) -> list[T]:
    kept: dict[Hashable, T] = {}
    for key, words, value in keyed:
        if key in kept:
            asking.drop(name, words, "it is in the list already")
        kept.setdefault(key, value)
    return list(kept.values())


def _standing_claims(asking: Asking, report: Report) -> Iterator[Claim]:
    place_beside_each_other(asking.document, report.claims)
    seen: set[tuple[int, int]] = set()
    for claim in sorted(report.claims, key=lambda claim: (claim.sentences[0], claim.source.start)):
        why = _why_not(asking.document, claim)
        place = (claim.source.start, claim.cue.start if claim.cue else claim.sentences[0])
        if why is None and claim.cue is not None and place in seen:
            why = "the same source and cue make a claim already"
        if why is None:
            seen.add(place)
            yield claim
        else:
            asking.drop("claim", f"{claim.source.text} {claim.cue.text if claim.cue else ''}".strip(), why)


def _why_not(document: Document, claim: Claim) -> str | None:
    if all(document.sentence(number).heading for number in claim.sentences):
        return "it stands in a heading only"
    claim.attribution = "explicit" if claim.cue else "implicit"
    if claim.cue is not None and not _inside(document, claim, claim.cue):
        return f"its cue {claim.cue.text!r} is not in its sentence"
    if claim.attribution == "explicit" and not _inside(document, claim, claim.source):
        return f"its source {claim.source.text!r} is not in its sentence"
    if claim.cue is not None and claim.source.start < claim.cue.end and claim.cue.start < claim.source.end:
        return f"its source {claim.source.text!r} is its cue"
    return None


def _inside(document: Document, claim: Claim, mention: Mention) -> bool:
    spans = [document.sentence(number) for number in claim.sentences]
    return any(span.start <= mention.start and mention.end <= span.end for span in spans)
