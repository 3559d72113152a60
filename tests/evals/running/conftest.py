"""A server that answers several requests at once, and a gold folder to run over."""

from collections.abc import Generator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.evals.running.split import Model, Split


@pytest.fixture(scope="session")
def threaded_server() -> Generator[HTTPServer]:
    with HTTPServer(threaded=True) as server:
        yield server


@pytest.fixture
def model(threaded_server: HTTPServer) -> Generator[Model]:
    threaded_server.clear()
    yield Model(threaded_server)
    threaded_server.check_handler_errors()


@pytest.fixture
def split(model: Model, tmp_path: Path) -> Split:
    return Split(tmp_path, model.server.url_for("/v1"))
