"""What a reader accepts, corrects and rejects on the page, saved as a gold label."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

from evals.goldset import Accept
from evals.goldset.check import problems
from evals.goldset.gold import read_label
from extractor.schema import Report
from tests.export.articles import TEXT, full
from tests.export.html import hostile, rtl
from tests.export.html.conftest import Open
from tests.export.html.pages import labelled


def saved(page: Page) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as gold label").click()
    return download.value.path().read_text(encoding="utf-8")


def label_of(page: Page, text: str = TEXT) -> Report:
    """The saved label, read as the gold set reads its own: spans and references are checked."""
    label, accept = read_label(saved(page), text, "any")
    assert accept == Accept()
    return label


def press(page: Page, item: str, verdict: str) -> None:
    page.locator(f"#r0-{item}").get_by_role("button", name=verdict, exact=True).click()


def form(page: Page, item: str) -> Locator:
    press(page, item, "Correct")
    return page.locator(f"#r0-{item} form")


def keep(form: Locator) -> None:
    form.get_by_role("button", name="Keep").click()


def select(page: Page, words: str) -> None:
    """Select words in the article, which may run over several marks."""
    page.evaluate(
        """(words) => {
          const text = document.querySelector('.passage'), at = text.textContent.indexOf(words);
          const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT), range = document.createRange();
          for (let node = walker.nextNode(), seen = 0; node; seen += node.length, node = walker.nextNode()) {
            if (seen <= at && at < seen + node.length) range.setStart(node, at - seen);
            const end = at + words.length;
            if (seen < end && end <= seen + node.length) range.setEnd(node, end - seen);
          }
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
        words,
    )


def without_review(label: Report) -> dict[str, Any]:
    told = label.model_dump(mode="json")
    told["document"]["extra"].pop("review")
    return told | {"document": told["document"] | {"text": None, "id": None}}


@pytest.mark.parametrize("report", [full(text=TEXT), rtl.report(), labelled("tolvara-market")])
def test_what_is_not_touched_is_saved_as_it_was(show: Open, report: Report) -> None:
    assert report.document is not None
    assert report.document.text is not None
    label = label_of(show(report), report.document.text)
    assert label.document is not None
    review = label.document.extra["review"]
    assert isinstance(review, dict)
    assert len(str(review["unchecked"]).split(",")) == len(report.claims) + len(report.incidents)
    was = report.model_copy(deep=True)
    assert was.document is not None
    was.document.extra["review"] = review
    assert without_review(label) == without_review(was)


def test_a_hostile_report_is_saved_to_the_last_sign(show: Open) -> None:
    told = json.loads(saved(show(hostile.report())))
    was = hostile.report().model_dump(mode="json")
    assert (told["claims"], told["incidents"], told["run"]) == (was["claims"], was["incidents"], was["run"])


def test_what_is_rejected_is_gone_with_all_that_named_it(show: Open) -> None:
    page = show(full(text=TEXT))
    press(page, "c3", "Reject")
    press(page, "i1", "Reject")
    press(page, "c0", "Accept")
    label = label_of(page)
    assert [claim.id for claim in label.claims] == ["C1", "C2", "C3", "C5", "C6"]
    assert [incident.id for incident in label.incidents] == ["I1", "I3", "I4"]
    assert label.claims[3].incidents == []
    assert [(relation.a, relation.b) for relation in label.relations or []] == [("C1", "C2")]
    assert [dispute.claims for dispute in label.disputes] == [["C1", "C2"]]
    assert label.document is not None
    assert label.document.extra["review"] == {
        "accepted": ["C1"], "corrected": [], "rejected": ["I2", "C4"],
        "unchecked": ["I1", "I3", "I4", "C2", "C3", "C5", "C6"],
    }  # fmt: skip


def test_what_is_saved_is_a_label_that_the_gold_set_takes(show: Open, tmp_path: Path) -> None:
    report = labelled("tolvara-market")
    assert report.document is not None
    assert report.document.text is not None
    page = show(report)
    press(page, "c2", "Reject")
    press(page, "i2", "Reject")
    correct = form(page, "c5")
    correct.get_by_role("combobox", name="Stance").select_option("questions")
    keep(correct)
    for part, name, words in (("articles", "a.txt", report.document.text), ("labels", "a.json", saved(page))):
        (tmp_path / part).mkdir()
        (tmp_path / part / name).write_text(words, encoding="utf-8", newline="")
    assert list(problems(tmp_path)) == []


