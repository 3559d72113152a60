"""How one request differs from model to model: the few places where OpenAI-compatible servers do not agree."""

import re
from dataclasses import dataclass

from extractor.settings import Endpoint

# Models that think before they answer take no temperature (400, "only the default (1) value is supported"), and count
# their thinking as output: with too little room for it, the answer comes back empty.
_THINKING = re.compile(r"o\d|gpt-(?:[5-9]|\d\d)(?!.*-chat)")
_THINKING_TOKENS = 25_000


@dataclass(frozen=True)
class Dialect:
    """What a model wants to be sent."""

    limit: str
    """The name of the field that bounds the answer's tokens."""
    headroom: int
    """Tokens to allow for on top of the answer's own, for thinking."""
    temperature: bool
    """Whether the model takes a temperature."""


def dialect(endpoint: Endpoint, model: str) -> Dialect:
    """The dialect of a model at an endpoint.

    OpenAI wants `max_completion_tokens` (newer models refuse `max_tokens`); every other server takes `max_tokens`.
    """
    if endpoint.kind != "openai":
        return Dialect("max_tokens", 0, temperature=True)
    thinking = _THINKING.match(model) is not None
    return Dialect("max_completion_tokens", _THINKING_TOKENS if thinking else 0, temperature=not thinking)
