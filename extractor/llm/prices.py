"""What a call cost, from a small dated table of OpenAI's prices (prices.json names its source)."""

import json
import re
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

_SNAPSHOT = re.compile(r"-\d{4}-\d{2}-\d{2}$")


class Rates(BaseModel):
    """US dollars per million tokens of one model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: float
    cached: float | None
    """Input that the provider had in its cache; None: billed as other input."""
    cache_write: float | None = None
    """Input that the provider put into its cache; None: billed as other input."""
    output: float


class Price(Rates):
    """What a model costs when it answers at once, and in a batch."""

    batch: Rates | None = None
    """Through the Batch API; None: not known."""
    up_to: int | None = None
    """The longest input, in tokens, that these prices hold for."""


def cost(
    model: str,
    *,
    input_tokens: int,
    cached_tokens: int,
    written_tokens: int,
    output_tokens: int,
    batch: bool = False,
) -> float | None:
    """US dollars for one call to OpenAI; None where the price is not known.

    A dated snapshot ("gpt-4.1-2025-04-14") costs what its model costs, unless it has a price of its own.

    Args:
        model: The model's name at OpenAI.
        input_tokens: All tokens read.
        cached_tokens: Those of them that came from the cache.
        written_tokens: Those of them that went into the cache.
        output_tokens: Tokens written.
        batch: Whether it went through the Batch API.
    """
    price = _price(model)
    rates = price and (price.batch if batch else price)
    if price is None or rates is None or (price.up_to is not None and input_tokens > price.up_to):
        return None
    dollars = (
        (input_tokens - cached_tokens - written_tokens) * rates.input
        + cached_tokens * (rates.input if rates.cached is None else rates.cached)
        + written_tokens * (rates.input if rates.cache_write is None else rates.cache_write)
        + output_tokens * rates.output
    )
    return dollars / 1_000_000


def is_priced(model: str) -> bool:
    """Whether the price of this model of OpenAI's is known."""
    return _price(model) is not None


def _price(model: str) -> Price | None:
    prices = _prices()
    return prices.get(model) or prices.get(_SNAPSHOT.sub("", model))


@cache
def _prices() -> dict[str, Price]:
    table = json.loads(files("extractor.llm").joinpath("prices.json").read_text(encoding="utf-8"))
    return {name: Price.model_validate(price) for name, price in table["models"].items()}
