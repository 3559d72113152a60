"""The folder of a run: whose it is, and what is written into it at the end."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from extractor.atomic import replacing
from extractor.corpus import journal
from extractor.corpus.journal import Journal
from extractor.errors import OutputError, SettingsError

REPORTS, ERRORS = "reports.jsonl", "errors.jsonl"
_LOCK = ".lock"


@contextmanager
def held(path: Path, *, restart: bool) -> Generator[None]:
    """The folder, made when it is not there, this process's alone while the context lasts.

    Raises:
        SettingsError: Another run has it, or it is no run's, or it cannot be used. `restart` empties a run's.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path / _LOCK, timeout=0)
        lock.acquire()
    except Timeout as error:
        raise SettingsError(f"-o {path} is in use: another run is writing there") from error
    except OSError as error:
        raise SettingsError(f"-o {path} cannot be used: {error.strerror or error}") from error
    try:
        try:
            _prepare(path, restart=restart)
        except OSError as error:
            raise SettingsError(f"-o {path} cannot be used: {error.strerror or error}") from error
        yield
    finally:
        lock.release()


def write_results(path: Path, journal: Journal) -> None:
    """Put reports and errors in the place of those that are there, as the journal has them now.

    Raises:
        OutputError: One cannot be written; what was there before stays.
    """
    _write(path / REPORTS, journal.reports())
    _write(path / ERRORS, (json.dumps(error, ensure_ascii=False) for error in journal.errors()))


def _write(path: Path, lines: Iterable[str]) -> None:
    try:
        with replacing(path) as file:
            for line in lines:
                file.write(line.encode() + b"\n")
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror or error}; the journal has it all, run again to write it"
        ) from error


def _prepare(path: Path, *, restart: bool) -> None:
    for part in path.glob(".*.part"):  # what a kill left of a file that was being written
        part.unlink()
    there = {entry.name for entry in path.iterdir() if not entry.name.startswith(".")}
    if there and journal.FILE not in there:
        raise SettingsError(f"-o {path} is not empty, and no run's folder: name another")
    if restart:
        # The journal goes last: without it the folder would be nobody's.
        for name in (REPORTS, ERRORS, f"{journal.FILE}-wal", f"{journal.FILE}-shm", journal.FILE):
            (path / name).unlink(missing_ok=True)
