"""Articles on their way from the driver into Ray Data's stream."""

from __future__ import annotations

import asyncio


class Feed:
    """An actor beside the driver: holds what is under way, by number.

    The same number gives the same article as long as it is not settled, so that Ray may read the stream anew.
    """

    def __init__(self) -> None:
        self._under_way: dict[int, bytes] = {}
        self._settled: set[int] = set()
        self._all_settled_before = 0
        """Below this number all are; `_settled` holds the others, which are few."""
        self._ended = False
        self._more = asyncio.Event()

    async def put(self, number: int, article: bytes) -> None:
        """The driver wants this article extracted; numbers count from 0, and may come in any order."""
        self._under_way[number] = article
        self._more.set()

    async def settled(self, number: int) -> None:
        """The driver has its result."""
        del self._under_way[number]
        self._settled.add(number)
        while self._all_settled_before in self._settled:
            self._settled.remove(self._all_settled_before)
            self._all_settled_before += 1

    async def end(self) -> None:
        """There will be no more."""
        self._ended = True
        self._more.set()

    async def get(self, number: int) -> bytes | None:
        """The article of this number, when it is there: empty, if it is settled already; None after the last."""
        while number not in self._under_way:
            if number < self._all_settled_before or number in self._settled:
                return b""
            if self._ended:
                return None
            self._more.clear()
            await self._more.wait()
        return self._under_way[number]
