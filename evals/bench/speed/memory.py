"""The peak of memory of `extractor run` over many short articles, beside that over few."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.bench.speed.measured import Took
from evals.bench.speed.server import served
from evals.bench.speed.throughput import run_extractor, write_articles


def measure(*, few: int, many: int, at_once: int = 16, told: Callable[[str], None] = lambda _: None) -> list[Took]:
    """Run over few and over many; answers come at once, journal and cache of answers are as a user has them."""
    took: list[Took] = []
    with served() as server:
        for count in (few, many):
            with TemporaryDirectory() as temporary:
                corpus = Path(temporary) / "corpus.jsonl"
                write_articles(corpus, count)
                took.append(run_extractor(corpus, server.base_url("whole"), at_once))
            told(f"{count:,} articles: {took[-1].peak_mb:.1f} MB, {took[-1].seconds:.0f} s")
    return took
