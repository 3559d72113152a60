"""How many articles a server is asked about at a time, while others are got ready or worked out."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar


class Places:
    """So many articles have calls under way at a time; each may have several.

    Args:
        count: Of articles.
    """

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)

    @contextmanager
    def article(self) -> Generator[None]:
        """Within, calls are one article's, and wait until it has a place."""
        token = _own.set(_Place(self._free))
        try:
            yield
        finally:
            _own.reset(token)


class _Place:
    """One article's: taken with its first call, given back when no call is under way."""

    def __init__(self, free: asyncio.Semaphore) -> None:
        self._free = free
        self._taking = asyncio.Lock()
        self._calls = 0

    async def take(self) -> None:
        async with self._taking:
            if not self._calls:
                await self._free.acquire()
            self._calls += 1

    def leave(self) -> None:
        self._calls -= 1
        if not self._calls:
            self._free.release()


@asynccontextmanager
async def place() -> AsyncGenerator[None]:
    """Wait for the place of the article that the context is about; where it is about none, for nothing."""
    own = _own.get()
    if own is None:
        yield
        return
    await own.take()
    try:
        yield
    finally:
        own.leave()


_own: ContextVar[_Place | None] = ContextVar("_own", default=None)
