"""Extracting through the Batch API: articles are gone through as far as answers are there, the rest is handed in."""

from __future__ import annotations

import asyncio
import json
import math
import sys
from collections import Counter
from collections.abc import Generator
from contextlib import aclosing
from pathlib import Path
from typing import Any, cast

from extractor.corpus.article import Article
from extractor.corpus.batch.ledger import Came, Ledger
from extractor.corpus.batch.spool import Spool
from extractor.corpus.batch.tape import BatchTape, NotAnswered
from extractor.corpus.engine import Engine
from extractor.corpus.journal import Journal
from extractor.corpus.lines import Lines
from extractor.corpus.progress import Display
from extractor.corpus.reading import Corpus
from extractor.corpus.settings import Batching
from extractor.corpus.summary import count
from extractor.corpus.tally import OF_ALL, Tally
from extractor.errors import (
    ConnectionFailed,
    KeyRefused,
    ModelError,
    OutputError,
    QuotaUsedUp,
    RateLimited,
    RequestRefused,
    ServerFailed,
    UnusableAnswer,
)
from extractor.llm.batches import Batch, Batches, Result, results
from extractor.llm.usage import Usage

_PASSING = (ConnectionFailed, RateLimited, ServerFailed, UnusableAnswer)
"""What may be met in looking after a batch, which goes on meanwhile: it is looked after again later."""
_FULL = "token_limit_exceeded"
"""The server's word for more tokens in unfinished batches than the account may have there."""
_MOST_SHORT = 5
"""How often a file may come with fewer answers than the batch has, until it is taken as it is."""


