"""What goes over the wire, and where: the HTTP layer below the SDK.

The SDK reads keys, organisations and whole headers from the environment, follows redirects to any host, and takes an
answer of any size. Here the headers are made anew, no redirect is followed, and only so much comes in.
"""

from collections.abc import AsyncIterator
from typing import cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from extractor.errors import UnusableAnswer
from extractor.settings import Endpoint, check_request_allowed, is_loopback

MAX_ANSWER_BYTES = 16 * 2**20
"""The longest answer that is read; the longest that any model writes is far below."""

_CONNECTIONS = httpx2.Limits(max_connections=1000, max_keepalive_connections=1000)
"""As many as the calls under way; the default would close and open them anew beyond twenty."""

_HEADERS = {
    "accept": "application/json",
    "accept-encoding": "identity",  # the size of a compressed answer says nothing about what is in it
    "content-type": "application/json",
    "user-agent": "incident-claim-extractor",
}


def http_client(endpoint: Endpoint, *, timeout: float, longest: int = MAX_ANSWER_BYTES) -> httpx2.AsyncClient:
    """An HTTP client that talks to one endpoint only and follows no redirect.

    `timeout` is in seconds, for each wait on the network; no answer may have more than `longest` bytes. HTTPS_PROXY and
    NO_PROXY are honoured for https addresses, where a proxy sees no more than the host's name; plain http and this
    machine are always asked directly.
    """
    return httpx2.AsyncClient(
        transport=GuardedTransport(endpoint, longest),
        timeout=httpx2.Timeout(timeout, connect=min(timeout, 10)),
        follow_redirects=False,
        trust_env=False,
    )


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Sends no headers but its own, and the endpoint's key; refuses answers that are too long."""

    def __init__(self, endpoint: Endpoint, longest: int = MAX_ANSWER_BYTES) -> None:
        self._longest = longest
        self._key = endpoint.api_key
        self._inner = httpx2.AsyncHTTPTransport(proxy=_proxy(endpoint.base_url), limits=_CONNECTIONS)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Sends one request."""
        check_request_allowed(str(request.url))
        headers = _HEADERS | {
            "host": request.url.netloc.decode("ascii"),
            "authorization": f"Bearer {self._key.get_secret_value()}",
            "content-length": request.headers.get("content-length", "0"),
        }
        if (kind := request.headers.get("content-type", "")).startswith("multipart/form-data; boundary="):
            headers["content-type"] = kind  # a file
        # A new request, since the SDK finds notes to itself among the headers of the old one.
        response = await self._inner.handle_async_request(
            httpx2.Request(
                request.method, request.url, headers=headers, stream=request.stream, extensions=request.extensions
            )
        )
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise UnusableAnswer("the server compressed its answer although it was asked not to")
        response.stream = _Bounded(response, self._longest)
        return response

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._inner.aclose()


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, response: httpx2.Response, longest: int) -> None:
        self._longest = longest
        self._stream = cast(httpx2.AsyncByteStream, response.stream)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > self._longest:
                raise UnusableAnswer(f"the server's answer is longer than {self._longest // 2**20} MiB")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


def _proxy(url: str) -> str | None:
    address = urlsplit(url)
    if address.scheme != "https" or is_loopback(url) or proxy_bypass(address.hostname or ""):
        return None
    return getproxies().get("https")
