"""A reverse proxy on loopback that counts what passes through, the same way whatever client is asking."""

from __future__ import annotations

import json
import select
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import urlsplit

_PASSED_ON = ("Authorization", "Content-Type", "Accept")


@dataclass
class Passed:
    """What was asked of the server and what it counted."""

    calls: int = 0
    """Answers with a usage, those of retries included."""
    input_tokens: int = 0
    """Tokens read, those from the cache included."""
    cached_tokens: int = 0
    output_tokens: int = 0
    cut_off: int = 0
    """Answers that ended at the limit of tokens."""
    refused: int = 0
    """Requests that the server answered with an error, or not at all."""
    unreached: int = 0
    """Those of them that it did not answer at all."""


class Meter:
    """Passes every request on to a server while open.

    Args:
        base_url: The server's address, as in `http://127.0.0.1:8080/v1`.
    """

    def __init__(self, base_url: str) -> None:
        meter = self
        self._upstream = urlsplit(base_url)
        self._lock = threading.Lock()
        self._passed = Passed()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                meter.pass_on(self)

            def do_POST(self) -> None:
                meter.pass_on(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base_url(self) -> str:
        """The address that clients are given in place of the server's."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{self._upstream.path}"

    def take(self) -> Passed:
        """What passed since the last time it was asked."""
        with self._lock:
            passed, self._passed = self._passed, Passed()
        return passed

    def pass_on(self, request: BaseHTTPRequestHandler) -> None:
        """Sends one request on and its answer back; hangs up on the server when the client does."""
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        secure = self._upstream.scheme == "https"
        upstream = (HTTPSConnection if secure else HTTPConnection)(self._upstream.netloc)
        try:
            upstream.request(request.command, request.path, body or None, headers)
            if not _answers(upstream, request):
                request.close_connection = True
                return
            answer = upstream.getresponse()
            status, kind, content = answer.status, answer.headers.get("Content-Type"), answer.read()
        except (OSError, HTTPException) as error:
            with self._lock:
                self._passed.unreached += 1
            status, kind, content = 502, "application/json", json.dumps({"error": {"message": str(error)}}).encode()
        finally:
            upstream.close()
        self._count(status, content)
        with suppress(OSError):  # the client hung up meanwhile
            request.send_response(status)
            request.send_header("Content-Type", kind or "application/json")
            request.send_header("Content-Length", str(len(content)))
            request.end_headers()
            request.wfile.write(content)

    def _count(self, status: int, content: bytes) -> None:
        try:
            said: Any = json.loads(content) if status == 200 else None
        except ValueError:
            said = None
        answer: dict[str, Any] = cast(dict[str, Any], said) if isinstance(said, dict) else {}
        usage: dict[str, Any] | None = answer.get("usage")
        with self._lock:
            self._passed.refused += status >= 400
            if usage is None:
                return
            details: dict[str, Any] = usage.get("prompt_tokens_details") or {}
            choices: list[dict[str, Any]] = answer.get("choices") or []
            self._passed.calls += 1
            self._passed.input_tokens += usage.get("prompt_tokens") or 0
            self._passed.output_tokens += usage.get("completion_tokens") or 0
            self._passed.cached_tokens += details.get("cached_tokens") or 0
            self._passed.cut_off += any(one.get("finish_reason") == "length" for one in choices)


def _answers(upstream: HTTPConnection, request: BaseHTTPRequestHandler) -> bool:
    """Waits until the server answers; False when the client hangs up before."""
    ready, _, _ = select.select([upstream.sock, request.connection], [], [])
    return upstream.sock in ready
