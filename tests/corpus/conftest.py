"""A model on this machine, and a folder for runs."""

from collections.abc import Generator
from pathlib import Path

import pytest

from evals.bench.stub import Stub, serving
from tests.corpus.world import Model, World


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EXTRACTOR_CACHE", str(tmp_path / "cache"))


@pytest.fixture(scope="module")
def server() -> Generator[Stub]:
    with serving(Model()) as stub:
        yield stub


@pytest.fixture
def model(server: Stub) -> Model:
    server.model = model = Model()
    server.most_under_way = 0
    return model


@pytest.fixture
def world(server: Stub, model: Model, tmp_path: Path) -> World:
    return World(tmp_path, server.base_url, model)
