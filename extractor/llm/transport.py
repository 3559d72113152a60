"""What goes over the wire, and where: the HTTP layer below the SDK.

The SDK reads keys, organisations and whole headers from the environment, follows redirects to any host, and takes an
answer of any size. Here the headers are made anew, no redirect is followed, only so much comes in, and a key that a
server sends back is taken out before anybody sees it.
"""

import json
from collections.abc import AsyncIterator
from typing import cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from extractor.errors import SettingsError, UnusableAnswer
from extractor.llm.connections import Connections
from extractor.settings import NO_KEY, Endpoint, check_request_allowed, is_loopback

MAX_ANSWER_BYTES = 4 * 2**20
"""The longest answer that is read; the longest that any model writes is far below."""

SHORTEST_SECRET = 8
"""Characters; a shorter key may be a word that an answer holds, and is left where it stands."""

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
    """Sends no headers but its own, and the endpoint's key; refuses answers that are too long, and blanks the key."""

    def __init__(self, endpoint: Endpoint, longest: int = MAX_ANSWER_BYTES) -> None:
        self._longest = longest
        self._key = endpoint.api_key
        self._secrets = secret_forms(self._key.get_secret_value())
        try:
            self._inner = Connections(_proxy(endpoint.base_url))
        except (ValueError, ImportError, httpx2.InvalidURL) as error:  # its text may hold the proxy's password
            raise SettingsError("HTTPS_PROXY is unusable: it should look like http://host:port") from error

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
        for name, value in response.headers.raw:
            if any(secret in value for secret in self._secrets):
                response.headers[name.decode("latin-1")] = blanked(value, self._secrets).decode("latin-1")
        response.stream = _Bounded(response, self._longest, self._secrets)
        return response

    async def aclose(self) -> None:
        """Closes the connections."""
        await self._inner.aclose()


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, response: httpx2.Response, longest: int, secrets: tuple[bytes, ...]) -> None:
        self._longest = longest
        self._secrets = secrets
        self._stream = cast(httpx2.AsyncByteStream, response.stream)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size, held = 0, b""
        overlap = max(map(len, self._secrets), default=1) - 1
        async for chunk in self._stream:
            size += len(chunk)
            if size > self._longest:
                raise UnusableAnswer(f"the server's answer is longer than {self._longest // 2**20} MiB")
            data = blanked(held + chunk, self._secrets)
            end = max(len(data) - overlap, 0)  # the beginning of a key may be at the end of a chunk
            held = data[end:]
            yield data[:end]
        yield held

    async def aclose(self) -> None:
        await self._stream.aclose()


def secret_forms(key: str) -> tuple[bytes, ...]:
    """The ways in which a server may write the key: as it is, in JSON, and in JSON within JSON; the longest first."""
    if key == NO_KEY or len(key) < SHORTEST_SECRET:
        return ()
    forms = {key}
    for _ in range(2):
        escaped = {json.dumps(form)[1:-1] for form in forms}
        forms |= escaped | {form.replace("/", "\\/") for form in forms | escaped}
    return tuple(form.encode() for form in sorted(forms, key=len, reverse=True))


def blanked(data: bytes, secrets: tuple[bytes, ...]) -> bytes:
    """The data with `***` for each secret."""
    for secret in secrets:
        data = data.replace(secret, b"***")
    return data


def _proxy(url: str) -> str | None:
    address = urlsplit(url)
    if address.scheme != "https" or is_loopback(url) or proxy_bypass(address.hostname or ""):
        return None
    return getproxies().get("https")
