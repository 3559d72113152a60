"""Disputed cells, statuses and party grouping against a label."""

import pytest

from evals.goldset import GoldArticle, load
from evals.scoring import Score, score_reports
from extractor.schema import Relation, Report

TOLVARA = load(ids=["tolvara-market"])[0]
CELLS = 7
"""Of the label: (incident, aspect, two parties) with at least one relation."""


def scored(report: Report, article: GoldArticle = TOLVARA) -> Score:
    return score_reports([article], {article.id: report}, resamples=20)


def copy() -> Report:
    return TOLVARA.label.model_copy(deep=True)


def test_the_label_itself_is_right() -> None:
    score = scored(copy())
    assert score["disputes.f1"] == score["status.f1"] == score["parties.f1"] == 1
    assert score.to_dict()["documents"][TOLVARA.id]["disputes"] == [CELLS, CELLS, CELLS]


def test_a_cell_may_rest_on_other_claims_and_another_kind_but_not_on_another_aspect() -> None:
    report = copy()
    report.relations = [Relation(a="C2", b="C5", incident="I1", aspect="initiator", kind="competes")]
    assert scored(report)["disputes.precision"] == 1
    assert scored(report)["disputes.recall"] == pytest.approx(1 / CELLS)
    report.relations[0].aspect = "target"
    assert scored(report)["disputes.precision"] == 0


def test_ids_of_the_report_s_own_do_not_matter() -> None:
    report = Report.model_validate_json(
        copy().to_json().replace('"I1"', '"I7"').replace('"P1"', '"P8"').replace('"A2"', '"A20"')
    )
    score = scored(report)
    assert score["disputes.f1"] == score["status.f1"] == score["parties.f1"] == 1


def test_rivals_of_one_party_are_no_cell() -> None:
    report = copy()
    report.relations = [Relation(a="C1", b="C10", incident="I1", aspect="initiator", kind="contradicts")]
    assert scored(report)["disputes.recall"] == 0
    assert scored(report).to_dict()["documents"][TOLVARA.id]["disputes"] == [0, 0, CELLS]


def test_a_status_that_the_label_accepts_is_right_and_another_is_not() -> None:
    report = copy()
    report.incidents[2].status = "acknowledged"
    assert scored(report)["status.f1"] == 1
    report.incidents[0].status = "corroborated"
    assert scored(report)["status.f1"] == pytest.approx(2 / 3)
    report.incidents[0].status = None
    score = scored(report)
    assert score["status.precision"] == 1
    assert score["status.recall"] == pytest.approx(2 / 3)


def test_the_status_of_an_incident_without_a_partner_counts_against_precision() -> None:
    report = copy()
    false = report.incidents[0].model_copy(deep=True)
    false.id = "I9"
    report.incidents.append(false)
    score = scored(report)
    assert score["status.precision"] == pytest.approx(3 / 4)
    assert score["status.recall"] == score["status.matched_f1"] == 1


def test_parties_count_by_pairs_of_actors() -> None:
    report = copy()
    state, front, *_ = report.parties
    state.actors.remove("A10")
    score = scored(report)
    assert score["parties.precision"] == 1
    assert score["parties.recall"] == pytest.approx(4 / 7)  # three pairs of four actors gone, the Front's one is left
    report = copy()
    front = report.parties[1]
    front.actors.append("A5")
    assert scored(report)["parties.precision"] == pytest.approx(7 / 9)
