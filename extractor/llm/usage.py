"""What the calls of one run cost: requests, tokens, time and money."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Usage:
    """Adds up over calls, retries and re-asks; hand the same object to every call of a run."""

    calls: int = 0
    """Requests that a model answered, whether or not the answer was of use."""
    retries: int = 0
    """Requests that failed in passing and were sent again."""
    input_tokens: int = 0
    """Tokens read, those from the cache included."""
    cached_tokens: int = 0
    """Those of `input_tokens` that the server had in its cache."""
    output_tokens: int = 0
    """Tokens written, thinking included."""
    cost_usd: float | None = 0.0
    """US dollars; None as soon as the price of one call is unknown."""
    seconds: float = 0.0
    """Time that requests were under way, failed ones included: more than the clock's where several ran at once."""

    def add_call(self, *, input_tokens: int, cached_tokens: int, output_tokens: int, cost_usd: float | None) -> None:
        """Counts one answered request."""
        self.calls += 1
        self.input_tokens += input_tokens
        self.cached_tokens += cached_tokens
        self.output_tokens += output_tokens
        self.cost_usd = None if self.cost_usd is None or cost_usd is None else self.cost_usd + cost_usd

    def add(self, other: "Usage") -> None:
        """Counts all that is in `other` too."""
        self.calls += other.calls
        self.retries += other.retries
        self.input_tokens += other.input_tokens
        self.cached_tokens += other.cached_tokens
        self.output_tokens += other.output_tokens
        self.cost_usd = None if self.cost_usd is None or other.cost_usd is None else self.cost_usd + other.cost_usd
        self.seconds += other.seconds


@contextmanager
def metering(meter: Usage) -> Generator[None]:
    """Counts on `meter` what servers are really asked for within the context, whatever becomes of it.

    A call that fails later is in it, an answer from a tape is not.
    """
    token = _meter.set(meter)
    try:
        yield
    finally:
        _meter.reset(token)


def meter() -> Usage | None:
    """What the context is counted on, if it is."""
    return _meter.get()


_meter: ContextVar[Usage | None] = ContextVar("_meter", default=None)
