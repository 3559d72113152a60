"""How many connections are opened, and that they are used again."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from pydantic import BaseModel, SecretStr

from extractor.errors import ConnectionFailed
from extractor.llm.client import Client
from extractor.llm.usage import Usage
from extractor.settings import Endpoint

ANSWER = b'{"choices": [{"finish_reason": "stop", "message": {"content": "{\\"name\\": \\"Homs\\"}"}}]}'
MANY = 50


class Answer(BaseModel):
    name: str


class Server:
    """Answers the first `MANY` requests when all of them are there, and those after at once; may hang up on one."""

    def __init__(self, hangs_up_on: int = 0) -> None:
        self.requests = 0
        self.connections: list[asyncio.Task[None] | None] = []
        self._hangs_up_on = hangs_up_on
        self._all_there = asyncio.Event()

    @asynccontextmanager
    async def client(self) -> AsyncGenerator[Client]:
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0) as listening:
            address = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1"
            async with Client(Endpoint("small", address, SecretStr("none"), "server"), attempts=1) as client:
                yield client
            await asyncio.gather(*(one for one in self.connections if one is not None))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.append(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                (length,) = (line.split(b":")[1] for line in head.lower().split(b"\r\n") if b"content-length" in line)
                await reader.readexactly(int(length))
                self.requests += 1
                if self.requests == self._hangs_up_on:
                    break
                if self.requests >= MANY:
                    self._all_there.set()
                await self._all_there.wait()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(ANSWER) + ANSWER)
        writer.close()


async def ask(client: Client) -> str:
    reply = await client.ask([{"role": "user", "content": "Where?"}], Answer, usage=Usage())
    assert reply.value is not None
    return reply.value.name


async def test_as_many_as_requests_under_way_and_each_used_again() -> None:
    server = Server()
    async with server.client() as client:
        assert await asyncio.gather(*(ask(client) for _ in range(MANY))) == ["Homs"] * MANY
        assert len(server.connections) == MANY
        for _ in range(MANY):
            await ask(client)
        await asyncio.gather(*(ask(client) for _ in range(MANY)))
    assert (server.requests, len(server.connections)) == (3 * MANY, MANY)


async def test_a_request_that_fails_takes_no_room_for_good() -> None:
    server = Server(hangs_up_on=7)
    async with server.client() as client:
        answers = await asyncio.gather(*(ask(client) for _ in range(MANY)), return_exceptions=True)
        assert Counter(map(type, answers)) == {str: MANY - 1, ConnectionFailed: 1}
        await asyncio.gather(*(ask(client) for _ in range(MANY)))
    assert len(server.connections) <= MANY + 1
