"""A browser, where there is one, and pages in it that must not ask for anything nor complain."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from extractor.dossiers import Dossier
from extractor.schema import Report
from tests.export.html.pages import page_of

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

Open = Callable[..., Page]


@contextmanager
def launched() -> Generator[Browser]:
    """Chromium, for as long as it is wanted."""
    sandbox = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with launched() as browser:
        yield browser


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Generator[Open]:
    """Opens a page; afterwards: no error, no word on the console, no request but for the file itself."""
    complaints: list[str] = []
    contexts: list[Any] = []

    def opened(*shown: Report | Dossier, width: int = 1280, **options: Any) -> Page:
        file = tmp_path / "page.html"
        file.write_text(page_of(*shown), encoding="utf-8", newline="")
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda asked: complaints.extend([asked.url] * (asked.url.split("#")[0] != file.as_uri())))
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not [line for line in complaints if not line.startswith(("blob:", "data:,"))]
