"""A worker: an actor that extracts the articles which come its way, several at a time."""

from __future__ import annotations

import asyncio
import logging
import os
import platform
import threading
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from extractor import errors
from extractor.corpus.article import Article
from extractor.corpus.cache import FILE, AnswerCache, cache_folder, server_of
from extractor.corpus.lines import Line, OwnLines
from extractor.corpus.settings import Choice, own_extractor
from extractor.llm.limits import RateLimits
from extractor.llm.usage import Usage, metering


@dataclass(frozen=True, slots=True)
class Order:
    """All that a worker needs to know; it goes to it within the cluster, the key included."""

    choice: Choice
    """With the server and its key as the driver found them, whatever the worker's own environment says."""
    requests_per_minute: float | None
    """For each worker."""
    tokens_per_minute: float | None
    cache_limit: int | None
    """None: no cache."""
    include_text: bool
    requests: str | None
    """The driver's `EXTRACTOR_REQUESTS`."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an article."""

    number: int
    line: Line | None = None
    kind: str | None = None
    """The class of the error."""
    why: str = ""
    paid: Usage | None = None
    """None: it was settled before, and nothing was done."""
    served: int = 0
    """Answers from the worker's cache, up to now."""
    worker: str = ""

    def error(self) -> Exception:
        """What was raised there: one of our own errors, or another of the same name."""
        known = getattr(errors, self.kind or "", None)
        return (known or type(self.kind or "Exception", (Exception,), {}))(self.why)


ARTICLE, RESULT = TypeAdapter(Article), TypeAdapter(Result)


class Worker:
    """Is called with a row of an article, from several threads; all extract in one event loop."""

    def __init__(self, order: Order) -> None:
        if order.requests is not None:
            os.environ["EXTRACTOR_REQUESTS"] = order.requests
        self._order = order
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="extractor", daemon=True).start()
        self._answers: AnswerCache | None = None
        self._lines = asyncio.run_coroutine_threadsafe(self._prepared(), self._loop).result()

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        """One row `number`, `article` in, one `result` out."""
        number, article = int(batch["number"][0]), bytes(batch["article"][0])
        result = Result(number)
        if article:
            done = self._result(number, ARTICLE.validate_json(article))
            result = asyncio.run_coroutine_threadsafe(done, self._loop).result()
        return {"result": [RESULT.dump_json(result)]}

    async def _prepared(self) -> OwnLines:
        order = self._order
        if order.cache_limit is not None:
            server = server_of(order.choice.resolved())
            self._answers = AnswerCache(cache_folder() / FILE, server, _note, limit=order.cache_limit)
        limits = RateLimits(order.requests_per_minute, order.tokens_per_minute)
        extractor = own_extractor(order.choice, self._answers, limits)
        return OwnLines(extractor, self._answers, include_text=order.include_text)

    async def _result(self, number: int, article: Article) -> Result:
        paid = Usage()
        line, kind, why = None, None, ""
        with metering(paid):
            try:
                line = await self._lines.line(article)
            except Exception as error:  # noqa: BLE001  the driver decides what to do about it
                kind, why = type(error).__name__, str(error)
        served = self._answers.served if self._answers else 0
        return Result(number, line, kind, why, paid, served, f"{platform.node()} {os.getpid()}")


def _note(line: str) -> None:
    logging.getLogger("extractor").warning(line)  # Ray keeps it in the worker's log
