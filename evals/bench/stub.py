"""A local server that plays an OpenAI-compatible model, with the latency, errors and limits that are set.

Raw asyncio in a thread of its own: it takes thousands of requests a second, so that what is measured is the client.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

LONGEST = 20.0
"""Seconds that an answer is held back at most."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server does with a request."""

    content: Any = None
    """The model's answer: words, or what is made into JSON."""
    seconds: float = 0.0
    """How long that takes."""
    until: Callable[[], bool] | None = None
    """It takes until this is so, but no longer than `LONGEST`."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes | None = None
    """Sent as it is, in place of a chat completion."""
    drop: bool = False
    """Close the connection without a word."""
    half: bool = False
    """Close it in the middle of the answer."""


Model = Callable[[dict[str, Any]], Reply]
"""Is given a request's JSON body; called in the server's thread, one at a time."""


class Stub:
    """A running server; see `serving`."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.requests = 0
        self.under_way = 0
        self.most_under_way = 0
        self.port = 0

    @property
    def base_url(self) -> str:
        """What a client is told."""
        return f"http://127.0.0.1:{self.port}/v1"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's requests, one after the other."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
                body = await reader.readexactly(int(headers.get("content-length", "0")))
                if not await self._answer(lines[0], body, writer):
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has gone: killed, or done
        finally:
            writer.close()

    async def _answer(self, request: str, body: bytes, writer: asyncio.StreamWriter) -> bool:
        if not request.startswith("POST"):
            served = {"object": "list", "data": [{"id": "stub", "object": "model", "created": 0, "owned_by": "me"}]}
            writer.write(response(200, json.dumps(served).encode(), {}))
            return True
        self.requests += 1
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            reply = self.model(json.loads(body))
            if reply.seconds:
                await asyncio.sleep(reply.seconds)
            longest = time.monotonic() + LONGEST
            while reply.until and not reply.until() and time.monotonic() < longest:  # noqa: ASYNC110  another thread's
                await asyncio.sleep(0.005)
        finally:
            self.under_way -= 1
        if reply.drop:
            return False
        content = completion(reply.content) if reply.body is None else reply.body
        answer = response(reply.status, content, reply.headers)
        writer.write(answer[: len(answer) - len(content) // 2 - 1] if reply.half else answer)
        await writer.drain()
        return not reply.half


S = TypeVar("S", bound=Stub)


@contextmanager
def serving(model: Model, kind: type[S] = Stub) -> Generator[S]:
    """The server, for as long as the context lasts."""
    stub = kind(model)
    loop = asyncio.new_event_loop()
    started = threading.Event()

    async def serve() -> None:
        server = await asyncio.start_server(stub.talk, "127.0.0.1", 0, limit=2**26, backlog=1000)
        stub.port = server.sockets[0].getsockname()[1]
        started.set()
        await stopping.wait()
        server.close()

    stopping = asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    started.wait()
    try:
        yield stub
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


def completion(content: Any) -> bytes:
    """The body of an answer in which a model says this."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return json.dumps({"object": "chat.completion", "model": "stub", "choices": [choice], "usage": usage}).encode()


def response(status: int, body: bytes, headers: dict[str, str]) -> bytes:
    """An answer as it goes over the wire."""
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n{more}\r\n"
    return head.encode("latin-1") + body
