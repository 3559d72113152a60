"""The page in a browser: its own script runs under its policy, nobody else's does, and the console stays silent."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.evals.page.conftest import Made

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

SHOWN_BY_THE_SCRIPT = '<p class="scripted">'


def browse(file: Path, profile: Path) -> tuple[str, str]:
    """The page after its scripts ran, and what the browser logged, the console with it."""
    sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    ended = subprocess.run(
        [
            str(CHROMIUM), "--headless", *sandbox, f"--user-data-dir={profile}", "--disable-gpu",
            "--disable-background-networking", "--enable-logging=stderr", "--virtual-time-budget=2000", "--dump-dom",
            file.as_uri(),
        ],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return ended.stdout, ended.stderr


def test_only_the_pages_own_script_runs(made: Made, tmp_path: Path) -> None:
    page, log = browse(made.file, tmp_path)
    assert SHOWN_BY_THE_SCRIPT in page
    assert "<title>Evaluation of flawed" in page  # as it was: the article's script would have changed it
    assert "{{ 7 * 7 }} {% raw %}" in page
    assert "CONSOLE" not in log


def test_a_script_that_is_not_the_pages_own_is_refused(made: Made, tmp_path: Path) -> None:
    changed = tmp_path / "changed.html"
    changed.write_text(made.html.replace('"use strict";', '"use strict"; 1;', 1), encoding="utf-8")
    page, log = browse(changed, tmp_path / "profile")
    assert SHOWN_BY_THE_SCRIPT not in page
    assert "Content Security Policy" in log
    assert "CONSOLE" in log
