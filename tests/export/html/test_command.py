"""`extractor show`: which reports it reads, and where the page goes."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner, Result

from extractor.cli import app
from tests.dom import parse
from tests.export.articles import TEXT, full
from tests.export.html import hostile

LINE = full(text=TEXT).to_json(indent=None, include_text=True)


def show(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["show", *map(str, arguments)], input=stdin)


def test_reports_a_line_each_become_one_page(tmp_path: Path) -> None:
    reports, page = tmp_path / "reports.jsonl", tmp_path / "page.html"
    reports.write_text(f"{LINE}\n{full().to_json(indent=None)}\n", encoding="utf-8")
    result = show(reports, "-o", page)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "2 reports\n")
    sections = parse(page.read_text(encoding="utf-8")).all("section", class_="report")
    assert [section.attributes["data-name"] for section in sections] == ["Shells on Orvan", "Shells on Orvan"]


def test_a_report_from_standard_input_goes_to_standard_output() -> None:
    result = show("-", stdin=hostile.report().to_json(include_text=True).encode())
    assert result.stdout.startswith("<!DOCTYPE html>")
    assert result.stdout.endswith("</html>\n")


def test_what_is_no_report_leaves_the_page_that_was_there(tmp_path: Path) -> None:
    reports, page = tmp_path / "reports.jsonl", tmp_path / "page.html"
    reports.write_text(f"{LINE}\n{json.dumps({'id': 'a', 'text': 'An article.'})}\n", encoding="utf-8")
    page.write_text("before")
    result = show(reports, "-o", page)
    assert result.exit_code == 2
    assert "line 2: this is no report" in result.stderr
    assert page.read_text() == "before"


def test_the_reports_themselves_are_never_overwritten(tmp_path: Path) -> None:
    reports = tmp_path / "reports.jsonl"
    reports.write_text(LINE)
    result = show(reports, "-o", reports)
    assert (result.exit_code, reports.read_text()) == (2, LINE)


def test_a_terminal_is_not_shown_a_page(tmp_path: Path) -> None:
    reports = tmp_path / "reports.jsonl"
    reports.write_text(LINE)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "extractor", "show", str(reports)]
    ended = subprocess.run(command, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False)
    os.close(ours)
    os.close(theirs)
    assert (ended.returncode, ended.stderr.splitlines()) == (
        2, ["extractor: a page is no text for a terminal: name a file with -o, or pipe it on"],
    )  # fmt: skip
