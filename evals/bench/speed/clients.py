"""The systems that are compared, each over the same articles in a process of its own.

    python -m evals.bench.speed.clients extractor TOLD run CORPUS -o DIR ...
    python -m evals.bench.speed.clients bare|instructor TOLD BASE_URL CORPUS CONCURRENCY

At its end, a process writes into the file TOLD what it took of processor time and memory.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

from evals.bench.speed.measured import peak_mb

MODEL = "stub"
KEY = "no-key"


def main(system: str, told: str, *arguments: str) -> None:
    """Run one of them."""
    atexit.register(_tell, Path(told))
    if system == "extractor":
        from extractor.cli.app import main as extractor

        sys.argv = ["extractor", *arguments]
        extractor()
    else:
        base_url, corpus, concurrency = arguments
        client = {"bare": bare, "instructor": instructed}[system]
        asyncio.run(client(base_url, Path(corpus), int(concurrency)))


async def bare(base_url: str, corpus: Path, at_once: int) -> None:
    """The openai client and nothing else: sends the requests that this project sent, a line each in `corpus`."""
    from openai import AsyncOpenAI

    async with AsyncOpenAI(base_url=base_url, api_key=KEY) as client:

        async def ask(line: str) -> None:
            request: dict[str, Any] = json.loads(line)
            answered = cast(Any, await client.chat.completions.create(**request))
            if not answered.choices[0].message.content:
                raise ValueError("no answer")

        await _over(corpus, at_once, ask)


async def instructed(base_url: str, corpus: Path, at_once: int) -> None:
    """Plain instructor with the schema of verbatim quotes of `evals.bench.peers`; nothing is looked for in the text."""
    import instructor
    from openai import AsyncOpenAI

    from evals.bench.peers.by_instructor import MAX_RETRIES, messages
    from evals.bench.peers.task import MAX_OUTPUT_TOKENS, Answer

    async with AsyncOpenAI(base_url=base_url, api_key=KEY) as client:
        asking = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA)

        async def ask(line: str) -> None:
            said: Any = messages(json.loads(line)["text"])
            await asking.chat.completions.create(
                model=MODEL, response_model=Answer, max_retries=MAX_RETRIES, messages=said, temperature=0,
                max_tokens=MAX_OUTPUT_TOKENS,
            )  # fmt: skip

        await _over(corpus, at_once, ask)


async def _over(corpus: Path, at_once: int, ask: Callable[[str], Awaitable[None]]) -> None:
    """Each line once, the next one as soon as one is done."""
    with corpus.open(encoding="utf-8") as file:

        async def work() -> None:
            for line in file:
                await ask(line)

        await asyncio.gather(*(work() for _ in range(at_once)))


def _tell(path: Path) -> None:
    path.write_text(json.dumps({"cpu_seconds": time.process_time(), "peak_mb": peak_mb()}), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
