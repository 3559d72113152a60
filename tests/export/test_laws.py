"""What holds for any text and any tolls."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor.export import guarded, table, unguarded
from extractor.export.cells import written
from extractor.export.tolls import Bounds, over_accounts
from extractor.schema import Report
from tests.export.articles import data
from tests.export.validators import FORMULA, check_acled, check_claims, check_ged, csv_rows, csv_text

ANY = st.text(st.characters(exclude_categories=["Cs"]))
RISKY = st.builds(
    "".join, st.lists(st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "'", '"', ",", ";", " ", "＝", "1", "a"]))
)
WORDS = (ANY | RISKY).filter(bool)
FREE = {"text", "quote", "name", "title", "publisher", "url", "summary", "unresolved", "admin1"}
"""Where the words of an article, or of whoever published it, stand in a report."""


def reworded(node: Any, words: list[str]) -> Any:
    """The report with other words in every such place."""
    if isinstance(node, dict):
        named = cast("dict[str, Any]", node)
        return {
            key: words[len(value) % len(words)] if key in FREE and isinstance(value, str) else reworded(value, words)
            for key, value in named.items()
        }
    return [reworded(each, words) for each in cast("list[Any]", node)] if isinstance(node, list) else node


@settings(deadline=None)
@given(WORDS)
def test_no_text_becomes_a_formula_and_none_is_lost(text: str) -> None:
    assert not FORMULA.match(guarded(text))
    assert not guarded(text).lstrip().startswith(("=", "+", "-", "@"))
    assert unguarded(guarded(text)) == text


def test_harmless_text_stays_as_it_is() -> None:
    for text in ("Orvan", "'We fired nothing'", "5 = 5", "", "'"):
        assert guarded(text) == unguarded(text) == text


def test_negative_numbers_stay_numbers() -> None:
    assert written(-35.9) == "-35.9"
    assert written(-4) == "-4"
    assert written("-4") == "'-4"


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(words=st.lists(WORDS, min_size=3, max_size=7))
@pytest.mark.parametrize(
    ("to", "check"), [("claims-csv", check_claims), ("acled-csv", check_acled), ("ged-csv", check_ged)]
)
def test_reports_of_any_words_keep_to_the_format_and_come_back(to: Any, check: Any, words: list[str]) -> None:
    report = Report.model_validate(reworded(data(), words))
    rows = csv_rows([report], to)
    check(rows)
    of = table(to.removesuffix("-csv"))
    for cells, row in zip(of.rows(report), rows, strict=True):
        for column in of.columns:
            cell = cells[column.name]
            assert value(row[column.name], column.kind) == ("; ".join(cell) if isinstance(cell, list) else cell)


def value(cell: str, kind: str) -> Any:
    """The value of a cell by the README's rules."""
    if cell == "":
        return None
    if kind in {"integer", "number", "boolean"}:
        return json.loads(cell)
    if kind == "date":
        from datetime import date

        return date.fromisoformat(cell)
    return unguarded(cell)


@settings(deadline=None, max_examples=30)
@given(words=st.lists(WORDS, min_size=3, max_size=7))
def test_lines_end_as_the_standard_says(words: list[str]) -> None:
    report = Report.model_validate(reworded(data(), words))
    text = csv_text([report], "claims-csv")
    assert text.endswith("\r\n")
    assert len(list(csv.reader(io.StringIO(text, newline="")))) == 1 + len(report.claims)


@st.composite
def bounds(draw: st.DrawFn) -> Bounds:
    low, high = sorted((draw(st.integers(0, 50)), draw(st.integers(0, 50))))
    return Bounds(draw(st.sampled_from([low, None])), draw(st.sampled_from([high, low, None])), draw(st.booleans()))


@settings(deadline=None)
@given(accounts=st.lists(bounds(), max_size=6), order=st.randoms(use_true_random=False))
def test_tolls_over_accounts(accounts: list[Bounds], order: Any) -> None:
    found = over_accounts(accounts)
    numbers = [number for one in accounts for number in (one.low, one.high) if number is not None]
    for number in (found.low, found.best, found.high):
        assert number is None or number in numbers, "a number that nobody gave"
    known = [number for number in (found.low, found.best, found.high) if number is not None]
    assert known == sorted(known)
    assert (found.high is None) == (not numbers), "what somebody gives is not lost"
    shuffled = accounts.copy()
    order.shuffle(shuffled)
    assert over_accounts(shuffled) == found
    if found.best is not None:
        assert all(one.agrees(found.best) for one in accounts)
