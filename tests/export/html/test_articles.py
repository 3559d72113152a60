"""The pages of the gold set and of the red team's texts in a browser: no article does any harm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from playwright.sync_api import Page

from evals.goldset import GOLD, load
from extractor.schema import Report
from tests.export.html import hostile
from tests.export.html.conftest import Open
from tests.export.html.test_browser import AXE

RED_TEAM = GOLD.parent / "red-team"
LONGEST = 20_000
"""Characters; what is longer is there to try the extractor, not the page."""


def labels() -> list[Report]:
    """Every label of the gold set with its text: the article that ships and the seed's kin among them."""
    reports: list[Report] = []
    for article in load():
        report = article.label.model_copy(deep=True)
        assert report.document is not None
        report.document.text = article.text
        reports.append(report)
    return reports


def texts_of(value: Any) -> Iterator[str]:
    """Every string in JSON that may be an article."""
    if isinstance(value, str) and 20 < len(value) < LONGEST:
        yield value
    elif isinstance(value, dict):
        for one in cast("dict[str, Any]", value).values():
            yield from texts_of(one)
    elif isinstance(value, list):
        for one in cast("list[Any]", value):
            yield from texts_of(one)


def red_team() -> list[str]:
    """The red team's texts, in whatever form they are kept."""
    texts = dict.fromkeys([hostile.TEXT])
    for file in sorted(RED_TEAM.rglob("*")):
        if file.suffix in {".json", ".jsonl"}:
            held = file.read_text(encoding="utf-8")
            for line in held.splitlines() if file.suffix == ".jsonl" else [held]:
                texts |= dict.fromkeys(texts_of(json.loads(line)))
        elif file.suffix in {".txt", ".html"}:
            texts |= dict.fromkeys(texts_of(file.read_bytes().decode("utf-8", "surrogateescape")))
    return list(texts)


def report_on(text: str) -> Report:
    """A report that has claims and incidents all over a text."""
    size = max(40, len(text) // 6)
    return hostile.report_on(text, [text[start : start + size] for start in range(0, len(text), size)])


def untouched(page: Page) -> bool:
    """Whether the page holds nothing that is not its own: no script, frame, picture or handler out of an article."""
    return page.evaluate(
        """!document.querySelector("img, iframe, object, embed, base, form, video, audio, [src], [style]")
          && [...document.scripts].filter((one) => one.type !== "application/json").length === 1
          && ![...document.querySelectorAll("*")].some((one) => one.getAttributeNames().join(" ").match(/\bon/))
          && !document.title.startsWith("owned")"""
    )


def heard(page: Page, rules: dict[str, Any] | None = None) -> list[str]:
    """What axe-core finds in the section shown that keeps people out."""
    page.evaluate(AXE)
    options = {"rules": rules or {}, "resultTypes": ["violations"]}
    found = page.evaluate("(options) => axe.run(document, options).then((result) => result.violations)", options)
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("what", ["gold", "red team"])
def test_a_page_of_all_articles_is_sound(show: Open, what: str) -> None:
    reports = labels() if what == "gold" else [report_on(text) for text in red_team()]
    page = show(*reports)
    assert page.evaluate("sections.length") == len(reports)
    assert untouched(page)
    wide = page.evaluate(
        """sections.map((one) => {
          showSection(one);
          for (const item of one.querySelectorAll("[data-item]")) light(one, [item.dataset.item]);
          darken();
          return [one.dataset.name, document.documentElement.scrollWidth];
        }).filter(([, width]) => width > document.documentElement.clientWidth)"""
    )
    assert wide == []
    assert untouched(page)
    # axe-core goes through the whole page however little of it is shown, so a few articles are left in; colours are
    # looked at on the pages of test_browser: they are the same on each.
    page.evaluate(
        "sections.forEach((one, n) => { one.hidden = false; if (n % Math.ceil(sections.length / 5)) one.remove(); })"
    )
    assert heard(page, {"color-contrast": {"enabled": False}}) == []
