"""The page in a browser: lit, filtered, reached by keyboard and by people who hear it; no article does any harm."""

from __future__ import annotations

from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from extractor.schema import Report
from tests.export.articles import TEXT, full
from tests.export.html import hostile, rtl
from tests.export.html.conftest import Open
from tests.export.html.pages import labelled

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
LIT = "[...document.querySelectorAll('.text mark.lit')].map((mark) => mark.textContent).join('')"


def faults(page: Page) -> list[str]:
    """What axe-core finds that keeps people out."""
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate("axe.run().then((result) => result.violations)")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found if one["impact"] in ("serious", "critical")
    ]


def many() -> Report:
    """A report with everything: text, disputes, things dropped."""
    report = full(text=TEXT)
    report.run = hostile.report().run
    return report


class TestHarm:
    @pytest.mark.parametrize("with_text", [True, False])
    def test_no_script_of_a_report_runs(self, show: Open, with_text: bool) -> None:
        page = show(hostile.report(with_text=with_text), many())
        assert "owned" not in page.title().replace(hostile.PAYLOADS[0], "")
        for item in page.locator("section:not([hidden]) [data-item]").all()[:4]:
            item.hover()
            item.get_by_role("button", name="Correct").click()
        assert page.evaluate("document.querySelectorAll('img, svg, iframe').length") == 0
        assert page.evaluate("document.scripts.length") == 4

    def test_an_override_of_direction_ends_with_its_paragraph(self, show: Open) -> None:
        page = show(hostile.report())
        styles = page.evaluate(
            "[...document.querySelectorAll('.paragraph')].map((block) => getComputedStyle(block).unicodeBidi)"
        )
        assert set(styles) == {"plaintext"}

    def test_the_data_comes_through_to_the_last_sign(self, show: Open) -> None:
        page = show(hostile.report())
        assert page.evaluate("stateOf(current).report.document.text") == hostile.TEXT
        starts = page.evaluate(
            "Array.from(document.querySelectorAll('.paragraph > *'), (one) => [+one.dataset.start, one.textContent])"
        )
        assert all(start + len(words) == following for (start, words), (following, _) in pairwise(starts))


class TestLight:
    def test_a_claim_lights_its_source_cue_and_content(self, show: Open) -> None:
        page = show(full(text=TEXT))
        page.locator("#r0-c3").hover()
        assert page.evaluate(LIT) == "We fired nothingspokesman of the FronttoldMeridian"
        page.locator("h1").hover()
        assert page.evaluate(LIT) == ""

    def test_words_of_the_article_light_their_claim(self, show: Open) -> None:
        page = show(full(text=TEXT))
        page.locator(".text mark.content", has_text="We fired nothing").hover()
        assert "lit" in str(page.locator("#r0-c3").get_attribute("class")).split()
        page.locator(".text mark.content", has_text="We fired nothing").click()
        assert page.evaluate("document.activeElement.dataset.find") == "c3"

    def test_an_incident_lights_its_sentences(self, show: Open) -> None:
        page = show(full(text=TEXT))
        page.locator("#r0-i2 .find").focus()
        assert page.evaluate(LIT) == "Police detained two teachers in March."


class TestFilters:
    @pytest.mark.parametrize(
        ("filter", "value", "left"),
        [
            ("Side", "B  army of Veluria", ["C2", "C3", "C5"]), ("About", "casualties", ["C1", "C2"]),
            ("Stance", "denies", ["C4"]), ("Incident", "I4  contact or agreement", ["C6"]),
        ],
    )  # fmt: skip
    def test_only_what_fits_is_left(self, show: Open, filter: str, value: str, left: list[str]) -> None:
        page = show(full(text=TEXT))
        page.get_by_role("combobox", name=filter, exact=True).select_option(label=value)
        assert page.locator(".claim:visible .find").all_text_contents() == left
        assert page.locator(".filters [role=status]").text_content() == f"{len(left)} of 6 claims"
        off = page.locator(".text mark.content.off").count()
        assert page.locator(".text mark.content").count() > off > 0
        page.get_by_role("combobox", name=filter, exact=True).select_option("")
        assert page.locator(".claim:visible").count() == 6
        assert page.locator(".text mark.off").count() == 0


