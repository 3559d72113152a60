"""A run: every article extracted, whatever becomes of the others, and gone on with after a kill."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from evals.running.article import Article
from evals.running.display import Display
from evals.running.folder import ANSWERS, Result, RunFolder, open_run
from evals.running.manifest import Gold, Manifest, Settings, origin
from evals.running.tape import ArticleTape, Header, Player, Recorder
from extractor.corpus.pool import sliding
from extractor.errors import ExtractorError, InputError, ModelError, SettingsError
from extractor.extraction import Extraction, Extractor
from extractor.plans import PlanName
from extractor.schema import PromptUsed, Report
from extractor.settings import Embedded, resolve
from extractor.templates import load

RunningScore = Callable[[Article, Any], str]
"""Is told each report once, also those of before a restart; returns the score of all so far, in a few words."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to ask, as for `extractor.Extractor`; or whose answers to take instead."""

    model: str | None = None
    base_url: str | None = None
    plan: PlanName | None = None
    prompt: str | None = None
    replay: Path | None = None


def run(
    articles: Sequence[Article],
    out: Path,
    *,
    gold: Gold,
    choice: Choice,
    schema: type[BaseModel] | None = None,
    concurrency: int = 8,
    restart: bool = False,
    quiet: bool = False,
    running_score: RunningScore | None = None,
    crashes: bool = False,
) -> Manifest:
    """Extract from every article; reports, errors, answers and the manifest go to the folder `out`.

    Args:
        articles: In the order in which the reports will stand; ids are used once.
        out: The run folder. One that was begun the same way is gone on with: what is finished is not asked again,
            and what failed is.
        gold: What the articles are, for the manifest.
        choice: The model, or the recording.
        schema: Another one than a report's; the lines of reports.jsonl then hold an `Extraction` of it.
        concurrency: How many articles are under way at the same time; the embedded model takes one.
        restart: Give up what is in `out`.
        quiet: Show nothing.
        running_score: For the display.
        crashes: Whether an error that nobody foresaw is the article's, and counted, where it else ends the run.

    Raises:
        SettingsError: The model cannot be chosen like this, or `out` is of another run: the error tells what differs.
        PromptError, WeightsError, OutputError: As they say; such an error stops the run, that of an article does not.
    """
    prepared = _prepare(choice, out, schema)
    result = Report if schema is None else Extraction[schema]
    with (
        open_run(
            out, origin(prepared.settings, gold, schema or Report), articles, restart=restart, result=result
        ) as folder,
        Display(len(articles), quiet=quiet) as display,
    ):
        if folder.torn:
            display.note(f"{folder.torn} half-written lines left out: their articles are extracted again")
        show = _Shown(display, folder, running_score)
        for article in articles:
            if article.id in folder.done:
                show.finished(article)
        at_once = 1 if prepared.one_at_a_time else concurrency
        asyncio.run(_extract_all(prepared, articles, folder, at_once, show, crashes=crashes))
        return folder.finish()


def summary(whole: Manifest, out: Path) -> str:
    """One line: how many reports there are, and what they took."""
    failed = f", {whole.failed} failed (see {out / 'errors.jsonl'})" if whole.failed else ""
    took = whole.totals
    spent = f"{_count(took.calls, 'call')}, {took.input_tokens + took.output_tokens:,} tokens, {_cost(took.cost_usd)}"
    return f"{_count(whole.reports, 'report')}{failed}, {spent}: {out}"


@dataclass(frozen=True)
class _Prepared:
    """A choice that was found usable."""

    settings: Settings
    tape: ArticleTape
    one_at_a_time: bool
    extractor: Callable[..., Extractor[Any]]


def _prepare(choice: Choice, out: Path, schema: type[BaseModel] | None) -> _Prepared:
    extractor = partial(Extractor[Any], schema=schema) if schema is not None else Extractor[Report]
    return _replaying(choice, choice.replay, out, extractor) if choice.replay else _asking(choice, out, extractor)


