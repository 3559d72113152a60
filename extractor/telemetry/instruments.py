"""What is measured with, once it is switched on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from extractor.errors import SettingsError

MISSING = "telemetry needs OpenTelemetry, which is not installed: pip install 'incident-claim-extractor[otel]'"

# The buckets that the conventions recommend.
_CALL_SECONDS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
_DOCUMENT_SECONDS = (1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200)
_TOKENS = tuple(4**power for power in range(14))


@dataclass(frozen=True, slots=True)
class Instruments:
    """One tracer, and the meters; Any, for OpenTelemetry may not be there."""

    tracer: Any
    call_seconds: Any
    document_seconds: Any
    usage: dict[str, Any]
    """Counters of tokens by `input_tokens`, `output_tokens`, `cache_read.input_tokens`, `cache_write.input_tokens`."""
    sizes: dict[str, Any]
    """Histograms of a call's `input_tokens` and `output_tokens`."""
    retries: Any
    dollars: Any


def enable(tracer_provider: Any = None, meter_provider: Any = None) -> None:
    """Tell spans and metrics from now on, in this process.

    Args:
        tracer_provider: An OpenTelemetry `TracerProvider`; None: the one that was set for the whole process.
        meter_provider: A `MeterProvider`; None: likewise.

    Raises:
        SettingsError: OpenTelemetry is not installed (the extra `otel`).
    """
    global _instruments  # noqa: PLW0603  one switch for the process, as OpenTelemetry's own providers are
    try:
        trace, metrics = import_module("opentelemetry.trace"), import_module("opentelemetry.metrics")
    except ImportError as error:
        raise SettingsError(MISSING) from error
    meter = metrics.get_meter("extractor", meter_provider=meter_provider)

    def histogram(name: str, unit: str, what: str, buckets: Sequence[float]) -> Any:
        return meter.create_histogram(name, unit, what, explicit_bucket_boundaries_advisory=buckets)

    kinds = ("input_tokens", "output_tokens", "cache_read.input_tokens", "cache_write.input_tokens")
    _instruments = Instruments(
        tracer=trace.get_tracer("extractor", tracer_provider=tracer_provider),
        call_seconds=histogram("gen_ai.client.operation.duration", "s", "GenAI operation duration.", _CALL_SECONDS),
        document_seconds=histogram(
            "gen_ai.invoke_workflow.duration", "s", "Duration of one document's extraction.", _DOCUMENT_SECONDS
        ),
        usage={
            kind: meter.create_counter(f"gen_ai.client.inference.usage.{kind}", "{token}", f"The number of {kind}.")
            for kind in kinds
        },
        sizes={
            kind: histogram(
                f"gen_ai.client.inference.operation.{kind}", "{token}", f"The {kind} of one operation.", _TOKENS
            )
            for kind in kinds[:2]
        },
        retries=meter.create_counter("extractor.client.retries", "{retry}", "Requests that were sent again."),
        dollars=meter.create_counter("extractor.client.cost", "USD", "What calls of a known price cost."),
    )


def disable() -> None:
    """Tell nothing any more."""
    global _instruments  # noqa: PLW0603  as above
    _instruments = None


def instruments() -> Instruments | None:
    """What to measure with; None: nothing is to be told."""
    return _instruments


def failed(span: Any, error: BaseException) -> str:
    """Mark a span as failed, and say by what; not in the error's words, which may hold some of the article's."""
    kind = type(error).__name__
    span.set_attribute("error.type", kind)
    span.set_status(import_module("opentelemetry.trace").StatusCode.ERROR)
    return kind


_instruments: Instruments | None = None
