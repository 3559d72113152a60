"""Many pieces of work at the same time: a new one begins as soon as any other is done, and none is held but those."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def sliding(items: AsyncIterable[T], work: Callable[[T], Awaitable[None]], *, at_once: int) -> None:
    """Do the work on each item, at most `at_once` at a time.

    An item is asked for only when there is room for it, so that a slow one holds up nobody and no list is ever made.
    The first work that fails ends the others, and its error is raised as it is.
    """
    room = asyncio.Semaphore(at_once)

    async def one(item: T) -> None:
        try:
            await work(item)
        finally:
            room.release()

    try:
        async with asyncio.TaskGroup() as group:
            source = aiter(items)
            while True:
                await room.acquire()
                try:
                    item = await anext(source)
                except StopAsyncIteration:
                    break
                group.create_task(one(item))
    except BaseExceptionGroup as errors:
        raise _first(errors) from None


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return error  # pyright: ignore[reportUnknownVariableType]
