"""What all tests share: an environment without keys, no requests beyond this machine, and recorded answers."""

import os

import pytest

# Installed, pytest finds it by its entry point, which has the same name; in a bare checkout it does not.
pytest_plugins = ["extractor.testing.plugin", "pytester"]

# A project of its own, which test_example.py runs.
collect_ignore = ["testing/example"]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(("EXTRACTOR_", "OPENAI_")) and name != "EXTRACTOR_CACHE":
            monkeypatch.delenv(name)
    monkeypatch.setenv("EXTRACTOR_REQUESTS", "forbid")
