"""What all tests share: an environment without keys, no requests beyond this machine, and recorded answers."""

import os
from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.recording import Cassette, Live

_passed = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="record all cassettes anew from the embedded model")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--record"):
        recorded = [item for item in items if "cassette" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in recorded])
        items[:] = recorded


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[_passed] = report.passed
    return report


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("EXTRACTOR_", "OPENAI_")) and name != "EXTRACTOR_CACHE":
            monkeypatch.delenv(name)
    monkeypatch.setenv("EXTRACTOR_REQUESTS", "forbid")


@pytest.fixture(scope="session")
def live(request: pytest.FixtureRequest) -> "Live | None":
    """The embedded model, where it is to be recorded."""
    if not request.config.getoption("--record"):
        return None
    from extractor.llm.embedded import start
    from tests.recording import Live

    running = start()
    return Live(running.base_url, running.api_key, running.model)


@pytest.fixture
def cassette(
    request: pytest.FixtureRequest, live: "Live | None", monkeypatch: pytest.MonkeyPatch
) -> "Generator[Cassette]":
    """The recorded model: give its `base_url` and `model` to what is tested. Its key is in EXTRACTOR_API_KEY."""
    from tests.recording import cassette_at, cassette_of

    with cassette_at(cassette_of(request.node), live) as cassette:
        monkeypatch.setenv("EXTRACTOR_API_KEY", cassette.api_key)
        yield cassette
    if request.node.stash.get(_passed, False) and cassette.faults:
        pytest.fail("\n\n".join(cassette.faults), pytrace=False)
