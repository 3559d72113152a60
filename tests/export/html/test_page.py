"""The page as its source: every word of a report is text in it, and all that the report says is there."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise

import pytest

from tests.dom import Element
from tests.export.articles import TEXT, full
from tests.export.html import hostile
from tests.export.html.pages import data_of, labelled, page_of, shown_text, tree_of

OURS = {
    "html", "head", "meta", "title", "link", "style", "body", "a", "nav", "button", "label", "span", "select", "main",
    "aside", "p", "progress", "section", "header", "h1", "h2", "h3", "ul", "li", "b", "article", "dl", "div", "dt",
    "dd", "bdi", "table", "caption", "thead", "tbody", "tr", "th", "td", "q", "br", "code", "mark", "i", "ol",
    "blockquote", "details", "summary", "option", "script", "page", "time",
}  # fmt: skip


def elements(tree: Element) -> list[Element]:
    return tree.all()


class TestHostile:
    @pytest.mark.parametrize("with_text", [True, False])
    def test_no_word_of_a_report_is_markup(self, with_text: bool) -> None:
        tree = tree_of(hostile.report(with_text=with_text))
        assert {element.tag for element in elements(tree)} <= OURS
        for element in elements(tree):
            assert not [name for name in element.attributes if name.startswith("on") or name in ("style", "src")]
        assert [script.attributes.get("type") for script in tree.all("script")] == [
            "application/json", "application/json", None,
        ]  # fmt: skip

    def test_no_address_leads_to_a_script(self) -> None:
        addresses = [link.attributes["href"] for link in tree_of(hostile.report()).all("a")]
        assert all(address.startswith("#") for address in addresses)
        assert [a.attributes["href"] for a in tree_of(full()).all("a", target="_blank")] == [
            "https://meridian.example/orvan"
        ]

    def test_the_data_holds_the_report_to_the_last_sign(self) -> None:
        report = hostile.report()
        [data] = data_of(tree_of(report))
        assert data["report"] == report.model_dump(mode="json")
        assert data["report"]["document"]["text"] == hostile.TEXT

    def test_a_sign_of_the_text_is_a_sign_of_the_page(self) -> None:
        [text] = shown_text(tree_of(hostile.report()))
        assert len(text) == len(hostile.TEXT)
        assert "nul␀ bell␇ esc␛ del␡" in text
        assert "one\r\ntwo\rthree\nfour\tfive" in text
        assert "\0" not in page_of(hostile.report())

    def test_signs_that_nobody_sees_are_told(self) -> None:
        notices = [notice.text for notice in tree_of(hostile.report()).all("p", class_="notice")]
        assert any("U+202E (1)" in notice and "U+0000 (1)" in notice and "U+200B (1)" in notice for notice in notices)
        assert not tree_of(labelled("tolvara-market")).all("p", class_="notice")

    def test_a_lone_surrogate_can_be_written(self) -> None:
        report = hostile.report()
        assert report.document is not None
        report.document.text = f"{hostile.TEXT} \ud800<"
        tree = tree_of(report)
        assert shown_text(tree)[0].endswith(" \N{REPLACEMENT CHARACTER}<")
        assert data_of(tree)[0]["report"]["document"]["text"] == report.document.text


class TestPolicy:
    def test_the_pages_own_script_and_style_are_let_in_and_nothing_else(self) -> None:
        page = page_of(full())
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
        assert policy is not None
        allowed = dict(part.split(" ", 1) for part in policy[1].replace("&#39;", "'").split("; "))
        assert allowed["default-src"] == "'none'"
        for element, name in (("style", "style-src"), ("script", "script-src")):
            inline = re.findall(rf"<{element}>(.*?)</{element}>", page, re.DOTALL)
            assert len(inline) == 1
            digest = base64.b64encode(hashlib.sha256(inline[0].encode()).digest()).decode()
            assert allowed[name] == f"'sha256-{digest}'"

    def test_nothing_is_fetched(self) -> None:
        for element in elements(tree_of(full(), hostile.report())):
            if element.tag != "a":
                assert element.attributes.get("href", "data:,") == "data:,"
            assert "src" not in element.attributes
        assert "url(" not in page_of(full())


class TestArticle:
    def test_the_text_is_whole_and_every_piece_tells_where_it_stands(self) -> None:
        tree = tree_of(full(text=TEXT))
        assert shown_text(tree) == [TEXT]
        paragraphs = tree.all("div", class_="paragraph")
        pieces = [e for paragraph in paragraphs for e in paragraph.children if isinstance(e, Element)]
        starts = [int(piece.attributes["data-start"]) for piece in pieces]
        assert [TEXT[a:b] for a, b in pairwise([*starts, len(TEXT)])] == [piece.text for piece in pieces]

    def test_each_claim_and_value_has_its_marks(self) -> None:
        tree = tree_of(full(text=TEXT))
        marks = tree.all("div", class_="passage")[0].all("mark")

        def words(part: str, key: str) -> str:
            found = [m for m in marks if part in m.classes and key in m.attributes["data-items"].split()]
            return "".join(mark.text for mark in found)

        assert words("content", "c3") == "We fired nothing"
        assert words("source", "c3") == "spokesman of the Front"
        assert words("cue", "c3") == "told"
        assert words("via", "c3") == "Meridian"
        assert "Orvan" in words("value", "i0")

    def test_without_the_text_all_that_is_quoted_is_shown_in_order(self) -> None:
        tree = tree_of(full())
        assert any("without the article’s text" in notice.text for notice in tree.all("p", class_="notice"))
        passages = shown_text(tree)
        assert all(passage in TEXT for passage in passages)
        assert [TEXT.index(passage) for passage in passages] == sorted(TEXT.index(passage) for passage in passages)
        for claim in full().claims:
            assert any(claim.content[0].quote in passage for passage in passages)
        [data] = data_of(tree)
        assert data["passages"] == [[TEXT.index(passage), passage] for passage in passages]

    def test_quotes_that_disagree_are_not_joined(self) -> None:
        report = full()
        report.claims[0].content[0].quote = "x" * len(report.claims[0].content[0].quote)
        assert all(passage in TEXT or set(passage) == {"x"} for passage in shown_text(tree_of(report)))


class TestParts:
    def test_a_card_says_who_where_when_how_many_and_whose_account_it_is(self) -> None:
        tree = tree_of(full(text=TEXT))
        [card] = [card for card in tree.all("article") if card.attributes["data-item"] == "i0"]
        facts = {row.all("dt")[0].text: row.all("dd")[0].text for row in card.all("div") if row.all("dt")}
        assert "Northern Front" in facts["Who"]
        assert "8 March 2026" in facts["When"]
        assert "Orvan" in facts["Where"]
        assert "Six people" in facts["How many"]
        assert "said by" in facts["How many"]
        assert [tag.text for tag in card.all("span", class_="tag")] == ["disputed"]

    def test_rival_accounts_stand_side_by_side(self) -> None:
        [table] = tree_of(full(text=TEXT)).all("table", class_="rivals")
        sides = [head.all("bdi")[0].text for head in table.all("th", scope="col")[1:]]
        rows = {
            row.all("th")[0].text.split()[0]: [
                " ".join(quote.text for quote in cell.all("q")) for cell in row.all("td")
            ]
            for row in table.all("tbody")[0].all("tr")
        }
        assert sides == ["hospital", "army of Veluria", "Northern Front"]
        assert rows["initiator"] == ["", "the Northern Front of firing the shells", "We fired nothing"]
        assert rows["casualties"][1] == "four had died"
        assert not rows["casualties"][2]

    def test_what_was_dropped_is_listed_with_the_reason(self) -> None:
        [listed] = tree_of(hostile.report()).all("details", class_="dropped")
        assert len(listed.all("tr")) == 1 + len(hostile.PAYLOADS) + 2
        assert hostile.PAYLOADS[0] in [cell.text for cell in listed.all("td")]

    def test_every_claim_and_incident_can_be_judged(self) -> None:
        report = labelled("tolvara-market")
        judged = {group.attributes["data-review"] for group in tree_of(report).all("div", class_="review")}
        wanted = {f"c{n}" for n in range(len(report.claims))} | {f"i{n}" for n in range(len(report.incidents))}
        assert judged == wanted

    def test_no_id_is_there_twice(self) -> None:
        ids = [e.attributes["id"] for e in elements(tree_of(full(), full(), hostile.report())) if "id" in e.attributes]
        assert len(ids) == len(set(ids))

    def test_an_empty_report_is_a_page(self) -> None:
        tree = tree_of(full().model_copy(update={"claims": [], "incidents": [], "disputes": [], "document": None}))
        assert "No incident was found." in tree.text
        assert "No claim was found." in tree.text
