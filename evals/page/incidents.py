"""Incidents for the page: paired, missed and false, each with its values and where they stand."""

from __future__ import annotations

from collections.abc import Sequence

from evals.page.items import Difference, Item, Told, excerpt
from evals.page.marks import Mark, Verdict
from evals.page.values import Judged, incident_values
from evals.scoring.incidents import FIELDS, Incidents, Pair
from evals.scoring.sides import Sides
from extractor.schema import Incident


def incident_items(sides: Sides, incidents: Incidents) -> list[Item]:
    """Every incident of either side."""
    items = [_missed(sides, incident, f"i{n}") for n, incident in enumerate(incidents.missed)]
    items += [_false(sides, incident, f"i{n}") for n, incident in enumerate(incidents.false, len(items))]
    return items + [_paired(sides, pair, f"i{n}") for n, pair in enumerate(incidents.pairs, len(items))]


def _missed(sides: Sides, incident: Incident, key: str) -> Item:
    values = incident_values(sides, None, incident)
    marks = _marks(values, incident, key, "missed", f"{incident.id} of the label")
    return Item(key, "missed", None, incident.id, excerpt(incident.evidence), _differences(values, FIELDS), marks)


def _false(sides: Sides, incident: Incident, key: str) -> Item:
    values = incident_values(sides, incident, None)
    marks = _marks(values, incident, key, "wrong", f"{incident.id} of the report")
    return Item(key, "wrong", incident.id, None, excerpt(incident.evidence), _differences(values, FIELDS), marks)


def _paired(sides: Sides, pair: Pair, key: str) -> Item:
    said, label = pair.predicted, pair.gold
    values = incident_values(sides, said, label)
    off = [name for name in FIELDS if (s := pair.scored[name]).credit < max(s.predicted, s.gold)]
    verdict: Verdict = "partly" if off else "right"
    marks = _marks(values, said, key, verdict, f"{said.id} (label {label.id})")
    return Item(key, verdict, said.id, label.id, excerpt(said.evidence), _differences(values, off), marks)


def _differences(values: Sequence[Judged], fields: Sequence[str]) -> list[Difference]:
    return [
        Difference(
            field,
            [Told(v.words, v.verdict) for v in values if v.field == field and not v.of_label],
            [Told(v.words, v.verdict) for v in values if v.field == field and v.of_label],
        )
        for field in fields
        if any(v.field == field for v in values)
    ]


def _marks(values: Sequence[Judged], incident: Incident, key: str, verdict: Verdict, name: str) -> list[Mark]:
    marks = [Mark(s.start, s.end, key, "evidence", verdict, f"sentence of {name}") for s in incident.evidence]
    for value in values:
        if value.start < value.end and not (value.of_label and value.verdict == "partly"):
            told = f"{value.field} of {name}: {value.words}, {value.verdict}"
            marks.append(Mark(value.start, value.end, key, "value", value.verdict, told))
    return marks
