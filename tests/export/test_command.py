"""`extractor export`: what it reads, what it refuses, and where the result goes."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from extractor.cli import app
from extractor.export import FORMATS
from tests.commands import refusal
from tests.export.articles import full

LINE = full().to_json(indent=None)


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["export", *map(str, arguments)], input=stdin)


def refused(*arguments: str | Path, stdin: bytes | None = None) -> str:
    return refusal(run(*arguments, stdin=stdin))


def rows(result: Result) -> int:
    assert result.exit_code == 0, result.stderr
    return len(list(csv.reader(io.StringIO(result.stdout, newline="")))) - 1


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    path = tmp_path / "reports.jsonl"
    path.write_text(f"{LINE}\n{LINE}\n")
    return path


class TestInput:
    @pytest.mark.parametrize(
        ("text", "count"),
        [
            (LINE, 6),
            (full().to_json(), 6),
            (f"{LINE}\n\n{LINE}\r\n", 12),
            (f"\n\n[\n{LINE},\n{full().to_json()}\n]\n", 12),
            (f"[{LINE}]", 6),
            (f"{full().to_json()}\n{full().to_json()}", 12),
            (f"\ufeff{LINE}", 6),
        ],
        ids=["a line", "a report", "lines", "a list", "a list of one", "reports", "a mark"],
    )
    def test_a_report_a_list_or_lines(self, tmp_path: Path, text: str, count: int) -> None:
        path = tmp_path / "reports.json"
        path.write_text(text)
        assert rows(run(path, "--to", "claims-csv")) == count
        assert rows(run("-", "--to", "claims-csv", stdin=text.encode())) == count

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            (f"{LINE}\n{LINE}\n{{broken\n", "line 3: this is no report: Invalid JSON"),
            (f'{LINE}\n{{"id": "a", "text": "An article."}}\n', "line 2: this is no report: actors: Field required"),
            (f"{LINE}\n\n[]\n", "line 3: this is no report"),
            (f"[\n{LINE},\n{{}}]", "line 3: this is no report: actors: Field required"),
            ("{\n  'actors': []\n}", "line 2: this is no JSON"),
            (f"[{LINE}\n{LINE}]", "line 2: this is no JSON"),
            (f"[{LINE},\n1]", "line 2: this is no report"),
            ("An article.\n", "line 1: this is no JSON"),
            ("[" * 100_000, "line 1: this is no usable JSON"),
            ("", "holds no report"),
            ("[]", "holds no report"),
            ("\n \n", "holds no report"),
        ],
    )
    def test_what_is_no_report_is_told_by_its_line(self, tmp_path: Path, text: str, says: str) -> None:
        path = tmp_path / "reports.json"
        path.write_text(text)
        assert says in refused(path, "--to", "claims-csv", "-o", tmp_path / "claims.csv")
        assert not (tmp_path / "claims.csv").exists()

    def test_bytes_that_are_no_text(self, tmp_path: Path) -> None:
        path = tmp_path / "reports.jsonl"
        path.write_bytes(LINE.encode() + b"\n\xff\n")
        assert "line 2: not UTF-8: byte 0xFF" in refused(path, "--to", "geojson", "-o", tmp_path / "out")

    def test_a_report_whose_words_are_not_its_texts(self, tmp_path: Path) -> None:
        report = json.loads(full().to_json())
        report["document"]["text"] = "Another text."
        assert "line 1" in refused("-", "--to", "jsonld", "-o", tmp_path / "out", stdin=json.dumps(report).encode())

    def test_no_file(self, tmp_path: Path) -> None:
        assert "is a folder" in refused(tmp_path, "--to", "acled-csv", "-o", tmp_path / "out")
        assert "No such file" in refused(tmp_path / "nothing", "--to", "acled-csv", "-o", tmp_path / "out")

    def test_a_misused_command_line(self, reports: Path) -> None:
        told = run(reports, "--to", "xlsx")
        assert told.exit_code == 2
        assert all(name in told.stderr for name in FORMATS)
        assert run(reports).exit_code == 2


class TestOutput:
    @pytest.mark.parametrize("to", FORMATS)
    def test_a_file_appears_whole_or_not_at_all(self, reports: Path, tmp_path: Path, to: str) -> None:
        path = tmp_path / "out"
        assert run(reports, "--to", to, "-o", path).exit_code == 0
        good = path.read_bytes()
        assert good == run(reports, "--to", to).stdout_bytes
        with reports.open("a") as file:
            file.write("{}\n")
        assert "line 3" in refused(reports, "--to", to, "-o", path)
        assert path.read_bytes() == good
        assert sorted(tmp_path.iterdir()) == [path, reports]

    def test_what_was_written_is_told(self, reports: Path, tmp_path: Path) -> None:
        told = {to: run(reports, "--to", to, "-o", tmp_path / "out").stderr for to in FORMATS}
        assert told["claims-csv"] == told["parquet"] == "12 rows\n"
        assert told["acled-csv"] == told["ged-csv"] == "8 rows\n"
        assert told["geojson"] == "8 features\n"
        assert told["jsonld"].endswith(" nodes\n")

    def test_the_input_is_not_overwritten(self, reports: Path) -> None:
        assert "is the input itself" in refused(reports, "--to", "jsonld", "-o", reports)
        assert "does not exist" in refused(reports, "--to", "jsonld", "-o", reports / "no" / "out")

    def test_a_terminal_is_not_shown_parquet(self, reports: Path) -> None:
        terminal, its_end = pty.openpty()
        command = [sys.executable, "-m", "extractor", "export", reports, "--to"]
        done = subprocess.run([*command, "parquet"], stdout=its_end, stderr=subprocess.PIPE, text=True, check=False)
        os.close(its_end)
        os.close(terminal)
        assert done.returncode == 2
        assert done.stderr == "extractor: parquet is no text for a terminal: name a file with -o, or pipe it on\n"
