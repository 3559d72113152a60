"""Claims for the page: matched, missed and false, each with what differs and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from evals.page.items import Difference, Item, Told, excerpt
from evals.page.marks import Mark, Part, Verdict, common, without
from evals.scoring.claims import Claims, Match, count_claims
from evals.scoring.figures import CLAIM_FIELDS
from evals.scoring.sides import Sides
from evals.scoring.spans import Ranges, ranges
from evals.scoring.tally import Counts, Tally
from extractor.schema import Claim, Mention, Report


def claim_items(sides: Sides, claims: Claims, incidents: dict[str, str]) -> list[Item]:
    """Every claim of either side; `incidents` tells which gold incident each predicted one is."""
    items = [_missed(sides, claim, f"c{n}") for n, claim in enumerate(claims.missed)]
    items += [_false(sides, claim, f"c{n}") for n, claim in enumerate(claims.false, len(items))]
    return items + [_matched(sides, m, incidents, f"c{n}") for n, m in enumerate(claims.matches, len(items))]


def _missed(sides: Sides, claim: Claim, key: str) -> Item:
    marks = _alone(claim, key, "missed", f"{claim.id} of the label")
    return Item(key, "missed", None, claim.id, excerpt(claim.content), _alone_told(claim, sides.gold, "missed"), marks)


def _false(sides: Sides, claim: Claim, key: str) -> Item:
    marks = _alone(claim, key, "wrong", f"{claim.id} of the report")
    told = _alone_told(claim, sides.predicted, "wrong")
    return Item(key, "wrong", claim.id, None, excerpt(claim.content), told, marks)


def _matched(sides: Sides, match: Match, incidents: dict[str, str], key: str) -> Item:
    said, label = match.predicted, match.gold
    scored = _scored(sides, match, incidents)
    off = [name for name in CLAIM_FIELDS if scored[name].credit < max(scored[name].predicted, scored[name].gold)]
    verdict: Verdict = "partly" if off else "right"
    name = f"{said.id} (label {label.id})"
    ours, theirs = ranges(said.content), ranges(label.content)
    marks = [
        *_cover(common(ours, theirs), key, "content", verdict, f"content of {name}"),
        *_cover(without(ours, theirs), key, "content", "wrong", f"content of {name}, in the report only"),
        *_cover(without(theirs, ours), key, "content", "missed", f"content of {name}, in the label only"),
    ]
    parts: tuple[tuple[Part, Mention | None, Mention | None], ...] = (
        ("source", said.source, label.source),
        ("cue", said.cue, label.cue),
    )
    for part, ours, theirs in parts:
        marks += _pointed(part, ours, theirs, scored[part], key, name)
    differences = [_difference(sides, match, field, scored[field], incidents) for field in off]
    return Item(key, verdict, said.id, label.id, excerpt(said.content), differences, marks)


def _pointed(
    part: Part, ours: Mention | None, theirs: Mention | None, scored: Tally, key: str, name: str
) -> Iterator[Mark]:
    """The source or the cue: once where both agree, else that of each side."""
    right = scored.credit >= max(scored.predicted, scored.gold)
    if ours is not None:
        told = f"{part} of {name}" if right else f"{part} of {name}, wrong"
        yield Mark(ours.start, ours.end, key, part, "right" if right else "wrong", told)
    if theirs is not None and not right and scored.gold:
        yield Mark(theirs.start, theirs.end, key, part, "missed", f"{part} of {name}, in the label")


def _scored(sides: Sides, match: Match, incidents: dict[str, str]) -> dict[str, Tally]:
    """What each field of a matched claim earns, as the score counts it."""
    counts = Counts()
    count_claims(sides, Claims([match], [], []), incidents, counts)
    tallies = counts.tallies
    return {name: tallies.get(f"claims.{name}.matched", Tally()) for name in CLAIM_FIELDS}


def _difference(sides: Sides, match: Match, field: str, scored: Tally, incidents: dict[str, str]) -> Difference:
    ours, theirs = _values(match.predicted, field, sides.predicted), _values(match.gold, field, sides.gold)
    if field == "incidents":
        ours = [incidents.get(name, f"{name} (no partner)").removeprefix("gold ") for name in ours]
    several = field in ("via", "aspects", "incidents")
    wrong: Verdict = "partly" if scored.credit and not several else "wrong"

    def told(values: Sequence[str], others: Sequence[str], verdict: Verdict) -> list[Told]:
        return [Told(value, "right" if several and value in others else verdict) for value in values]

    return Difference(field, told(ours, theirs, wrong), told(theirs, ours, "missed"))


def _values(claim: Claim, field: str, report: Report) -> list[str]:
    """The values of a field in words."""
    if field == "actor":
        return [actor.name for actor in report.actors if actor.id == claim.source.actor]
    value: Any = getattr(claim, field)
    values = cast(list[Any], value if isinstance(value, list) else [value])
    return [v.text if isinstance(v, Mention) else str(v) for v in values if v is not None]


def _alone_told(claim: Claim, report: Report, verdict: Verdict) -> list[Difference]:
    """The fields of a claim that only one side has."""
    shown = {name: _values(claim, name, report) for name in ("source", "cue", "stance")}
    told = {name: [Told(value, verdict) for value in values] for name, values in shown.items() if values}
    if verdict == "missed":
        return [Difference(name, [], values) for name, values in told.items()]
    return [Difference(name, values, []) for name, values in told.items()]


def _alone(claim: Claim, key: str, verdict: Verdict, name: str) -> list[Mark]:
    """The marks of a claim that only one side has."""
    adjective = "missed" if verdict == "missed" else "false"
    marks = list(_cover(ranges(claim.content), key, "content", verdict, f"content of {name}, {adjective}"))
    parts: tuple[tuple[Part, Mention | None], ...] = (("source", claim.source), ("cue", claim.cue))
    for part, mention in parts:
        if mention is not None:
            marks.append(Mark(mention.start, mention.end, key, part, verdict, f"{part} of {name}, {adjective}"))
    return marks


def _cover(spans: Ranges, key: str, part: Part, verdict: Verdict, told: str) -> Iterator[Mark]:
    for start, end in spans:
        yield Mark(start, end, key, part, verdict, told)