class BatchEngine(Engine):
    """Extracts all that a journal lists as left, in batches; see `extractor.corpus.engine.Engine` for the others.

    Args:
        corpus, journal, tally, display: As there.
        folder: For files on their way to the server and from it.
        ledger: Which requests are in which batch.
        batches: Where they are handed in.
        tape: What the extractor gets its answers from.
        settings: How large a batch may be, and how often it is looked after.
    """

    def __init__(
        self,
        corpus: Corpus,
        journal: Journal,
        tally: Tally,
        display: Display,
        *,
        folder: Path,
        ledger: Ledger,
        batches: Batches,
        tape: BatchTape,
        settings: Batching,
    ) -> None:
        super().__init__(corpus, journal, tally, display)
        self._folder = folder
        self._ledger = ledger
        self._batches = batches
        self._tape = tape
        self._settings = settings
        self._most_requests = settings.most_requests
        self._spool: Spool | None = None
        self._one_at_a_time = False
        """The server's queue was full: another batch is handed in only when there is none."""
        self._held_back = False
        """There are articles that the budget does not allow to begin, or the server's queue."""
        self._articles_begun = 0
        self._worst = Usage()
        """What all that is begun could cost at most."""
        self._shown: dict[str, str] = {}
        self._short: Counter[str] = Counter()

    async def run(self, lines: Lines, *, at_once: int, besides: int = 0) -> None:  # noqa: ARG002  a batch is all at once
        """Extract until nothing is left or the tally says that it is over; batches under way then go on by themselves.

        Raises:
            OutputError: The journal or a file cannot be written.
            ModelError: The server takes no batch.
            KeyboardInterrupt: Ctrl-C was pressed twice.
        """
        try:
            with self._interruptible():
                try:
                    await self._find_lost()
                except ModelError as error:
                    self._tally.failure = error
                    return
                self._ledger.forgive()
                if self._ledger.begun():  # by an earlier run; what they could cost is not known
                    self._worst = Usage(input_tokens=sys.maxsize, cost_usd=math.inf)
                while True:
                    await self._advance(lines)
                    if self._tally.over() or not self._ledger.under_way():
                        break
                    await self._collect()
                if self._held_back and not self._tally.over():
                    self._tally.stopped = "budget"
        except OSError as error:
            raise OutputError(
                f"{self._folder} cannot be written: {error.strerror or error}; run again to go on"
            ) from error
        finally:
            if self._spool:
                self._spool.remove()

    def _after_stop(self) -> str:
        under_way = len(self._ledger.under_way())
        return (
            f"{count(under_way, 'batch', 'batches')} under way will go on at the server for the same command to collect"
        )

    async def _find_lost(self) -> None:
        """Batches of which it is not known whether they were made: a kill came between."""
        for name, at_server in self._ledger.under_way():
            if at_server is None and (found := await self._batches.find(name)):
                self._ledger.made(name, found.id)
            elif at_server is None:
                self._ledger.release(name)

    async def _advance(self, lines: Lines) -> None:
        """Take every article that waits for nothing as far as it comes, and hand in what that asks."""
        self._tally.changed = 0
        self._held_back = False
        self._articles_begun = self._ledger.begun()
        async with aclosing(self._left()) as left:
            async for article in left:
                if self._tally.over():
                    break
                if not self._ledger.waits(article):
                    await self._go_on(lines, article)
        self._ledger.forget_settled()
        if not self._tally.over():
            await self._hand_in()

    async def _go_on(self, lines: Lines, article: Article) -> None:
        begun = self._ledger.has_begun(article)
        self._tape.missing.clear()
        try:
            line = await lines.line(article)
            self._tally.check_model(line.model)
        except NotAnswered:
            await self._send(article, begun=begun)
            return
        except OF_ALL as error:
            self._tally.failure = self._tally.failure or error
            return
        except Exception as error:  # noqa: BLE001  listed with its reason; the other articles go on
            self._tally.failed(article, error, self._ledger.paid(article))
        else:
            self._tally.done(article, line.text, self._ledger.paid(article))
        self._articles_begun -= begun

    async def _send(self, article: Article, *, begun: bool) -> None:
        """Put what an article asks into the next batch, if it may."""
        missing = list(self._tape.missing)
        if not begun and missing:
            worst = self._batches.worst(request for _, request in missing)
            worst.add(self._worst)
            if not self._tally.affords(self._articles_begun + 1, worst):
                self._held_back = True
                return
            self._articles_begun += 1
            self._worst = worst
        for key, request in missing:
            self._spool = self._spool or Spool(self._folder, self._most_requests, self._settings.most_bytes)
            if key in self._spool.requests:  # another article asks the same, or the spool could not be handed in yet
                continue
            try:
                line = self._spool.line(key, request)
            except RequestRefused as error:
                self._tally.failed(article, error, self._ledger.paid(article))
                return
            if not self._spool.takes(line):
                await self._hand_in()
                if self._tally.over():
                    return
                self._spool = self._spool or Spool(self._folder, self._most_requests, self._settings.most_bytes)
            if self._spool.takes(line):
                self._spool.add(key, line, article)

    async def _hand_in(self) -> None:
        """Hand in the requests that were gathered, unless the server's queue is full: they come again then."""
        if self._spool is None or (self._one_at_a_time and self._ledger.under_way()):
            return
        spool, self._spool = self._spool, None
        try:
            spool.close()
            if not spool.requests:
                return
            self._ledger.begin(spool.name, ((key, *whose) for key, whose in spool.requests.items()))
            made = await self._batches.submit(spool.path, spool.name)
            self._ledger.made(spool.name, made.id)
            self._display.note(f"{made.id}: {count(len(spool.requests), 'request')} handed in")
        except (KeyRefused, QuotaUsedUp, RequestRefused) as error:
            self._ledger.release(spool.name)
            self._tally.failure = self._tally.failure or error
        except ModelError as error:
            # Should it be there all the same, it is found by its name when the run goes on.
            self._tally.failure = self._tally.failure or error
        finally:
            spool.remove()

    async def _collect(self) -> None:
        """Look after the batches until one has ended, or the run is to."""
        while True:
            ended = False
            for name, batch in self._ledger.under_way():
                try:
                    ended = (batch is not None and await self._look_after(name, batch)) or ended
                except _PASSING as error:
                    self._display.note(f"{error}; looked after again in {self._settings.poll:g} s")
                except RequestRefused as error:
                    self._tally.failure = RequestRefused(f"{batch}: {error}; if it is lost, --restart gives it up")
                except ModelError as error:
                    self._tally.failure = error
            if ended or self._tally.over():
                return
            try:
                await asyncio.wait_for(self._one_done.wait(), self._settings.poll)
            except TimeoutError:
                continue
            return  # the run was interrupted

    async def _look_after(self, name: str, at_server: str) -> bool:
        """Whether a batch has ended; then what came of it is in the ledger."""
        batch = await self._batches.state(at_server)
        self._show(batch)
        if not batch.ended:
            return False
        if batch.status == "failed":
            self._refused(name, batch)
        else:
            await self._fetch(name, batch)
        if batch.status == "cancelled":
            self._tally.failure = self._tally.failure or ModelError(
                f"{batch.id} was cancelled at {self._batches.endpoint.where}: what it had answered is kept, run again "
                "to hand in the rest"
            )
        if kept := await self._batches.delete([batch.input_file, *batch.files]):
            self._display.note(f"{batch.id}: {count(kept, 'file')} could not be deleted at the server")
        return True

    async def _fetch(self, name: str, batch: Batch) -> None:
        """Note all that came of a batch."""
        paths = [self._folder / f".{name}.{number}.part" for number in range(len(batch.files))]
        try:
            for file, path in zip(batch.files, paths, strict=True):
                await self._batches.download(file, path)
            there = sum(1 for path in paths for result in results(path) if result)
            if there < batch.answered and self._short[name] < _MOST_SHORT:
                self._short[name] += 1
                raise UnusableAnswer(f"the files of {batch.id} hold {there:,} of {batch.answered:,} answers")
            why = {"expired": "the time was over", "cancelled": "it was cancelled"}.get(batch.status, "nothing came")
            self._ledger.collect(name, self._came(paths), why)
        finally:
            for path in paths:
                path.unlink(missing_ok=True)

    def _came(self, paths: list[Path]) -> Generator[Came]:
        for path in paths:
            for result in results(path):
                if result and (key := _key(result)):
                    yield self._came_of(key, result)

    def _came_of(self, key: bytes, result: Result) -> Came:
        if result.code is not None:
            return Came(key, why=result.code)
        if result.status is not None:
            error, passing = self._batches.refusal(result)
            if passing:
                return Came(key, why=str(error))
            return Came(key, refusal=json.dumps([result.status, result.body]))
        body: Any = result.body
        if isinstance(body, dict):
            body = cast(dict[str, Any], body) | {"processing": "batch"}
        answer = json.dumps(body, ensure_ascii=False).encode()
        return Came(key, answer=answer, paid=self._batches.paid(answer))

    def _refused(self, name: str, batch: Batch) -> None:
        """A batch was refused as a whole: nothing of it was worked on."""
        size = self._ledger.size(name)
        self._ledger.release(name)
        if batch.code == _FULL and size > 1:
            self._one_at_a_time = True
            self._most_requests = min(self._most_requests, max(1, size // 2))
            if self._spool:  # it may be too large now; its requests come again
                self._spool.remove()
                self._spool = None
            self._display.note(f"{batch.id}: the server's queue is full, {self._most_requests:,} at a time from now on")
            return
        self._tally.failure = self._tally.failure or RequestRefused(
            f"{self._batches.endpoint.where} refused {batch.id}: {batch.message or batch.code or 'no reason was given'}"
        )

    def _show(self, batch: Batch) -> None:
        shown = f"{batch.status}, {batch.answered:,} of {batch.total:,} answered, {batch.failed:,} failed"
        if self._shown.get(batch.id) != shown:
            self._shown[batch.id] = shown
            self._display.note(f"{batch.id}: {shown}")


def _key(result: Result) -> bytes | None:
    try:
        return bytes.fromhex(result.custom_id)
    except ValueError:  # none of ours
        return None
