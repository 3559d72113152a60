"""A call to a model: one `chat` span however often it is sent, its duration, its tokens and its retries."""

from __future__ import annotations

import re
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from extractor.settings import NO_KEY, Endpoint
from extractor.telemetry.instruments import Instruments, failed, instruments

_FINISHED = frozenset({"stop", "length", "content_filter", "tool_calls", "function_call"})
_MODEL = re.compile(r"[\w.:/@+-]{1,128}")
_PORTS = {"http": 80, "https": 443}


class Call:
    """Is told what becomes of a call; this one tells nobody."""

    def retried(self, error: BaseException) -> None:
        """The request failed in passing, and will be sent again."""

    def answered(self, model: str | None, finish_reason: str | None) -> None:
        """The server answered, as this model."""

    def used(
        self,
        *,
        input_tokens: int,
        output_tokens: int,
        cached_tokens: int,
        written_tokens: int,
        cost_usd: float | None,
    ) -> None:
        """It says what the answer took; `cached_tokens` came from its cache, `written_tokens` went there."""


_UNTOLD = Call()


@contextmanager
def call(endpoint: Endpoint, request: Mapping[str, Any]) -> Generator[Call]:
    """A call that begins now and ends with the context; it has failed when that is left by an error."""
    on = instruments()
    if on is None:
        yield _UNTOLD
        return
    shared = _shared(endpoint, request["model"])
    trace = import_module("opentelemetry.trace")
    kind = trace.SpanKind.INTERNAL if endpoint.kind == "embedded" else trace.SpanKind.CLIENT
    span = on.tracer.start_span(f"chat {request['model']}", kind=kind, attributes=shared | _asked(request))
    told = _Told(on, span, shared, endpoint)
    began = time.monotonic()
    try:
        yield told
    except BaseException as error:
        told.ending["error.type"] = failed(span, error)
        raise
    finally:
        on.call_seconds.record(time.monotonic() - began, shared | told.ending)
        told.count_tokens()
        span.end()


class _Told(Call):
    def __init__(self, on: Instruments, span: Any, shared: dict[str, Any], endpoint: Endpoint) -> None:
        self._on = on
        self._span = span
        self._shared = shared
        self._key = endpoint.api_key.get_secret_value()
        self._retries = 0
        self._tokens: dict[str, int] = {}
        self.ending: dict[str, str] = {}
        """Attributes that are known at the end only."""

    def retried(self, error: BaseException) -> None:
        self._retries += 1
        status = getattr(error, "status_code", None)  # as the SDK's errors have it
        attributes = {"error.type": str(status) if isinstance(status, int) else type(error).__name__}
        self._span.add_event("extractor.retry", attributes)
        self._span.set_attribute("extractor.client.retries", self._retries)
        self._on.retries.add(1, self._shared | attributes)

    def answered(self, model: str | None, finish_reason: str | None) -> None:
        # What a server says may be an echo of what it was sent.
        if model and _MODEL.fullmatch(model) and (self._key == NO_KEY or self._key not in model):
            self.ending["gen_ai.response.model"] = model
            self._span.set_attribute("gen_ai.response.model", model)
        if finish_reason:
            reason = finish_reason if finish_reason in _FINISHED else "_OTHER"
            self._span.set_attribute("gen_ai.response.finish_reasons", [reason])

    def used(
        self,
        *,
        input_tokens: int,
        output_tokens: int,
        cached_tokens: int,
        written_tokens: int,
        cost_usd: float | None,
    ) -> None:
        self._tokens = {
            "input_tokens": input_tokens,
            "output_tokens": output_tokens,
            "cache_read.input_tokens": cached_tokens,
            "cache_write.input_tokens": written_tokens,
        }
        for kind, tokens in self._tokens.items():
            self._span.set_attribute(f"gen_ai.usage.{kind}", tokens)
        if cost_usd is not None:
            self._span.set_attribute("extractor.client.cost", cost_usd)
            self._on.dollars.add(cost_usd, self._shared)

    def count_tokens(self) -> None:
        """At the end: the conventions want nothing counted as a 0, and sizes of what succeeded only."""
        shared = self._shared | {name: value for name, value in self.ending.items() if name != "error.type"}
        modality = {"gen_ai.token.modality": "text" if self._tokens else "unknown"}
        for kind in self._tokens or ("input_tokens", "output_tokens"):
            self._on.usage[kind].add(self._tokens.get(kind, 0), shared | modality)
        if self._tokens and "error.type" not in self.ending:
            for kind, sizes in self._on.sizes.items():
                sizes.record(self._tokens[kind], shared)


def _shared(endpoint: Endpoint, model: str) -> dict[str, Any]:
    """What spans and metrics both tell."""
    shared: dict[str, Any] = {
        "gen_ai.operation.name": "chat",
        # Whose API it is: other servers speak OpenAI's, and the conventions tell them apart by model and address.
        "gen_ai.provider.name": "llama_cpp" if endpoint.kind == "embedded" else "openai",
        "gen_ai.request.model": model,
    }
    if endpoint.kind != "embedded":
        address = urlsplit(endpoint.base_url)
        shared["server.address"] = address.hostname or ""
        shared["server.port"] = address.port or _PORTS[address.scheme]
    return shared


def _asked(request: Mapping[str, Any]) -> dict[str, Any]:
    """What the span alone tells: the request but for its words."""
    given = {
        "gen_ai.output.type": "json",
        "gen_ai.request.max_tokens": request.get("max_tokens") or request.get("max_completion_tokens"),
        "gen_ai.request.temperature": request.get("temperature"),
        "gen_ai.request.seed": request.get("seed"),
    }
    return {name: value for name, value in given.items() if value is not None}
