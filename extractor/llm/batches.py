"""The Batch API: a file of requests is handed in, and answered within a day for half the price.

The official client's `files` and `batches`. What OpenAI documents of them is what is relied on: a file holds up to
50,000 requests in up to 200 MB; a batch goes from `validating` over `in_progress` and `finalizing` to `completed`, or
ends as `failed` (refused as a whole), `expired` (not all was answered in time) or `cancelled`; what was answered is in
the output file, what was not in the error file, both in any order, each line with the `custom_id` of its request.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Generator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from extractor.characters import shorten
from extractor.errors import ModelError, RequestRefused, UnusableAnswer
from extractor.llm.answers import parse
from extractor.llm.usage import Usage
from extractor.settings import Endpoint

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types import Batch as Said

T = TypeVar("T")

MOST_REQUESTS = 50_000
MOST_BYTES = 200_000_000
"""What one file may hold."""
PATH = "/v1/chat/completions"
"""What each request of a file is for, wherever the server's base URL is."""

_LONGEST_FILE = 4 * 2**30
_LONGEST_LINE = 8 * 2**20
_MOST_COUNTED = 10**9
_TRANSFER = 3600.0
"""Seconds that a file may take."""
_FEWEST_CHARACTERS = 3
"""In a token, as a rule; English has four and more."""
_NAMED = re.compile(r"[\w.:/-]{1,200}")
_NAME = "incident-claim-extractor"
"""Under which a batch's metadata hold our name for it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as its server tells it."""

    id: str
    status: str
    total: int
    answered: int
    failed: int
    files: tuple[str, ...]
    """Those with what came of it; more may come while it has not ended."""
    input_file: str
    code: str | None = None
    """Why it was refused as a whole, as the server's code and words."""
    message: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in ("completed", "failed", "expired", "cancelled")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one request."""

    custom_id: str
    body: Any = None
    """The answer."""
    status: int | None = None
    """An error's HTTP status, whose body is then `body`; None: see `code`."""
    code: str | None = None
    """Why it was not answered: `batch_expired`, `batch_cancelled`, `request_timeout`; None: it was."""


class Batches:
    """Hands in batches to one endpoint, and fetches what came of them; from one event loop.

    Args:
        endpoint: The server and the model.
        timeout: Seconds for one attempt of a request that carries no file.
        attempts: How often each is made at most, when it fails in passing.
        sleep: How to wait between attempts (seconds).
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        timeout: float = 120,
        attempts: int = 5,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.endpoint = endpoint
        self._timeout = timeout
        self._attempts = attempts
        self._sleep = sleep
        self._client: AsyncOpenAI | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._client is not None:
            await self._client.close()

    async def submit(self, path: Path, name: str) -> Batch:
        """Hand in a file of requests (see `line`).

        Should the server's word that it has the batch get lost, the batch is looked for by its name before another is
        made.

        Raises:
            ConnectionFailed, KeyRefused, RequestRefused, RateLimited, ServerFailed: There is no such batch now.
        """

        async def upload() -> str:
            with path.open("rb") as file:
                made = await self._openai().files.create(file=("requests.jsonl", file), purpose="batch")
            return made.id

        asked = False

        async def create() -> Said:
            nonlocal asked
            if asked and (found := await self._named(name)):
                return found
            asked = True
            return await self._openai().batches.create(
                completion_window="24h", endpoint=PATH, input_file_id=input_file, metadata={_NAME: name}
            )

        try:
            input_file = await self._send(upload, _TRANSFER)
        except RequestRefused as error:
            if getattr(error.__cause__, "status_code", None) not in (404, 405):
                raise
            raise RequestRefused(f"{self.endpoint.where} has no Batch API: leave --batch out") from error
        return _read(await self._send(create))

    async def find(self, name: str) -> Batch | None:
        """The batch that was handed in under this name, should there be one."""
        said = await self._send(lambda: self._named(name))
        return said and _read(said)

    async def state(self, id: str) -> Batch:
        """What has become of a batch.

        Raises:
            RequestRefused: The server does not know it, or as `submit`.
        """
        return _read(await self._send(lambda: self._openai().batches.retrieve(id)))

    async def download(self, file: str, path: Path) -> None:
        """Put a file of the server's at `path`; raises as `submit`, and `OSError` where it cannot be written."""
        import httpx2
        from openai import APIConnectionError

        async def save() -> None:
            async with self._openai().files.with_streaming_response.content(file) as response:
                with path.open("wb") as kept:
                    try:
                        async for chunk in response.iter_bytes():
                            kept.write(chunk)
                    except httpx2.HTTPError as error:  # once an answer has begun, the SDK leaves its errors as they are
                        raise APIConnectionError(request=response.http_request) from error

        await self._send(save, _TRANSFER)

    async def delete(self, files: Iterable[str]) -> int:
        """Delete files at the server, where articles need not stay; returns how many could not be."""
        kept = 0
        for file in files:
            try:
                await self._send(lambda file=file: self._openai().files.delete(file))
            except ModelError:
                kept += 1
        return kept

    def refusal(self, result: Result) -> tuple[Exception, bool]:
        """The error that a request met, as `Client.ask` would raise it, and whether it may pass by itself."""
        import httpx2
        from openai import APIStatusError

        from extractor.llm.failures import explain
        from extractor.llm.retries import is_passing

        body: Any = result.body
        if isinstance(body, dict):
            body = cast(dict[str, Any], body).get("error", cast(Any, body))
        request = httpx2.Request("POST", f"{self.endpoint.base_url}/chat/completions")
        error = APIStatusError(
            str(body), response=httpx2.Response(result.status or 500, request=request), body=cast(object, body)
        )
        return explain(error, self.endpoint, attempts=1, timeout=self._timeout), is_passing(error)

    def paid(self, answer: bytes) -> Usage:
        """What an answer cost, of which the body is given; nothing, where it is none."""
        from extractor.llm.answers import read_answer
        from extractor.llm.counting import count_answer

        usage = Usage()
        with suppress(UnusableAnswer):
            count_answer(read_answer(answer, where=self.endpoint.where), self.endpoint, self.endpoint.model, usage)
        return usage

    def worst(self, requests: Iterable[Mapping[str, Any]]) -> Usage:
        """What these requests could cost at most, as far as can be told."""
        from extractor.llm.answers import Answer, TokenCounts
        from extractor.llm.counting import count_answer

        usage = Usage()
        for request in requests:
            tokens = TokenCounts(
                prompt_tokens=len(json.dumps(request)) // _FEWEST_CHARACTERS,
                completion_tokens=request.get("max_completion_tokens") or request.get("max_tokens") or 0,
            )
            count_answer(Answer(usage=tokens, processing="batch"), self.endpoint, self.endpoint.model, usage)
        return usage

    async def _named(self, name: str) -> Said | None:
        async for batch in self._openai().batches.list(limit=100):
            if (batch.metadata or {}).get(_NAME) == name:
                return batch
        return None

    async def _send(self, request: Callable[[], Awaitable[T]], seconds: float | None = None) -> T:
        from extractor.llm.failures import explain
        from extractor.llm.retries import retrying

        attempts = 0
        try:
            async for attempt in retrying(self._attempts, self._sleep):
                with attempt:
                    attempts += 1
                    async with asyncio.timeout(seconds or self._timeout):
                        return await request()
        except Exception as error:
            explained = explain(error, self.endpoint, attempts=attempts, timeout=seconds or self._timeout)
            if explained is error:
                raise
            key = self.endpoint.api_key.get_secret_value()
            raise explained from (None if key in str(error) else error)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _openai(self) -> AsyncOpenAI:
        if self._client is None:
            from openai import AsyncOpenAI

            from extractor.llm.transport import http_client

            self._client = AsyncOpenAI(
                api_key=self.endpoint.api_key.get_secret_value(),
                base_url=self.endpoint.base_url,
                max_retries=0,
                timeout=self._timeout,
                http_client=http_client(self.endpoint, timeout=self._timeout, longest=_LONGEST_FILE),
            )
        return self._client


