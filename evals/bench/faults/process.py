"""One run in a process of its own, which may be killed or get no more room on its disk.

Importing this loads all that a run imports when it needs it, for processes that are forked from there.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import resource
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

from evals.bench.faults.articles import Attack
from extractor import Extractor
from extractor.corpus import Batching, Choice, open_corpus, run
from extractor.errors import ExtractorError, OutputError
from extractor.llm.limits import RateLimits

for name in (
    "openai.resources.batches", "openai.resources.files", "openai.resources.chat.completions",
    "anyio._backends._asyncio", "extractor.llm.failures", "extractor.llm.retries", "extractor.llm.transport",
):  # fmt: skip
    importlib.import_module(name)

DISK_FULL, BROKE_OFF = 7, 8
"""Exit codes; 0 when the run came to its end, whatever failed on the way."""

AT_ONCE = 3
"""Articles under way at a time."""
_FASTER = 50.0
"""Waits are so much shorter; nothing depends on their length."""


def extract(folder: Path, base_url: str, room: int | None, batch: bool, cache: bool) -> None:
    """Run over `folder`/corpus.jsonl into `folder`/out; no file may have more bytes than `room`."""
    os.environ["EXTRACTOR_CACHE"] = str(folder / "cache")
    if room is not None:  # a write beyond it fails, as on a disk that is full
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    limits = RateLimits(clock=lambda: time.monotonic() * _FASTER, sleep=lambda wait: asyncio.sleep(wait / _FASTER))
    with patch("extractor.llm.retries._backoff", _soon), patch("extractor.llm.retries._jitter", _soon):
        try:
            run(
                open_corpus(folder / "corpus.jsonl"),
                folder / "out",
                choice=Choice("large", base_url, schema=Attack),
                concurrency=AT_ONCE,
                limits=limits,
                cache=cache,
                retry_failed=True,
                quiet=True,
                batch=Batching(poll=0.01, most_requests=5) if batch else None,
            )
        except OutputError:
            os._exit(DISK_FULL)
        except ExtractorError:
            os._exit(BROKE_OFF)


def _soon(_: Any) -> float:
    return 0.01


class _Canned:
    endpoint = None

    async def answer(self, request: Mapping[str, Any], ask: Callable[[], Awaitable[bytes]]) -> bytes:  # noqa: ARG002
        message = {"role": "assistant", "content": json.dumps({"place": "Almora", "weapon": "Shells"})}
        return json.dumps({"choices": [{"finish_reason": "stop", "message": message}]}).encode()


async def _load() -> None:
    async with Extractor(schema=Attack, model="large", base_url="http://recorded.invalid/v1", tape=_Canned()) as own:
        await own.aextract("Shells hit Almora.")


asyncio.run(_load())
