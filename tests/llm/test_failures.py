"""Every way in which a server can fail, and the one clear line that it becomes."""

import asyncio
import json
import logging
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Literal

import pytest
from pydantic import BaseModel, SecretStr
from pytest_httpserver import HTTPServer

from extractor.errors import (
    ConnectionFailed,
    ContentFiltered,
    ContextTooShort,
    ExtractorError,
    InputError,
    KeyRefused,
    ModelRefused,
    QuotaUsedUp,
    RateLimited,
    RequestRefused,
    ServerFailed,
    SettingsError,
    UnusableAnswer,
)
from extractor.llm.client import Client
from extractor.llm.transport import MAX_ANSWER_BYTES
from extractor.llm.usage import Usage
from extractor.settings import Endpoint

CHAT = "/v1/chat/completions"
KEY = "sk-very-secret-0123"


class Answer(BaseModel):
    name: str


GOOD: dict[str, Any] = {
    "choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": '{"name": "Homs"}'}}],
    "usage": {"prompt_tokens": 10, "completion_tokens": 4, "total_tokens": 14},
}


class Sleeps(list[float]):
    """Waits for nothing, and remembers for how long."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)


async def ask(
    url: str,
    *,
    text: str = "Where?",
    sleep: Callable[[float], Awaitable[None]] | None = None,
    usage: Usage | None = None,
    kind: Literal["openai", "server"] = "server",
    **options: Any,
) -> Answer | None:
    endpoint = Endpoint("small", url, SecretStr(KEY), kind)
    async with Client(endpoint, sleep=Sleeps() if sleep is None else sleep, **options) as client:
        reply = await client.ask([{"role": "user", "content": text}], Answer, usage=usage or Usage())
    return reply.value


async def failure(url: str, error: type[ExtractorError], **options: Any) -> str:
    """The line of the error that asking ends in, checked for what no such line may be or hold."""
    with pytest.raises(ExtractorError) as caught:
        await ask(url, **options)
    assert type(caught.value) is error
    line = str(caught.value)
    assert len(line) < 400
    assert line.isprintable()
    assert KEY not in f"{caught.value!r}{''.join(traceback.format_exception(caught.value))}"
    return line


def fail(
    server: HTTPServer, status: int, body: Any = "", *, times: int = 1, headers: dict[str, str] | None = None
) -> None:
    data = body if isinstance(body, str) else json.dumps(body)
    kind = "text/html" if isinstance(body, str) else "application/json"
    for _ in range(times):
        server.expect_ordered_request(CHAT).respond_with_data(data, status, headers, content_type=kind)


def succeed(server: HTTPServer, **changes: Any) -> None:
    server.expect_ordered_request(CHAT).respond_with_json(GOOD | changes)


# What passes by itself


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
async def test_passing_failures_are_retried(httpserver: HTTPServer, status: int) -> None:
    fail(httpserver, status, times=2)
    succeed(httpserver)
    sleeps, usage = Sleeps(), Usage()
    assert await ask(httpserver.url_for("/v1"), sleep=sleeps, usage=usage) == Answer(name="Homs")
    assert (usage.calls, usage.retries, usage.input_tokens) == (1, 2, 10)
    first, second = sleeps
    assert 0.5 <= first <= 1 <= second <= 1.5


async def test_waits_are_not_in_step(httpserver: HTTPServer) -> None:
    sleeps = Sleeps()
    fail(httpserver, 503, times=20)
    await failure(httpserver.url_for("/v1"), ServerFailed, sleep=sleeps, attempts=20)
    assert len(set(sleeps)) == 19
    assert all(before <= 20.5 for before in sleeps)


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        ({"Retry-After": "7"}, 7, 7.5),
        ({"Retry-After": "2.5"}, 2.5, 3),
        ({"retry-after-ms": "1500", "Retry-After": "9"}, 1.5, 2),
        ({"Retry-After": "in 100 s"}, 60, 100.5),
        ({"Retry-After": "Thu, 01 Jan 2015 00:00:00 GMT"}, 0.5, 1),
        ({"Retry-After": "soon"}, 0.5, 1),
        ({"Retry-After": "nan"}, 0.5, 1),
        ({"Retry-After": "-5"}, 0.5, 1),
        ({"Retry-After": "0"}, 0.5, 1),
    ],
)
async def test_a_server_may_say_how_long_to_wait(
    httpserver: HTTPServer, headers: dict[str, str], least: float, most: float
) -> None:
    if headers.get("Retry-After") == "in 100 s":
        headers = {"Retry-After": format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)}
    fail(httpserver, 429, headers=headers)
    succeed(httpserver)
    sleeps = Sleeps()
    assert await ask(httpserver.url_for("/v1"), sleep=sleeps)
    assert len(sleeps) == 1
    assert least <= sleeps[0] <= most


async def test_a_very_long_wait_is_left_to_the_user(httpserver: HTTPServer) -> None:
    fail(httpserver, 429, headers={"Retry-After": "3600"})
    assert "try again in 3600 s" in await failure(httpserver.url_for("/v1"), RateLimited)
    assert len(httpserver.log) == 1


async def test_attempts_run_out(httpserver: HTTPServer) -> None:
    fail(httpserver, 429, times=3)
    assert "429, 3 attempts" in await failure(httpserver.url_for("/v1"), RateLimited, attempts=3)
    fail(httpserver, 503, "<h1>Overloaded</h1>", times=3)
    line = await failure(httpserver.url_for("/v1"), ServerFailed, attempts=3)
    assert line.startswith(f"http://{httpserver.host}:{httpserver.port} failed (503: ")
    assert "after 3 attempts" in line
    assert len(httpserver.log) == 6


async def test_a_used_up_quota_is_not_retried(httpserver: HTTPServer) -> None:
    fail(
        httpserver,
        429,
        {"error": {"message": "You exceeded it.", "type": "insufficient_quota", "code": "insufficient_quota"}},
    )
    assert "quota of this key is used up" in await failure(httpserver.url_for("/v1"), QuotaUsedUp)
    assert len(httpserver.log) == 1


@asynccontextmanager
async def raw_server(
    answer: Callable[[int, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncGenerator[tuple[str, list[int]]]:
    """A server whose answers need not be HTTP; `answer` is told how many connections came before."""
    connections: list[int] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(len(connections))
        try:
            await reader.readuntil(b"\r\n\r\n")
            await answer(connections[-1], reader, writer)
        except ConnectionError:
            pass  # the client has gone, as some of these tests want
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/v1", connections
    finally:
        server.close()


async def respond(writer: asyncio.StreamWriter, body: bytes, headers: str = "", length: int | None = None) -> None:
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length or len(body)}\r\n{headers}\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()


async def test_a_lost_connection_is_retried() -> None:
    async def answer(before: int, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if before == 0:
            return
        if before == 1:
            await respond(writer, b'{"choices": [', length=1000)
        else:
            await respond(writer, json.dumps(GOOD).encode())

    sleeps = Sleeps()
    async with raw_server(answer) as (url, connections):
        assert await ask(url, sleep=sleeps) == Answer(name="Homs")
    assert (len(connections), len(sleeps)) == (3, 2)


async def test_a_slow_server_is_asked_again() -> None:
    release = asyncio.Event()

    async def answer(before: int, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if before == 0:
            await release.wait()
        await respond(writer, json.dumps(GOOD).encode())

    async with raw_server(answer) as (url, connections):
        assert await ask(url, timeout=0.5) == Answer(name="Homs")
        release.set()
    assert len(connections) == 2


async def test_a_server_that_never_finishes() -> None:
    release = asyncio.Event()

    async def answer(_: int, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not release.is_set():  # each byte alone comes in time
            await respond(writer, b" ", length=10**6)
            await asyncio.wait([asyncio.ensure_future(release.wait())], timeout=0.02)

    async with raw_server(answer) as (url, connections):
        line = await failure(url, ConnectionFailed, timeout=0.2, attempts=2)
        release.set()
    assert "no answer within 0.2 s (2 attempts)" in line
    assert len(connections) == 2


async def test_nobody_there(unused_tcp_port: int) -> None:
    sleeps = Sleeps()
    line = await failure(f"http://127.0.0.1:{unused_tcp_port}/v1", ConnectionFailed, sleep=sleeps, attempts=3)
    assert line.startswith(f"no connection to http://127.0.0.1:{unused_tcp_port} after 3 attempts")
    assert len(sleeps) == 2


async def test_https_where_there_is_none(httpserver: HTTPServer) -> None:
    url = httpserver.url_for("/v1").replace("http:", "https:")
    assert "no connection" in await failure(url, ConnectionFailed, attempts=1)


# What does not


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_key_is_not_sent_again(httpserver: HTTPServer, status: int) -> None:
    fail(httpserver, status, {"error": {"message": f"Incorrect API key provided: {KEY}.", "code": "invalid_api_key"}})
    assert "EXTRACTOR_API_KEY" in await failure(httpserver.url_for("/v1"), KeyRefused)
    fail(httpserver, status)
    assert "OPENAI_API_KEY" in await failure(httpserver.url_for("/v1"), KeyRefused, kind="openai")
    assert len(httpserver.log) == 2


@pytest.mark.parametrize("status", [400, 405, 413, 415, 422, 451])
@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": f"the key {KEY} wants no seed", "code": None}},
        {"error": f"the key {KEY} wants no seed"},
        {"detail": f"the key {KEY} wants no seed"},
        f"<p>the key {KEY}\nwants no seed",
    ],
)
async def test_a_refused_request_is_not_sent_again(httpserver: HTTPServer, status: int, body: Any) -> None:
    fail(httpserver, status, body)
    line = await failure(httpserver.url_for("/v1"), RequestRefused)
    assert f"refused the request ({status}: " in line
    assert "the key *** wants no seed" in line
    assert len(httpserver.log) == 1


async def test_long_complaints_are_shortened(httpserver: HTTPServer) -> None:
    fail(httpserver, 400, {"error": {"message": "a\x1b[31m\n" * 9000}})
    assert "…" in await failure(httpserver.url_for("/v1"), RequestRefused)


@pytest.mark.parametrize(
    "error",
    [
        {"message": "This model's maximum context length is 8192 tokens.", "code": "context_length_exceeded"},
        {
            "message": "maximum context length is 4096 tokens, but 9000 were requested",
            "type": "BadRequestError",
            "code": 400,
        },
        {
            "message": "request (9001 tokens) exceeds the available context size",
            "type": "exceed_context_size_error",
            "code": 400,
        },
    ],
)
async def test_a_text_too_long_for_the_model(httpserver: HTTPServer, error: dict[str, Any]) -> None:
    fail(httpserver, 400, {"error": error})
    line = await failure(httpserver.url_for("/v1"), ContextTooShort)
    assert "longer than the model's context" in line
    assert "shorter text" in line


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirects_are_not_followed(httpserver: HTTPServer, status: int) -> None:
    fail(httpserver, status, headers={"Location": "https://elsewhere.example/v1/chat/completions?key=x"})
    line = await failure(httpserver.url_for("/v1"), RequestRefused)
    assert "redirects to https://elsewhere.example, which is not followed" in line
    fail(httpserver, status, headers={"Location": "/v2/chat/completions"})
    assert "not followed" in await failure(httpserver.url_for("/v1"), RequestRefused)
    assert [request.path for request, _ in httpserver.log] == [CHAT, CHAT]


async def test_the_model_declines(httpserver: HTTPServer) -> None:
    usage = Usage()
    message = {"role": "assistant", "content": None, "refusal": "I'm sorry, I cannot\nhelp with that. " * 20}
    succeed(httpserver, choices=[{"finish_reason": "stop", "message": message}])
    line = await failure(httpserver.url_for("/v1"), ModelRefused, usage=usage)
    assert "declined to answer: I'm sorry, I cannot help with that." in line
    assert (usage.calls, usage.output_tokens) == (1, 4)


async def test_the_filter_withholds_the_answer(httpserver: HTTPServer) -> None:
    succeed(httpserver, choices=[{"finish_reason": "content_filter", "message": {"role": "assistant", "content": ""}}])
    assert "content filter" in await failure(httpserver.url_for("/v1"), ContentFiltered)
    fail(httpserver, 400, {"error": {"message": "filtered", "code": "content_filter"}})
    assert "content filter" in await failure(httpserver.url_for("/v1"), ContentFiltered)


NO_ANSWERS: list[tuple[Any, str]] = [
    ("<html><body>Log in to the <b>network</b></body></html>", "<html><body>Log in"),
    ("", "something else than a chat completion"),
    ("{", "something else"),
    ([], "something else"),
    ({"choices": [{}]}, "something else"),
    ({"choices": [{"message": {"content": [1]}}]}, "something else"),
    ({"choices": []}, "an empty list of choices"),
    ({"choices": None}, "something else"),
    ({"error": {"message": "upstream is down"}}, "an error: upstream is down"),
    ({"error": "upstream is down"}, "an error: upstream is down"),
    ({"choices": [{"finish_reason": "stop", "message": {"content": None}}]}, "no text (finish reason: stop)"),
    ({"choices": [{"message": {"content": "  \n"}}]}, "no text (finish reason: none given)"),
]


@pytest.mark.parametrize(("body", "says"), NO_ANSWERS)
async def test_an_answer_that_is_none(httpserver: HTTPServer, body: Any, says: str) -> None:
    fail(httpserver, 200, body)
    assert says in await failure(httpserver.url_for("/v1"), UnusableAnswer)
    assert len(httpserver.log) == 1


async def test_an_endless_answer_is_not_read_to_its_end() -> None:
    sent = 0

    async def answer(_: int, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        await respond(writer, b"", length=10**12)
        while True:
            writer.write(b" " * 2**20)
            sent += 2**20
            await writer.drain()

    async with raw_server(answer) as (url, _):
        assert "longer than 4 MiB" in await failure(url, UnusableAnswer)
    assert sent < 2 * MAX_ANSWER_BYTES + 2**22  # what lies in the buffers of both ends


async def test_a_compressed_answer_is_not_unpacked() -> None:
    async def answer(_: int, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await respond(writer, b"\x1f\x8b", headers="Content-Encoding: gzip\r\n")

    async with raw_server(answer) as (url, _):
        assert "compressed" in await failure(url, UnusableAnswer)


async def test_half_a_character_cannot_be_sent(httpserver: HTTPServer) -> None:
    assert "half a character" in await failure(httpserver.url_for("/v1"), InputError, text="Ho\ud83dms")
    assert len(httpserver.log) == 0


async def test_requests_can_be_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACTOR_REQUESTS", "forbid")
    line = await failure("https://models.example/v1", SettingsError)
    assert line == "a request to https://models.example was stopped: EXTRACTOR_REQUESTS=forbid is set"


async def test_nothing_of_a_failure_is_logged(httpserver: HTTPServer, caplog: pytest.LogCaptureFixture) -> None:
    fail(httpserver, 400, {"error": {"message": "the words of an article"}})
    with caplog.at_level(logging.INFO):
        await failure(httpserver.url_for("/v1"), RequestRefused)
    assert "article" not in caplog.text
