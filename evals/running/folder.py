"""A run folder: whose it is, and what is finished in it, through kills and restarts.

reports.jsonl is the journal: a line is added as each article is finished, and put on disk before the next one begins.
At the end it is replaced by the same lines in the order of the articles.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from pydantic import BaseModel, ValidationError

from evals.running.article import Article
from evals.running.manifest import Manifest, Origin, differences, manifest
from extractor.atomic import replace
from extractor.errors import ExtractorError, OutputError, SettingsError
from extractor.extraction import Extraction
from extractor.schema import Report

Result = Report | Extraction[Any]
"""What came of an article: a report, or what a schema of its own asked for."""

MANIFEST, REPORTS, ERRORS, ANSWERS, SCORE = "run.json", "reports.jsonl", "errors.jsonl", "answers", "score.json"


class Failure(BaseModel):
    """A line of errors.jsonl."""

    id: str
    error: str
    crash: bool = False
    """Whether it is an error that nobody foresaw."""


class RunFolder:
    """A folder that is this run's alone; made by `open_run`."""

    def __init__(self, path: Path, made_with: Origin, articles: Sequence[Article], result: type[Result]) -> None:
        self.path = path
        self.answers = path / ANSWERS
        self.done: dict[str, Result] = {}
        """The reports of the articles that are finished, by article."""
        self.failed: dict[str, Failure] = {}
        """What went wrong in this run, by article; they are tried again when the run is started again."""
        self.torn = 0
        """Lines that a kill left half written; their articles are extracted again."""
        self._made_with = made_with
        self._articles = articles
        self._result = result
        self._load()

    def keep(self, article: Article, report: Result) -> None:
        """Note a finished article, for good."""
        self._append(REPORTS, _line(report))
        self.done[article.id] = report

    def fail(self, article: Article, error: Exception) -> None:
        """Note an article that failed."""
        failure = Failure(id=article.id, error=str(error))
        if not isinstance(error, ExtractorError):
            failure = Failure(id=article.id, error=_sayable(f"{type(error).__name__}: {error}"), crash=True)
        self.failed[article.id] = failure
        self._append(ERRORS, failure.model_dump_json())

    def finish(self) -> Manifest:
        """Put reports and errors in the order of the articles, and write down what the run took."""
        order = [article.id for article in self._articles]
        reports = [self.done[name] for name in order if name in self.done]
        errors = [self.failed[name] for name in order if name in self.failed]
        self._replace(REPORTS, "".join(_line(report) + "\n" for report in reports))
        self._replace(ERRORS, "".join(error.model_dump_json() + "\n" for error in errors))
        whole = manifest(self._made_with, reports, failed=len(errors), finished=True)
        self._replace(MANIFEST, whole.model_dump_json(indent=2) + "\n")
        return whole

    def _load(self) -> None:
        for part in self.path.glob(".*.part"):  # what a kill left of a file that was being written
            part.unlink()
        journal = self.path / REPORTS
        known = {article.id: article.sha256 for article in self._articles}
        lines = journal.read_bytes().split(b"\n") if journal.is_file() else []
        for line in filter(None, lines):
            try:
                report = self._result.model_validate_json(line)
            except ValidationError:
                self.torn += 1
                continue
            document = report.document
            if document and document.id and known.get(document.id) == document.sha256:
                self.done[document.id] = report
        begun = manifest(self._made_with, self.done.values())
        self._replace(MANIFEST, begun.model_dump_json(indent=2) + "\n")
        self._replace(REPORTS, "".join(_line(report) + "\n" for report in self.done.values()))
        self._replace(ERRORS, "")

    def _append(self, name: str, line: str) -> None:
        try:
            with (self.path / name).open("ab") as file:
                file.write(line.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise OutputError(f"{self.path / name} cannot be written: {error.strerror or error}") from error

    def _replace(self, name: str, text: str) -> None:
        try:
            replace(self.path / name, text.encode())
        except OSError as error:
            raise OutputError(f"{self.path / name} cannot be written: {error.strerror or error}") from error


@contextmanager
def open_run(
    path: Path, made_with: Origin, articles: Sequence[Article], *, restart: bool, result: type[Result] = Report
) -> Generator[RunFolder]:
    """The run folder at `path`, made or gone on with; no other process can have it open. Its lines hold `result`s.

    Raises:
        SettingsError: It is another run's (then the error tells what differs), or cannot be used.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path / ".lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise SettingsError(f"--out {path} is in use: another run is writing there") from error
    except OSError as error:
        raise _unusable(path, error) from error
    try:
        try:
            _check(path, made_with, restart=restart)
        except OSError as error:
            raise _unusable(path, error) from error
        yield RunFolder(path, made_with, articles, result)
    finally:
        lock.release()


def read_manifest(path: Path) -> Manifest:
    """The manifest of the run folder at `path`; `SettingsError` when there is none that can be read."""
    try:
        return Manifest.model_validate_json((path / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise SettingsError(
            f"{path / MANIFEST} cannot be read: {path} is no run folder, or of another version"
        ) from error


def _check(path: Path, made_with: Origin, *, restart: bool) -> None:
    there = {entry.name for entry in path.iterdir() if not entry.name.startswith(".")}
    if not there:
        return
    if MANIFEST not in there:
        raise SettingsError(f"--out {path} is not empty, and no run folder: name another")
    if restart:
        _clear(path)
        return
    try:
        before = read_manifest(path)
    except SettingsError as error:
        raise SettingsError(f"{error}: name another --out, or begin anew with --restart") from error
    if different := differences(before, made_with):
        raise SettingsError(
            f"--out {path} is of another run: {', '.join(different)}; name another --out, or begin anew with --restart"
        )


def _unusable(path: Path, error: OSError) -> SettingsError:
    return SettingsError(f"--out {path} cannot be used: {error.strerror or error}")


def _clear(path: Path) -> None:
    for name in (REPORTS, ERRORS, SCORE):
        (path / name).unlink(missing_ok=True)
    if (path / ANSWERS).is_dir():
        shutil.rmtree(path / ANSWERS)
    (path / MANIFEST).unlink()  # last: without it the folder would be nobody's


def _sayable(words: str) -> str:
    """UTF-8 cannot hold lone surrogates."""
    return words.encode("utf-8", "replace").decode("utf-8")


def _line(report: Result) -> str:
    if isinstance(report, Report):
        return report.to_json(indent=None)
    return report.model_dump_json(exclude={"document": {"text"}})