def _asking(choice: Choice, out: Path, extractor: Callable[..., Extractor[Any]]) -> _Prepared:
    resolved = resolve(choice.model, choice.base_url)
    prompt = _prompt(choice.prompt)
    if isinstance(resolved, Embedded):
        settings = Settings(model="embedded", kind="embedded", base_url=None, plan=choice.plan, prompt=prompt)
        secret = None
    else:
        settings = Settings(
            model=resolved.model, kind=resolved.kind, base_url=resolved.base_url, plan=choice.plan, prompt=prompt
        )
        secret = resolved.api_key.get_secret_value()

    def header(model: str) -> Header:
        return Header(
            model=model,
            kind=settings.kind,
            plan=choice.plan,
            prompt=None if choice.prompt is None or choice.prompt.endswith(".md") else choice.prompt,
            prompt_sha256=prompt and prompt.sha256,
        )

    tape = Recorder(out / ANSWERS, header, secret=secret)
    asking = partial(
        extractor,
        model=choice.model, base_url=choice.base_url, plan=choice.plan, prompt=choice.prompt, tape=tape,
    )  # fmt: skip
    return _Prepared(settings, tape, isinstance(resolved, Embedded), asking)


def _replaying(choice: Choice, recording: Path, out: Path, extractor: Callable[..., Extractor[Any]]) -> _Prepared:
    if choice.model or choice.base_url:
        raise SettingsError("--replay answers in place of a model: leave --model and --base-url out")
    player = Player(recording)
    if player.folder.resolve().is_relative_to(out.resolve()):
        raise SettingsError(f"--out {out} is the run that is to be replayed: name another")
    was = player.header
    plan, prompt = choice.plan or was.plan, choice.prompt or was.prompt
    if was.prompt_sha256 and prompt is None:
        raise SettingsError(
            f"--replay {recording} was recorded with a prompt file (sha256 {was.prompt_sha256[:12]}): "
            "name it with --prompt"
        )
    settings = Settings(
        model=was.model, kind=was.kind, base_url=None, plan=plan, prompt=_prompt(prompt), replayed=player.sha256
    )
    replaying = partial(extractor, plan=plan, prompt=prompt, tape=player)
    return _Prepared(settings, player, one_at_a_time=False, extractor=replaying)


def _prompt(name: str | None) -> PromptUsed | None:
    if name is None:
        return None
    prompt = load(name)
    return PromptUsed(name=prompt.front.name, version=prompt.front.version, sha256=prompt.sha256)


class _Shown:
    """Tells the display of each finished article, with the score and cost so far."""

    def __init__(self, display: Display, folder: RunFolder, running_score: RunningScore | None) -> None:
        self.display = display
        self._folder = folder
        self._running_score = running_score
        self._score = ""
        self._cost: float | None = 0.0

    def finished(self, article: Article) -> None:
        report = self._folder.done[article.id]
        spent = report.run and report.run.cost_usd
        self._cost = None if self._cost is None or spent is None else self._cost + spent
        if self._running_score is not None:
            self._score = self._running_score(article, report)
        self.display.article(article.id, _what(report), self._so_far())

    def failed(self, article: Article, error: Exception) -> None:
        self.display.article(article.id, f"failed: {error}", self._so_far(), failed=True)

    def _so_far(self) -> str:
        return ", ".join(filter(None, (self._score, _cost(self._cost))))


_under_way: ContextVar[str] = ContextVar("under_way")


async def _extract_all(
    prepared: _Prepared,
    articles: Sequence[Article],
    folder: RunFolder,
    at_once: int,
    show: _Shown,
    *,
    crashes: bool,
) -> None:
    def step(done: int, total: int, what: str) -> None:
        show.display.step(_under_way.get(), done, total, what)

    async with prepared.extractor(progress=step) as extractor:

        async def report_on(article: Article) -> Result:
            with prepared.tape.article(article.id):
                return await extractor.aextract(
                    article.text,
                    id=article.id,
                    date=article.date,
                    title=article.title,
                    publisher=article.publisher,
                    language=article.language,
                )

        async def one(article: Article) -> None:
            _under_way.set(article.id)
            try:
                report = await report_on(article)
                folder.keep(article, report)
            except (ModelError, InputError) as error:  # the article's; every other would be that of all
                failed: Exception = error
            except ExtractorError:
                raise
            except Exception as error:  # what nobody foresaw; `crashes` asks for it to be counted
                if not crashes:
                    raise
                failed = error
            else:
                show.finished(article)
                return
            folder.fail(article, failed)
            show.failed(article, failed)

        async def left() -> AsyncIterator[Article]:
            for article in articles:
                if article.id not in folder.done:
                    yield article

        await sliding(left(), one, at_once=at_once)


def _what(report: Result) -> str:
    if isinstance(report, Report):
        return f"{_count(len(report.incidents), 'incident')}, {_count(len(report.claims), 'claim')}"
    return "done"


def _cost(dollars: float | None) -> str:
    return "cost unknown" if dollars is None else f"${dollars:.4f}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
