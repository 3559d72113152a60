"""The public face for Python: `extract`, `aextract` and `Extractor`."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import threading
import time
import weakref
from collections.abc import AsyncGenerator, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date as Date
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast, overload

from pydantic import BaseModel

from extractor import __version__
from extractor.derive.report import work_out
from extractor.document import Document
from extractor.errors import SchemaError, SettingsError
from extractor.grounding import check_schema
from extractor.plans import PlanName, plan_for
from extractor.plans.asking import Asking, Progress
from extractor.schema import DocumentInfo, Report, Run
from extractor.settings import Embedded, Endpoint, resolve
from extractor.telemetry import document as document_span

if TYPE_CHECKING:
    from extractor.llm.limits import RateLimits
    from extractor.llm.tape import Tape

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
Result_co = TypeVar("Result_co", bound=BaseModel, covariant=True)


class Extraction(BaseModel, Generic[M]):
    """What was extracted with a schema of your own: `data`, grounded in the `document`, and how it came about."""

    data: M
    document: DocumentInfo
    run: Run


class Extractor(Generic[Result_co]):
    """Extracts from articles with one model; keeps its connections, and the embedded model, for the next article.

    Args:
        schema: A Pydantic model of your own, with `Evidence` and `Mention` fields where you want spans; results are
            then `Extraction[schema]`. Left out: incidents and claims, as a `Report`.
        model: `embedded` (the default), `openai/NAME`, or a name that the server at `base_url` knows.
        base_url: The address of an OpenAI-compatible server.
        api_key: The key for that server; see `extractor.settings` for the environment variables.
        plan: `whole` (one call) or `stepwise` (small calls); the default suits the model.
        prompt: Another prompt than the plan's own: its name, or the path of a `.md` file. With a schema of your own,
            also the instruction itself, as plain text.
        progress: Is told how many steps are done, of how many, and what the next one is.
        timeout: Seconds for one attempt of one call.
        tape: Records what the model answers, or answers in its place (see `extractor.llm.tape`).
        limits: How fast a server may be asked (see `extractor.llm.limits`); from one event loop. The embedded model
            needs none.

    Raises:
        SettingsError, SchemaError: The choice of model or the schema cannot be used.
    """

    @overload
    def __init__(
        self: Extractor[Report],
        *,
        model: str | None = ...,
        base_url: str | None = ...,
        api_key: str | None = ...,
        plan: PlanName | None = ...,
        prompt: str | None = ...,
        progress: Progress | None = ...,
        timeout: float = ...,
        tape: Tape | None = ...,
        limits: RateLimits | None = ...,
    ) -> None: ...

    @overload
    def __init__(
        self: Extractor[Extraction[M]],
        *,
        schema: type[M],
        model: str | None = ...,
        base_url: str | None = ...,
        api_key: str | None = ...,
        plan: PlanName | None = ...,
        prompt: str | None = ...,
        progress: Progress | None = ...,
        timeout: float = ...,
        tape: Tape | None = ...,
        limits: RateLimits | None = ...,
    ) -> None: ...

    def __init__(
        self,
        *,
        schema: type[Any] | None = None,
        model: str | None = None,
        base_url: str | None = None,
        api_key: str | None = None,
        plan: PlanName | None = None,
        prompt: str | None = None,
        progress: Progress | None = None,
        timeout: float = 600,
        tape: Tape | None = None,
        limits: RateLimits | None = None,
    ) -> None:
        recorded = tape.endpoint if tape else None
        self._choice: Endpoint | Embedded = recorded or resolve(model, base_url, api_key)
        self._tape = tape
        self._limits = limits
        self._schema = schema if schema is not Report else None
        if self._schema is not None:
            if not (isinstance(self._schema, type) and issubclass(self._schema, BaseModel)):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise SchemaError(f"a schema must be a class derived from pydantic.BaseModel, not {self._schema!r}")
            check_schema(self._schema)
            if plan == "stepwise":
                raise SettingsError(
                    "the stepwise plan knows incidents and claims only: leave the plan out for a schema of your own"
                )
        if plan not in (None, "whole", "stepwise"):
            raise SettingsError(f"unknown plan {plan!r}: choose whole or stepwise")
        self._plan: PlanName | None = plan
        self._prompt = prompt
        self._progress = progress
        self._timeout = timeout
        self._clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Any] = weakref.WeakKeyDictionary()

    def extract(
        self,
        text: str,
        *,
        date: Date | str | None = None,
        title: str | None = None,
        publisher: str | None = None,
        language: str | None = None,
        url: str | None = None,
        id: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Result_co:
        """Extract from one article.

        Args:
            text: The article, used exactly as given.
            date: When it was published (a date, or `YYYY-MM-DD`); "on Sunday" is read from there.
            title: Its title.
            publisher: Who published it.
            language: Its language, as a code such as `en`.
            url: Where it was found; its text then stays in the report.
            id: Your name for it.
            extra: More that you know of it, kept as it is.

        Raises:
            InputError: The text is empty, or the date is none.
            ModelError: The model gave no usable answer.
        """
        return _in_background(
            self.aextract(
                text, date=date, title=title, publisher=publisher, language=language, url=url, id=id, extra=extra
            )
        )

    async def aextract(
        self,
        text: str,
        *,
        date: Date | str | None = None,
        title: str | None = None,
        publisher: str | None = None,
        language: str | None = None,
        url: str | None = None,
        id: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Result_co:
        """As `extract`, within your own event loop."""
        document = Document(
            text,
            date=_as_date(date),
            title=title,
            publisher=publisher,
            language=language,
            url=url,
            id=id,
            extra=dict(extra or {}),
        )
        if isinstance(self._choice, Embedded):
            async with _alone():
                return await self._run(document)
        return await self._run(document)

    def extract_many(self, articles: Iterable[str | Mapping[str, Any]], *, concurrency: int = 8) -> Iterator[Result_co]:
        """Extract from many articles; yields the results in the order of the articles.

        Args:
            articles: Texts, or mappings with `text` and the other arguments of `extract`.
            concurrency: How many articles are under way at the same time (one, for the embedded model).

        Raises:
            ExtractorError: At the first article that fails.
        """
        at_once = 1 if isinstance(self._choice, Embedded) else concurrency
        waiting: list[Any] = []
        loop = _background_loop()
        try:
            for article in articles:
                given: dict[str, Any] = {"text": article} if isinstance(article, str) else dict(article)
                waiting.append(asyncio.run_coroutine_threadsafe(self.aextract(**given), loop))
                if len(waiting) >= at_once:
                    yield waiting.pop(0).result()
            while waiting:
                yield waiting.pop(0).result()
        finally:
            for future in waiting:
                future.cancel()

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        client = self._clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    def close(self) -> None:
        """Close the connections that `extract` and `extract_many` opened."""
        _in_background(self.aclose())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    async def _run(self, document: Document) -> Any:
        asking = await self._asking(document)  # fetching and loading the embedded model is no part of the run
        with document_span(document.id, len(document.text)) as span:
            result = await self._answered(asking, document)
            run, found = result.run, {}
            if isinstance(result, Report):
                found = {"incidents": len(result.incidents), "claims": len(result.claims)}
            span.done(plan=run.plan, complete=run.complete, dropped=len(run.dropped), **found)
        return result

    async def _answered(self, asking: Asking, document: Document) -> Any:
        started = time.monotonic()
        embedded = isinstance(self._choice, Embedded) or self._choice.kind == "embedded"
        model = await asking.client.model_name()
        plan: PlanName = "whole" if self._schema else self._plan or plan_for(model, embedded=embedded)
        info = _info(document)
        if self._schema is not None:
            from extractor.plans.own import with_schema

            data = await with_schema(asking, self._schema, self._prompt)
        elif plan == "stepwise":
            from extractor.plans.stepwise import stepwise

            data = await stepwise(asking, self._prompt)
        else:
            from extractor.plans.whole import whole

            data = await whole(asking, self._prompt)
        if self._schema is not None:
            run = _run_of(asking, model, plan, self._schema, time.monotonic() - started)
            return Extraction[self._schema](data=data, document=info, run=run)
        report = cast(Report, data)
        report.document = info
        work_out(report, document)
        if plan == "whole":
            from extractor.plans.rivals import ask_about_rivals

            await ask_about_rivals(asking, report)
        report.run = _run_of(asking, model, plan, Report, time.monotonic() - started)
        return report

    async def _asking(self, document: Document) -> Asking:
        from extractor.llm.client import Client

        loop = asyncio.get_running_loop()
        if isinstance(self._choice, Endpoint):
            if loop not in self._clients:
                self._clients[loop] = Client(self._choice, timeout=self._timeout, tape=self._tape, limits=self._limits)
            return Asking(self._clients[loop], document, slots=8, progress=self._progress)
        from extractor.llm import embedded
        from extractor.llm.prefix import load_prefix

        running = await asyncio.to_thread(embedded.start)
        if loop not in self._clients:
            self._clients[loop] = Client(running.endpoint, timeout=self._timeout, tape=self._tape)

        async def read(beginning: Sequence[dict[str, str]]) -> None:
            await asyncio.to_thread(load_prefix, running, beginning)

        return Asking(
            self._clients[loop], document, slots=running.slots, reads_beginnings=read, progress=self._progress
        )


def extract(
    text: str,
    date: Date | str | None = None,
    title: str | None = None,
    publisher: str | None = None,
    language: str | None = None,
    model: str | None = None,
    **options: Any,
) -> Report:
    """The incidents and claims of one article, as `Extractor(model=model, **options).extract(text, ...)`."""
    with _reports(model, **options) as extractor:
        return extractor.extract(text, date=date, title=title, publisher=publisher, language=language)


async def aextract(
    text: str,
    date: Date | str | None = None,
    title: str | None = None,
    publisher: str | None = None,
    language: str | None = None,
    model: str | None = None,
    **options: Any,
) -> Report:
    """As `extract`, within your own event loop."""
    async with _reports(model, **options) as extractor:
        return await extractor.aextract(text, date=date, title=title, publisher=publisher, language=language)


def _reports(model: str | None, **options: Any) -> Extractor[Report]:
    return Extractor(model=model, **options)


def _as_date(given: Date | str | None) -> Date | None:
    if isinstance(given, datetime):
        return given.date()
    if not isinstance(given, str):
        return given
    from extractor.errors import InputError

    try:
        return Date.fromisoformat(given)
    except ValueError as error:
        raise InputError(f"the date {given!r} is none: write it as YYYY-MM-DD") from error


def _info(document: Document) -> DocumentInfo:
    return DocumentInfo(
        id=document.id,
        sha256=document.sha256,
        url=document.url,
        title=document.title,
        publisher=document.publisher,
        date=document.date,
        language=document.language,
        characters=len(document.text),
        sentences=len(document.sentences),
        text=document.text,
        extra=dict(document.extra),
    )


def _run_of(asking: Asking, model: str, plan: str, schema: type[BaseModel], seconds: float) -> Run:
    usage = asking.usage
    return Run(
        extractor_version=__version__,
        model=model,
        plan=plan,
        prompts=sorted(asking.prompts.values(), key=lambda used: used.name),
        schema_sha256=schema_sha256(schema),
        calls=usage.calls,
        input_tokens=usage.input_tokens,
        cached_tokens=usage.cached_tokens,
        output_tokens=usage.output_tokens,
        cost_usd=usage.cost_usd,
        seconds=round(seconds, 3),
        complete=asking.complete,
        dropped=asking.dropped,
    )


@cache
def schema_sha256(schema: type[BaseModel]) -> str:
    """The sha256 of a schema as a model is shown it, as `Run` holds it."""
    return hashlib.sha256(json.dumps(schema.model_json_schema(), sort_keys=True).encode()).hexdigest()


_embedded_model = threading.Lock()


@asynccontextmanager
async def _alone() -> AsyncGenerator[None]:
    """The embedded model reads one article at a time, whatever thread or loop asks: its slots keep one beginning."""
    while not _embedded_model.acquire(blocking=False):  # noqa: ASYNC110  waits for other loops and threads too
        await asyncio.sleep(0.05)
    try:
        yield
    finally:
        _embedded_model.release()


def _in_background(work: Coroutine[Any, Any, T]) -> T:
    """Run to its end on the one loop of this process, so that it works within a running loop (a notebook) too."""
    future = asyncio.run_coroutine_threadsafe(work, _background_loop())
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


_lock = threading.Lock()


def _background_loop() -> asyncio.AbstractEventLoop:
    with _lock:
        return _loop_of(os.getpid())


@cache
def _loop_of(process: int) -> asyncio.AbstractEventLoop:  # noqa: ARG001
    """One for each process: a forked one has no thread that runs its parent's loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="extractor", daemon=True).start()
    return loop
