"""The command line: score, compare, gates, gold."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from evals.cli.app import app
from evals.goldset import GOLD, load
from extractor.schema import Report

DEV = load(split="dev")


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def told(*arguments: str | Path) -> dict[str, Any]:
    code, out, err = run(*arguments)
    assert code == 0, err
    return json.loads(out)


def write(path: Path, reports: list[Report]) -> Path:
    path.write_text("".join(report.to_json(indent=None) + "\n" for report in reports), encoding="utf-8")
    return path


@pytest.fixture
def perfect(tmp_path: Path) -> Path:
    return write(tmp_path / "perfect.jsonl", [article.label for article in DEV])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the gold folder, to be spoilt."""
    return shutil.copytree(GOLD, tmp_path / "gold")


@pytest.fixture
def poorer(tmp_path: Path) -> Path:
    reports = [article.label.model_copy(deep=True) for article in DEV]
    for report in reports:
        del report.claims[1:]
    return write(tmp_path / "poorer.jsonl", reports)


def test_json_has_the_figures_relied_on_from_outside(perfect: Path) -> None:
    score = told("score", "--split", "dev", "--pred", perfect, "--json", "--resamples", "50")
    assert score["claims"]["f1"] == score["claims"]["precision"] == score["claims"]["recall"] == 1
    assert score["claims"]["content_f1"] == score["incidents"]["f1"] == 1
    assert score["critical_per_100_claims"] == 0
    assert score["intervals"]["claims.f1"] == [1, 1]
    assert {slice_["documents"] for slice_ in score["slices"]["style"].values()} <= set(range(1, 27))
    assert score["provenance"]["gold_sha256"] != score["provenance"]["reports_sha256"]


def test_a_folder_of_ones_own_needs_no_index_and_reports_are_known_by_their_text(tmp_path: Path) -> None:
    article = DEV[0]
    for part in ("articles", "labels"):
        (tmp_path / part).mkdir()
    shutil.copy(GOLD / "articles" / f"{article.id}.txt", tmp_path / "articles" / "mine.txt")
    shutil.copy(GOLD / "labels" / f"{article.id}.json", tmp_path / "labels" / "mine.json")
    pred = write(tmp_path / "reports.jsonl", [article.label])
    score = told("score", "--gold", tmp_path, "--pred", pred, "--json", "--resamples", "50")
    assert score["claims"]["f1"] == 1
    assert score["slices"] == {}


def test_articles_without_a_report_count_as_missed_and_are_named(tmp_path: Path) -> None:
    pred = write(tmp_path / "reports.jsonl", [DEV[0].label])
    code, out, err = run("score", "--split", "dev", "--pred", pred, "--json", "--resamples", "50")
    assert code == 0
    assert "no report for" in err
    assert DEV[1].id in err
    assert json.loads(out)["claims"]["recall"] < 0.1
    assert len(json.loads(out)["missing"]) == len(DEV) - 1


@pytest.mark.parametrize(
    ("line", "told_of"),
    [("{", "line 2: this is no report"), ('{"document": {"id": "tolvara-market"}}', "the report of tolvara-market")],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, told_of: str) -> None:
    pred = write(tmp_path / "reports.jsonl", [DEV[0].label])
    pred.write_text(pred.read_text() + line + "\n")
    code, _, err = run("score", "--split", "dev", "--pred", pred)
    assert code == 2
    assert told_of in err


def test_a_report_of_another_version_of_the_text_is_not_scored(tmp_path: Path) -> None:
    report = DEV[1].label.model_copy(deep=True)
    assert report.document is not None
    report.document.sha256 = "0" * 64
    pred = write(tmp_path / "reports.jsonl", [DEV[0].label, report])
    code, out, err = run("score", "--split", "dev", "--pred", pred)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    name = DEV[1].id
    assert f"{pred}, line 2: the report of {name} is of another version of the text" in err
    assert f"articles/{name}.txt" in err


