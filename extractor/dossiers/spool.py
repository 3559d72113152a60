"""Where the incidents of all reports wait until their neighbours in time are read: a temporary file, not memory.

SQLite's unnamed on-disk database: it sorts, it refuses ids that are there twice, and it is gone when it is closed.
"""

from __future__ import annotations

import pickle  # only what was written here a moment ago, by this process, is read again
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self

from extractor.dossiers.features import Features
from extractor.dossiers.schema import Telling
from extractor.errors import InputError, OutputError

_CACHE_KIB = 32_768
_AT_ONCE = 256


class Spool:
    """Incidents with what their articles tell of them. To be used in a `with` statement."""

    def __init__(self) -> None:
        self._file = sqlite3.connect("", isolation_level=None)
        self._file.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        self._file.execute("PRAGMA temp_store = FILE")
        self._file.execute("CREATE TABLE report (document TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID")
        self._file.execute(
            "CREATE TABLE told (number INTEGER PRIMARY KEY, first INTEGER, document TEXT, incident TEXT, features BLOB)"
        )
        self._file.execute("CREATE TABLE telling (number INTEGER PRIMARY KEY, data BLOB)")
        self._file.execute("BEGIN")
        self._told: list[tuple[int, int | None, str, str, bytes]] = []
        self._tellings: list[tuple[int, bytes]] = []
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def add_report(self, document: str, number: int) -> None:
        """Note the id of a report; raises `InputError` when an earlier one has it."""
        try:
            self._file.execute("INSERT INTO report VALUES (?, ?)", (document, number))
        except sqlite3.IntegrityError as error:
            (earlier,) = self._file.execute("SELECT number FROM report WHERE document = ?", (document,)).fetchone()
            raise InputError(
                f'the document id "{document}" is there twice, in reports {earlier} and {number}: '
                "each article needs an id of its own, and is to be given once"
            ) from error

    def add(self, features: Features, telling: Telling) -> None:
        """Keep an incident."""
        self._count += 1
        day = features.days.first
        self._told.append((self._count, day, features.document, features.incident, pickle.dumps(features)))
        self._tellings.append((self._count, pickle.dumps(telling)))
        if len(self._told) == _AT_ONCE:
            self._write()

    def _write(self) -> None:
        try:
            self._file.executemany("INSERT INTO told VALUES (?, ?, ?, ?, ?)", self._told)
            self._file.executemany("INSERT INTO telling VALUES (?, ?)", self._tellings)
        except sqlite3.OperationalError as error:
            raise OutputError(f"the temporary file for linking cannot be written: {error}") from error
        self._told.clear()
        self._tellings.clear()

    def in_order_of_days(self) -> Iterator[Features]:
        """The incidents by first day, document and incident; those without a day come first."""
        self._write()
        rows = self._file.execute("SELECT number, features FROM told ORDER BY first, document, incident")
        for number, data in rows:
            features: Features = pickle.loads(data)  # noqa: S301
            features.row = number
            yield features

    def tellings(self, members: Sequence[Features]) -> list[Telling]:
        """What the articles tell of these incidents, in the same order."""
        return [telling for some in _parts(members) for telling in self._some(some)]

    def _some(self, members: Sequence[Features]) -> Iterable[Telling]:
        marks = ",".join("?" * len(members))
        rows: dict[int, bytes] = dict(
            self._file.execute(
                f"SELECT number, data FROM telling WHERE number IN ({marks})",  # noqa: S608
                [member.row for member in members],
            )
        )
        return [pickle.loads(rows[member.row]) for member in members]  # noqa: S301


def _parts(members: Sequence[Features]) -> Iterator[Sequence[Features]]:
    for start in range(0, len(members), _AT_ONCE):
        yield members[start : start + _AT_ONCE]
