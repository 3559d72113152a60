"""A run over a corpus: read, extracted, journaled, written, whatever becomes of single articles."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any, Literal

from extractor.corpus.article import Entry
from extractor.corpus.batch import BatchEngine, BatchTape, Ledger
from extractor.corpus.budget import Budget
from extractor.corpus.cache import FILE as CACHE_FILE
from extractor.corpus.cache import LIMIT, AnswerCache, cache_folder, server_of
from extractor.corpus.engine import Engine
from extractor.corpus.folder import held, write_results
from extractor.corpus.journal import Counts, Journal
from extractor.corpus.lines import Extracts, OwnLines
from extractor.corpus.loading import load
from extractor.corpus.progress import Display, display_of
from extractor.corpus.reading import Corpus
from extractor.corpus.settings import Batching, Choice, batchable, differences, own_extractor, settings_of
from extractor.corpus.summary import Summary, count
from extractor.corpus.tally import Tally
from extractor.errors import InputError, SettingsError
from extractor.llm.batches import Batches
from extractor.llm.limits import RateLimits
from extractor.settings import Embedded, Endpoint

CONCURRENCY = 8
"""Articles that the server is asked about at a time, unless told otherwise; the embedded model takes one."""
WORKERS = 2
"""Workers of a cluster, unless told otherwise."""

_SECONDS_BETWEEN_LINES = 10.0


def run(
    corpus: Corpus,
    out: Path,
    *,
    choice: Choice | None = None,
    concurrency: int | None = None,
    limits: RateLimits | None = None,
    budget: Budget | None = None,
    include_text: bool = False,
    cache: bool = True,
    cache_limit: int = LIMIT,
    retry_failed: bool = False,
    restart: bool = False,
    quiet: bool = False,
    engine: Literal["local", "ray"] = "local",
    workers: int | None = None,
    extractor: Extracts | None = None,
    batch: Batching | None = None,
) -> Summary:
    """Extract from every article of a corpus; the journal, reports.jsonl and errors.jsonl are in the folder `out`.

    A folder that was begun before is gone on with: what is finished is not asked again; an article that has changed
    since is. Both files are written from the journal, in the order of the corpus, when the run ends, however it does.

    Args:
        corpus: The articles.
        out: The folder; made when it is not there. It should be on a disk of this machine.
        choice: The model, plan, prompt and schema.
        concurrency: How many articles the server is asked about at the same time; a few more are got ready or worked
            out meanwhile.
        limits: How fast the server may be asked; left out, what it shows by its answers is kept to.
        budget: How much all runs in this folder may cost together.
        include_text: Put each article's text in its report.
        cache: Take answers that were given before, on any run, and keep new ones.
        cache_limit: Bytes that kept answers may take.
        retry_failed: Try articles again that failed in earlier runs.
        restart: Give up what is in `out`.
        quiet: Show nothing.
        engine: `ray`: a cluster's workers extract (see `extractor.corpus.on_ray`); all else stays as it is.
        workers: How many of those; `concurrency` is for all of them together.
        extractor: One of your own, made as `choice` says; `limits` and `cache` are then its affair.
        batch: Use the server's Batch API. Ctrl-C leaves batches that are under way there; a later run on the same
            folder collects them.

    Returns:
        What the run came to. It may have been stopped by the budget or by Ctrl-C (once: what is under way is finished).

    Raises:
        SettingsError: The model cannot be chosen like this, `out` is in use, or was begun with other settings.
        InputError: The corpus cannot be read, or holds no article.
        ModelError: The server refuses the key or fails article after article.
        ClusterFailed, PromptError, WeightsError, OutputError: As they say.
        KeyboardInterrupt: Ctrl-C was pressed twice.
    """
    choice, budget = choice or Choice(), budget or Budget()
    resolved = choice.resolved()
    budget.check(resolved)
    settings = settings_of(choice, include_text=include_text)
    makes = _Makes(
        choice, resolved, engine, workers, concurrency, limits or RateLimits(), cache_limit if cache else None,
        include_text, extractor, batch,
    )  # fmt: skip
    with held(out, restart=restart), Journal(out) as journal:
        if batch is None and (under_way := Ledger(journal).under_way()):
            raise SettingsError(
                f"-o {out} has {count(len(under_way), 'batch', 'batches')} under way: go on with --batch to collect "
                "what is paid for, or begin anew with --restart"
            )
        counts = _begin(corpus, out, journal, settings, retry_failed=retry_failed, quiet=quiet)
        with display_of(counts.articles, counts.articles - counts.left, quiet=quiet) as display:
            begun = f"{count(counts.articles, 'article')}, {counts.left:,} to be extracted"
            display.note(begun, "begun", articles=counts.articles, left=counts.left)
            tally = Tally(out, journal, display, budget, at_once=makes.at_once)
            served = asyncio.run(makes.run(corpus, out, journal, tally, display)) if counts.left else 0
            write_results(out, journal)
            summary = tally.summary(served)
            if tally.failure is not None:
                display.note(str(summary), "ended", **summary.figures())
                raise tally.failure
    return summary


def _begin(
    corpus: Corpus, out: Path, journal: Journal, settings: Mapping[str, Any], *, retry_failed: bool, quiet: bool
) -> Counts:
    """Read what the corpus holds, and find out what of it is left."""
    if different := differences(journal.settings(), settings):
        raise SettingsError(
            f"-o {out} was begun with other settings: {', '.join(different)}; name another folder, or begin anew with "
            "--restart"
        )
    journal.index(_told(corpus, display_of(0, 0, quiet=quiet)))
    if retry_failed:
        journal.forget_failures()
    counts = journal.counts()
    if not counts.articles:
        why = journal.first_error()
        raise InputError(f"{corpus.path} holds no article" + (f": {why}" if why else ""))
    journal.keep_settings(settings)
    return counts


@dataclass(frozen=True, slots=True)
class _Makes:
    """How reports are made, and where."""

    choice: Choice
    resolved: Endpoint | Embedded
    engine: Literal["local", "ray"]
    workers: int | None
    concurrency: int | None
    limits: RateLimits
    cache_limit: int | None
    """None: no cache."""
    include_text: bool
    extractor: Extracts | None
    batch: Batching | None

    def __post_init__(self) -> None:
        if self.engine == "local" and self.workers:
            raise SettingsError("--workers is for --engine ray: this machine's own engine takes --concurrency")
        if self.engine == "ray" and self.extractor is not None:
            raise SettingsError("an extractor of your own cannot go to a cluster: name the model instead")
        if self.batch is not None:
            batchable(self.choice)
            if self.extractor is not None:
                raise SettingsError(
                    "an extractor of your own cannot be used with batches: it does not ask through them"
                )
            if self.engine == "ray":
                raise SettingsError("--batch and --engine ray exclude each other: batches are worked off by the server")

    @property
    def pool(self) -> int:
        """Workers."""
        return self.workers or WORKERS if self.engine == "ray" else 1

    @property
    def at_once(self) -> int:
        """Articles that the server is asked about; the embedded model takes one at a time, in each worker."""
        if isinstance(self.resolved, Embedded):
            return self.pool
        return self.concurrency or CONCURRENCY

    @property
    def besides(self) -> int:
        """Articles got ready or worked out while the server is busy with those; it is never to wait for them."""
        return self.at_once // 4

    async def run(self, corpus: Corpus, out: Path, journal: Journal, tally: Tally, display: Display) -> int:
        """Extract what is left; so many answers came from the cache."""
        engine = Engine(corpus, journal, tally, display)
        if self.engine == "ray":
            return await self._on_ray(engine)
        if self.extractor is not None:
            lines = OwnLines(self.extractor, None, include_text=self.include_text)
            await engine.run(lines, at_once=self.at_once, besides=self.besides)
            return 0
        answers: AnswerCache | None = None
        if self.cache_limit is not None:
            path = cache_folder() / CACHE_FILE
            answers = AnswerCache(path, server_of(self.resolved), display.note, limit=self.cache_limit)
        with closing(answers) if answers else nullcontext():
            if self.batch is not None:
                await self._in_batches(corpus, out, journal, tally, display, answers, self.batch)
            else:
                await asyncio.to_thread(load, places=self.choice.schema is None)
                async with own_extractor(self.choice, answers, self.limits) as own:
                    lines = OwnLines(own, answers, include_text=self.include_text)
                    await engine.run(lines, at_once=self.at_once, besides=self.besides)
        return answers.served if answers else 0

    async def _in_batches(
        self,
        corpus: Corpus,
        out: Path,
        journal: Journal,
        tally: Tally,
        display: Display,
        answers: AnswerCache | None,
        settings: Batching,
    ) -> None:
        ledger = Ledger(journal)
        async with Batches(batchable(self.choice)) as batches:
            tape = BatchTape(ledger, batches, answers)
            engine = BatchEngine(
                corpus,
                journal,
                tally,
                display,
                folder=out,
                ledger=ledger,
                batches=batches,
                tape=tape,
                settings=settings,
            )
            async with own_extractor(self.choice, tape, None) as own:
                await engine.run(OwnLines(own, answers, include_text=self.include_text), at_once=1)

    async def _on_ray(self, engine: Engine) -> int:
        from extractor.corpus.on_ray import Order, RayLines, connected

        choice = replace(self.choice, model="embedded")
        if isinstance(self.resolved, Endpoint):
            there, key = self.resolved, self.resolved.api_key.get_secret_value()
            choice = replace(self.choice, model=there.model, base_url=there.base_url, api_key=key)
        rates = (self.limits.requests_per_minute, self.limits.tokens_per_minute)
        rpm, tpm = (rate and rate / self.pool for rate in rates)
        forbidden = os.environ.get("EXTRACTOR_REQUESTS")
        order = Order(choice, rpm, tpm, self.cache_limit, self.include_text, forbidden)
        each = ceil(self.at_once / self.pool)
        with connected(self.pool) as ray:
            async with RayLines(ray, order, workers=self.pool, each=each) as lines:
                await engine.run(lines, at_once=self.at_once)
        return lines.served


def _told(corpus: Corpus, display: Display) -> Iterator[Entry]:
    """The entries, with a line now and then where reading them takes long."""
    told = time.monotonic()
    for entry in corpus.entries():
        if time.monotonic() - told > _SECONDS_BETWEEN_LINES:
            told = time.monotonic()
            display.note(f"reading {corpus.path}: {entry.position:,} records", "reading", records=entry.position)
        yield entry
