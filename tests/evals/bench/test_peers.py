"""The bench of peers: what it keeps, how it goes on after a stop, what it shows."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from evals.bench.peers import LangExtract, PlainInstructor, Project, Server, System, Totals, run, table
from evals.goldset import GoldArticle
from extractor.errors import ConnectionFailed, InputError, SettingsError
from extractor.schema import Report
from tests.evals.bench.peers_articles import TEXT, Both, article

ARTICLES = [article("ostrel-1"), article("ostrel-2")]


@pytest.fixture
def both(httpserver: HTTPServer) -> Both:
    return Both(httpserver)


def bench(both: Both, out: Path, articles: Sequence[GoldArticle] = ARTICLES, **options: Any) -> dict[Any, Totals]:
    systems: list[System] = [Project("whole"), PlainInstructor()]
    return run(articles, systems, out, model=options.pop("model", "large"), base_url=both.base_url, **options)


def rows(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "results.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_system_reads_every_article_in_turn(both: Both, tmp_path: Path) -> None:
    bench(both, tmp_path)
    assert both.asked == ["Report", "Answer", "Answer", "Report"]
    assert [(row["id"], row["system"], row["place"]) for row in rows(tmp_path)] == [
        ("ostrel-1", "project", 1),
        ("ostrel-1", "instructor", 2),
        ("ostrel-2", "instructor", 1),
        ("ostrel-2", "project", 2),
    ]
    for system in ("project", "instructor"):
        reports = (tmp_path / system / "reports.jsonl").read_text(encoding="utf-8").splitlines()
        read = [Report.model_validate_json(line) for line in reports]
        assert [report.document and report.document.id for report in read] == ["ostrel-1", "ostrel-2"]
        for report in read:
            report.verify(TEXT)


def test_what_a_system_took_is_what_the_server_counted(both: Both, tmp_path: Path) -> None:
    of = bench(both, tmp_path)
    taken = {name: of["instructor"][name] for name in ("calls", "input_tokens", "cached_tokens", "output_tokens")}
    assert taken == {"calls": 2, "input_tokens": 1800, "cached_tokens": 600, "output_tokens": 140}
    assert (of["instructor"]["not_in_text"], of["project"]["not_in_text"]) == (8, 0)
    assert (of["instructor"]["claims"], of["instructor"]["incidents"], of["instructor"]["failures"]) == (4, 2, 0)


def test_a_stopped_bench_goes_on_where_it_was(both: Both, tmp_path: Path) -> None:
    bench(both, tmp_path)
    results = tmp_path / "results.jsonl"
    lines = results.read_text(encoding="utf-8").splitlines(keepends=True)
    results.write_text("".join(lines[:2]) + lines[2][:40], encoding="utf-8")  # killed while it wrote the third
    both.asked.clear()
    of = bench(both, tmp_path)
    assert both.asked == ["Answer", "Report"]
    assert [row["id"] for row in rows(tmp_path)] == ["ostrel-1", "ostrel-1", "ostrel-2", "ostrel-2"]
    assert of["instructor"]["articles"] == 2
    assert len((tmp_path / "instructor" / "reports.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_a_line_separator_within_an_answer_ends_no_line(both: Both, tmp_path: Path) -> None:
    both.instructors_answer = both.instructors_answer.replace("the harbour", "the\u2028harbour")
    bench(both, tmp_path)
    both.asked.clear()
    assert bench(both, tmp_path)["instructor"]["articles"] == 2
    assert both.asked == []
    assert "\u2028" in (tmp_path / "results.jsonl").read_text(encoding="utf-8")


def test_a_finished_bench_asks_nothing_more_and_takes_more_articles(both: Both, tmp_path: Path) -> None:
    bench(both, tmp_path, ARTICLES[:1])
    both.asked.clear()
    bench(both, tmp_path, ARTICLES[:1])
    assert both.asked == []
    assert bench(both, tmp_path)["project"]["articles"] == 2


def test_another_server_or_text_is_refused(both: Both, tmp_path: Path) -> None:
    bench(both, tmp_path)
    with pytest.raises(SettingsError, match="another server: name another folder"):
        bench(both, tmp_path, model="larger")
    with pytest.raises(InputError, match="ostrel-1 has changed"):
        bench(both, tmp_path, [article("ostrel-1", f"{TEXT}Nobody was hurt.\n")])


def test_an_answer_that_is_none_is_a_failure_with_its_reason(both: Both, tmp_path: Path) -> None:
    both.instructors_answer = '{"incidents": 3}'
    of = bench(both, tmp_path, ARTICLES[:1])
    assert both.asked == ["Report", "Answer", "Answer", "Answer"]
    assert (of["instructor"]["failures"], of["instructor"]["claims"], of["instructor"]["calls"]) == (1, 0, 3)
    (row,) = [row for row in rows(tmp_path) if row["system"] == "instructor"]
    assert "InstructorRetryException" in row["error"]


def test_a_server_that_went_away_stops_the_bench_and_is_no_result(tmp_path: Path, unused_tcp_port: int) -> None:
    with pytest.raises(ConnectionFailed, match="while instructor read ostrel-1: the same command goes on"):
        run(ARTICLES, [PlainInstructor()], tmp_path, model="large", base_url=f"http://127.0.0.1:{unused_tcp_port}/v1")
    assert not (tmp_path / "results.jsonl").exists()


def test_scores_stand_beside_what_was_taken(both: Both, tmp_path: Path) -> None:
    def score(articles: Sequence[GoldArticle], reports: Sequence[Report]) -> dict[str, Any]:
        found = sum(len(report.claims) for report in reports) / len(articles) / 10
        return {
            "claims": {"f1": found, "content_f1": found},
            "incidents": {"f1": 0.5},
            "critical_per_100_claims": 20.0,
        }

    of = bench(both, tmp_path, score=score)
    shown = table(of).splitlines()
    assert [cell.strip() for cell in shown[0].split("|")[2:-1]] == ["project", "instructor (to ours)"]
    assert [cell.strip() for cell in shown[2].split("|")[1:-1]] == ["claims F1", "0.400", "0.200 (0.50)"]
    assert len({len(line) for line in shown}) == 1
    kept = json.loads((tmp_path / "peers.json").read_text(encoding="utf-8"))
    assert kept["totals"]["instructor"]["claims_f1"] == 0.2
    assert kept["to_ours"]["instructor"]["claims_f1"] == 0.5
    assert kept["settings"]["instructor"]["version"]
    assert [len(kept["settings"]["instructor"][name]) for name in ("prompt_sha256", "schema_sha256")] == [64, 64]


def test_an_environment_without_langextract_is_a_failure_with_its_reason() -> None:
    server = Server("http://127.0.0.1:9/v1", "none", "large", 1)
    result = LangExtract(Path(sys.executable)).extract(ARTICLES[0], server)
    assert result.error
    assert "No module named 'langextract'" in result.error
    assert result.report.claims == []


def test_openai_itself_is_no_place_for_a_bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none")
    with pytest.raises(SettingsError, match="a server of your own"):
        run(ARTICLES, [Project()], tmp_path, model="openai/gpt-5")
