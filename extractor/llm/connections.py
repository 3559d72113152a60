"""Connections to one server in several small pools: a pool looks through all that it holds, twice for every request."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import cast

import httpx2

_EACH = 8
"""Connections of a pool."""
_LIMITS = httpx2.Limits(max_connections=_EACH, max_keepalive_connections=_EACH)


class Connections(httpx2.AsyncBaseTransport):
    """As many connections as there are requests under way; few requests keep to few of them.

    Args:
        proxy: Through which to connect.

    Raises:
        ValueError, ImportError, httpx2.InvalidURL: The proxy is no address, or of a kind that is not known.
    """

    def __init__(self, proxy: str | None) -> None:
        self._proxy = proxy
        self._certificates = httpx2.create_ssl_context()  # reading them takes long: once for all pools
        self._pools = [_Pool(self._transport())]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request through the first pool with room."""
        pool = next((one for one in self._pools if one.under_way < _EACH), None)
        if pool is None:
            pool = _Pool(self._transport())
            self._pools.append(pool)
        pool.under_way += 1
        try:
            response = await pool.transport.handle_async_request(request)
        except BaseException:
            pool.under_way -= 1
            raise
        response.stream = _Answer(cast(httpx2.AsyncByteStream, response.stream), pool)
        return response

    async def aclose(self) -> None:
        """Close them all."""
        for pool in self._pools:
            await pool.transport.aclose()

    def _transport(self) -> httpx2.AsyncHTTPTransport:
        return httpx2.AsyncHTTPTransport(verify=self._certificates, proxy=self._proxy, limits=_LIMITS)


@dataclass
class _Pool:
    transport: httpx2.AsyncHTTPTransport
    under_way: int = 0


class _Answer(httpx2.AsyncByteStream):
    """An answer's body; when it is closed, its pool has room again."""

    def __init__(self, stream: httpx2.AsyncByteStream, pool: _Pool) -> None:
        self._stream = stream
        self._pool: _Pool | None = pool

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._stream:
            yield chunk

    async def aclose(self) -> None:
        try:
            await self._stream.aclose()
        finally:
            if self._pool is not None:
                self._pool.under_way -= 1
                self._pool = None
