"""Requests on their way into a batch: a file that grows up to what one batch may hold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from extractor.corpus.article import Article
from extractor.errors import RequestRefused
from extractor.llm.batches import line


class Spool:
    """A file of requests for one batch, which has a name from the beginning; raises `OSError` on a full disk.

    Args:
        folder: Where the file lies until it is handed in.
        most_requests: How many it may hold.
        most_bytes: How long it may be.
    """

    def __init__(self, folder: Path, most_requests: int, most_bytes: int) -> None:
        self.name = uuid4().hex
        self.path = folder / ".requests.part"
        self.requests: dict[bytes, tuple[str, bytes]] = {}
        """By key, the id and the sha256 of the article."""
        self._most_requests = most_requests
        self._most_bytes = most_bytes
        self._bytes = 0
        self._file = self.path.open("wb")

    def takes(self, line: bytes) -> bool:
        """Whether there is room for one more."""
        return len(self.requests) < self._most_requests and self._bytes + len(line) <= self._most_bytes

    def line(self, key: bytes, request: Mapping[str, Any]) -> bytes:
        """A request as it will stand in the file.

        Raises:
            RequestRefused: No file could hold it.
        """
        said = line(key.hex(), request)
        if len(said) > self._most_bytes:
            raise RequestRefused(
                f"the request has {len(said):,} bytes, more than the {self._most_bytes:,} that a batch may have"
            )
        return said

    def add(self, key: bytes, line: bytes, article: Article) -> None:
        """Write the line of a request that is not in it yet."""
        self._file.write(line)
        self._bytes += len(line)
        self.requests[key] = (article.id, article.sha256)

    def close(self) -> None:
        """Nothing more is written."""
        self._file.close()

    def remove(self) -> None:
        """The file is no longer needed."""
        self._file.close()
        self.path.unlink(missing_ok=True)
