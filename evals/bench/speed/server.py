"""A server in a process of its own that knows the answers: little work for each request, so that clients are measured.

`evals.bench.stub` is a thread of the client's process and parses each request; here a request is searched for the name
by which its article is known, and its answer made by putting names in. `ceiling` tells how many it takes in a second.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

from evals.bench.speed.articles import SYSTEMS, TEXT, Template, answer, number_of
from evals.bench.stub import completion, response


@dataclass(frozen=True, slots=True)
class Latency:
    """How long answers take."""

    seconds: float = 0.0
    slow_seconds: float = 0.0
    slow_share: float = 0.0
    """Of articles whose answer takes `slow_seconds`; the same ones each time."""

    def of(self, number: int) -> float:
        """Seconds for the article of this number."""
        slow = self.slow_share and Random(number).random() < self.slow_share  # noqa: S311
        return self.slow_seconds if slow else self.seconds


@dataclass(slots=True)
class Seen:
    """What a server saw since it was last asked; seconds of a clock of its own."""

    requests: int = 0
    came: list[float] = field(default_factory=list[float])
    """When each request had come."""
    last: float = 0.0
    """When the last answer was sent."""
    most_under_way: int = 0
    cpu_seconds: float = 0.0
    """Of the server's processor time."""


@dataclass
class Served:
    """A running server, seen from outside."""

    port: int
    process: subprocess.Popen[str] = field(repr=False)

    def base_url(self, system: str) -> str:
        """What a client of this system is told."""
        return f"http://127.0.0.1:{self.port}/{system}/v1"

    def seen(self) -> Seen:
        """What it saw since this was last called."""
        return Seen(**self._say("seen"))

    def slow_down(self, latency: Latency) -> None:
        """Answer like this from now on."""
        self._say(json.dumps(asdict(latency)))

    def _say(self, line: str) -> Any:
        if self.process.stdin is None or self.process.stdout is None:
            raise ValueError("the server was started without pipes")
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def served(latency: Latency | None = None) -> Generator[Served]:
    """The server, for as long as the context lasts."""
    command = [sys.executable, "-m", "evals.bench.speed.server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdin is None or process.stdout is None:
            raise ValueError("the server was started without pipes")
        server = Served(json.loads(process.stdout.readline()), process)
        server.slow_down(latency or Latency())
        try:
            yield server
        finally:
            process.stdin.close()


def ceiling(server: Served, requests: int, connections: int = 64) -> float:
    """Requests a second that it answers to clients that do nothing but send ready bytes and read."""
    request = {"model": "stub", "messages": [{"role": "user", "content": f"{'x' * 8_000}\n{TEXT.of(1)}"}]}
    body = json.dumps(request).encode()
    head = f"POST /whole/v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
    sent = head.encode() + body

    async def talk() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for _ in range(requests // connections):
            writer.write(sent)
            answered = await reader.readuntil(b"\r\n\r\n")
            length = next(line for line in answered.lower().split(b"\r\n") if line.startswith(b"content-length"))
            await reader.readexactly(int(length.split(b":")[1]))
        writer.close()

    async def talk_all() -> None:
        await asyncio.gather(*(talk() for _ in range(connections)))

    server.seen()
    asyncio.run(talk_all())
    seen = server.seen()
    return seen.requests / (seen.last - seen.came[0])


class _Server:
    def __init__(self) -> None:
        self.latency = Latency()
        self.answers = {f"/{system}/v1/".encode(): _ready(answer(system)) for system in SYSTEMS}
        self.under_way = 0
        self.forget()

    def forget(self) -> None:
        self.seen = Seen()
        self.cpu_began = time.process_time()

    def report(self) -> Seen:
        self.seen.cpu_seconds = time.process_time() - self.cpu_began
        seen = self.seen
        self.forget()
        return seen

    def answer(self, head: bytes, body: bytes) -> tuple[float, bytes]:
        """When to answer, and what."""
        if head.startswith(b"GET"):
            served = {"object": "list", "data": [{"id": "stub", "object": "model", "created": 0, "owned_by": "me"}]}
            return 0.0, response(200, json.dumps(served).encode(), {})
        number = number_of(body)
        path = head.split(b" ", 2)[1]
        (ready,) = (ready for prefix, ready in self.answers.items() if path.startswith(prefix))
        self.seen.requests += 1
        self.under_way += 1
        self.seen.came.append(time.monotonic())
        self.seen.most_under_way = max(self.seen.most_under_way, self.under_way)
        return self.latency.of(number), response(200, ready.of(number).encode(), {})

    def answered(self) -> None:
        self.under_way -= 1
        self.seen.last = time.monotonic()


class _Connection(asyncio.Protocol):
    """HTTP/1.1 as these clients speak it: one request at a time, with the length of its body."""

    def __init__(self, server: _Server) -> None:
        self._server = server
        self._got = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        end = self._got.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._got[:end])
        small = head.lower()
        place = small.find(b"\r\ncontent-length:")
        length = int(small[place + 17 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
        if len(self._got) < end + 4 + length:
            return
        body = bytes(self._got[end + 4 : end + 4 + length])
        del self._got[: end + 4 + length]
        seconds, said = self._server.answer(head, body)
        counted = not head.startswith(b"GET")
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self._send, said, counted)
        else:
            self._send(said, counted)

    def _send(self, said: bytes, counted: bool) -> None:
        self._transport.write(said)
        if counted:
            self._server.answered()


def _ready(template: Template) -> Template:
    """The body of an answer that says this, before names are put in."""
    return Template(completion(template.words).decode())


async def _serve() -> None:
    server = _Server()
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: _Connection(server), "127.0.0.1", 0, backlog=1000)
    print(listening.sockets[0].getsockname()[1], flush=True)
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        if line.strip() == "seen":
            print(json.dumps(asdict(server.report())), flush=True)
        else:
            server.latency = Latency(**json.loads(line))
            print("{}", flush=True)


if __name__ == "__main__":
    asyncio.run(_serve())
