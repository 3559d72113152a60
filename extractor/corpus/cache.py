"""Answers kept on disk: the same request to the same server is answered from there, for nothing.

The key is the hash of the whole request, so of model, prompt, schema, settings and text, and of the server. What is
kept is the answer's body, which holds words of the article; never the request, a key or a header.

The standard library's sqlite3 and not diskcache, which is no longer maintained and unpickles what it reads
(CVE-2025-69872).
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import time
import zlib
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from extractor.settings import Embedded, Endpoint

FILE = "answers.sqlite"
LIMIT = 2_000_000_000
"""Bytes; beyond it the answers that were not used for longest go."""

_TABLE = "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, used INTEGER NOT NULL, body BLOB NOT NULL)"
_INDEX = "CREATE INDEX IF NOT EXISTS last_use ON answers (used)"
_DAY = 86_400


def cache_folder() -> Path:
    """Where answers lie: in `EXTRACTOR_ANSWERS` or `EXTRACTOR_CACHE`, else in the platform's folder for caches."""
    from extractor.llm.weights import weights_path

    if chosen := os.environ.get("EXTRACTOR_ANSWERS"):
        return Path(chosen).expanduser()

    return weights_path().parent


def server_of(choice: Endpoint | Embedded) -> str:
    """What tells one server from another, so that two models of one name are not mixed up."""
    if isinstance(choice, Embedded) or choice.kind == "embedded":
        from extractor.llm.weights import embedded_weights

        return f"embedded {embedded_weights().sha256}"
    return choice.base_url


class AnswerCache:
    """A tape (see `extractor.llm.tape`) that answers what was asked before.

    A cache that cannot be used costs money and nothing else: it is left out, and `note` is told once.

    Args:
        path: The database; made when it is not there.
        server: As `server_of` tells it.
        note: Is told, in a line, when the cache cannot be used.
        limit: Its largest size in bytes.
    """

    endpoint = None

    def __init__(self, path: Path, server: str, note: Callable[[str], None], *, limit: int = LIMIT) -> None:
        self._path = path
        self._server = server
        self._note = note
        self._limit = limit
        self._written = 0
        self.served = 0
        """Answers that came from the cache."""
        self._db: sqlite3.Connection | None = None
        with self._unless_broken():
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # words of articles: for their reader only
            self._db = sqlite3.connect(path, isolation_level=None, timeout=10)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("PRAGMA auto_vacuum = INCREMENTAL")
            self._db.execute(_TABLE)
            self._db.execute(_INDEX)
            self._shrink()

    def close(self) -> None:
        """Close the database."""
        if self._db is not None:
            self._db.close()
            self._db = None

    @contextmanager
    def article(self) -> Generator[None]:
        """Within, answers are one article's: should it fail, they are forgotten, for a new attempt to fare better."""
        used: list[bytes] = []
        token = _used.set(used)
        try:
            yield
        except Exception:
            self._forget(used)
            raise
        finally:
            _used.reset(token)

    async def answer(self, request: Mapping[str, Any], ask: Callable[[], Awaitable[bytes]]) -> bytes:
        """The body of the answer: one from before, else the server's."""
        key = self._key(request)
        if (used := _used.get()) is not None:
            used.append(key)
        body = self._get(key)
        if body is None:
            body = await ask()
            self._put(key, body)
        else:
            self.served += 1
        return body

    def keep(self, request: Mapping[str, Any], body: bytes) -> None:
        """Keep an answer that was got in another way than through `answer`."""
        key = self._key(request)
        if (used := _used.get()) is not None:
            used.append(key)
        self._put(key, body)

    def _key(self, request: Mapping[str, Any]) -> bytes:
        return hashlib.sha256(f"{self._server}\n{json.dumps(request, sort_keys=True)}".encode()).digest()

    def _get(self, key: bytes) -> bytes | None:
        with self._unless_broken():
            if self._db is None:
                return None
            row = self._db.execute("SELECT body, used FROM answers WHERE key = ?", [key]).fetchone()
            if row is None:
                return None
            body = zlib.decompress(row[0])
            if row[1] < time.time() - _DAY:
                self._db.execute("UPDATE answers SET used = ? WHERE key = ?", (int(time.time()), key))
            return body
        return None

    def _put(self, key: bytes, body: bytes) -> None:
        with self._unless_broken():
            if self._db is None:
                return
            packed = zlib.compress(body, 1)
            self._db.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (key, int(time.time()), packed))
            self._written += len(packed)
            if self._written > self._limit // 20:
                self._shrink()

    def _forget(self, keys: list[bytes]) -> None:
        with self._unless_broken():
            if self._db is not None:
                self._db.executemany("DELETE FROM answers WHERE key = ?", [(key,) for key in keys])

    def _shrink(self) -> None:
        """Make room: a tenth of the answers at a time, the longest unused first."""
        self._written = 0
        while self._db is not None and self._size(self._db) > self._limit:
            gone = self._db.execute(
                "DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY used, rowid "
                "LIMIT (SELECT count(*) / 10 + 1 FROM answers))"
            )
            self._db.execute("PRAGMA incremental_vacuum").fetchall()
            if not gone.rowcount:
                return

    @staticmethod
    def _size(db: sqlite3.Connection) -> int:
        (pages,) = db.execute("PRAGMA page_count").fetchone()
        (free,) = db.execute("PRAGMA freelist_count").fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
        return (pages - free) * size

    @contextmanager
    def _unless_broken(self) -> Generator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, zlib.error) as error:
            self.close()
            self._note(f"answers are not kept from now on: {self._path} cannot be used ({error})")


_used: ContextVar[list[bytes] | None] = ContextVar("_used", default=None)
