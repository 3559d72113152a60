"""Which requests are in which batch, and what came of them: two tables in the journal's database.

A batch is noted before it is handed in, so that a kill at any moment leaves either its name or its id here. A request
stays until its article is settled.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Any

from extractor.corpus.article import Article
from extractor.corpus.journal import Journal
from extractor.llm.usage import Usage

_TABLES = """
CREATE TABLE IF NOT EXISTS batches (name TEXT PRIMARY KEY, id TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests (
    key BLOB PRIMARY KEY, article TEXT NOT NULL, sha256 BLOB NOT NULL, batch TEXT, sent INTEGER NOT NULL,
    answer BLOB, paid TEXT, refusal TEXT, why TEXT
);
CREATE INDEX IF NOT EXISTS request_articles ON requests (article);
CREATE INDEX IF NOT EXISTS request_batches ON requests (batch);
"""
_SENT = """
INSERT INTO requests (key, article, sha256, batch, sent) VALUES (?, ?, ?, ?, 1)
ON CONFLICT (key) DO UPDATE SET batch = excluded.batch, sent = sent + 1
"""


@dataclass(frozen=True, slots=True)
class Noted:
    """A request, as far as it has come; with neither an answer nor a refusal nor a batch it is to be sent again."""

    under_way: bool
    """Whether it is in a batch now."""
    sent: int
    """In how many batches it was."""
    answer: bytes | None
    refusal: str | None
    """What the server said in place of an answer, and will say again: a result's status and body, as JSON."""
    why: str | None
    """Why it was not answered in the last batch."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a request in a batch."""

    key: bytes
    answer: bytes | None = None
    paid: Usage | None = None
    refusal: str | None = None
    why: str | None = None


class Ledger:
    """The tables in a run's journal; its methods raise `OutputError` where they cannot be written."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        with journal.transaction() as db:
            for statement in _TABLES.split(";"):
                db.execute(statement)

    def under_way(self) -> list[tuple[str, str | None]]:
        """The batches that were not collected: our name for each, and its id; None: perhaps it was never made."""
        return self._rows("SELECT name, id FROM batches")

    def size(self, name: str) -> int:
        """How many requests a batch has."""
        return self._rows("SELECT count(*) FROM requests WHERE batch = ?", name)[0][0]

    def begun(self) -> int:
        """How many articles have requests here."""
        return self._rows("SELECT count(DISTINCT article) FROM requests")[0][0]

    def has_begun(self, article: Article) -> bool:
        """Whether there are requests of an article's here."""
        return bool(self._rows("SELECT 1 FROM requests WHERE article = ? LIMIT 1", article.id))

    def waits(self, article: Article) -> bool:
        """Whether an answer for this article is to come."""
        return bool(
            self._rows(
                "SELECT 1 FROM requests WHERE article = ? AND sha256 = ? AND batch IS NOT NULL LIMIT 1",
                article.id,
                article.sha256,
            )
        )

    def look_up(self, key: bytes) -> Noted | None:
        """What is known of a request; None: nothing."""
        rows = self._rows("SELECT batch IS NOT NULL, sent, answer, refusal, why FROM requests WHERE key = ?", key)
        if not rows:
            return None
        under_way, sent, answer, refusal, why = rows[0]
        return Noted(bool(under_way), sent, answer and zlib.decompress(answer), refusal, why)

    def paid(self, article: Article) -> Usage:
        """What the answers for an article cost."""
        total = Usage()
        for sent, paid in self._rows("SELECT sent, paid FROM requests WHERE article = ?", article.id):
            total.retries += max(0, sent - 1)
            if paid:
                total.add(Usage(*json.loads(paid)))
        return total

    def begin(self, name: str, requests: Iterable[tuple[bytes, str, bytes]]) -> None:
        """Note a batch that is about to be handed in: of each request its key, its article's id and sha256."""
        with self._journal.transaction() as db:
            db.execute("INSERT INTO batches VALUES (?, NULL)", [name])
            db.executemany(_SENT, ((key, article, sha256, name) for key, article, sha256 in requests))

    def made(self, name: str, id: str) -> None:
        """The server has the batch, under this id."""
        with self._journal.transaction() as db:
            db.execute("UPDATE batches SET id = ? WHERE name = ?", (id, name))

    def release(self, name: str) -> None:
        """The batch never came to be: its requests count as not sent."""
        with self._journal.transaction() as db:
            db.execute("UPDATE requests SET batch = NULL, sent = sent - 1 WHERE batch = ?", [name])
            db.execute("DELETE FROM batches WHERE name = ?", [name])

    def collect(self, name: str, came: Iterable[Came], why: str) -> None:
        """A batch has ended, with this; requests of which it says nothing were not answered for the reason given."""
        with self._journal.transaction() as db:
            db.execute("UPDATE requests SET why = ? WHERE batch = ?", (why, name))
            for one in came:
                answer = None if one.answer is None else zlib.compress(one.answer, 1)
                paid = json.dumps(astuple(one.paid)) if one.paid else None
                db.execute(
                    "UPDATE requests SET answer = ?, paid = ?, refusal = ?, why = coalesce(?, why) "
                    "WHERE key = ? AND batch = ?",
                    (answer, paid, one.refusal, one.why, one.key, name),
                )
            db.execute("UPDATE requests SET batch = NULL WHERE batch = ?", [name])
            db.execute("DELETE FROM batches WHERE name = ?", [name])

    def forgive(self) -> None:
        """Let requests be sent again that were refused, or not answered too often, in an earlier run."""
        with self._journal.transaction() as db:
            db.execute("UPDATE requests SET sent = 0, refusal = NULL WHERE batch IS NULL AND answer IS NULL")

    def forget_settled(self) -> None:
        """Drop what is here of articles that are settled."""
        with self._journal.transaction() as db:
            db.execute(
                "DELETE FROM requests WHERE batch IS NULL AND EXISTS "
                "(SELECT 1 FROM articles a WHERE a.id = requests.article AND a.sha256 = requests.sha256)"
            )

    def _rows(self, query: str, *values: Any) -> list[Any]:
        return self._journal.rows(query, *values)