def test_a_line_separator_within_a_report_ends_no_line(tmp_path: Path) -> None:
    report = DEV[0].label.model_copy(deep=True)
    assert report.document is not None
    report.document.title = "two\u2028lines"
    pred = write(tmp_path / "reports.jsonl", [report])
    assert told("score", "--ids", DEV[0].id, "--pred", pred, "--json", "--resamples", "5")["claims"]["f1"] == 1


def test_a_split_without_articles_is_named(folder: Path, tmp_path: Path) -> None:
    index = (folder / "index.json").read_text()
    (folder / "index.json").write_text(index.replace('"test"', '"dev"'))
    pred = write(tmp_path / "reports.jsonl", [DEV[0].label])
    code, _, err = run("score", "--gold", folder, "--split", "test", "--pred", pred)
    assert code == 2
    assert "no article to score in its test split" in err


def test_gates(perfect: Path, poorer: Path) -> None:
    common = ("score", "--split", "dev", "--resamples", "20")
    assert run(*common, "--pred", perfect, "--min", "claims.f1=0.9", "--max", "critical=10")[0] == 0
    code, _, err = run(*common, "--pred", poorer, "--min", "claims.f1=0.9", "--min", "claims.precision=0.9")
    assert code == 3
    assert "claims.f1 is 0.1" in err
    assert "claims.precision" not in err
    code, _, err = run(*common, "--pred", perfect, "--min", "claims.f2=0.9")
    assert code == 2
    assert "there is no figure 'claims.f2'" in err


def test_compare(perfect: Path, poorer: Path, tmp_path: Path) -> None:
    a, b = tmp_path / "a.json", tmp_path / "b.json"
    for pred, kept in ((perfect, a), (poorer, b)):
        assert run("score", "--split", "dev", "--pred", pred, "-o", kept, "--resamples", "20")[0] == 0
    figures = told("compare", a, b, "--json", "--resamples", "500")["figures"]
    assert figures["claims.f1"]["verdict"] == "worse"
    assert figures["claims.f1"]["interval"][1] < 0
    assert figures["incidents.f1"]["verdict"] == "the same"
    assert figures["critical_per_100_claims"]["verdict"] == "the same"
    assert run("compare", a, b, "--fail-if-worse", "--resamples", "500")[0] == 3
    assert run("compare", b, a, "--fail-if-worse", "--resamples", "500")[0] == 0
    assert told("compare", b, a, "--json", "--resamples", "500")["figures"]["claims.f1"]["verdict"] == "better"


def test_compare_cannot_tell_from_three_documents(perfect: Path, poorer: Path, tmp_path: Path) -> None:
    ids = ",".join(article.id for article in DEV[:3])
    for name, pred in (("a", perfect), ("b", poorer)):
        assert run("score", "--ids", ids, "--pred", pred, "-o", tmp_path / name, "--resamples", "20")[0] == 0
    figures = told("compare", tmp_path / "a", tmp_path / "b", "--json", "--resamples", "500")["figures"]
    assert figures["claims.f1"]["verdict"] == "cannot tell"


def test_compare_cannot_tell_from_a_few_documents_that_differ(perfect: Path, tmp_path: Path) -> None:
    reports = [article.label.model_copy(deep=True) for article in DEV]
    for report in reports[:5]:
        del report.claims[1:]
    worse = write(tmp_path / "worse.jsonl", reports)
    for name, pred in (("a", perfect), ("b", worse)):
        run("score", "--split", "dev", "--pred", pred, "-o", tmp_path / name, "--resamples", "20")
    figure = told("compare", tmp_path / "a", tmp_path / "b", "--json", "--resamples", "500")["figures"]["claims.f1"]
    assert (figure["p"] < 0.05, figure["verdict"]) == (True, "cannot tell")


def test_scores_of_different_versions_of_the_scorer_are_not_compared(perfect: Path, tmp_path: Path) -> None:
    kept, older = tmp_path / "a", tmp_path / "b"
    run("score", "--split", "dev", "--pred", perfect, "-o", kept, "--resamples", "20")
    score = json.loads(kept.read_text())
    score["provenance"]["scorer_sha256"] = "of an older one"
    older.write_text(json.dumps(score))
    code, _, err = run("compare", kept, older)
    assert code == 2
    assert "score both again" in err


