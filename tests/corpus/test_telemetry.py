"""OpenTelemetry: which spans and metrics documents, calls, retries and tokens make, and what is in none of them."""

import json
import os
from collections.abc import Generator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner

from evals.bench.stub import Reply
from extractor import telemetry
from extractor.cli import app
from extractor.corpus import Choice
from extractor.errors import SettingsError
from extractor.telemetry.exporting import exporting
from tests.corpus.world import Attack, Model, World, record, refusal

pytest.importorskip("opentelemetry.sdk", reason="the extra otel is not installed")

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

A, B = record("Almora"), record("Brenta")


class Told:
    """What was told, kept in memory."""

    def __init__(self) -> None:
        self._spans = InMemorySpanExporter()
        self._metrics = InMemoryMetricReader()
        tracers = TracerProvider()
        tracers.add_span_processor(SimpleSpanProcessor(self._spans))
        telemetry.enable(tracers, MeterProvider(metric_readers=[self._metrics]))

    def spans(self, name: str) -> list[ReadableSpan]:
        return [span for span in self._spans.get_finished_spans() if span.name == name]

    def points(self) -> dict[str, list[Any]]:
        data: Any = self._metrics.get_metrics_data()
        metrics = [metric for part in data.resource_metrics for scope in part.scope_metrics for metric in scope.metrics]
        return {metric.name: list(metric.data.data_points) for metric in metrics}

    def all(self) -> str:
        spans = [span.to_json() for span in self._spans.get_finished_spans()]
        return "\n".join([*spans, self._metrics.get_metrics_data().to_json()])  # pyright: ignore[reportOptionalMemberAccess]


@pytest.fixture
def told() -> Generator[Told]:
    yield Told()
    telemetry.disable()


def test_documents_calls_retries_and_tokens(world: World, model: Model, told: Told) -> None:
    world.write(A, B)
    model.before = lambda town: refusal(503) if model.asked[town] == 1 and town == "almora" else None
    world.run(concurrency=1)
    first, second = told.spans("invoke_workflow extract")
    assert first.kind is SpanKind.INTERNAL
    assert dict(first.attributes or {}) == {
        "gen_ai.operation.name": "invoke_workflow",
        "gen_ai.workflow.name": "extract",
        "extractor.document.id": "almora",
        "extractor.document.characters": len(A["text"]),
        "extractor.plan": "whole",
        "extractor.complete": True,
        "extractor.dropped": 0,
    }
    call, other = told.spans("chat large")
    assert call.kind is SpanKind.CLIENT
    assert call.parent
    assert first.context
    assert second.context
    assert [call.parent.span_id, other.parent and other.parent.span_id] == [
        first.context.span_id,
        second.context.span_id,
    ]
    shared = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "large",
        "server.address": "127.0.0.1",
        "server.port": int((world.choice.base_url or "").split(":")[2].removesuffix("/v1")),
    }
    assert dict(call.attributes or {}) == shared | {
        "gen_ai.output.type": "json",
        "gen_ai.request.max_tokens": 4000,
        "gen_ai.request.temperature": 0,
        "gen_ai.request.seed": 7,
        "gen_ai.response.model": "stub",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 20,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.usage.cache_write.input_tokens": 0,
        "extractor.client.retries": 1,
    }
    assert [(event.name, dict(event.attributes or {})) for event in call.events] == [
        ("extractor.retry", {"error.type": "503"})
    ]
    assert call.status.status_code is StatusCode.UNSET, "it was answered in the end"

    points = told.points()
    (calls,) = points["gen_ai.client.operation.duration"]
    assert (calls.count, dict(calls.attributes)) == (2, shared | {"gen_ai.response.model": "stub"})
    (documents,) = points["gen_ai.invoke_workflow.duration"]
    assert documents.count == 2
    (read,) = points["gen_ai.client.inference.usage.input_tokens"]
    assert (read.value, read.attributes["gen_ai.token.modality"]) == (200, "text")
    (written,) = points["gen_ai.client.inference.usage.output_tokens"]
    assert written.value == 40
    (sizes,) = points["gen_ai.client.inference.operation.input_tokens"]
    assert (sizes.count, sizes.max) == (2, 100)
    (retries,) = points["extractor.client.retries"]
    assert (retries.value, retries.attributes["error.type"]) == (1, "503")


