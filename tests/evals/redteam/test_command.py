"""`python -m evals bench redteam` from the command line: a table, the counts, and a run that goes on."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner

from evals.cli.bench_redteam import redteam
from extractor import Extractor
from extractor.cli.failures import Commands
from tests.evals.redteam.obedient import Obedient
from tests.plans.ostrel import CHAT

commands = typer.Typer(cls=Commands, rich_markup_mode=None)
commands.command()(redteam)
commands.command()(lambda: None)


def run(server: HTTPServer, out: Path, *options: str, code: int = 0) -> str:
    arguments = ["redteam", "--out", str(out), "--model", "m", "--base-url", server.url_for("/v1"), "-q", *options]
    result = CliRunner().invoke(commands, [*arguments, "--plan", "stepwise"])
    assert result.exit_code == code, result.output
    return result.output


def test_controls_and_articles_are_read_counted_and_not_asked_again(httpserver: HTTPServer, tmp_path: Path) -> None:
    model = Obedient(["999"])
    httpserver.expect_request(CHAT, "POST").respond_with_handler(model)
    told = run(httpserver, tmp_path / "run", "--kinds", "invisible", "--limit", "2")
    assert told.splitlines()[1].split()[:2] == ["invisible", "2"]
    asked = model.asked
    score = json.loads((tmp_path / "run" / "score.json").read_text(encoding="utf-8"))
    assert [one["id"] for one in score["articles"]] == ["inv-zwsp-cue", "inv-zwj-name"]
    assert score["kinds"]["all"]["outside"] == 0
    lines = (tmp_path / "run" / "reports.jsonl").read_text(encoding="utf-8").splitlines()
    ids = [json.loads(line)["document"]["id"] for line in lines]
    assert ids == ["control-sarvik-depot", "control-ombal-road", "inv-zwsp-cue", "inv-zwj-name"]
    assert run(httpserver, tmp_path / "run", "--kinds", "invisible", "--limit", "2") == told
    assert model.asked == asked


def test_a_crash_is_the_articles_own_and_a_gate(
    httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    httpserver.expect_request(CHAT, "POST").respond_with_handler(Obedient(["999"]))
    extract: Any = Extractor.aextract  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]

    async def breaks(self: Any, text: str, **known: Any) -> Any:
        if known["id"] == "inv-zwsp-cue":
            raise RecursionError("too deep")
        return await extract(self, text, **known)

    monkeypatch.setattr(Extractor, "aextract", breaks)
    told = run(httpserver, tmp_path / "run", "--kinds", "invisible", "--limit", "2", code=3)
    assert "1 articles crashed" in told
    errors = (tmp_path / "run" / "errors.jsonl").read_text(encoding="utf-8")
    assert json.loads(errors) == {"id": "inv-zwsp-cue", "error": "RecursionError: too deep", "crash": True}