def test_scores_of_different_articles_are_not_compared(perfect: Path, tmp_path: Path) -> None:
    for name, ids in (("a", DEV[0].id), ("b", DEV[1].id)):
        run("score", "--ids", ids, "--pred", perfect, "-o", tmp_path / name, "--resamples", "20")
    code, _, err = run("compare", tmp_path / "a", tmp_path / "b")
    assert code == 2
    assert "different labels" in err


def test_the_gold_set_is_whole() -> None:
    code, out, _ = run("gold", "check")
    assert code == 0, out
    assert out == f"{len(load())} articles, all is well\n"


def test_check_names_what_is_wrong(tmp_path: Path) -> None:
    for part in ("articles", "labels"):
        (tmp_path / part).mkdir()
    article = DEV[0]
    (tmp_path / "articles" / "unlabelled.txt").write_text("Nothing yet.")
    (tmp_path / "articles" / f"{article.id}.txt").write_text(article.text.replace("a", "b", 1), newline="")
    shutil.copy(GOLD / "labels" / f"{article.id}.json", tmp_path / "labels")
    code, out, err = run("gold", "check", "--gold", tmp_path)
    assert code == 2
    assert "the sha256 of its document is not that of the article" in out
    assert "articles/unlabelled.txt has no label" in out
    assert "2 problems" in err


@pytest.mark.parametrize(
    ("path", "accepted", "told_of"),
    [
        ("C1.source", [{"text": "Nowhere", "start": 0, "end": 7}], "C1.source does not stand at its offsets"),
        ("C1.content", ["words"], "C1.content holds what is malformed"),
    ],
)
def test_accepted_words_are_checked_too(folder: Path, path: str, accepted: list[Any], told_of: str) -> None:
    file = folder / "labels" / f"{DEV[0].id}.json"
    label = json.loads(file.read_text())
    label["accept"] = {"either": {path: accepted}}
    file.write_text(json.dumps(label))
    code, out, _ = run("gold", "check", "--gold", folder)
    assert code == 2
    assert told_of in out


def test_a_claim_twice_in_a_group_of_claims_told_as_one_is_named(folder: Path) -> None:
    file = folder / "labels" / f"{DEV[0].id}.json"
    label = json.loads(file.read_text())
    label["accept"] = {"together": [["C1", "C2", "C1"]]}
    file.write_text(json.dumps(label))
    code, out, _ = run("gold", "check", "--gold", folder)
    assert code == 2
    assert f"labels/{DEV[0].id}.json: accept: C1 is 2 times in one group of `together`" in out


def test_check_tells_of_a_frozen_article_that_is_gone(folder: Path) -> None:
    name = load(split="test")[0].id
    (folder / "articles" / f"{name}.txt").unlink()
    code, out, _ = run("gold", "check", "--gold", folder)
    assert code == 2
    assert f"articles/{name}.txt is missing" in out


def test_a_frozen_label_does_not_change_unnoticed(folder: Path) -> None:
    assert run("gold", "freeze", "--gold", folder)[0] == 0
    name = load(split="test")[0].id
    label = folder / "labels" / f"{name}.json"
    label.write_text(label.read_text().replace('"asserts"', '"admits"', 1))
    code, out, _ = run("gold", "check", "--gold", folder)
    assert code == 2
    assert f"{name}: is not as it was frozen" in out
    assert run("gold", "freeze", "--gold", folder)[0] == 2
    (folder / "CORRECTIONS.md").write_text(f"{name}: an admission; stance f1 0.61 before, 0.62 after\n")
    assert run("gold", "freeze", "--gold", folder)[0] == 0
    assert run("gold", "check", "--gold", folder)[0] == 0


def test_agreement_is_lower_without_what_the_first_labeller_accepted() -> None:
    lenient, strict = told("gold", "agreement", "--json"), told("gold", "agreement", "--strict", "--json")
    assert lenient["counts"]["documents"] == strict["counts"]["documents"] >= 16
    assert 0.5 < strict["incidents"]["f1"] < lenient["incidents"]["f1"] <= 1
    assert 0.5 < strict["claims"]["f1"] <= lenient["claims"]["f1"] <= 1
