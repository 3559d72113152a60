"""The driver's side: articles go into a stream of Ray Data, and their results come out of it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Generator, Iterator
from importlib import import_module
from typing import Any, Self

from extractor.corpus.article import Article
from extractor.corpus.lines import Line
from extractor.corpus.on_ray.feed import Feed
from extractor.corpus.on_ray.worker import ARTICLE, RESULT, Order, Result, Worker
from extractor.errors import ClusterFailed
from extractor.llm.usage import meter


class RayLines:
    """Lines that a cluster makes; for the event loop in which it is entered.

    Args:
        ray: The module, connected.
        order: What workers need to know.
        workers: How many there are.
        each: How many articles each has under way at a time.
    """

    def __init__(self, ray: Any, order: Order, *, workers: int, each: int) -> None:
        self._ray = ray
        self._order = order
        self._workers = workers
        self._each = each
        self._next = 0
        self._waiting: dict[int, asyncio.Future[Result]] = {}
        self._broken: ClusterFailed | None = None
        self._served: dict[str, int] = {}

    @property
    def served(self) -> int:
        """Answers that came from the workers' caches."""
        return sum(self._served.values())

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._feed = self._beside_driver(Feed)
        self._thread = threading.Thread(target=self._take, args=(self._results(),), name="results", daemon=True)
        self._thread.start()
        return self

    async def __aexit__(self, kind: object, *exc: object) -> None:
        if kind is None and self._broken is None:  # else nothing is waited for
            self._feed.end.remote()
            await asyncio.to_thread(self._thread.join)

    async def line(self, article: Article) -> Line:
        """The article's report, from whichever worker."""
        if self._broken:
            raise self._broken
        number, self._next = self._next, self._next + 1
        future = self._waiting[number] = self._loop.create_future()
        self._feed.put.remote(number, ARTICLE.dump_json(article))
        try:
            result = await future
        finally:
            del self._waiting[number]
        self._feed.settled.remote(number)
        self._served[result.worker] = max(result.served, self._served.get(result.worker, 0))
        if result.paid and (paid := meter()):
            paid.add(result.paid)
        if result.line is None:
            raise result.error()
        return result.line

    def _results(self) -> Iterator[dict[str, Any]]:
        """Ray Data's stream, a row an article, in the order in which they are done."""
        data: Any = import_module("ray.data")
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        with data.DataContext.current(_rows_apart(data.DataContext.get_current().copy())):
            articles = data.read_datasource(_source(data, self._ray, self._feed), num_cpus=0, override_num_blocks=1)
            results = articles.map_batches(
                Worker,
                fn_constructor_args=(self._order,),
                batch_size=1,
                compute=data.ActorPoolStrategy(
                    size=self._workers,
                    max_tasks_in_flight_per_actor=self._each,
                    max_concurrent_calls_per_actor=self._each,
                    enable_true_multi_threading=True,
                ),
                num_cpus=1,  # lost ones are started anew, and their articles done again, without end
            )
        return results.iter_batches(batch_size=None, prefetch_batches=0)

    def _take(self, results: Iterator[dict[str, Any]]) -> None:
        why = "the stream of articles ended too early"
        try:
            for batch in results:
                for row in batch["result"]:
                    self._tell(self._settle, RESULT.validate_json(bytes(row)))
        except Exception as error:  # noqa: BLE001  whatever Ray raises, the run cannot go on
            why = " ".join(str(error).split())[-300:]
        self._tell(self._fail, ClusterFailed(f"the Ray cluster broke off: {why}; run again to go on"))

    def _tell(self, what: Any, told: Any) -> None:
        if not self._loop.is_closed():  # else the run was given up
            self._loop.call_soon_threadsafe(what, told)

    def _settle(self, result: Result) -> None:
        future = self._waiting.get(result.number)
        if result.paid is not None and future is not None and not future.done():
            future.set_result(result)

    def _fail(self, error: ClusterFailed) -> None:
        self._broken = error
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(error)

    def _beside_driver(self, kind: type[Feed]) -> Any:
        here = self._ray.get_runtime_context().get_node_id()
        strategy = import_module("ray.util.scheduling_strategies").NodeAffinitySchedulingStrategy(here, soft=False)
        calls = self._workers * self._each + 100
        return self._ray.remote(kind).options(num_cpus=0, max_concurrency=calls, scheduling_strategy=strategy).remote()


def _source(data: Any, ray: Any, feed: Any) -> Any:
    """A data source of Ray's with one reader, which waits for what the driver feeds."""
    block: Any = import_module("ray.data.block")
    pyarrow: Any = import_module("pyarrow")

    def read() -> Generator[Any]:
        number = 0
        while (article := ray.get(feed.get.remote(number))) is not None:
            yield pyarrow.table({"number": [number], "article": [article]})
            number += 1

    class Articles(data.Datasource):
        supports_distributed_reads = False  # the reader stays beside the driver

        def estimate_inmemory_data_size(self) -> None:
            """Nobody knows."""

        def get_read_tasks(self, *_: Any, **__: Any) -> list[Any]:
            return [data.ReadTask(read, block.BlockMetadata(None, None, None, None))]

    return Articles()


def _rows_apart(context: Any) -> Any:
    """Settings of data sets whose every row goes its own way at once, and which show nothing."""
    context.target_max_block_size = 1
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    return context
