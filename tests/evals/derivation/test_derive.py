"""What code works out, on labels in place of a model's answers."""

import json
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.cli.app import app
from evals.derivation import FIELDS, STATED, work_out_labels
from evals.derivation.layer import model_layer
from evals.goldset import GoldArticle, load

TOLVARA = load(ids=["tolvara-market"])[0]


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["derive", *arguments])
    return result.exit_code, result.stdout, result.stderr


def spoilt(**changes: Any) -> GoldArticle:
    """The article with a label in which the first claim is changed."""
    label = TOLVARA.label.model_copy(deep=True)
    label.claims[0] = label.claims[0].model_copy(update=changes)
    return replace(TOLVARA, label=label)


@pytest.mark.parametrize("ties", [True, False])
def test_the_model_s_layer_holds_nothing_that_code_works_out(ties: bool) -> None:
    report, _ = model_layer(TOLVARA, ties=ties)
    assert not report.parties
    assert not report.disputes
    assert all(actor.party is None and actor.country is None for actor in report.actors)
    assert all(incident.status is None and incident.deaths is None for incident in report.incidents)
    assert all(claim.position is None and claim.content == [] for claim in report.claims)
    assert all(when.earliest is None for incident in report.incidents for when in incident.when)
    assert bool(report.ties) == ties
    assert report.relations == TOLVARA.label.relations
    assert TOLVARA.label.parties


def test_every_value_of_a_label_is_compared() -> None:
    values = work_out_labels([TOLVARA], ties=True)
    assert {value.field for value in values} == set(FIELDS)
    assert sum(value.field == "position" for value in values) == len(TOLVARA.label.claims)
    assert sum(value.field == "status" for value in values) == len(TOLVARA.label.incidents)
    assert sum(value.field == "dispute" for value in values) == len(TOLVARA.label.disputes)
    assert all(value.right for value in values if value.field in STATED)


def test_a_value_that_differs_from_its_label_is_wrong() -> None:
    (wrong,) = (
        value for value in work_out_labels([spoilt(position="target_side")], ties=True)
        if value.field == "position" and not value.right
    )  # fmt: skip
    assert wrong[:5] == ("tolvara-market", "position", "C1", "initiator_side", "target_side")


def test_a_dispute_that_only_the_label_has_is_wrong() -> None:
    label = TOLVARA.label.model_copy(deep=True)
    label.relations = (label.relations or [])[1:]
    values = work_out_labels([replace(TOLVARA, label=label)], ties=True)
    wrong = [value.path for value in values if value.field == "dispute" and not value.right]
    assert wrong == ["I1.initiator contradicts"]


def test_on_dev_the_headline_reaches_what_is_asked_of_it() -> None:
    code, out, err = run("--split", "dev", "--min", "0.95", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["headline"]["share"] >= 0.95
    assert told["headline"]["values"] - told["headline"]["right"] == len(told["misses"])
    assert {miss["field"] for miss in told["misses"]} <= set(STATED)


def test_a_missed_gate_is_exit_code_3() -> None:
    code, out, err = run("--ids", "saravena-war-report", "--ties", "read", "--min", "1")
    assert code == 3
    assert "saravena-war-report I1 status: single_party (label: acknowledged)" in out
    assert "the headline is 0." in err


def test_misses_may_be_left_out() -> None:
    _, out, _ = run("--ids", "saravena-war-report", "--ties", "read", "--misses", "none")
    assert "saravena-war-report" not in out
