"""Sending spans and metrics to a collector, by OTLP over HTTP, for a program that has no other OpenTelemetry set up."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from importlib import import_module
from urllib.parse import unquote

from extractor.characters import shorten
from extractor.errors import SettingsError
from extractor.settings import check_request_allowed
from extractor.telemetry.instruments import MISSING, disable, enable

_SHOWN = 200
"""Characters of a fault."""


@contextmanager
def exporting(note: Callable[[str], None]) -> Generator[None]:
    """Within, spans and metrics go where the `OTEL_*` variables say, by default to a collector on this machine.

    A collector that cannot be reached stops nothing; `note` is told once.

    Raises:
        SettingsError: The extra `otel` is not installed, or a request to that place is forbidden.
    """
    for part in ("", "_TRACES", "_METRICS"):
        if url := os.environ.get(f"OTEL_EXPORTER_OTLP{part}_ENDPOINT"):
            check_request_allowed(url)
    try:
        spans, metrics = import_module("opentelemetry.sdk.trace"), import_module("opentelemetry.sdk.metrics")
        resources = import_module("opentelemetry.sdk.resources")
        otlp = "opentelemetry.exporter.otlp.proto.http"
        to_spans = import_module(f"{otlp}.trace_exporter").OTLPSpanExporter()
        to_metrics = import_module(f"{otlp}.metric_exporter").OTLPMetricExporter()
    except ImportError as error:
        raise SettingsError(MISSING) from error
    resource = resources.Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME") or "extractor"})
    tracers = spans.TracerProvider(resource=resource)
    tracers.add_span_processor(import_module("opentelemetry.sdk.trace.export").BatchSpanProcessor(to_spans))
    reader = import_module("opentelemetry.sdk.metrics.export").PeriodicExportingMetricReader(to_metrics)
    meters = metrics.MeterProvider(metric_readers=[reader], resource=resource)
    faults = _Faults(note)
    logger = logging.getLogger("opentelemetry")
    logger.addHandler(faults)
    enable(tracers, meters)
    try:
        yield
    finally:
        disable()
        tracers.shutdown()
        meters.shutdown()
        logger.removeHandler(faults)


class _Faults(logging.Handler):
    """The first thing that OpenTelemetry complains about, in a line."""

    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._note: Callable[[str], None] | None = note

    def emit(self, record: logging.LogRecord) -> None:
        note, self._note = self._note, None
        if note is not None:
            note(f"telemetry is not all sent: {shorten(_without_secrets(record.getMessage()), _SHOWN)}")


def _without_secrets(text: str) -> str:
    """A collector may send back what it was sent: the headers that the environment names, or an address's password."""
    for name, value in os.environ.items():
        if name.startswith("OTEL_EXPORTER_OTLP") and name.endswith("HEADERS"):
            for header in value.split(","):
                secret = header.partition("=")[2].strip()
                for written in filter(None, {secret, unquote(secret)}):
                    text = text.replace(written, "***")
    return re.sub(r"//[^/@\s]*@|\?[^\s'\"()]+", "***", text)
