"""Extracting all that is left: a sliding pool of articles in one event loop, wherever their reports are made."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from contextlib import aclosing, closing, contextmanager
from itertools import islice

from extractor.corpus.article import Article
from extractor.corpus.journal import Journal
from extractor.corpus.lines import Lines
from extractor.corpus.pool import sliding
from extractor.corpus.progress import Display
from extractor.corpus.reading import Corpus
from extractor.corpus.summary import count
from extractor.corpus.tally import OF_ALL, Tally
from extractor.errors import InputError
from extractor.llm.places import Places
from extractor.llm.usage import Usage, metering

_HELD = 64
_HELD_CHARACTERS = 2_000_000
"""Articles that are read ahead."""


class Engine:
    """Extracts all that a journal lists as left.

    Args:
        corpus: Where the articles are.
        journal: Which of them are left.
        tally: Is told what becomes of each.
        display: For what the user is to know.
    """

    def __init__(
        self,
        corpus: Corpus,
        journal: Journal,
        tally: Tally,
        display: Display,
    ) -> None:
        self._corpus = corpus
        self._journal = journal
        self._tally = tally
        self._display = display
        self._one_done = asyncio.Event()

    async def run(self, lines: Lines, *, at_once: int, besides: int = 0) -> None:
        """Extract until nothing is left or the tally says that it is over; what is under way is finished then.

        Args:
            lines: Makes the reports.
            at_once: About how many articles the server is asked at the same time.
            besides: How many more may be got ready or worked out meanwhile.

        Raises:
            OutputError: The journal cannot be written.
            KeyboardInterrupt: Ctrl-C was pressed twice.
        """
        places = Places(at_once)
        with self._interruptible():
            await sliding(
                self._begun(), lambda article: self._extract(lines, article, places), at_once=at_once + besides
            )

    async def _extract(self, lines: Lines, article: Article, places: Places) -> None:
        paid = self._tally.under_way[article.id]
        with metering(paid), places.article():
            try:
                line = await lines.line(article)
                self._tally.check_model(line.model)
            except OF_ALL as error:
                self._tally.failure = self._tally.failure or error
            except Exception as error:  # noqa: BLE001  listed with its reason; the other articles go on
                self._tally.failed(article, error, paid)
            else:
                self._tally.done(article, line.text, paid)
            finally:
                del self._tally.under_way[article.id]
                self._one_done.set()

    async def _begun(self) -> AsyncIterator[Article]:
        """The articles that are left, each when it may be begun; fewer, when the run is to stop."""
        async with aclosing(self._left()) as left:
            async for article in left:
                while not self._tally.over() and not self._tally.affordable():
                    if not self._tally.under_way:
                        self._tally.stopped = "budget"
                        break
                    self._one_done.clear()
                    await self._one_done.wait()
                if self._tally.over():
                    return
                self._tally.under_way[article.id] = Usage()
                yield article

    async def _left(self) -> AsyncGenerator[Article]:
        """Read in a thread, some ahead: reading may take long, and nobody under way waits for it."""
        articles = self._read()
        while True:
            try:
                batch = await asyncio.to_thread(_batch, articles)
            except InputError as error:  # it could be read at first
                self._tally.failure = error
                return
            if not batch:
                return
            for article in batch:
                yield article

    def _read(self) -> Iterator[Article]:
        with closing(self._journal.left()) as left:
            position, sha256 = next(left, (None, b""))
            for entry in self._corpus.entries():
                if position is None:
                    return
                if entry.position < position:
                    continue
                if entry.article is not None and entry.article.sha256 == sha256:
                    yield entry.article
                else:
                    self._tally.changed += 1
                position, sha256 = next(left, (None, b""))

    def _after_stop(self) -> str:
        return f"{count(len(self._tally.under_way), 'article')} under way will be finished"

    @contextmanager
    def _interruptible(self) -> Generator[None]:
        """Ctrl-C lets what is under way finish and begins nothing more; a second one ends at once."""
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def interrupt() -> None:
            if self._tally.stopped == "interrupted" and task is not None:
                task.cancel()
                return
            self._tally.stopped = "interrupted"
            self._one_done.set()
            self._display.note(f"stopping: {self._after_stop()} (Ctrl-C again stops at once)", "stopping")

        caught: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                loop.add_signal_handler(number, interrupt)
            except (NotImplementedError, RuntimeError, ValueError):  # Windows, or not the main thread
                continue
            caught.append(number)
        try:
            yield
        except asyncio.CancelledError as error:
            if self._tally.stopped == "interrupted":
                raise KeyboardInterrupt from error
            raise
        finally:
            for number in caught:
                loop.remove_signal_handler(number)


def _batch(articles: Iterator[Article]) -> list[Article]:
    batch: list[Article] = []
    characters = 0
    for article in islice(articles, _HELD):
        batch.append(article)
        characters += len(article.text)
        if characters > _HELD_CHARACTERS:
            break
    return batch
