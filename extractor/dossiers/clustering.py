"""From a group to events: average linkage, so that one likeness does not chain two events together.

Agglomerative clustering of scipy, on the scores of all pairs of a group. A pair that is ruled out is so far apart that
no cluster ever holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from itertools import combinations
from typing import Any

from extractor.dossiers.blocking import Group
from extractor.dossiers.features import Features
from extractor.dossiers.scoring import ENOUGH, TOP, scored
from extractor.errors import SettingsError

_NEVER = 1e9


def clusters(group: Group) -> list[list[Features]]:
    """The events that a group falls into; the order of the members is of no matter.

    Raises `SettingsError` where scipy is not installed.
    """
    members = sorted(group.members, key=lambda one: one.key)
    if len(members) <= 2:  # two are in a group for what they score
        return [members]
    hierarchy = linkage_of_scipy()
    distances = [_distance(one, other, group.scored) for one, other in combinations(members, 2)]
    tree = hierarchy.linkage(distances, "average")
    found: dict[int, list[Features]] = {}
    for label, member in zip(hierarchy.fcluster(tree, TOP - ENOUGH, "distance"), members, strict=True):
        found.setdefault(int(label), []).append(member)
    return list(found.values())


def _distance(one: Features, other: Features, known: Mapping[tuple[int, int], float]) -> float:
    held = known.get((one.row, other.row), known.get((other.row, one.row)))
    if held is None:
        held = scored(one, other)
    return _NEVER if held is None else TOP - held


def linkage_of_scipy() -> Any:
    """scipy.cluster.hierarchy; raises `SettingsError` where scipy is not installed."""
    try:
        return import_module("scipy.cluster.hierarchy")
    except ModuleNotFoundError as error:
        raise SettingsError(
            "linking needs scipy, which is not installed: pip install 'incident-claim-extractor[link]'"
        ) from error
