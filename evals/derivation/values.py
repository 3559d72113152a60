"""Worked-out values beside the labelled ones, value by value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pydantic import TypeAdapter

from evals.derivation.layer import model_layer
from evals.goldset import GoldArticle
from evals.scoring.sides import Days, Sides
from evals.scoring.spans import ranges
from extractor.derive.positions import parties_by_actor, party_of
from extractor.derive.report import work_out
from extractor.grounding import Span
from extractor.schema import Claim, Count, Incident, Report, When

STATED = ("position", "dispute", "status", "date")
"""What follows from the model's layer of a label, its ties included: these make the headline."""
FIELDS = (*STATED, "party", "count", "country", "claims", "content")
"""Every kind of value compared. A party is the set of actors of it; `claims` those in whose words a value stands."""

_SPANS = TypeAdapter(list[Span])


class WorkedOut(NamedTuple):
    """A value as code worked it out and as a label has it."""

    article: str
    field: str
    path: str
    value: str
    label: str
    right: bool
    """Whether it is the labelled value, or one that the label accepts there besides."""


def work_out_labels(articles: Sequence[GoldArticle], *, ties: bool) -> list[WorkedOut]:
    """Work every label out anew from its model's layer and compare the values; `ties` as for `model_layer`."""
    return [value for article in articles for value in _article(article, ties=ties)]


def _article(article: GoldArticle, *, ties: bool) -> Iterator[WorkedOut]:
    report, document = model_layer(article, ties=ties)
    work_out(report, document)
    sides = Sides(article.label, article.accept, report)
    for field, path, value, label, right in _values(sides):
        yield WorkedOut(article.id, field, path, value, label, right)


_Compared = tuple[str, str, str, str, bool]


def _values(sides: Sides) -> Iterator[_Compared]:
    parties = _parties(sides.predicted), _parties(sides.gold)
    for ours, theirs in zip(sides.predicted.actors, sides.gold.actors, strict=True):
        yield _one("party", ours.id, _joined(parties[0], ours.id), _joined(parties[1], ours.id))
        yield _one("country", ours.id, ours.country, theirs.country)
    for ours, theirs in zip(sides.predicted.incidents, sides.gold.incidents, strict=True):
        yield _one("status", ours.id, ours.status, theirs.status, *sides.either(f"{ours.id}.status"))
        yield from _incident(sides, ours, theirs)
    for ours, theirs in zip(sides.predicted.claims, sides.gold.claims, strict=True):
        yield _one("position", ours.id, ours.position, theirs.position, *sides.either(f"{ours.id}.position"))
        cuts = [ranges(_SPANS.validate_python(cut)) for cut in sides.either(f"{ours.id}.content")]
        right = ranges(ours.content) in [ranges(theirs.content), *cuts]
        yield "content", ours.id, _words(ours), _words(theirs), right
    yield from _disputes(sides)


def _incident(sides: Sides, ours: Incident, theirs: Incident) -> Iterator[_Compared]:
    for name in ("initiators", "targets", "weapons", "when", "where"):
        for number, (value, label) in enumerate(zip(getattr(ours, name), getattr(theirs, name), strict=True)):
            path = f"{ours.id}.{name}[{number}]"
            yield _one("claims", path, " ".join(value.claims), " ".join(label.claims))
            if name == "where":
                yield _one("country", path, value.country, label.country)
            if name == "when":
                others = [_days(other) for other in sides.others(path, Days)]
                yield _one("date", path, _days(value), _days(label), *others)
    for number, (value, label) in enumerate(zip(ours.casualties, theirs.casualties, strict=True)):
        path = f"{ours.id}.casualties[{number}]"
        yield _one("claims", path, " ".join(value.who.claims), " ".join(label.who.claims))
        others = [_bounds(other) for other in sides.others(f"{path}.count", Count)]
        if None in sides.either(f"{path}.count"):
            others.append(_bounds(None))
        yield _one("count", path, _bounds(value.count), _bounds(label.count), *others)


def _disputes(sides: Sides) -> Iterator[_Compared]:
    """Every dispute that either side has: one that only one of them has, or with other claims or sides, is wrong."""
    told, labelled = _fronts(sides.predicted), _fronts(sides.gold)
    for path in sorted(told.keys() | labelled.keys()):
        yield _one("dispute", path, told.get(path), labelled.get(path))


def _fronts(report: Report) -> dict[str, str]:
    """Who is against whom in each dispute: its claims, those of one party together."""
    parties = parties_by_actor(report)
    of = {claim.id: party_of(claim, parties) for claim in report.claims}
    fronts: dict[str, str] = {}
    for dispute in report.disputes:
        sides = (" ".join(sorted(claim for claim in dispute.claims if of[claim] == one)) for one in dispute.parties)
        fronts[f"{dispute.incident}.{dispute.aspect} {dispute.kind}"] = " against ".join(sorted(sides))
    return fronts


def _parties(report: Report) -> dict[str, str]:
    """The actors of each party, by its id."""
    return {party.id: " ".join(sorted(party.actors)) for party in report.parties}


def _joined(members: dict[str, str], actor: str) -> str:
    return next((names for names in members.values() if actor in names.split()), "")


def _days(when: When | Days) -> str:
    if when.earliest is None and when.latest is None:
        return "unresolved"
    return f"{when.earliest or ''}..{when.latest or ''} {when.precision}"


def _bounds(count: Count | None) -> str:
    return f"{_open(count.min)} to {_open(count.max)}" if count is not None else "open to open"


def _open(bound: int | None) -> str:
    return "open" if bound is None else str(bound)


def _words(claim: Claim) -> str:
    return " … ".join(span.quote for span in claim.content)


def _one(field: str, path: str, value: str | None, label: str | None, *others: object) -> _Compared:
    return field, path, value or "none", label or "none", value == label or value in others
