"""Importing this loads all that a run imports when it needs it, for processes that are forked from there."""

import asyncio
import importlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from extractor import Extractor
from tests.corpus.world import Attack, record

importlib.import_module("anyio._backends._asyncio")


class Canned:
    """Answers in place of a server."""

    endpoint = None

    async def answer(self, request: Mapping[str, Any], ask: Callable[[], Awaitable[bytes]]) -> bytes:
        assert request
        assert ask
        message = {"role": "assistant", "content": json.dumps({"place": "Almora", "weapon": "Shells"})}
        return json.dumps({"choices": [{"finish_reason": "stop", "message": message}]}).encode()


async def load() -> None:
    base_url = "http://recorded.invalid/v1"
    async with Extractor(schema=Attack, model="large", base_url=base_url, tape=Canned()) as extractor:
        await extractor.aextract(record("Almora")["text"])


asyncio.run(load())

from extractor.llm import failures, retries, transport  # noqa: E402

__all__ = ["failures", "retries", "transport"]
