"""What this project asks about an article, without a server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from evals.bench.speed.clients import MODEL
from extractor import Extractor
from extractor.errors import ModelError


class _Asked(Exception):
    pass


class _Listening:
    """A tape that keeps the first request and answers nothing."""

    endpoint = None

    def __init__(self) -> None:
        self.request: dict[str, Any] = {}

    async def answer(self, request: Mapping[str, Any], ask: Callable[[], Awaitable[bytes]]) -> bytes:  # noqa: ARG002
        self.request = dict(request)
        raise _Asked


def request_about(text: str, *, date: str) -> dict[str, Any]:
    """The first request about a text with the plan `whole`, as the openai client is handed it."""
    listening = _Listening()

    async def extract() -> None:
        base_url = "http://recorded.invalid/v1"
        async with Extractor(model=MODEL, base_url=base_url, plan="whole", tape=listening) as extractor:
            await extractor.aextract(text, date=date)

    with suppress(ModelError, _Asked):
        asyncio.run(extract())
    return listening.request
