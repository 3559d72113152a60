"""One call in ten takes 3 s: how near `extractor run` comes to a schedule in which no slot ever waits."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.bench.speed.server import Latency, served
from evals.bench.speed.throughput import run_extractor, write_articles
from extractor.errors import ModelError

SLOW = Latency(seconds=0.2, slow_seconds=3.0, slow_share=0.1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long the articles took, from the first request to the last answer."""

    articles: int
    at_once: int
    slow: int
    """Articles whose call took long."""
    ideal: float
    """Seconds of a schedule in which each call begins as soon as one ends, and nothing but calls takes time."""
    barrier: float
    """Seconds of one in which each batch of `at_once` calls waits for its slowest, for comparison."""
    taken: float
    """Seconds that `extractor run` took, what it loads for its first report included."""

    @property
    def of_ideal(self) -> float:
        """1.0: as fast as can be."""
        return self.ideal / self.taken


def measure(*, articles: int, at_once: int = 16, latency: Latency = SLOW) -> Schedule:
    """Run over so many short articles; the latencies are drawn by article, the same ones each time."""
    with TemporaryDirectory() as temporary, served(latency) as server:
        corpus = Path(temporary) / "corpus.jsonl"
        write_articles(corpus, articles)
        run_extractor(corpus, server.base_url("whole"), at_once)
        seen = server.seen()
    if seen.requests != articles:
        raise ModelError(f"extractor run made {seen.requests} calls for {articles} articles")
    waits = [latency.of(number) for number in range(articles)]
    batches = (waits[start : start + at_once] for start in range(0, articles, at_once))
    return Schedule(
        articles,
        at_once,
        slow=sum(wait == latency.slow_seconds for wait in waits),
        ideal=ideal(waits, at_once),
        barrier=sum(map(max, batches)),
        taken=seen.last - seen.came[0],
    )


def ideal(waits: Iterable[float], slots: int) -> float:
    """Seconds of greedy list scheduling (Graham 1966): in their order, each call on the slot that is free first."""
    free = [0.0] * slots
    for wait in waits:
        heapq.heappushpop(free, free[0] + wait)
    return max(free)
