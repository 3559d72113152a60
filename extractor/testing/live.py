"""Which model is recorded, and how code under test is told of it."""

from typing import TYPE_CHECKING

from extractor.settings import OPENAI_URL, Embedded, resolve
from extractor.testing.model import Cassette, Live

if TYPE_CHECKING:
    import pytest


def chosen() -> Live:
    """The model that the environment names, else the embedded one, which is started.

    Raises:
        SettingsError: The environment contradicts itself, or the extra `embedded` is not installed.
        WeightsError: The embedded model's weights could not be had.
    """
    choice = resolve()
    if isinstance(choice, Embedded):
        from extractor.llm.embedded import start

        choice = start().endpoint
    return Live(base_url=choice.base_url, model=choice.model, api_key=choice.api_key.get_secret_value())


def is_openai(base_url: str) -> bool:
    """Whether that is OpenAI's own host, which is asked a little differently from all others."""
    return base_url.rstrip("/") == OPENAI_URL


def name_in_environment(cassette: Cassette, monkeypatch: "pytest.MonkeyPatch", *, recording: bool) -> None:
    """Has the environment name the recorded model; while it is replayed no real key is left there."""
    openai = is_openai(cassette.base_url)
    named = {
        "EXTRACTOR_MODEL": f"openai/{cassette.model}" if openai else cassette.model,
        "EXTRACTOR_BASE_URL": None if openai else cassette.base_url,
        "EXTRACTOR_API_KEY": None if openai else cassette.api_key,
    }
    if openai or not recording:
        named["OPENAI_API_KEY"] = cassette.api_key
    if openai and not recording:
        named["EXTRACTOR_REQUESTS"] = None  # it would stop the request on its way to the cassette
    for name, value in named.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
