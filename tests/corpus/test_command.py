"""`extractor run`: what it says and with which exit code."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from evals.bench.stub import Reply, Stub
from extractor.cli import app
from extractor.corpus import Choice
from extractor.logs import logged_to
from tests.corpus.world import Model, World, read_lines, record, refusal, text_of, towns

NOTHING: dict[str, list[str]] = {"actors": [], "incidents": [], "claims": []}


@pytest.fixture(autouse=True)
def nothing_found(model: Model) -> None:
    model.before = lambda _: Reply(NOTHING)


def command(world: World, *arguments: str | Path) -> Result:
    base = world.choice.base_url or ""
    line = ["run", str(world.corpus), "-o", str(world.out), "--base-url", base, "--model", "large"]
    return CliRunner().invoke(app, [*line, *map(str, arguments)])


def test_all_done(world: World) -> None:
    world.write(record("Almora"), record("Brenta"))
    result = command(world)
    assert (result.exit_code, result.stdout) == (0, "")
    first, *_, last = result.stderr.splitlines()
    assert first == "extractor: 2 articles, 2 to be extracted"
    assert last.startswith("2 reports, 2 calls, 240 tokens, cost unknown, ")
    assert last.endswith(f": {world.out}")
    assert command(world, "--quiet").stderr == ""


def test_some_failed(world: World, model: Model) -> None:
    world.write(record("Almora"), "nonsense", record("Brenta"))
    model.before = lambda town: refusal(400, "odd") if town == "brenta" else Reply(NOTHING)
    result = command(world)
    assert result.exit_code == 1
    failure, summary = result.stderr.splitlines()[-2:]
    assert failure.startswith("extractor: brenta: ")
    assert summary.startswith("1 report, 1 failed (--retry-failed tries them again), 1 record no article, ")
    model.before = lambda _: Reply(NOTHING)
    world.write(record("Almora"), record("Brenta"))
    assert command(world, "--retry-failed").exit_code == 0


def test_the_budget_is_spent(world: World) -> None:
    world.write(*map(record, towns(5)))
    result = command(world, "--max-tokens", "240")
    assert result.exit_code == 4
    assert "beyond --max-tokens 240" in result.stderr
    assert "2 reports, 3 left, " in result.stderr


def test_what_is_unusable(world: World, tmp_path: Path) -> None:
    assert command(world).exit_code == 2
    world.write({"key": "x"})
    result = command(world)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "holds no article: line 1: there is no 'id'" in result.stderr
    result = command(world, "--max-cost", "1")
    assert "is not known; use --max-tokens" in result.stderr
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(app, ["run", str(world.corpus), "-o", str(tmp_path / "file")])
    assert "cannot be used" in result.stderr


def test_options_that_do_not_go_together(world: World) -> None:
    world.write(record("Almora"))
    for options in (["--workers", "2"], ["--engine", "ray", "--otel"]):
        result = command(world, *options)
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_columns_and_a_folder(world: World) -> None:
    (world.folder / "c.csv").write_text(f'name,body\nx,"{text_of("Almora")}"\n')
    world.corpus = world.folder / "c.csv"
    assert command(world, "--id-column", "name", "--text-column", "body", "--rpm", "6000").exit_code == 0
    world.corpus, world.out = world.folder / "texts", world.folder / "out2"
    (world.corpus / "deep").mkdir(parents=True)
    (world.corpus / "deep" / "a.txt").write_text(text_of("Almora"))
    assert command(world).exit_code == 0
    assert world.ids() == ["deep/a.txt"]


def test_ctrl_c_finishes_what_is_under_way_and_the_second_one_stops_at_once(
    world: World, model: Model, server: Stub, tmp_path: Path
) -> None:
    world.write(*map(record, towns(20)))
    begun, release = threading.Event(), threading.Event()

    def held(_: str) -> Reply:
        if model.asked.total() >= 2:
            begun.set()
        return Reply(NOTHING, until=release.is_set)

    model.before = held
    line = [sys.executable, "-m", "extractor", "run", str(world.corpus), "--base-url", server.base_url]
    line += ["--model", "large", "--concurrency", "2", "-o"]
    environment = os.environ | {"EXTRACTOR_REQUESTS": ""}
    with subprocess.Popen([*line, str(world.out)], stderr=subprocess.PIPE, text=True, env=environment) as one:
        assert begun.wait(60)
        one.send_signal(signal.SIGINT)
        assert one.stderr
        while "2 articles under way will be finished" not in (said := one.stderr.readline()):
            assert said
        release.set()
        rest = one.stderr.read()
    assert one.returncode == 130
    assert "2 reports, 18 left" in rest
    assert world.ids() == ["town0", "town1"]

    begun.clear()
    release.clear()
    with subprocess.Popen([*line, str(tmp_path / "two")], stderr=subprocess.PIPE, text=True, env=environment) as two:
        assert begun.wait(60)
        two.send_signal(signal.SIGINT)
        assert two.stderr
        while "under way" not in two.stderr.readline():
            pass
        two.send_signal(signal.SIGINT)
        assert two.stderr.read() == "extractor: interrupted\n"
    assert two.returncode == 130
    release.set()
    assert not (tmp_path / "two" / "reports.jsonl").exists()
    world.out = tmp_path / "two"
    assert command(world).exit_code == 0
    assert len(read_lines(tmp_path / "two" / "reports.jsonl")) == 20


def events(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stderr.splitlines()]


class TestLogsAsJson:
    def test_a_line_an_event(self, world: World, model: Model) -> None:
        world.write(record("Almora"), record("Brenta"))
        model.before = lambda town: refusal(400, "odd") if town == "brenta" else Reply(NOTHING)
        result = command(world, "--log-format", "json", "--concurrency", "1")
        begun, done, failed, ended = events(result)
        assert [event["event"] for event in (begun, done, failed, ended)] == ["begun", "done", "failed", "ended"]
        assert begun["message"] == "2 articles, 2 to be extracted"
        assert (begun["articles"], begun["left"], begun["level"]) == (2, 2, "info")
        assert datetime.fromisoformat(begun["time"]).utcoffset() == timedelta(0)
        assert (done["id"], done["calls"], done["input_tokens"], done["output_tokens"]) == ("almora", 1, 100, 20)
        assert (failed["id"], failed["kind"], failed["level"]) == ("brenta", "RequestRefused", "warning")
        assert "odd" in failed["error"]
        assert (ended["done"], ended["failed"], ended["left"], ended["out"]) == (1, 1, 0, str(world.out))
        assert result.exit_code == 1

    def test_errors_too(self, world: World) -> None:
        world.write({"key": "x"})
        (error,) = events(command(world, "--log-format", "json"))
        assert (error["event"], error["level"], error["kind"]) == ("error", "error", "InputError")
        assert (error["exit_code"], "holds no article" in error["message"]) == (2, True)

    def test_the_budget(self, world: World) -> None:
        world.write(*map(record, towns(3)))
        *_, ended, budget = events(command(world, "--log-format", "json", "--max-tokens", "240"))
        assert (ended["event"], ended["stopped"], budget["event"]) == ("ended", "budget", "budget")

    def test_quiet_is_quiet(self, world: World) -> None:
        world.write(record("Almora"))
        assert command(world, "--log-format", "json", "--quiet").stderr == ""

    def test_the_next_command_is_plain_again(self, world: World) -> None:
        world.write(record("Almora"))
        command(world, "--log-format", "json")
        assert command(world).stderr.startswith("extractor: 1 article, 0 to be extracted\n")

    def test_one_article(self, world: World) -> None:
        (world.folder / "a.txt").write_text(text_of("Almora"))
        arguments = [str(world.folder / "a.txt"), "--base-url", world.choice.base_url or "", "--model", "large"]
        result = CliRunner().invoke(app, ["extract", *arguments, "--log-format", "json"])
        (told,) = events(result)
        assert (told["event"], told["incidents"], told["calls"], told["plan"]) == ("extracted", 0, 1, "whole")
        assert json.loads(result.stdout)["incidents"] == []


def test_a_handler_of_ones_own_gets_the_events(world: World) -> None:
    told: list[logging.LogRecord] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(record)

    world.write(record("Almora"))
    with logged_to(Keep()):
        world.run(choice=Choice("large", world.choice.base_url), quiet=False)
    assert [getattr(each, "event", None) for each in told] == ["begun", "done"]
