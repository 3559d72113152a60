"""Credit of single values."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.scoring.comparators import counts_meet, date_credit, range_iou, type_credit
from evals.scoring.sides import Days
from evals.scoring.spans import iou, ranges
from evals.scoring.words import normal, one_place
from extractor.grounding import Span
from extractor.schema import Count

NUMBER = st.integers(0, 1000)
CLOSED = st.tuples(NUMBER, NUMBER).map(lambda pair: (min(pair), max(pair)))
SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=4).map(
    lambda pairs: [Span(start=start, end=start + size, quote="") for start, size in pairs]
)


def days(first: str | None, last: str | None = None, precision: str | None = "day") -> Days:
    return Days(
        earliest=date.fromisoformat(first) if first else None,
        latest=date.fromisoformat(last or first) if first else None,
        precision=precision if first else None,
    )


@given(CLOSED, CLOSED)
def test_overlap_of_numbers_is_symmetric_and_at_most_1(a: tuple[int, int], b: tuple[int, int]) -> None:
    assert range_iou(a, b) == range_iou(b, a)
    assert 0 <= range_iou(a, b) <= 1
    assert (range_iou(a, b) == 1) == (a == b)


@pytest.mark.parametrize(
    ("a", "b", "credit"),
    [((14, 14), (14, 14), 1), ((14, 14), (15, 15), 0), ((10, 20), (15, 20), 6 / 11), ((5, None), (5, None), 1),
     ((5, None), (5, 5), 0), ((5, None), (6, None), 0), ((None, None), (None, None), 1), ((None, None), (3, 3), 0)],
)  # fmt: skip
def test_open_bounds_must_meet_open_bounds(
    a: tuple[int | None, int | None], b: tuple[int | None, int | None], credit: float
) -> None:
    assert range_iou(a, b) == pytest.approx(credit)


def test_a_number_of_the_label_is_no_invention_however_it_is_bounded() -> None:
    def count(low: int | None, high: int | None) -> Count:
        return Count(text="", min=low, max=high)

    assert counts_meet(count(17, 17), count(17, None))
    assert counts_meet(count(30, None), count(31, None))
    assert not counts_meet(count(19, 19), count(17, None))
    assert not counts_meet(count(3, 3), count(30, 30))


@pytest.mark.parametrize(
    ("predicted", "gold", "credit"),
    [
        (days("2026-03-08"), days("2026-03-08"), 1),
        (days("2026-03-08"), days("2026-03-09"), 0),
        (days("2026-03-08"), days("2026-03-07", "2026-03-08", "days"), 0.25),
        (days("2026-03-01", "2026-03-31", "month"), days("2026-03-01", "2026-03-31", "month"), 1),
        (days(None), days(None), 1),
        (days(None), days("2026-03-08"), 0),
        (days("2026-03-08"), days(None), 0),
    ],
)
def test_dates(predicted: Days, gold: Days, credit: float) -> None:
    assert date_credit(predicted, gold) == pytest.approx(credit)


def test_types_and_names() -> None:
    assert (type_credit("airstrike", "airstrike"), type_credit("other", "other")) == (1, 1)
    assert (type_credit("airstrike", "ied_bombing"), type_credit("airstrike", "ground_clash")) == (0.5, 0)
    assert (type_credit("other", "civil_unrest"), type_credit("civil_unrest", "other")) == (0, 0)
    assert normal("The Ministère de la Défense") == normal("ministere de la defense")
    assert one_place("Tarbqah", "Tarbkah")
    assert not one_place("Raqqa", "Homs")


@given(SPANS, SPANS)
def test_overlap_of_spans_counts_characters(a: list[Span], b: list[Span]) -> None:
    first = {n for span in a for n in range(span.start, span.end)}
    second = {n for span in b for n in range(span.start, span.end)}
    expected = len(first & second) / len(first | second) if first | second else 0
    assert iou(ranges(a), ranges(b)) == pytest.approx(expected)