class TestKeyboard:
    def test_items_are_reached_and_judged_by_keys_alone(self, show: Open) -> None:
        page = show(full(text=TEXT))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
        page.keyboard.press("Enter")
        while page.evaluate("document.activeElement.dataset.find") != "i0":
            page.keyboard.press("Tab")
        page.keyboard.press("a")
        page.keyboard.press("j")
        page.keyboard.press("r")
        assert page.evaluate("[...stateOf(current).verdicts]") == [["i0", "accepted"], ["i1", "rejected"]]
        page.keyboard.press("r")
        assert page.locator(".saving [role=status]").text_content() == "1 of 10 checked"
        page.keyboard.press("c")
        assert page.evaluate("document.activeElement.closest('form').ariaLabel") == "Correct I2"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.dataset.verdict") == "corrected"

    def test_reports_are_chosen_one_at_a_time(self, show: Open) -> None:
        page = show(full(text=TEXT), rtl.report())
        assert page.locator(".report:visible").count() == 1
        page.get_by_role("combobox", name="Report", exact=True).select_option("1")
        assert page.locator("h1:visible").text_content() == "سبعة قتلى في أورفان"
        page.get_by_label("Next report").click()
        assert page.locator("h1:visible").text_content() == "Shells on Orvan"


class TestEverybody:
    @pytest.mark.parametrize("width", [1280, 390])
    @pytest.mark.parametrize("colours", ["light", "dark"])
    def test_axe_finds_no_serious_fault(self, show: Open, width: int, colours: str) -> None:
        page = show(many(), rtl.report(), hostile.report(), width=width, color_scheme=colours)
        assert faults(page) == []
        for item in ("#r0-i0", "#r0-c3"):
            page.locator(f"{item} [data-verdict=corrected]").click()
        page.locator("#r0-c1 [data-verdict=accepted]").click()
        page.locator("#r0-c2 [data-verdict=rejected]").click()
        page.mouse.move(0, 0)
        page.locator("h1:visible").hover()
        page.evaluate("document.activeElement.blur(); darken()")
        page.wait_for_timeout(200)
        assert faults(page) == []

    @pytest.mark.parametrize("report", [many(), rtl.report(), hostile.report()], ids=["full", "rtl", "hostile"])
    def test_nothing_runs_off_a_phones_screen(self, show: Open, report: Report) -> None:
        page = show(report, width=360)
        assert page.evaluate("document.documentElement.scrollWidth") == 360

    def test_only_what_is_on_the_screen_of_a_long_report_is_laid_out(self, show: Open) -> None:
        report = labelled("tolvara-market")
        assert report.document is not None
        assert report.document.text is not None
        report.document.text += "\n\nAnd so it went on." * 2_000
        page = show(report)
        page.locator("#r0-c3").hover()
        assert page.evaluate(LIT).startswith("We have no heavy guns")
        shown = page.evaluate(
            "Array.from(document.querySelectorAll('.paragraph > *'), (words) =>"
            " words.checkVisibility({ contentVisibilityAuto: true }))"
        )
        assert 0 < sum(shown) < len(shown) / 2

    def test_arabic_runs_from_right_to_left_and_the_page_around_it_does_not(self, show: Open) -> None:
        page = show(rtl.report())
        assert page.evaluate("getComputedStyle(document.querySelector('.paragraph')).direction") == "rtl"
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
        assert page.evaluate("getComputedStyle(document.querySelector('.saving')).direction") == "ltr"

    def test_no_party_is_told_by_colour_alone(self, show: Open) -> None:
        page = show(labelled("tolvara-market"))
        looks = page.evaluate(
            "[...document.querySelectorAll('.legend mark')].map((mark) => getComputedStyle(mark).textDecorationStyle)"
        )
        assert len(set(looks)) == len(looks) == 5

    def test_print_has_the_article_and_the_claims_and_no_buttons(self, show: Open) -> None:
        page = show(full(text=TEXT), width=700)
        page.emulate_media(media="print", color_scheme="dark")
        assert page.evaluate("getComputedStyle(document.querySelector('.rivals td')).display") == "table-cell"
        assert page.locator(".claim:visible").count() == 6
        assert page.locator("button:visible:not(.find)").count() == 0
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
