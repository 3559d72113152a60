"""Incidents of a report against those of a label.

Incidents are paired one to one so that their fields earn the most credit in all; where that leaves a choice, by the
sentences that tell of them. Values of incidents without a partner count in full against precision or recall.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from evals.scoring.alignment import align, pairs
from evals.scoring.comparators import count_credit, date_credit, type_credit
from evals.scoring.sides import Days, Sides
from evals.scoring.spans import iou, ranges, shared
from evals.scoring.tally import Counts, Tally
from extractor.schema import Casualty, Count, Incident, Mention, When

FIELDS = ("type", "realis", "initiators", "targets", "weapons", "when", "where", "casualties", "counts")
"""The fields that incidents are scored by. `realis` counts only where it is not the unmarked `actual`."""

_A_TOUCH = 1e-3
"""Added for sentences in common: it decides only where the fields do not."""
_ALIKE = 0.01
"""Added for the same casualty status, so that entries with nothing else right are still compared."""

Scored = dict[str, Tally]


class Pair(NamedTuple):
    """A predicted incident and its gold partner."""

    predicted: Incident
    gold: Incident
    scored: Scored
    one_event: bool
    """Whether they tell of one event beyond doubt: common sentences, or a common side and a common place or day."""


class Incidents(NamedTuple):
    """The incidents of both sides, paired."""

    pairs: list[Pair]
    missed: list[Incident]
    """Gold incidents without a partner; those that may be left out are not among them."""
    false: list[Incident]
    splits: int
    """Predicted incidents without a partner that tell of a gold incident that has another partner."""
    merges: int
    """Gold incidents without a partner, sentences of which (not its own partner's) a predicted incident tells."""

    def ids(self) -> dict[str, str]:
        """For each predicted incident with a partner, the partner's id, marked as of the label."""
        return {pair.predicted.id: f"gold {pair.gold.id}" for pair in self.pairs}


def pair_incidents(sides: Sides) -> Incidents:
    """Pair the incidents of both sides."""
    predicted, gold = sides.predicted.incidents, sides.gold.incidents
    table = [[_score(sides, p, g) for g in gold] for p in predicted]
    weights = [
        [_credit(scored) + _A_TOUCH * _common(p, g) for g, scored in zip(gold, row, strict=True)]
        for p, row in zip(predicted, table, strict=True)
    ]
    chosen = [(i, j) for i, j, _ in pairs(weights) if _credit(table[i][j])]
    paired = [
        Pair(predicted[i], gold[j], table[i][j], _one_event(predicted[i], gold[j], table[i][j])) for i, j in chosen
    ]
    right, found = {i for i, _ in chosen}, {j for _, j in chosen}  # not by id: a report may leave ids out
    missed = [incident for j, incident in enumerate(gold) if j not in found]
    false = [incident for i, incident in enumerate(predicted) if i not in right]
    sure = [(pair, j) for pair, (_, j) in zip(paired, chosen, strict=True) if pair.one_event]
    splits = sum(
        any(_one_event(p, pair.gold, table[i][j]) for pair, j in sure)
        for i, p in enumerate(predicted)
        if i not in right
    )
    merges = sum(any(_tells_too(pair, g) for pair, _ in sure) for g in missed)
    return Incidents(paired, [g for g in missed if not sides.optional(g.id)], false, splits, merges)


def count_incidents(incidents: Incidents, counts: Counts) -> None:
    """Count the credit of every field, and incidents, splits and merges."""
    paired = len(incidents.pairs)
    found = sum(pair.one_event for pair in incidents.pairs)  # a pair may have no more in common than its type
    counts.add("incidents.found", found, paired + len(incidents.false), paired + len(incidents.missed))
    counts.add("incidents.splits", incidents.splits, 0, 0)
    counts.add("incidents.merges", incidents.merges, 0, 0)
    for pair in incidents.pairs:
        for name, tally in pair.scored.items():
            _add(counts, name, *tally)
            counts.add(f"incidents.{name}.matched", *tally)
            counts.add("incidents.matched", *tally)
    for incident in incidents.false:
        for name, many in sizes(incident).items():
            _add(counts, name, 0, many, 0)
    for incident in incidents.missed:
        for name, many in sizes(incident).items():
            _add(counts, name, 0, 0, many)


def sizes(incident: Incident) -> dict[str, int]:
    """How many values each field of an incident has."""
    return {
        "type": 1,
        "realis": int(incident.realis != "actual"),
        "initiators": len(incident.initiators),
        "targets": len(incident.targets),
        "weapons": len(incident.weapons),
        "when": len(incident.when),
        "where": len(incident.where),
        "casualties": len(incident.casualties),
        "counts": sum(casualty.count is not None for casualty in incident.casualties),
    }


def _add(counts: Counts, name: str, credit: float, predicted: float, gold: float) -> None:
    counts.add(f"incidents.{name}", credit, predicted, gold)
    counts.add("incidents", credit, predicted, gold)


def _credit(scored: Scored) -> float:
    return sum(tally.credit for tally in scored.values())


def _common(predicted: Incident, gold: Incident) -> float:
    return iou(ranges(predicted.evidence), ranges(gold.evidence))


def _one_event(predicted: Incident, gold: Incident, scored: Scored) -> bool:
    sides = scored["initiators"].credit or scored["targets"].credit
    return bool(shared(ranges(predicted.evidence), ranges(gold.evidence))) or bool(
        sides and (scored["where"].credit or scored["when"].credit)
    )


def _tells_too(pair: Pair, other: Incident) -> bool:
    """Whether a predicted incident tells of another gold one too: in a sentence that is not of its partner."""
    own = {(told.start, told.end) for told in pair.gold.evidence}
    more = ranges(told for told in other.evidence if (told.start, told.end) not in own)
    return shared(ranges(pair.predicted.evidence), more) > 0


def _score(sides: Sides, predicted: Incident, gold: Incident) -> Scored:
    path = gold.id
    marked, true = predicted.realis != "actual", gold.realis != "actual"
    realis_right = predicted.realis == gold.realis or predicted.realis in sides.either(f"{path}.realis")
    types = [gold.type, *(other for other in sides.either(f"{path}.type") if isinstance(other, str))]
    casualties, numbers = _casualties(sides, predicted.casualties, gold)
    return {
        "type": Tally(max(type_credit(predicted.type, right) for right in types), 1, 1),  # type: ignore[arg-type]
        "realis": Tally(float(marked and realis_right), marked, marked if realis_right else true),
        "initiators": _list(sides, predicted.initiators, gold.initiators, f"{path}.initiators", sides.same),
        "targets": _list(sides, predicted.targets, gold.targets, f"{path}.targets", sides.same),
        "weapons": _list(sides, predicted.weapons, gold.weapons, f"{path}.weapons", sides.same),
        "when": _dates(sides, predicted.when, gold.when, f"{path}.when"),
        "where": _list(sides, predicted.where, gold.where, f"{path}.where", sides.same_where),
        "casualties": casualties,
        "counts": numbers,
    }


def _list(
    sides: Sides,
    predicted: Sequence[Mention],
    gold: Sequence[Mention],
    path: str,
    same: Callable[[Mention, Mention, str], bool],
) -> Tally:
    """Values paired one to one. A second mention of what is paired already is no value of its own."""
    if not predicted or not gold:
        return Tally(0, len(predicted), len(gold) - _spared(sides, len(gold), set(), path))
    found = align(predicted, range(len(gold)), lambda p, j: float(same(p, gold[j], f"{path}[{j}]")))
    used, hit = {i for i, *_ in found}, {j for _, j, _ in found}
    again = sum(
        i not in used and any(same(value, gold[j], f"{path}[{j}]") for j in hit) for i, value in enumerate(predicted)
    )
    return Tally(len(found), len(predicted) - again, len(gold) - _spared(sides, len(gold), hit, path))


def _dates(sides: Sides, predicted: Sequence[When], gold: Sequence[When], path: str) -> Tally:
    def credit(value: When, j: int) -> float:
        others = sides.others(f"{path}[{j}]", Days)
        return max(date_credit(value, right) for right in (gold[j], *others))

    found = align(predicted, range(len(gold)), credit)
    spared = _spared(sides, len(gold), {j for _, j, _ in found}, path)
    return Tally(sum(score for *_, score in found), len(predicted), len(gold) - spared)


def _casualties(sides: Sides, predicted: Sequence[Casualty], gold: Incident) -> tuple[Tally, Tally]:
    """Entries (who and category, given the same status) and their numbers."""
    path = f"{gold.id}.casualties"
    if not predicted and not gold.casualties:
        return Tally(), Tally()

    def parts(entry: Casualty, j: int) -> tuple[float, float]:
        label, at = gold.casualties[j], f"{path}[{j}]"
        if entry.status != label.status and entry.status not in sides.either(f"{at}.status"):
            return 0.0, 0.0
        who = sides.same(entry.who, label.who, f"{at}.who")
        category = entry.category == label.category or entry.category in sides.either(f"{at}.category")
        return (who + category) / 2, _number(sides, entry.count, label.count, f"{at}.count").credit

    def likeness(entry: Casualty, j: int) -> float:
        label, at = gold.casualties[j], f"{path}[{j}]"
        one_status = entry.status == label.status or entry.status in sides.either(f"{at}.status")
        return sum(parts(entry, j)) + _ALIKE * one_status

    found = align(predicted, range(len(gold.casualties)), likeness)
    used, hit = {i for i, *_ in found}, {j for _, j, _ in found}
    numbers = Tally()
    for i, j, _ in found:
        numbers += _number(sides, predicted[i].count, gold.casualties[j].count, f"{path}[{j}].count")
    spared = {j for j in range(len(gold.casualties)) if j not in hit and sides.optional(f"{path}[{j}]")}
    for i, entry in enumerate(predicted):
        numbers += (0.0, float(i not in used and entry.count is not None), 0.0)
    for j, label in enumerate(gold.casualties):
        numbers += (0.0, 0.0, float(j not in hit and j not in spared and label.count is not None))
    entries = Tally(
        sum(parts(predicted[i], j)[0] for i, j, _ in found), len(predicted), len(gold.casualties) - len(spared)
    )
    return entries, numbers


def _number(sides: Sides, predicted: Count | None, gold: Count | None, path: str) -> Tally:
    others = sides.others(path, Count)
    if predicted is None:
        return Tally(0, 0, gold is not None and None not in sides.either(path) and not sides.optional(path))
    rights = [count for count in (gold, *others) if count is not None]
    credit = max((count_credit(predicted, right) for right in rights), default=0.0)
    if gold is None and credit:
        return Tally()
    return Tally(credit, 1, gold is not None)


def _spared(sides: Sides, many: int, hit: set[int], path: str) -> int:
    """How many gold values were not found but may be left out."""
    if len(hit) == many or not sides.accept.optional:
        return 0
    return sum(j not in hit and sides.optional(f"{path}[{j}]") for j in range(many))
