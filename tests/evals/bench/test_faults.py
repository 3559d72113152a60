"""`bench faults`: that it passes, and that it would not if something were lost."""

import json
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from evals.bench.batch_stub import BatchStub
from evals.bench.faults import Broken, Trial
from evals.bench.stub import Reply, serving
from evals.cli.bench_faults import faults
from extractor.cli.failures import Commands

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills and limits of Unix")

commands = typer.Typer(cls=Commands, rich_markup_mode=None)
commands.command()(faults)


def test_a_few_trials_pass() -> None:
    result = CliRunner().invoke(commands, ["--trials", "3", "--seed", "1"])
    assert result.exit_code == 0, result.output
    assert result.stderr == "seed 1\n"
    first, *_, last = result.stdout.splitlines()
    assert first.startswith("3 trials (")
    assert first.endswith(", seed 1")
    assert last.split()[0] == "0"


@pytest.mark.parametrize("damage", ["lost", "twice", "half", "other", "journal"])
def test_damage_is_found(tmp_path: Path, damage: str) -> None:
    reports = tmp_path / "out" / "reports.jsonl"

    def harm() -> None:
        lines = reports.read_text().splitlines(keepends=True)
        first = json.loads(lines[0])
        first["data"]["place"]["text"] = "Town9"
        match damage:
            case "lost":
                reports.write_text("".join(lines[1:]))
            case "twice":
                reports.write_text("".join([lines[0], *lines]))
            case "half":
                reports.write_text("".join(lines)[:-20])
            case "other":
                reports.write_text("".join([json.dumps(first) + "\n", *lines[1:]]))
            case _:
                (tmp_path / "out" / "journal.sqlite").write_bytes(b"none" * 5000)

    with serving(lambda _: Reply(""), BatchStub) as server:
        trial = Trial("3", tmp_path, server)
        trial.run()
        harm()
        with pytest.raises(Broken):
            trial.check()
