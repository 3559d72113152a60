"""Who is with whom and who says otherwise: disputed cells, occurrence statuses and party grouping against a label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from evals.scoring.alignment import align
from evals.scoring.incidents import Incidents
from evals.scoring.sides import Sides
from evals.scoring.tally import Counts
from extractor.derive.positions import parties_by_actor, party_of
from extractor.schema import Incident, Report


class Cell(NamedTuple):
    """Two parties at odds over one aspect of one incident; whether it contradicts or competes is not asked."""

    incident: str
    aspect: str
    parties: frozenset[str]


def count_accounts(sides: Sides, incidents: Incidents, counts: Counts) -> None:
    """Count disputed cells, statuses of incidents, and pairs of actors of one party."""
    actors = _same_actors(sides)
    _count_sets(counts, "disputes", *_cells(sides, incidents, actors))
    _count_sets(counts, "parties", *_pairs(sides, actors))
    for pair in incidents.pairs:
        said, true = pair.predicted.status, pair.gold.status
        right = said == true or said in sides.either(f"{pair.gold.id}.status")
        for name in ("status", "status.matched"):
            counts.add(name, float(said is not None and right), int(said is not None), int(true is not None))
    counts.add("status", 0, _with_status(incidents.false), _with_status(incidents.missed))


def _with_status(incidents: list[Incident]) -> int:
    return sum(incident.status is not None for incident in incidents)


def _count_sets(counts: Counts, name: str, said: set[object], true: set[object], optional: set[object]) -> None:
    """What is in both earns credit; what may be left out counts only when it was said."""
    counts.add(name, len(said & true), len(said), len(true - (optional - said)))


def _same_actors(sides: Sides) -> dict[str, str]:
    """For each predicted actor the one of the label that it is, by the names that they share; one to one."""
    ours, theirs = list(sides.predicted_names.items()), list(sides.gold_names.items())
    found = align(ours, theirs, lambda one, other: len(one[1] & other[1]) / max(1, len(one[1] | other[1])))
    return {ours[i][0]: theirs[j][0] for i, j, _ in found}


def _cells(
    sides: Sides, incidents: Incidents, actors: Mapping[str, str]
) -> tuple[set[object], set[object], set[object]]:
    """The cells of both sides in the ids of the label, and those that only things which may be left out make."""
    ids, gold = incidents.ids(), parties_by_actor(sides.gold)
    names: dict[str, str] = {}
    for party in sides.predicted.parties:
        shares = Counter(gold[one] for actor in party.actors if (one := actors.get(actor, "")) in gold)
        names[party.id] = f"gold {shares.most_common(1)[0][0]}" if shares else party.id
    said = {
        Cell(ids.get(cell.incident, cell.incident), cell.aspect, frozenset(names.get(one, one) for one in cell.parties))
        for cell, _ in _rivals(sides.predicted)
    }
    rivals = [
        (Cell(f"gold {cell.incident}", cell.aspect, frozenset(f"gold {one}" for one in cell.parties)), needed)
        for cell, needed in _rivals(sides.gold)
    ]
    true = {cell for cell, _ in rivals}
    needed = {cell for cell, things in rivals if not any(map(sides.optional, things))}
    return set(said), set(true), set(true - needed)


def _rivals(report: Report) -> Iterator[tuple[Cell, tuple[str, ...]]]:
    """The cell of each relation between two parties, with the claims and the incident that it takes."""
    parties = parties_by_actor(report)
    of = {claim.id: party_of(claim, parties) for claim in report.claims}
    for relation in report.relations or []:
        a, b = of.get(relation.a), of.get(relation.b)
        if a is not None and b is not None and a != b:
            cell = Cell(relation.incident, relation.aspect, frozenset((a, b)))
            yield cell, (relation.a, relation.b, relation.incident)


def _pairs(sides: Sides, actors: Mapping[str, str]) -> tuple[set[object], set[object], set[object]]:
    """The pairs of the label's actors that are of one party, on both sides; actors of the report alone are left out."""
    said = {
        frozenset((actors[a], actors[b]))
        for party in sides.predicted.parties
        for a, b in combinations(party.actors, 2)
        if a in actors and b in actors
    }
    true = {frozenset(pair) for party in sides.gold.parties for pair in combinations(party.actors, 2)}
    return set(said), set(true), {pair for pair in true if any(map(sides.optional, pair))}
