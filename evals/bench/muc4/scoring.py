"""The metrics that MUC-4 templates are compared by since GTT and IterX. All three reproduce the published figures.

- `phi3`, `subset`: CEAF-RME (Chen, Gantt, Chen, White and Van Durme, EACL 2023). Templates are aligned one to one so
  that the entities matched in their roles are most; templates of different types never match. Under `phi3` entities
  match one to one when they share a mention; under `subset` a predicted entity matches the first gold entity that holds
  all of its mentions, so that several may match one, which recall counts once.
- `exact`: template F1 (Du, Rush and Cardie, NAACL 2021). As `subset`, but the type of a template counts as one more
  value, and the mapping of templates is the one with the best F1 of the document.

Published systems predict one mention an entity; for such predictions IterX's own code counts the same. Where alignments
tie, `subset` depends on the order of the templates, as it does there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from evals.bench.muc4.data import ROLES, Document, Entity, Template
from evals.bench.tally import Tally
from evals.scoring.alignment import pairs

Metric = Literal["phi3", "subset", "exact"]
Pair = tuple[int, int]
"""Predicted values that are right, gold values that were found."""


def tallies(documents: Sequence[Document], predictions: Mapping[str, Sequence[Template]]) -> dict[Metric, list[Tally]]:
    """Under each metric a tally for each document; one without predictions counts as one for which none were made."""
    return {
        metric: [score(predictions.get(document.id, ()), document.templates) for document in documents]
        for metric, score in _SCORES.items()
    }


def phi3(predicted: Sequence[Template], gold: Sequence[Template]) -> Tally:
    """CEAF-RME of a document, entities matched one to one."""
    return _ceaf_rme(predicted, gold, _one_to_one)


def subset(predicted: Sequence[Template], gold: Sequence[Template]) -> Tally:
    """CEAF-RME of a document, an entity right when its mentions are a subset of a gold entity's."""
    return _ceaf_rme(predicted, gold, _into_first)


def exact(predicted: Sequence[Template], gold: Sequence[Template]) -> Tally:
    """GTT's template score of a document: the types count, and the mapping is the best for F1."""
    values = sum(template.size + 1 for template in predicted)
    keys = sum(template.size + 1 for template in gold)
    pairings = [[_with_type(p, g) if p.types & g.types else None for g in gold] for p in predicted]
    tallies = (Tally(right, values, found, keys) for right, found in _reachable(pairings))
    return max(tallies, key=lambda tally: (tally.f1, tally))


_SCORES: dict[Metric, Callable[[Sequence[Template], Sequence[Template]], Tally]] = {
    "phi3": phi3,
    "subset": subset,
    "exact": exact,
}

_Matching = Callable[[Sequence[Entity], Sequence[Entity]], Pair]


def _ceaf_rme(predicted: Sequence[Template], gold: Sequence[Template], matching: _Matching) -> Tally:
    counts = [[_matched(p, g, matching) if p.types & g.types else (0, 0) for p in predicted] for g in gold]
    aligned = [counts[g][p] for g, p, _ in pairs([[right for right, _ in row] for row in counts])]
    return Tally(
        sum(right for right, _ in aligned),
        sum(template.size for template in predicted),
        sum(found for _, found in aligned),
        sum(template.size for template in gold),
    )


def _matched(predicted: Template, gold: Template, matching: _Matching) -> Pair:
    by_role = [matching(predicted.entities[role], gold.entities[role]) for role in ROLES]
    return sum(right for right, _ in by_role), sum(found for _, found in by_role)


def _one_to_one(predicted: Sequence[Entity], gold: Sequence[Entity]) -> Pair:
    matches = len(pairs([[float(not p.isdisjoint(g)) for p in predicted] for g in gold]))
    return matches, matches


def _into_first(predicted: Sequence[Entity], gold: Sequence[Entity]) -> Pair:
    first = [next((number for number, g in enumerate(gold) if p <= g), None) for p in predicted]
    hits = [number for number in first if number is not None]
    return len(hits), len(set(hits))


def _into_any(predicted: Sequence[Entity], gold: Sequence[Entity]) -> Pair:
    return sum(any(p <= g for g in gold) for p in predicted), sum(any(p <= g for p in predicted) for g in gold)


def _with_type(predicted: Template, gold: Template) -> Pair:
    right, found = _matched(predicted, gold, _into_any)
    return right + 1, found + 1


def _reachable(pairings: Sequence[Sequence[Pair | None]]) -> set[Pair]:
    """The sums that one-to-one mappings of templates reach, but for those that another one beats on both counts.

    F1 is no sum over pairs, so that the assignment problem's solvers do not find its best mapping; it grows with both
    counts, so that what is beaten can be forgotten for each set of gold templates in use.
    """
    best: dict[frozenset[int], set[Pair]] = {frozenset(): {(0, 0)}}
    for row in pairings:
        extended = dict(best)
        for used, sums in best.items():
            for number, pair in enumerate(row):
                if pair is not None and number not in used:
                    more = {(right + pair[0], found + pair[1]) for right, found in sums}
                    extended[used | {number}] = _unbeaten(extended.get(used | {number}, set()) | more)
        best = extended
    return _unbeaten({pair for sums in best.values() for pair in sums})


def _unbeaten(sums: set[Pair]) -> set[Pair]:
    kept: set[Pair] = set()
    most = -1
    for right, found in sorted(sums, reverse=True):
        if found > most:
            kept.add((right, found))
            most = found
    return kept
