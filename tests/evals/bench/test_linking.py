"""The benchmark of linking: its scores on groupings worked out by hand, and its articles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from evals.bench.linking import GOLD_EVENTS, load, scores
from evals.cli.app import app
from extractor.errors import InputError

EVENTS = {"x": [("a", "1"), ("b", "1"), ("c", "1")], "y": [("a", "2"), ("b", "2")]}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["bench", "linking", *map(str, arguments)])


class TestScores:
    def test_all_right(self) -> None:
        told = scores(list(EVENTS.values()), EVENTS, resamples=20)
        for figures in told.values():
            assert (figures["precision"], figures["recall"], figures["f1"]) == (1, 1, 1)

    def test_one_too_many_in_a_dossier_and_one_too_few(self) -> None:
        dossiers = [[("a", "1"), ("b", "1"), ("a", "2")], [("c", "1")], [("b", "2")]]
        told = scores(dossiers, EVENTS, resamples=20)
        assert told["pairwise"]["precision"] == pytest.approx(1 / 3, abs=1e-4)  # of the pairs ab, a-a2, b-a2
        assert told["pairwise"]["recall"] == pytest.approx(1 / 4, abs=1e-4)
        # By incident: 2/3, 2/3, 1/3 in the first dossier, 1 and 1; of their events 2/3, 2/3, 1/2, 1/3, 1/2.
        assert told["b_cubed"]["precision"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5, abs=1e-4)
        assert told["b_cubed"]["recall"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 2 + 1 / 3 + 1 / 2) / 5, abs=1e-4)
        low, high = told["b_cubed"]["intervals"]["f1"]
        assert low <= told["b_cubed"]["f1"] <= high

    def test_all_alone(self) -> None:
        alone = scores([[key] for keys in EVENTS.values() for key in keys], EVENTS, resamples=20)
        assert (alone["pairwise"]["f1"], alone["b_cubed"]["precision"]) == (0, 1)


class TestGold:
    def test_every_incident_is_in_one_event_and_no_event_is_in_both_splits(self) -> None:
        dev, test = load(split="dev"), load(split="test")
        assert not dev.events.keys() & test.events.keys()
        assert len(load().reports) == len(dev.reports) + len(test.reports)
        assert all(len(keys) == len({document for document, _ in keys}) for keys in load().events.values())

    def test_what_is_no_whole_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"index\.json"):
            load(tmp_path)
        for name in ("articles", "labels", "index.json"):
            (tmp_path / name).symlink_to(GOLD_EVENTS / name)
        (tmp_path / "events.json").write_text("{}")
        with pytest.raises(InputError, match="has no event for dumar-agency I1"):
            load(tmp_path)


class TestCommand:
    def test_the_labelled_reports_are_linked_and_scored(self) -> None:
        result = run("--split", "dev", "--json", "--min", "0.9")
        assert result.exit_code == 0, result.stderr
        told = json.loads(result.stdout)
        assert told["split"] == "dev"
        assert told["scores"]["b_cubed"]["f1"] > told["scores"]["pairwise"]["f1"] * 0.9

    def test_a_gate_that_is_missed(self) -> None:
        result = run("--split", "dev", "--min", "1.01")
        assert result.exit_code == 3
        assert "B-cubed F1 is" in result.stderr
        assert "missed kombela-undated I1 - kombela-union I1" in result.stdout