def test_failures_are_told_by_their_class(world: World, model: Model, told: Told) -> None:
    world.write(A)
    model.before = lambda _: refusal(400, "too odd")
    world.run()
    for name in ("invoke_workflow extract", "chat large"):
        (span,) = told.spans(name)
        assert (span.attributes or {})["error.type"] == "RequestRefused"
        assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)
        assert not span.events
    points = told.points()
    for name in ("gen_ai.client.operation.duration", "gen_ai.invoke_workflow.duration"):
        (point,) = points[name]
        assert (point.count, point.attributes["error.type"]) == (1, "RequestRefused")
    (tokens,) = points["gen_ai.client.inference.usage.input_tokens"]
    assert (tokens.value, tokens.attributes["gen_ai.token.modality"]) == (0, "unknown")
    assert "gen_ai.client.inference.operation.input_tokens" not in points


def test_no_word_of_an_article_or_an_answer_and_no_key_is_told(world: World, model: Model, told: Told) -> None:
    """Not even where the server sends them back in place of its model's name, or in an error."""
    key = "sk-secret-of-mine"
    world.choice = Choice("large", world.choice.base_url, api_key=key, schema=Attack)

    def echo(town: str) -> Reply:
        said = {"place": town.capitalize(), "weapon": "Shells"}
        choice = {"finish_reason": A["text"], "message": {"role": "assistant", "content": json.dumps(said)}}
        model_name = {"almora": A["text"], "brenta": f"model-{key}"}.get(town)
        return Reply(body=json.dumps({"model": model_name, "choices": [choice], "usage": {}}).encode())

    model.before = lambda town: refusal(400, f"{A['text']} {key}") if town == "corvel" else echo(town)
    world.write(A, B, record("Corvel", title="Shells on Corvel", publisher="Nordbote"))
    world.run()
    assert len(told.spans("invoke_workflow extract")) == 3
    text = told.all()
    for word in ("Shells", "traders", "Almora", "Nordbote", key):
        assert word not in text
    reasons = [(span.attributes or {}).get("gen_ai.response.finish_reasons") for span in told.spans("chat large")]
    assert reasons.count(("_OTHER",)) == 2


def test_an_answer_from_the_cache_is_no_call(world: World, told: Told) -> None:
    world.write(A)
    world.run(cache=True)
    world.run(world.folder / "again", cache=True)
    assert len(told.spans("invoke_workflow extract")) == 2
    assert len(told.spans("chat large")) == 1


def test_off_nothing_is_told(world: World, told: Told) -> None:
    telemetry.disable()
    world.write(A)
    world.run()
    assert told.spans("chat large") == []


def test_a_collector_gets_both(world: World, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = ["/v1/traces", "/v1/metrics"]
    for path in paths:
        httpserver.expect_request(path, "POST").respond_with_data(b"")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", httpserver.url_for(""))
    world.write(A)
    base = world.choice.base_url or ""
    line = ["run", str(world.corpus), "-o", str(world.out), "--base-url", base, "--model", "large", "--otel"]
    result = CliRunner().invoke(app, line)
    assert result.exit_code in (0, 1)
    assert {request.path for request, _ in httpserver.log} == set(paths)
    assert b"extractor" in next(request.data for request, _ in httpserver.log if request.path == paths[0])


def test_a_collector_that_is_not_there_is_told_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    notes: list[str] = []
    world.write(A)
    with exporting(notes.append):
        assert world.run().complete
    (note,) = notes
    assert note.startswith("telemetry is not all sent: ")


def test_requests_that_are_forbidden_are_not_sent_to_a_collector_either(monkeypatch: pytest.MonkeyPatch) -> None:
    assert os.environ["EXTRACTOR_REQUESTS"] == "forbid"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "https://collector.example/v1/traces")
    with pytest.raises(SettingsError, match=r"collector\.example was stopped"), exporting(print):
        pass
