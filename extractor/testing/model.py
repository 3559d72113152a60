"""What tests see of a recorded model."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Live:
    """A model to record: return one from a fixture `cassette_model` of your own to record another than the default."""

    base_url: str
    """The address that `/chat/completions` is appended to."""
    model: str | None = None
    """Its name as the server knows it; None: the single model that the server offers."""
    api_key: str = field(default="none", repr=False)


@dataclass(frozen=True, kw_only=True)
class Cassette:
    """The recorded model, or the one that is being recorded: `Extractor(model=..., base_url=...)`.

    While a test holds it, `EXTRACTOR_MODEL`, `EXTRACTOR_BASE_URL` and the key name it too, so that code which leaves
    the model to the environment needs to be told nothing.
    """

    base_url: str
    model: str | None
    api_key: str = field(repr=False)
    faults: list[str]
    """What was asked and not recorded, each with the nearest that is; and what was recorded and not asked."""


class Mismatch(AssertionError):
    """A request that no recorded one is like, or a recording that cannot be made or read."""
