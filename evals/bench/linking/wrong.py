"""What was linked wrongly, or not at all, with what speaks for and against it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from evals.bench.linking.data import Key, LinkedGold
from extractor.dossiers.features import Features, features
from extractor.dossiers.schema import Dossier
from extractor.dossiers.scoring import link, why_not
from extractor.export.view import View


def wrong(dossiers: Sequence[Dossier], gold: LinkedGold) -> Iterator[str]:
    """A line for each pair that is in one dossier and not of one event, or the other way round."""
    event_of = {key: event for event, keys in gold.events.items() for key in keys}
    dossier_of = {(one.document, one.incident): dossier.id for dossier in dossiers for one in dossier.incidents}
    compared = {(one.document, one.incident): one for one in _features(gold)}
    for one, other in combinations(sorted(event_of), 2):
        same_event, same_dossier = event_of[one] == event_of[other], dossier_of[one] == dossier_of[other]
        if same_event != same_dossier:
            yield f"{'missed' if same_event else 'false '} {_pair(one, other)}: {_why(compared[one], compared[other])}"


def _features(gold: LinkedGold) -> Iterator[Features]:
    for report in gold.reports:
        view = View(report)
        for incident in report.incidents:
            yield features((report.document.id or "") if report.document else "", incident, view)


def _pair(one: Key, other: Key) -> str:
    return f"{' '.join(one)} - {' '.join(other)}"


def _why(one: Features, other: Features) -> str:
    ruled_out = why_not(one, other)
    told = link(one, other)
    parts = [f"+ {line}" for line in told.agree] + [f"- {line}" for line in told.differ] + [f"? {x}" for x in told.open]
    return ruled_out or f"{told.score:g}; {'; '.join(parts)}"
