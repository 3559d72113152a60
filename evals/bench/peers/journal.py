"""The bench's folder: every result is in it as soon as it is there, and a stopped bench goes on from it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from evals.bench.lines import lines
from evals.bench.peers.meter import Passed
from evals.bench.peers.system import Result, SystemName
from extractor.errors import InputError, SettingsError
from extractor.schema import Report


class Row(BaseModel):
    """What one system took for one article and what it found: a line of results.jsonl."""

    model_config = ConfigDict(extra="forbid")

    id: str
    system: SystemName
    text_sha256: str
    place: int
    """The system's turn on this article, from 1."""
    seconds: float
    calls: int
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    cut_off: int
    """Answers that ended at the limit of tokens."""
    server_errors: int
    """Requests that the server refused or did not answer."""
    claims: int
    incidents: int
    not_in_text: list[str]
    loose: list[str]
    refused: int
    error: str | None

    @property
    def done(self) -> tuple[str, SystemName]:
        """What need not be done again."""
        return self.id, self.system


class Journal:
    """Results in a folder.

    Args:
        folder: Made when it is not there.
        settings: The server and each system; what is there of them must be the same for a stopped bench to go on.

    Raises:
        SettingsError: The folder holds a bench with other settings.
        InputError: A file in the folder is not the bench's own.
    """

    def __init__(self, folder: Path, settings: dict[str, JsonValue]) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "bench.json"
        held = _object(path) if path.exists() else {}
        other = [name for name, value in settings.items() if held.get(name, value) != value]
        if other:
            raise SettingsError(f"{folder} holds a bench with another {', '.join(other)}: name another folder")
        path.write_text(f"{json.dumps(held | settings, indent=2)}\n", encoding="utf-8")
        self._rows = self._read_rows()

    def row(self, article: str, system: SystemName, text_sha256: str) -> Row | None:
        """The result of a system for an article, if there is one.

        Raises:
            InputError: The article's text has changed since.
        """
        row = self._rows.get((article, system))
        if row is not None and row.text_sha256 != text_sha256:
            raise InputError(f"{article} has changed since {self._folder} was begun: name another folder")
        return row

    def keep(self, row: Row, result: Result) -> None:
        """Write a result down; the line in results.jsonl comes last and makes it count."""
        system = self._folder / row.system
        (system / "answers").mkdir(parents=True, exist_ok=True)
        answer = json.dumps(result.answer, ensure_ascii=False, indent=1)
        (system / "answers" / f"{row.id}.json").write_text(f"{answer}\n", encoding="utf-8", errors="replace")
        _append(system / "reports.jsonl", result.report.to_json(indent=None))
        _append(self._folder / "results.jsonl", row.model_dump_json())
        self._rows[row.done] = row

    def finish(self, system: SystemName, ids: Sequence[str]) -> list[Report]:
        """The system's reports of these articles, in this order; the file is put into it too, each article once."""
        path = self._folder / system / "reports.jsonl"
        reports = {str(report.document and report.document.id): report for report in _reports(path)}
        rest = [report for name, report in reports.items() if name not in ids and (name, system) in self._rows]
        ordered = [reports[name] for name in ids]
        lines = "".join(f"{report.to_json(indent=None)}\n" for report in (*ordered, *rest))
        unfinished = path.with_suffix(".part")
        unfinished.write_text(lines, encoding="utf-8")
        unfinished.replace(path)
        return ordered

    def _read_rows(self) -> dict[tuple[str, SystemName], Row]:
        path = self._folder / "results.jsonl"
        try:
            rows = [Row.model_validate_json(line) for line in _whole_lines(path)]
        except ValidationError as error:
            raise InputError(f"{path} is not a bench's own: {error.errors()[0]['msg']}") from error
        return {row.done: row for row in rows}


def row_of(article: str, text_sha256: str, system: SystemName, place: int, result: Result, passed: Passed) -> Row:
    """What a result comes to."""
    counted = asdict(passed)
    counted["server_errors"] = counted.pop("refused")
    del counted["unreached"]
    return Row(
        id=article,
        system=system,
        text_sha256=text_sha256,
        place=place,
        seconds=round(result.seconds, 3),
        claims=len(result.report.claims),
        incidents=len(result.report.incidents),
        not_in_text=result.not_in_text,
        loose=result.loose,
        refused=result.refused,
        error=result.error,
        **counted,
    )


def _reports(path: Path) -> list[Report]:
    return [Report.model_validate_json(line) for line in _whole_lines(path)]


def _object(path: Path) -> dict[str, Any]:
    try:
        return cast(dict[str, Any], json.loads(path.read_text(encoding="utf-8")))
    except ValueError as error:
        raise InputError(f"{path} is not a bench's own: {error}") from error


def _whole_lines(path: Path) -> list[str]:
    """The lines of a file, and the file without what a killed process left of a last one."""
    if not path.exists():
        return []
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        path.write_bytes(whole)
    return [line for _, line in lines(whole.decode())]


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
        file.flush()
        os.fsync(file.fileno())