def line(custom_id: str, request: Mapping[str, Any]) -> bytes:
    """A line of a file to hand in: one request, and the name under which what comes of it is told."""
    said = {"custom_id": custom_id, "method": "POST", "url": PATH, "body": request}
    return json.dumps(said, ensure_ascii=False).encode() + b"\n"


def results(path: Path) -> Generator[Result | None]:
    """What a file of the server's tells, line by line; None for a line that cannot be read."""
    with path.open("rb") as file:
        while said := file.readline(_LONGEST_LINE):
            if not said.endswith(b"\n") and len(said) == _LONGEST_LINE:
                while (rest := file.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
                    pass
                yield None
            elif said.strip():
                yield _result(said)


def _result(said: bytes) -> Result | None:
    try:
        found: Any = parse(said.decode())
        custom_id, response, error = found["custom_id"], found.get("response"), found.get("error")
        if not isinstance(custom_id, str):
            return None
        if error:
            return Result(custom_id, code=shorten(str(error.get("code") or "no code"), 80))
        status = int(response["status_code"])
        return Result(custom_id, response["body"], None if status == 200 else status)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None


def _read(said: Said) -> Batch:
    """What a server says of a batch, of which the SDK checks nothing; raises `UnusableAnswer`."""
    try:
        counts: Any = said.request_counts
        error: Any = next(iter((said.errors and said.errors.data) or []), None)
        total, answered, failed = (_count(counts, name) for name in ("total", "completed", "failed"))
        return Batch(
            id=_name(said.id),
            status=_name(said.status),
            total=total,
            answered=answered,
            failed=failed,
            files=tuple(_name(file) for file in (said.output_file_id, said.error_file_id) if file),
            input_file=_name(said.input_file_id),
            code=error and error.code and shorten(str(error.code), 80),
            message=error and error.message and shorten(str(error.message)),
        )
    except (AttributeError, TypeError, ValueError, RecursionError) as error:
        raise UnusableAnswer("the server tells of a batch in a form that cannot be read") from error


def _name(said: Any) -> str:
    if not isinstance(said, str) or not _NAMED.fullmatch(said):
        raise ValueError(f"no name: {type(said).__name__}")
    return said


def _count(counts: Any, name: str) -> int:
    count = getattr(counts, name) if counts else 0
    if not isinstance(count, int) or not 0 <= count <= _MOST_COUNTED:
        raise ValueError(f"no count of requests: {type(count).__name__}")
    return count
