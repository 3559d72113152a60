"""How much credit a predicted value earns for a gold value: from 0 to 1.

The comparators are those proposed in the field for event data: exact for closed classes with half credit for types of
one ACLED event type, overlap of names or mentions for actors, overlap of intervals for dates and counts, spelling for
places.
"""

from __future__ import annotations

from datetime import date as Date
from typing import Protocol

from evals.scoring.spans import same_span
from evals.scoring.words import Names, called, normal, one_place
from extractor.schema import Count, IncidentType, Mention

_ACLED_EVENT_TYPE: dict[IncidentType, str] = {
    "airstrike": "Explosions/Remote violence",
    "shelling_missile": "Explosions/Remote violence",
    "ied_bombing": "Explosions/Remote violence",
    "suicide_attack": "Explosions/Remote violence",
    "chemical_attack": "Explosions/Remote violence",
    "ground_clash": "Battles",
    "territory_change": "Battles",
    "aircraft_downing": "Battles",
    "attack_on_civilians": "Violence against civilians",
    "sexual_violence": "Violence against civilians",
    "abduction_detention": "Violence against civilians",
    "weapons_disruption": "Strategic developments",
    "force_posture": "Strategic developments",
    "contact_agreement": "Strategic developments",
    "looting_destruction": "Strategic developments",
    "displacement": "Strategic developments",
}
"""ACLED's event type of each incident type (codebook as carried in dtacled/acledR); the others have none."""


class Interval(Protocol):
    """Days that a time lies in."""

    @property
    def earliest(self) -> Date | None: ...  # noqa: D102
    @property
    def latest(self) -> Date | None: ...  # noqa: D102
    @property
    def precision(self) -> str | None: ...  # noqa: D102


def type_credit(predicted: IncidentType, gold: IncidentType) -> float:
    """1 for the same type, a half for another of the same ACLED event type."""
    if predicted == gold:
        return 1.0
    group = _ACLED_EVENT_TYPE.get(gold)
    return 0.5 if group is not None and group == _ACLED_EVENT_TYPE.get(predicted) else 0.0


def same_one(predicted: Mention, gold: Mention, predicted_names: Names, gold_names: Names) -> bool:
    """Whether two mentions are of the same actor or thing: the same words of the text, or a name in common."""
    return same_span(predicted, gold) or not called(gold, gold_names).isdisjoint(called(predicted, predicted_names))


def same_place(predicted: Mention, gold: Mention) -> bool:
    """Whether two mentions name one place: the same words of the text, or the same name but for its spelling."""
    return same_span(predicted, gold) or one_place(predicted.text, gold.text)


def one_in_other(predicted: Mention, gold: Mention) -> bool:
    """Whether one name holds the other, as "Pernier district" holds "Pernier": no credit, but no invention either."""
    first, second = f" {normal(predicted.text)} ", f" {normal(gold.text)} "
    return first in second or second in first


def date_credit(predicted: Interval, gold: Interval) -> float:
    """Overlap of the two intervals of days, halved when the precision differs; two unresolved ones are equal."""
    if predicted.earliest is None and gold.earliest is None:
        return 1.0
    if predicted.earliest is None or gold.earliest is None:
        return 0.0
    overlap = range_iou(_days(predicted), _days(gold))
    return overlap if predicted.precision == gold.precision else overlap / 2


def disjoint(predicted: Interval, gold: Interval) -> bool:
    """Whether both are resolved and have no day in common."""
    resolved = predicted.earliest is not None and gold.earliest is not None
    return resolved and range_iou(_days(predicted), _days(gold)) == 0


def count_credit(predicted: Count, gold: Count) -> float:
    """Overlap of the two ranges of whole numbers; a bound that is open must meet one that is open."""
    return range_iou((predicted.min, predicted.max), (gold.min, gold.max))


def counts_meet(predicted: Count, gold: Count) -> bool:
    """Whether one may stem from the other's number: closed ranges that overlap, or open ones with a bound in common.

    "More than 30" may be read as from 30 or from 31.
    """
    if None not in (predicted.min, predicted.max, gold.min, gold.max):
        return range_iou((predicted.min, predicted.max), (gold.min, gold.max)) > 0
    bounds = [bound for bound in (predicted.min, predicted.max) if bound is not None]
    return any(abs(bound - other) <= 1 for bound in bounds for other in (gold.min, gold.max) if other is not None)


def range_iou(a: tuple[int | None, int | None], b: tuple[int | None, int | None]) -> float:
    """Whole numbers in both over whole numbers in either; 0 unless the same bounds are open.

    With an open bound there is no end to count to: the ranges are equal (1) or not (0).
    """
    if None in a or None in b:
        return float(a == b)
    (low, high), (least, most) = a, b
    assert low is not None and high is not None and least is not None and most is not None  # noqa: PT018, S101
    common = min(high, most) - max(low, least) + 1
    every = max(high, most) - min(low, least) + 1
    return common / every if common > 0 else 0.0


def _days(interval: Interval) -> tuple[int | None, int | None]:
    earliest, latest = interval.earliest, interval.latest or interval.earliest
    return earliest and earliest.toordinal(), latest and latest.toordinal()
