"""`extractor link`: what it reads, what it refuses, and where the dossiers go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from extractor.cli import app
from tests.commands import refusal
from tests.dossiers.reports import claim, incident, report

A, B, C = (
    report(name, incident(town=town), claims=(claim("C1", "Ilda Brenko"),)).to_json(indent=None)
    for name, town in (("a", "Orvan"), ("b", "Orvan"), ("c", "Kesht"))
)


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["link", *map(str, arguments)], input=stdin)


def refused(*arguments: str | Path, stdin: bytes | None = None) -> str:
    return refusal(run(*arguments, stdin=stdin))


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    one.write_text(f"{A}\n{C}\n")
    other.write_text(f"{B}\n")
    return one, other


class TestOutput:
    def test_a_dossier_a_line(self, files: tuple[Path, Path], tmp_path: Path) -> None:
        path = tmp_path / "dossiers.jsonl"
        result = run(*files, "-o", path)
        assert result.exit_code == 0
        assert result.stderr == "3 incidents in 2 dossiers\n"
        dossiers = [json.loads(line) for line in path.read_text().splitlines()]
        assert sorted(len(dossier["incidents"]) for dossier in dossiers) == [1, 2]
        assert path.read_text() == run(*files).stdout == run(*reversed(files)).stdout

    def test_a_list(self, files: tuple[Path, Path], tmp_path: Path) -> None:
        lines = run(*files).stdout.splitlines()
        assert json.loads(run(*files, "--format", "json").stdout) == [json.loads(line) for line in lines]
        empty = tmp_path / "empty.json"
        empty.write_text(report("d").to_json())
        assert json.loads(run(empty, "--format", "json").stdout) == []

    def test_a_page_to_read(self, files: tuple[Path, Path]) -> None:
        page = run(*files, "--format", "text").stdout
        assert "== shelling missile, 2026-03-02, Orvan [single_party]" in page
        assert "2 incident(s) in 2 article(s), 1 independent source(s)" in page
        assert "one source: a and b: 100% of the shorter telling stands in the other too" in page
        assert '  Ilda Brenko asserts, third_party (a, 2026-03-03): "what "' in page
        assert '  + same place: "Orvan"' in page

    def test_standard_input(self) -> None:
        assert run("-", stdin=f"[{A},{B}]".encode()).stderr == "2 incidents in 1 dossier\n"

    def test_a_file_appears_whole_or_not_at_all(self, files: tuple[Path, Path], tmp_path: Path) -> None:
        files[1].write_text(f"{B}\n{{broken\n")
        path = tmp_path / "dossiers.jsonl"
        assert "other.jsonl, line 2: this is no report" in refused(*files, "-o", path)
        assert not path.exists()


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            ("", "holds no report"),
            (f"{A}\n{{}}\n", "line 2: this is no report: actors: Field required"),
            (f"{A}\n{B}\n{A}\n", 'the document id "a" is there twice, in reports 1 and 3'),
            (json.dumps({**json.loads(A), "document": None}), "report 1 does not say which article it is of"),
        ],
    )
    def test_one_line_says_what_is_wrong(self, text: str, says: str) -> None:
        assert says in refused("-", stdin=text.encode())

    def test_files(self, files: tuple[Path, Path], tmp_path: Path) -> None:
        assert "No such file" in refused(files[0], tmp_path / "nothing")
        assert "is the input itself" in refused(*files, "-o", files[1])
        assert run().exit_code == 2
