"""The pytest plugin: the fixtures `cassette` and `cassette_model`, and the option `--record-cassettes`.

pytest imports this module in every run where the library is installed, so it imports nothing itself but pytest; what
watches the outcome of tests is registered only when a test asks for a cassette. PYTEST_DONT_REWRITE
"""

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from extractor.testing.model import Cassette, Live

OPTION = "--record-cassettes"

_passed = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--record-cassettes`."""
    group = parser.getgroup("extractor", "incident-claim-extractor")
    group.addoption(
        OPTION,
        action="store_true",
        help="run the tests that use `cassette`, and record their answers anew from the model that EXTRACTOR_MODEL and "
        "EXTRACTOR_BASE_URL name, or from the embedded one",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """While recording, leaves out what records nothing."""
    if config.getoption(OPTION):
        recorded = [item for item in items if "cassette" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=[item for item in items if item not in recorded])
        items[:] = recorded


@pytest.fixture(scope="session")
def cassette_model(request: pytest.FixtureRequest) -> "Live | None":
    """The model that is recorded, or None while cassettes are replayed; override it to record another."""
    if not request.config.getoption(OPTION):
        return None
    from extractor.testing.live import chosen

    return chosen()


@pytest.fixture
def cassette(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> "Generator[Cassette]":
    """A recorded model, which answers in this test in place of any other; `EXTRACTOR_MODEL` and the like name it."""
    from extractor.testing.live import name_in_environment
    from extractor.testing.places import cassette_file

    try:
        from extractor.testing.recording import cassette_at
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "vcr":
            raise
        pytest.fail("cassettes need vcrpy: pip install 'incident-claim-extractor[testing]'", pytrace=False)

    config = request.config
    if not config.pluginmanager.has_plugin(_OUTCOMES):
        config.pluginmanager.register(_Outcomes(), _OUTCOMES)
    live: Live | None = request.getfixturevalue("cassette_model") if config.getoption(OPTION) else None
    file = cassette_file(request.node.path, request.node.nodeid.partition("::")[2])
    shown = file.relative_to(config.rootpath) if file.is_relative_to(config.rootpath) else file
    again = f'pytest {OPTION} "{request.node.nodeid}"'
    with cassette_at(file, live, shown=str(shown), again=again) as cassette:
        monkeypatch.setenv("EXTRACTOR_ANSWERS", str(tmp_path_factory.mktemp("answers")))  # none from other runs
        name_in_environment(cassette, monkeypatch, recording=live is not None)
        yield cassette
    if request.node.stash.get(_passed, False) and cassette.faults:
        pytest.fail("\n\n".join(cassette.faults), pytrace=False)


_OUTCOMES = "extractor.testing.outcomes"


class _Outcomes:
    """Notes whether a test passed: only then is it a fault of its own that its recording does not fit."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.when == "call":
            item.stash[_passed] = report.passed
        return report
