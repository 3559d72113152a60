"""A run over a gold split: what it writes, what it survives, and when it refuses to go on."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import typer
from filelock import FileLock
from typer.testing import CliRunner, Result
from werkzeug import Response

from evals.cli.run import run as run_command
from evals.running import Article
from extractor import Report
from extractor.cli.failures import Commands
from extractor.errors import OutputError, SettingsError
from tests.evals.running.split import TOWNS, Model, Split, said

NAMES = [town.lower() for town in TOWNS]

# The command as the command line has it: beside others, its failures one line.
APP = typer.Typer(cls=Commands, rich_markup_mode=None, pretty_exceptions_enable=False)
APP.callback()(lambda: None)
APP.command("run")(run_command)


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(APP, ["run", *map(str, arguments)])


class TestAWholeRun:
    def test_every_article_has_a_report_in_the_order_of_the_gold_set(self, split: Split, model: Model) -> None:
        another = threading.Event()

        def before(town: str) -> None:
            if town == TOWNS[0]:
                assert another.wait(30)
            else:
                another.set()

        model.before = before
        split.run()
        assert split.ids() == NAMES
        assert [report["document"]["date"] for report in split.reports()] == ["2026-03-10"] * len(NAMES)
        assert model.asked == Counter(TOWNS)

    def test_the_model_is_told_what_is_known_of_the_article(self, split: Split, model: Model) -> None:
        split.run(limit=1)
        shown = json.dumps(json.loads(model.server.log[-1][0].get_data())["messages"])
        for known in ("Nordbote", "2026-03-10", "Shells on Almora"):
            assert known in shown

    def test_the_manifest_tells_what_it_was_made_with_and_what_it_took(self, split: Split) -> None:
        split.run(split="dev", plan="whole")
        run: dict[str, Any] = json.loads((split.out / "run.json").read_text())
        assert run["settings"] == {
            "model": "large", "kind": "server", "base_url": split.base_url, "plan": "whole", "prompt": None,
            "replayed": None,
        }  # fmt: skip
        assert (run["model"], run["plan"], run["finished"], run["failed"]) == ("large", "whole", True, 0)
        assert [prompt["name"] for prompt in run["prompts"]] == ["whole"]
        assert (run["gold"]["split"], run["gold"]["articles"], run["reports"]) == ("dev", 3, 3)
        assert run["schema_sha256"] == split.reports()[0]["run"]["schema_sha256"]
        assert (run["totals"]["calls"], run["totals"]["input_tokens"], run["totals"]["output_tokens"]) == (3, 300, 60)
        assert run["totals"]["cost_usd"] is None, "nobody knows what this server costs"
        assert {"openai", "instructor", "pydantic", "xllamacpp"} == run["packages"].keys()
        hashes = run["gold"]["sha256"], run["code"]["sha256"], run["code"]["prompts_sha256"], run["schema_sha256"]
        assert [len(sha256) for sha256 in hashes] == [64] * 4
        assert len(set(hashes)) == 4

    def test_no_file_tells_keys_or_paths(self, split: Split, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
        key = "sk-very-secret"
        monkeypatch.setenv("EXTRACTOR_API_KEY", key)
        echo = {"choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": key}}], "id": key}
        model.before = lambda town: Response(json.dumps(echo)) if town == "Brenta" else None
        split.run()
        sent = [request.headers["authorization"] for request, _ in model.server.log]
        assert set(sent) == {f"Bearer {key}"}
        for path in split.out.rglob("*.json*"):
            text = path.read_text(encoding="utf-8")
            assert str(split.gold) not in text
            assert "uthorization" not in text
            if path.parent.name == "answers":
                assert key not in text
                assert split.base_url not in text

    def test_a_second_start_asks_nothing(self, split: Split, model: Model) -> None:
        first = split.run()
        before = (split.out / "reports.jsonl").read_bytes()
        model.asked.clear()
        assert split.run() == first
        assert (split.out / "reports.jsonl").read_bytes() == before
        assert not model.asked


class TestThePool:
    def test_a_slow_article_holds_up_no_other(self, split: Split, model: Model) -> None:
        others = threading.Barrier(len(TOWNS) - 1)  # passed only when all the others were asked, one by one
        seen = threading.Event()
        count: Counter[str] = Counter()

        def before(town: str) -> None:
            if town == TOWNS[0]:
                assert seen.wait(30), "the others wait for the slow one"
            else:
                count[town] += 1
                if len(count) == others.parties:
                    seen.set()

        model.before = before
        split.run(concurrency=2)
        assert split.ids() == NAMES
        assert model.most_under_way == 2

    def test_no_more_are_under_way_than_allowed(self, split: Split, model: Model) -> None:
        gate = threading.Barrier(3)  # opens only if three are under way at once

        def before(_: str) -> None:
            gate.wait(30)

        model.before = before
        split.run(concurrency=3)
        assert model.most_under_way == 3


class TestAnArticleThatFails:
    def test_is_listed_and_stops_no_other(self, split: Split, model: Model) -> None:
        model.before = lambda town: said("I would rather not.") if town == "Brenta" else None
        whole = split.run()
        assert split.ids() == [name for name in NAMES if name != "brenta"]
        assert split.errors().keys() == {"brenta"}
        assert "was no JSON, twice" in split.errors()["brenta"]
        assert (whole.reports, whole.failed, whole.finished) == (5, 1, True)

    def test_is_asked_again_when_the_run_is_started_again(self, split: Split, model: Model) -> None:
        model.before = lambda town: said("I would rather not.") if town == "Brenta" else None
        split.run()
        model.asked.clear()
        model.before = lambda _: None
        split.run()
        assert model.asked == Counter(["Brenta"])
        assert split.ids() == NAMES
        assert split.errors() == {}

    def test_a_model_that_cannot_be_chosen_stops_the_run(self, split: Split, model: Model) -> None:
        served = {"object": "list", "data": [{"id": name, "object": "model"} for name in ("one", "two")]}
        model.server.clear()
        model.server.expect_request("/v1/models").respond_with_json(served)
        with pytest.raises(SettingsError, match="offers one, two: name one"):
            split.run(model=None)
        assert split.errors() == {}


class TestKilled:
    def test_in_the_middle_it_goes_on_where_it_was(self, split: Split, model: Model) -> None:
        reached, release = threading.Event(), threading.Event()

        def before(town: str) -> None:
            if town == "Dunmark":
                reached.set()
                release.wait(30)

        model.before = before
        code = "from tests.evals.running.test_run import APP; APP()"
        options = ["run", "--gold", split.gold, "--out", split.out, "--concurrency", "1"]
        options += ["--model", "large", "--base-url", split.base_url]
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, options)], stderr=subprocess.PIPE, cwd=Path(__file__).parents[3]
        )
        assert reached.wait(60), "it came to the fourth article"
        os.kill(process.pid, signal.SIGKILL)
        release.set()
        assert process.wait() == -signal.SIGKILL
        assert process.stderr is not None
        process.stderr.close()
        assert split.ids() == NAMES[:3]

        model.before = lambda _: None
        assert model.asked == Counter(TOWNS[:4])
        whole = split.run()
        assert model.asked == Counter([*TOWNS, "Dunmark"]), "only the one under way was asked again"
        assert split.ids() == NAMES
        assert whole.totals.calls == 6

    @pytest.mark.parametrize("torn", [b'{"schema_version": "1.0", "docum', b'{"schema_version": "1.0"}', b"\x00" * 900])
    def test_a_torn_line_costs_only_its_article(
        self, split: Split, model: Model, torn: bytes, capsys: pytest.CaptureFixture[str]
    ) -> None:
        split.run()
        journal = split.out / "reports.jsonl"
        whole = journal.read_bytes().splitlines(keepends=True)
        journal.write_bytes(b"".join(whole[:-1]) + torn)
        model.asked.clear()
        split.run(quiet=False)
        assert model.asked == Counter([TOWNS[-1]])
        assert split.ids() == NAMES
        assert "1 half-written lines left out" in capsys.readouterr().err

    def test_a_line_that_lacks_only_its_end_is_whole(self, split: Split, model: Model) -> None:
        split.run(limit=2)
        journal = split.out / "reports.jsonl"
        journal.write_bytes(journal.read_bytes().removesuffix(b"\n"))
        model.asked.clear()
        split.run(limit=2)
        assert not model.asked
        assert split.ids() == NAMES[:2]

    def test_half_written_files_are_cleared_away(self, split: Split) -> None:
        split.run(limit=1)
        (split.out / ".reports.jsonl.77.part").write_bytes(b'{"schema')
        split.run(limit=1)
        assert sorted(path.name for path in split.out.iterdir() if path.name != ".lock") == [
            "answers", "errors.jsonl", "reports.jsonl", "run.json",
        ]  # fmt: skip

    def test_a_manifest_that_is_empty_is_refused_and_restart_mends_it(self, split: Split) -> None:
        split.run(limit=1)
        (split.out / "run.json").write_bytes(b"")
        with pytest.raises(SettingsError, match=r"run\.json cannot be read.* --restart"):
            split.run(limit=1)
        split.run(limit=1, restart=True)
        assert split.ids() == NAMES[:1]


class TestAnotherRun:
    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"plan": "whole"}, "plan (was not given, is whole)"),
            ({"model": "larger"}, "model (was large, is larger)"),
            ({"prompt": "whole"}, "prompt (was not given, is whole "),
            ({"split": "dev"}, "gold split (was all, is dev), gold articles (was 6, is 3), gold sha256 (was "),
            ({"limit": 4}, "gold ids (was not given, is 4 from almora to dunmark)"),
        ],
    )
    def test_is_refused_and_the_difference_told(
        self, split: Split, model: Model, change: dict[str, Any], told: str
    ) -> None:
        split.run()
        before = (split.out / "reports.jsonl").read_bytes()
        model.asked.clear()
        with pytest.raises(SettingsError) as caught:
            split.run(**change)
        assert told in str(caught.value)
        assert "--restart" in str(caught.value)
        assert caught.value.exit_code == 2
        assert (split.out / "reports.jsonl").read_bytes() == before
        assert not model.asked

    def test_is_one_over_a_label_that_was_changed(self, split: Split) -> None:
        split.run()
        label = split.gold / "labels" / "brenta.json"
        label.write_text(label.read_text().replace("Nordbote", "Nordpost"))
        with pytest.raises(SettingsError, match=r"is of another run: gold sha256 \(was \w{12}, is \w{12}\); name"):
            split.run()

    @pytest.mark.parametrize("part", ["code", "schema_sha256", "packages"])
    def test_is_one_with_other_code(self, split: Split, part: str) -> None:
        split.run(limit=1)
        path = split.out / "run.json"
        was = json.loads(path.read_text())
        was[part] = "0" * 64 if part == "schema_sha256" else dict.fromkeys(was[part], "0" * 64)
        path.write_text(json.dumps(was))
        with pytest.raises(SettingsError, match=rf"{part}.* \(was 000000000000, is "):
            split.run(limit=1)

    def test_restart_gives_up_what_was_there(self, split: Split, model: Model) -> None:
        split.run()
        (split.out / "score.json").write_text("{}")
        model.asked.clear()
        split.run(limit=2, restart=True)
        assert model.asked == Counter(TOWNS[:2])
        assert split.ids() == NAMES[:2]
        assert sorted(path.name for path in (split.out / "answers").iterdir()) == [
            "almora.jsonl", "brenta.jsonl", "recorded.json",
        ]  # fmt: skip
        assert not (split.out / "score.json").exists()

    def test_a_server_that_changed_its_model_stops_the_run(self, split: Split, model: Model) -> None:
        model.before = lambda town: said("No.") if town == "Brenta" else None
        split.run(model=None)
        model.server.clear()
        other = {"object": "list", "data": [{"id": "other", "object": "model"}]}
        model.server.expect_request("/v1/models").respond_with_json(other)
        with pytest.raises(SettingsError, match="offers other now, but the run was begun with large"):
            split.run(model=None)

    def test_in_the_same_folder_at_the_same_time_is_refused(self, split: Split) -> None:
        split.run(limit=1)
        with FileLock(split.out / ".lock"), pytest.raises(SettingsError, match="is in use"):
            split.run(limit=1)

    @pytest.mark.parametrize("restart", [True, False])
    def test_a_folder_of_other_things_is_left_alone(self, split: Split, restart: bool) -> None:
        split.out.mkdir()
        (split.out / "reports.jsonl").write_text("mine")
        with pytest.raises(SettingsError, match="is not empty, and no run folder"):
            split.run(restart=restart)
        assert (split.out / "reports.jsonl").read_text() == "mine"

    def test_a_file_is_no_folder(self, split: Split) -> None:
        split.out.write_text("")
        with pytest.raises(SettingsError, match="cannot be used"):
            split.run()


def test_answers_that_cannot_be_kept_stop_the_run(split: Split) -> None:
    split.run(limit=1)
    for line in (split.out / "reports.jsonl", split.out / "answers" / "almora.jsonl"):
        line.unlink()
    (split.out / "answers" / "almora.jsonl").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        split.run(limit=1)
    assert split.errors() == {}, "that is not the article's fault"


class TestTheDisplay:
    def test_tells_score_and_cost_of_all_so_far(
        self, split: Split, model: Model, capsys: pytest.CaptureFixture[str]
    ) -> None:
        model.before = lambda town: said("No.") if town == "Corvel" else None
        seen: list[str] = []

        def score(article: Article, report: Report) -> str:
            seen.append(article.id)
            return f"{len(report.claims)} of {len(seen)}"

        split.run(limit=3, running_score=score, quiet=False, concurrency=1)
        shown = capsys.readouterr()
        assert shown.out == ""
        assert shown.err.splitlines()[:2] == [
            "[1/3] almora: 1 incident, 1 claim | 1 of 1, cost unknown",
            "[2/3] brenta: 1 incident, 1 claim | 1 of 2, cost unknown",
        ]
        assert shown.err.splitlines()[2].startswith("[3/3] corvel: failed: the model's answer")
        seen.clear()
        model.before = lambda _: None
        split.run(limit=3, running_score=score, quiet=False)
        assert sorted(seen) == NAMES[:3], "those of before count too, once"
        assert capsys.readouterr().err.splitlines()[-1].startswith("[3/3] corvel: 1 incident, 1 claim | 1 of 3")

    def test_shows_nothing_when_it_is_not_wanted(self, split: Split, capsys: pytest.CaptureFixture[str]) -> None:
        split.run(limit=1, quiet=True)
        assert capsys.readouterr() == ("", "")


class TestTheCommand:
    def test_runs_a_split(self, split: Split, model: Model) -> None:
        result = command(
            "--gold", split.gold, "--split", "test", "--out", split.out, "--base-url", split.base_url
        )  # fmt: skip
        assert (result.exit_code, result.stdout) == (0, ""), result.stderr
        assert split.ids() == NAMES[3:]
        assert model.asked == Counter(TOWNS[3:])
        assert "3 reports, 3 calls, 360 tokens, cost unknown" in result.stderr

    def test_chosen_articles_only(self, split: Split) -> None:
        asked = ["--gold", split.gold, "--out", split.out, "--base-url", split.base_url, "--ids", "estova, brenta"]
        assert command(*asked, "--limit", "1").exit_code == 0
        assert split.ids() == ["brenta"]

    def test_fails_when_an_article_failed(self, split: Split, model: Model) -> None:
        model.before = lambda town: said("No.") if town == "Brenta" else None
        result = command("--gold", split.gold, "--out", split.out, "--base-url", split.base_url, "--quiet")
        assert result.exit_code == 1
        assert "5 reports, 1 failed (see " in result.stderr

    @pytest.mark.parametrize(
        ("more", "told"),
        [
            (["--ids", "nowhere"], "has no label for nowhere"),
            (["--model", "nameless"], 'unknown model "nameless"'),
            (["--base-url", "http://localhost:9/v1", "--prompt", "none"], "there is no prompt 'none'"),
            (["--replay", "nowhere"], "--replay nowhere holds no recorded answers"),
        ],
    )
    def test_what_cannot_be_is_told_in_one_line(self, split: Split, more: list[str], told: str) -> None:
        result = command("--gold", split.gold, "--out", split.out, *more)
        assert result.exit_code == 2
        assert told in result.stderr
        assert len(result.stderr.splitlines()) == 1
