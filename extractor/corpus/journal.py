"""The journal of a run: an SQLite database that is the truth about it.

What an article came to is one transaction, together with what it cost; SQLite's write-ahead log keeps it through a kill
at any moment, and rolls half of one back. `entries` is the corpus as it was last read, in its order; `articles` is what
became of each article, under its id and the hash of all that its report depends on. So a changed article counts as one
that is left, and a report whose article is gone stays, unused.

The standard library's sqlite3: one process, one writer, short statements; an asynchronous wrapper would add a thread
switch to each, which takes longer than the statement does.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from extractor.corpus.article import Entry
from extractor.errors import OutputError, SettingsError
from extractor.llm.usage import Usage

FILE = "journal.sqlite"

_VERSION = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entries (
    position INTEGER PRIMARY KEY, id TEXT, line INTEGER, sha256 BLOB, error TEXT, duplicate INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX IF NOT EXISTS entry_ids ON entries (id) WHERE sha256 IS NOT NULL;
CREATE TABLE IF NOT EXISTS articles (
    id TEXT PRIMARY KEY, sha256 BLOB NOT NULL, kind TEXT, error TEXT, report TEXT
);
CREATE TABLE IF NOT EXISTS spent (
    articles INTEGER, calls INTEGER, retries INTEGER, input_tokens INTEGER, cached_tokens INTEGER,
    output_tokens INTEGER, cost_usd REAL, seconds REAL
);
"""
_LEFT = """
SELECT e.position, e.sha256 FROM entries e LEFT JOIN articles a ON a.id = e.id AND a.sha256 = e.sha256
WHERE e.sha256 IS NOT NULL AND a.id IS NULL AND e.position > ? ORDER BY e.position LIMIT ?
"""
_SETTLED = "entries e JOIN articles a ON a.id = e.id AND a.sha256 = e.sha256"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an article: a report as a line of JSON, or an error and its kind."""

    id: str
    sha256: bytes
    """Of the article."""
    report: str | None
    kind: str | None
    error: str | None
    paid: Usage
    """What was asked of the server for it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The corpus as it was last read, and how far its extraction has come."""

    articles: int
    """That can be extracted."""
    done: int
    failed: int
    bad: int
    """Records that are no articles."""
    duplicates: int
    """Records whose id an earlier one has."""
    gone: int
    """Articles in the journal that are not in the corpus, or not as they were."""

    @property
    def left(self) -> int:
        """Articles that are still to be extracted."""
        return self.articles - self.done - self.failed


class Journal:
    """The journal in a folder, made when it is not there.

    Raises:
        SettingsError: There is a file of its name that is none, or one of another version.
        OutputError: It cannot be written; so do the methods.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        try:
            self._db = sqlite3.connect(self.path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")  # a kill loses nothing, a power cut the last moments
            self._db.execute("PRAGMA cache_size = -16384")
            self._prepare()
        except sqlite3.OperationalError as error:
            raise self._unwritable(error) from error
        except sqlite3.DatabaseError as error:
            raise SettingsError(f"{self.path} is no journal, or damaged ({error}): {_ANEW}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._db.close()

    def settings(self) -> dict[str, Any]:
        """What the run was begun with; empty: it has not begun."""
        return {name: json.loads(value) for name, value in self._db.execute("SELECT name, value FROM settings")}

    def keep_settings(self, settings: Mapping[str, Any]) -> None:
        """Note what the run is made with."""
        with self._transaction():
            rows = [(name, json.dumps(value)) for name, value in settings.items()]
            self._db.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", rows)

    def index(self, entries: Iterable[Entry]) -> None:
        """Note what the corpus holds now, in place of what it held; of several with one id the first counts."""
        with self._transaction():
            self._db.execute("DELETE FROM entries")
            for entry in entries:
                self._index(entry)

    def _index(self, entry: Entry) -> None:
        sha256 = entry.article.sha256 if entry.article else None
        row = (entry.position, entry.id, entry.line, sha256, entry.error)
        done = self._db.execute(
            "INSERT OR IGNORE INTO entries (position, id, line, sha256, error) VALUES (?, ?, ?, ?, ?)", row
        )
        if not done.rowcount:
            first = self._db.execute("SELECT line FROM entries WHERE id = ? AND sha256 IS NOT NULL", [entry.id])
            error = f"the id is that of line {first.fetchone()[0]} too: only the first article with an id is taken"
            self._db.execute(
                "INSERT INTO entries (position, id, line, error, duplicate) VALUES (?, ?, ?, ?, 1)",
                (entry.position, entry.id, entry.line, error),
            )

    def forget_failures(self) -> None:
        """Let the articles that failed be tried again."""
        with self._transaction():
            self._db.execute("DELETE FROM articles WHERE report IS NULL")

    def counts(self) -> Counts:
        """How far the run has come."""
        articles, bad, duplicates = self._row(
            "SELECT count(sha256), count(*) FILTER (WHERE sha256 IS NULL AND NOT duplicate), "
            "count(*) FILTER (WHERE duplicate) FROM entries"
        )
        done, failed = self._row(
            f"SELECT count(*) FILTER (WHERE a.error IS NULL), count(a.error) FROM {_SETTLED}"  # noqa: S608  a constant
        )
        (known,) = self._row("SELECT count(*) FROM articles")
        return Counts(articles, done, failed, bad, duplicates, gone=known - done - failed)

    def left(self) -> Generator[tuple[int, bytes]]:
        """Positions and hashes of the articles that were left when each was looked up, in order; from any thread."""
        after = -1
        with closing(sqlite3.connect(self.path, check_same_thread=False)) as db:
            while rows := db.execute(_LEFT, (after, 1000)).fetchall():  # a longer read would make the log grow
                yield from rows
                after = rows[-1][0]

    def settle(self, outcome: Outcome) -> None:
        """Note what became of an article, and what it cost."""
        paid = outcome.paid
        with self._transaction():
            self._db.execute(
                "INSERT OR REPLACE INTO articles (id, sha256, kind, error, report) VALUES (?, ?, ?, ?, ?)",
                (outcome.id, outcome.sha256, outcome.kind, outcome.error, outcome.report),
            )
            self._db.execute(
                "UPDATE spent SET articles = articles + 1, calls = calls + ?, retries = retries + ?, "
                "input_tokens = input_tokens + ?, cached_tokens = cached_tokens + ?, "
                "output_tokens = output_tokens + ?, cost_usd = cost_usd + ?, seconds = seconds + ?",
                (
                    paid.calls, paid.retries, paid.input_tokens, paid.cached_tokens, paid.output_tokens, paid.cost_usd,
                    paid.seconds,
                ),
            )  # fmt: skip

    def spent(self) -> tuple[int, Usage]:
        """How many articles were settled in all, and what that cost: every run of this journal, failures too."""
        articles, *parts = self._row(
            "SELECT articles, calls, retries, input_tokens, cached_tokens, output_tokens, cost_usd, seconds FROM spent"
        )
        return articles, Usage(*parts)

    def reports(self) -> Iterator[str]:
        """The reports of the corpus, in its order."""
        query = f"SELECT a.report FROM {_SETTLED} WHERE a.report IS NOT NULL ORDER BY e.position"  # noqa: S608
        return (report for (report,) in self._db.execute(query))

    def errors(self) -> Iterator[dict[str, Any]]:
        """What is no article, and which articles failed, in the order of the corpus."""
        query = (
            "SELECT e.id, e.line, iif(e.duplicate, 'Duplicate', coalesce(a.kind, 'InputError')), "
            "coalesce(e.error, a.error) FROM entries e LEFT JOIN articles a ON a.id = e.id AND a.sha256 = e.sha256 "
            "WHERE e.error IS NOT NULL OR a.error IS NOT NULL ORDER BY e.position"
        )
        for name, line, kind, error in self._db.execute(query):
            yield {"id": name, "line": line, "kind": kind, "error": error}

    def first_error(self) -> str | None:
        """Why the first record that is no article is none, with its line."""
        row = self._db.execute(
            "SELECT id, line, error FROM entries WHERE error IS NOT NULL ORDER BY position"
        ).fetchone()
        return row and f"{row[0] if row[1] is None else f'line {row[1]}'}: {row[2]}"

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection]:
        """The database, for tables of others; what is done to them within the context is done as a whole, or not."""
        with self._transaction():
            yield self._db

    def rows(self, query: str, *values: Any) -> list[Any]:
        """What a query of theirs finds."""
        return self._db.execute(query, values).fetchall()

    def _prepare(self) -> None:
        (version,) = self._row("PRAGMA user_version")
        if version not in (0, _VERSION):
            raise SettingsError(f"{self.path} was written by another version of the extractor: {_ANEW}")
        if version == 0:
            with self._transaction():
                for statement in _TABLES.split(";"):
                    self._db.execute(statement)
                self._db.execute("INSERT INTO spent VALUES (0, 0, 0, 0, 0, 0, 0.0, 0.0)")
                self._db.execute(f"PRAGMA user_version = {_VERSION}")

    def _row(self, query: str) -> Any:
        return self._db.execute(query).fetchone()

    @contextmanager
    def _transaction(self) -> Generator[None]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite may have rolled it back by itself
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: sqlite3.Error) -> OutputError:
        return OutputError(f"{self.path} cannot be written ({error}): what is finished is kept, run again to go on")


_ANEW = "name another folder, or begin anew with --restart"
