"""Answers from batches, in place of a server's: what is not answered yet is noted, and the article left for later.

So a plan is gone through anew each time that more of its answers are there, up to the first that is missing. What is
asked depends on nothing but the article and the answers, so it comes to the same requests each time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from extractor.corpus.batch.ledger import Ledger, Noted
from extractor.corpus.cache import AnswerCache
from extractor.errors import ServerFailed
from extractor.llm.batches import Batches, Result

ATTEMPTS = 5
"""In how many batches a request may stay without an answer."""


class NotAnswered(BaseException):
    """An answer is to come. No failure, so nothing that looks for failures stops it on its way."""


class BatchTape:
    """A tape (see `extractor.llm.tape`) that holds what batches brought.

    Args:
        ledger: What they brought.
        batches: Who explains what the server said in place of an answer.
        cache: Answers from other runs, if they are to be used.
    """

    endpoint = None

    def __init__(self, ledger: Ledger, batches: Batches, cache: AnswerCache | None) -> None:
        self._ledger = ledger
        self._batches = batches
        self._cache = cache
        self.missing: list[tuple[bytes, Mapping[str, Any]]] = []
        """Requests that are in no batch, with their keys; to be emptied by whoever sends them."""

    async def answer(self, request: Mapping[str, Any], ask: Callable[[], Awaitable[bytes]]) -> bytes:  # noqa: ARG002
        """The body of the answer to a request.

        Raises:
            NotAnswered: It is not there yet.
            ModelError: The server will not give one.
        """
        key = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).digest()
        noted = self._ledger.look_up(key)
        if noted is not None and noted.answer is not None:
            if self._cache:
                self._cache.keep(request, noted.answer)
            return noted.answer
        if noted is None and self._cache:
            return await self._cache.answer(request, lambda: self._miss(key, request, noted))
        return await self._miss(key, request, noted)

    async def _miss(self, key: bytes, request: Mapping[str, Any], noted: Noted | None) -> bytes:
        if noted and noted.under_way:
            raise NotAnswered
        if noted and noted.refusal is not None:
            status, body = json.loads(noted.refusal)
            raise self._batches.refusal(Result("", body, status))[0]
        if noted and noted.sent >= ATTEMPTS:
            where = self._batches.endpoint.where
            raise ServerFailed(f"{where} did not answer this request in {noted.sent} batches ({noted.why})")
        self.missing.append((key, request))
        raise NotAnswered
