"""The page: nothing that an article says can do anything, and every error is there with its words."""

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from evals.goldset import load
from tests.dom import Element
from tests.evals.page.conftest import Made
from tests.evals.page.folders import HOSTILE, HOSTILE_TEXT, evals, flawed, write_run


def test_every_critical_error_is_listed_with_its_words_and_leads_to_them(made: Made) -> None:
    errors = json.loads((made.run / "score.json").read_text(encoding="utf-8"))["errors"]
    assert {error["kind"] for error in errors} >= {"swapped_roles", "invented_date", "wrong_source"}
    [section] = made.dom.all("section", id="critical")
    lines = [line for part in section.all("details") for line in part.all("li")]
    ids = {element.attributes["id"]: element for element in made.dom.all() if "id" in element.attributes}
    assert len(lines) == len(errors)
    for error in errors:
        [line] = [li for li in lines if {error["document"], error["where"], error["words"]} <= parts(li)]
        assert error["expected"] in line.text
        place = ids[line.all("a")[0].attributes["href"].removeprefix("#")]
        if error["start"] < error["end"]:
            assert "critical-wrong" in place.classes


def parts(line: Element) -> set[str]:
    return {element.text for element in line.all()}


def test_every_article_is_there_word_for_word_under_its_marks(made: Made) -> None:
    shown = [element.text for element in made.dom.all("div", class_="text")]
    assert sorted(shown) == sorted(article.text for article in load(made.gold))
    assert HOSTILE_TEXT in shown


def test_words_of_articles_become_no_markup(made: Made) -> None:
    assert len(made.dom.all("script")) == 1
    assert len(made.dom.all("style")) == 1
    assert not made.dom.all("img")
    assert not [e for e in made.dom.all() for name in e.attributes if name.startswith("on") or name == "style"]
    [title] = made.dom.all("title")
    assert title.text == "Evaluation of flawed <run>"


def test_nothing_is_fetched_from_anywhere(made: Made) -> None:
    for element in made.dom.all():
        for name in ("src", "href", "srcset", "action", "data", "poster", "xlink:href"):
            target = element.attributes.get(name, "#")
            assert target.startswith("#") or target == "data:,", (element.tag, target)
    for element in (*made.dom.all("style"), *made.dom.all("script")):
        assert not re.search(r"url\(|@import|//\w|fetch|XMLHttp|import\(", element.text.replace("\n// ", ""))


def test_the_policy_lets_in_this_style_and_script_and_nothing_else(made: Made) -> None:
    [policy] = [m.attributes["content"] for m in made.dom.all("meta") if "http-equiv" in m.attributes]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for rule, tag in (("style-src", "style"), ("script-src", "script")):
        [element] = made.dom.all(tag)
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"


def test_every_link_leads_somewhere_and_no_id_is_used_twice(made: Made) -> None:
    ids = [element.attributes["id"] for element in made.dom.all() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    assert {a.attributes["href"].removeprefix("#") for a in made.dom.all("a")} <= set(ids)


def test_the_worst_article_comes_first_and_the_best_last(made: Made) -> None:
    order = [summary.text for summary in made.dom.all("details", class_="article")]
    assert ["tolvara-market" in order[0], HOSTILE in order[1], "cali-blasts-live" in order[2]] == [True] * 3
    flags = ["has-critical" in article.classes for article in made.dom.all("details", class_="article")]
    assert flags == [True, True, False]


def test_figures_stand_with_their_intervals_and_plots_have_names(made: Made) -> None:
    score = json.loads((made.run / "score.json").read_text(encoding="utf-8"))
    cards = [card.text.split() for card in made.dom.all("div", class_="card")]
    low, high = score["intervals"]["claims.f1"]
    assert len(cards) == 4
    assert f"{score['claims']['f1']:.2f}" in cards[0]
    assert cards[0][-3:] == [f"{low:.2f}", "to", f"{high:.2f}"]
    plots = made.dom.all("svg", class_="marks")
    assert len(plots) == 12  # headlines 2, fields 3, slices 3, costs 3, differences 1
    assert all("aria-label" in plot.attributes for plot in plots)


def test_runs_are_held_against_each_other(made: Made) -> None:
    [section] = made.dom.all("section", id="runs")
    verdicts = [element.text for element in section.all("span", class_="verdict")]
    assert "claims, content and source: cannot tell" in verdicts  # three documents are too few
    assert "perfect" in section.text
    assert "unknown" in section.text  # the price of the first run


def test_one_run_needs_no_other(made: Made, tmp_path: Path) -> None:
    assert evals("report", made.other, "--gold", made.gold, "-o", tmp_path / "r.html").exit_code == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert 'id="runs"' not in page
    assert "0 in all" in page


def test_an_article_without_a_report_is_said_to_have_none(made: Made, tmp_path: Path) -> None:
    reports = flawed(made.gold)
    del reports[HOSTILE]
    run = write_run(tmp_path / "part", made.gold, reports)
    evals("report", run, "--gold", made.gold, "-o", tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "No report for hostile: scored as if nothing was found there." in page


def test_a_run_that_is_not_scored_is_refused_with_what_to_do(made: Made, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    result = evals("report", tmp_path / "run", "--gold", made.gold, "-o", tmp_path / "r.html")
    assert result.exit_code == 2
    assert "python -m evals score --pred" in result.output
    assert not (tmp_path / "r.html").exists()


@pytest.mark.parametrize("changed", ["labels", "reports"])
def test_a_score_of_something_else_is_refused(made: Made, tmp_path: Path, changed: str) -> None:
    run = write_run(tmp_path / "run", made.gold, flawed(made.gold))
    file = run / "score.json"
    score = json.loads(file.read_text(encoding="utf-8"))
    score["provenance"]["gold_sha256" if changed == "labels" else "reports_sha256"] = "0" * 64
    file.write_text(json.dumps(score), encoding="utf-8")
    result = evals("report", run, "--gold", made.gold, "-o", tmp_path / "r.html")
    assert result.exit_code == 2
    assert f"before the {changed} changed" in result.output