def test_a_claim_is_corrected_with_the_words_of_the_article(show: Open) -> None:
    page = show(full(text=TEXT))
    correct = form(page, "c1")
    correct.get_by_role("combobox", name="Stance").select_option("admits")
    correct.get_by_role("checkbox", name="outcome").check()
    correct.get_by_role("checkbox", name="casualties").uncheck()
    correct.get_by_role("textbox", name="Source").fill("army")
    select(page, "said four had died")
    correct.locator("fieldset", has_text="Content").get_by_role("button", name="Use selection").click()
    keep(correct)
    [claim] = [claim for claim in label_of(page).claims if claim.id == "C2"]
    assert (claim.stance, claim.aspects) == ("admits", ["outcome"])
    assert (claim.source.text, claim.source.actor) == ("army", "A2")
    assert TEXT[claim.source.start :].startswith("army of Veluria, which")
    assert [span.quote for span in claim.content] == ["said four had died"]
    assert page.locator("#r0-c1 form").count() == 0


def test_words_that_the_article_does_not_hold_are_refused(show: Open) -> None:
    page = show(full(text=TEXT))
    correct = form(page, "c1")
    correct.get_by_role("textbox", name="Source").fill("navy of Veluria")
    keep(correct)
    assert correct.get_by_role("alert").first.text_content() == "These words are not in the article."
    assert page.evaluate("document.activeElement.ariaLabel") == "Source"
    correct.get_by_role("button", name="Cancel").click()
    assert label_of(page).claims[1].source.text == "army of Veluria"


def test_an_incident_is_corrected_value_by_value(show: Open) -> None:
    page = show(full(text=TEXT))
    correct = form(page, "i0")
    correct.get_by_role("combobox", name="Type").select_option("attack_on_civilians")
    weapons = correct.locator("fieldset", has_text="With")
    weapons.get_by_role("button", name="Remove from With").click()
    targets = correct.locator("fieldset", has_text="Against")
    targets.get_by_role("button", name="Add to Against").click()
    targets.get_by_role("textbox").last.fill("hills")
    tolls = correct.locator("fieldset", has_text="How many")
    tolls.get_by_role("combobox", name="category").first.select_option("mixed")
    tolls.get_by_role("spinbutton", name="at most").first.fill("7")
    correct.get_by_label("to", exact=True).fill("2026-03-09")
    keep(correct)
    [incident] = [incident for incident in label_of(page).incidents if incident.id == "I1"]
    assert incident.type == "attack_on_civilians"
    assert incident.weapons == []
    assert [(target.text, target.claims) for target in incident.targets][-1] == ("hills", [])
    toll = incident.casualties[0]
    assert toll.count is not None
    assert (toll.category, toll.count.min, toll.count.max) == ("mixed", 6, 7)
    assert str(incident.when[0].latest) == "2026-03-09"


def test_a_new_value_stands_in_the_claims_whose_words_hold_it(show: Open) -> None:
    page = show(full(text=TEXT))
    correct = form(page, "i1")
    correct.get_by_role("button", name="Add to Against").click()
    correct.locator("fieldset", has_text="Against").get_by_role("textbox").last.fill("town of Tavesh")
    keep(correct)
    assert [(target.text, target.claims) for target in label_of(page).incidents[1].targets] == [
        ("town of Tavesh", ["C5"])
    ]


def test_offsets_count_code_points_over_signs_of_any_kind(show: Open) -> None:
    report = hostile.report()
    page = show(report)
    correct = form(page, "c6")
    select(page, "any part")
    correct.locator("fieldset", has_text="Content").get_by_role("button", name="Use selection").click()
    keep(correct)
    [content] = json.loads(saved(page))["claims"][6]["content"]
    assert (content["start"], content["quote"]) == (hostile.TEXT.index("any part"), "any part")


def test_without_the_text_words_are_looked_up_in_what_is_quoted(show: Open) -> None:
    page = show(full())
    correct = form(page, "c1")
    correct.get_by_role("textbox", name="Source").fill("army")
    keep(correct)
    assert label_of(page).claims[1].source.text == "army"
    assert not page.get_by_role("button", name="Save the text").is_visible()


def test_the_text_is_saved_as_the_label_counts_it(show: Open) -> None:
    page = show(hostile.report())
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the text").click()
    assert download.value.path().read_bytes().decode() == hostile.TEXT
