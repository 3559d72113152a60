"""A run over a corpus: read, extracted, journaled, written, whatever becomes of single articles."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

from extractor.corpus.article import Entry
from extractor.corpus.batch import BatchEngine, BatchTape, Ledger
from extractor.corpus.budget import Budget
from extractor.corpus.cache import FILE as CACHE_FILE
from extractor.corpus.cache import LIMIT, AnswerCache, cache_folder, server_of
from extractor.corpus.engine import Engine, Extracts
from extractor.corpus.folder import held, write_results
from extractor.corpus.journal import Counts, Journal
from extractor.corpus.progress import Display
from extractor.corpus.reading import Corpus
from extractor.corpus.settings import Batching, Choice, batchable, differences, settings_of
from extractor.corpus.summary import Summary, count
from extractor.corpus.tally import Tally
from extractor.errors import InputError, SettingsError
from extractor.extraction import Extractor
from extractor.llm.batches import Batches
from extractor.llm.limits import RateLimits
from extractor.llm.tape import Tape
from extractor.settings import Embedded

CONCURRENCY = 8
"""Articles under way at a time, unless told otherwise; the embedded model takes one."""

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
        concurrency: How many articles are under way at the same time.
        limits: How fast the server may be asked; left out, what it shows by its answers is kept to.
        budget: How much all runs in this folder may cost together.
        include_text: Put each article's text in its report.
        cache: Take answers that were given before, on any run, and keep new ones.
        cache_limit: Bytes that kept answers may take.
        retry_failed: Try articles again that failed in earlier runs.
        restart: Give up what is in `out`.
        quiet: Show nothing.
        extractor: One of your own, made as `choice` says; `limits` and `cache` are then its affair.
        batch: Use the server's Batch API. Ctrl-C leaves batches that are under way there; a later run on the same
            folder collects them.

    Returns:
        What the run came to. It may have been stopped by the budget or by Ctrl-C (once: what is under way is finished).

    Raises:
        SettingsError: The model cannot be chosen like this, `out` is in use, or was begun with other settings.
        InputError: The corpus cannot be read, or holds no article.
        ModelError: The server refuses the key or fails article after article.
        PromptError, WeightsError, OutputError: As they say.
        KeyboardInterrupt: Ctrl-C was pressed twice.
    """
    choice, budget = choice or Choice(), budget or Budget()
    resolved = choice.resolved()
    budget.check(resolved)
    if batch is not None:
        batchable(choice)
        if extractor is not None:
            raise SettingsError("an extractor of your own cannot be used with batches: it does not ask through them")
    settings = settings_of(choice, include_text=include_text)
    at_once = 1 if isinstance(resolved, Embedded) else concurrency or CONCURRENCY
    with held(out, restart=restart), Journal(out) as journal:
        if batch is None and (under_way := Ledger(journal).under_way()):
            raise SettingsError(
                f"-o {out} has {count(len(under_way), 'batch', 'batches')} under way: go on with --batch to collect "
                "what is paid for, or begin anew with --restart"
            )
        counts = _begin(corpus, out, journal, settings, retry_failed=retry_failed, quiet=quiet)
        with Display(counts.articles, counts.articles - counts.left, quiet=quiet) as display:
            display.note(f"{count(counts.articles, 'article')}, {counts.left:,} to be extracted")
            answers: AnswerCache | None = None
            if cache and extractor is None:
                path = cache_folder() / CACHE_FILE
                answers = AnswerCache(path, server_of(resolved), display.note, limit=cache_limit)
            tally = Tally(out, journal, display, budget, at_once=at_once)
            with closing(answers) if answers else nullcontext():
                if batch is not None:
                    asyncio.run(
                        _extract_in_batches(
                            corpus, out, journal, tally, display, answers, choice, batch, include_text=include_text
                        )
                    )
                else:
                    engine = Engine(corpus, journal, tally, display, answers, include_text=include_text)
                    asyncio.run(_extract(engine, extractor, choice, answers, limits or RateLimits(), at_once))
            write_results(out, journal)
            summary = tally.summary(answers.served if answers else 0)
            if tally.failure is not None:
                display.note(str(summary))
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
    journal.index(_told(corpus, Display(0, 0, quiet=quiet)))
    if retry_failed:
        journal.forget_failures()
    counts = journal.counts()
    if not counts.articles:
        why = journal.first_error()
        raise InputError(f"{corpus.path} holds no article" + (f": {why}" if why else ""))
    journal.keep_settings(settings)
    return counts


async def _extract(
    engine: Engine,
    extractor: Extracts | None,
    choice: Choice,
    answers: AnswerCache | None,
    limits: RateLimits,
    at_once: int,
) -> None:
    if extractor is not None:
        await engine.run(extractor, at_once=at_once)
        return
    async with _extractor(choice, answers, limits) as own:
        await engine.run(own, at_once=at_once)


async def _extract_in_batches(
    corpus: Corpus,
    out: Path,
    journal: Journal,
    tally: Tally,
    display: Display,
    answers: AnswerCache | None,
    choice: Choice,
    settings: Batching,
    *,
    include_text: bool,
) -> None:
    ledger = Ledger(journal)
    async with Batches(batchable(choice)) as batches:
        tape = BatchTape(ledger, batches, answers)
        engine = BatchEngine(
            corpus, journal, tally, display, answers, include_text=include_text, folder=out, ledger=ledger,
            batches=batches, tape=tape, settings=settings,
        )  # fmt: skip
        async with _extractor(choice, tape, None) as own:
            await engine.run(own, at_once=1)


def _extractor(choice: Choice, tape: Tape | None, limits: RateLimits | None) -> Extractor[Any]:
    common: dict[str, Any] = {
        "model": choice.model, "base_url": choice.base_url, "api_key": choice.api_key, "plan": choice.plan,
        "prompt": choice.prompt, "tape": tape, "limits": limits,
    }  # fmt: skip
    return Extractor(schema=choice.schema, **common) if choice.schema else Extractor(**common)


def _told(corpus: Corpus, display: Display) -> Iterator[Entry]:
    """The entries, with a line now and then where reading them takes long."""
    told = time.monotonic()
    for entry in corpus.entries():
        if time.monotonic() - told > _SECONDS_BETWEEN_LINES:
            told = time.monotonic()
            display.note(f"reading {corpus.path}: {entry.position:,} records")
        yield entry
