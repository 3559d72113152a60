"""The page of dossiers: what it says of an event, and a reader's verdicts on its links."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page
from typer.testing import CliRunner, Result

from evals.bench.linking import GOLD_EVENTS, load
from extractor.cli import app
from extractor.dossiers import Dossier, link
from tests.dom import Element
from tests.dossiers.reports import incident, report
from tests.export.articles import full
from tests.export.html import hostile
from tests.export.html.conftest import Open
from tests.export.html.events import arabic, event, events, shelling
from tests.export.html.pages import data_of, page_of, tree_of
from tests.export.html.test_articles import heard, untouched
from tests.export.html.test_page import OURS

LINES = "".join(f"{one.to_json()}\n" for one in events())


def section(tree: Element, name: str) -> Element:
    [found] = tree.all("section", **{"aria-labelledby": f"r0-{name}"})
    return found


def told(element: Element) -> str:
    return " ".join(element.text.split())


class TestWhatItSays:
    def test_what_where_and_when_come_first(self) -> None:
        [top] = tree_of(shelling()).all("header", class_="top")
        assert told(top.all("h1")[0]) == "Shelling or missile, Sarveth"
        assert "6 April 2026" in top.text
        assert [told(one) for one in top.all("li")] == [
            "9–14 killed, as the accounts have it", "4 articles", "3 independent sources", "4 sides speak",
            "3 disputes",
        ]  # fmt: skip

    def test_the_accounts_of_each_side_stand_with_their_articles(self) -> None:
        accounts = section(tree_of(shelling()), "accounts").all("article")
        assert [told(one.all("h3")[0])[2:] for one in accounts] == [
            account.name for account in shelling().parties if account.claims
        ]
        army = told(accounts[1])
        assert "Colonel Tavo Renn denies" in army
        assert "Our artillery did not fire a single round" in army
        assert "Karsian State Radio, 8 April 2026" in army

    def test_what_is_reprinted_is_told_once_and_said_to_be(self) -> None:
        mayor = section(tree_of(shelling()), "accounts").all("article")[0]
        assert len(mayor.all("blockquote")) == 3
        assert told(mayor.all("p", class_="soft")[0]) == "2 articles, 1 independent source"
        assert all(
            "Harbour Courier" in one.text and "Lowland Press Agency" in one.text and "reprinted" in one.text
            for one in mayor.all("li")[:3]
        )

    def test_articles_of_one_source_stand_in_one_box_with_the_reason(self) -> None:
        boxes = section(tree_of(shelling()), "sources-name").all("li", class_="origin")
        assert [len(box.all("b")) for box in boxes] == [2, 1, 1]
        assert "2 articles, counted once" in boxes[0].text
        assert "100% of the shorter telling stands in the other too" in boxes[0].text

    def test_all_versions_of_a_conflict_stay_visible(self) -> None:
        differ = section(tree_of(shelling()), "differ")
        versions = {
            told(one.all("h3")[0]): [told(value) for value in one.all("p", class_="value")]
            for one in differ.all("div", class_="conflict")
        }
        assert versions == {
            "Who did it 3 versions": ["Karsian army", "Karsian guns", "fighters of the River Brigade"],
            "How many were killed 2 versions": ["9", "14 or more"],
        }
        assert [told(row.all("th")[0]) for row in differ.all("tbody")[0].all("tr")] == [
            "initiator both cannot be true", "casualties rival accounts", "initiator rival accounts",
        ]  # fmt: skip

    def test_the_toll_is_drawn_and_told_in_a_table(self) -> None:
        tolls = section(tree_of(shelling()), "tolls")
        rows = [[told(cell) for cell in row.all("td")] for row in tolls.all("tbody")[0].all("tr")]
        assert [(row[0][2:], row[1]) for row in rows] == [
            ("Mayor Ilda Brenko", "9"), ("Mayor Ilda Brenko", "9"), ("regional hospital", "14+"),
        ]  # fmt: skip
        assert [one.text for one in tolls.all("text", class_="number")] == ["9", "14+"]
        assert [one.text for one in tolls.all("text", class_="day")] == ["7 Apr", "9 Apr"]

    def test_ranges_and_open_numbers_stay_in_the_drawing(self) -> None:
        dated = ("2026-03-03", "2026-03-04", "2026-03-05", "2026-03-09")
        bounds = ((3, 8), (10, None), (None, 40), (12, 12))
        tellings = [
            report(str(n), incident(killed=killed), date=date)
            for n, (killed, date) in enumerate(zip(bounds, dated, strict=True))
        ]
        [dossier] = link(tellings)
        [drawing] = [svg for svg in tree_of(dossier).all("svg") if svg.all("title")]
        assert [one.text for one in drawing.all("text", class_="number")] == ["3–8", "10+", "≤ 40", "12"]
        height = float(drawing.attributes["height"])
        for one in drawing.all():
            for name in ("y", "y1", "y2", "cy"):
                assert 0 <= float(one.attributes.get(name, 1)) <= height

    def test_links_tell_their_scores_and_reasons(self) -> None:
        links = section(tree_of(shelling()), "links").all("li", class_="link")
        for shown, held in zip(links, shelling().links, strict=False):
            assert told(shown.all("b")[0]) == f"{held.score:g}"
            [reasons] = shown.all("ul", class_="reasons")
            assert [one.all("bdi")[0].text for one in reasons.all("li")] == held.agree + held.differ + held.open
            assert len(shown.all("blockquote")) == 2

    def test_an_incident_alone_says_why(self) -> None:
        alone = arabic().alone
        assert alone
        assert alone in section(tree_of(arabic()), "links").text

    def test_every_address_leads_somewhere_and_no_id_is_used_twice(self) -> None:
        tree = tree_of(*events(), hostile.dossier(shelling()))
        ids = [one.attributes["id"] for one in tree.all() if "id" in one.attributes]
        assert len(ids) == len(set(ids))
        wanted = {one.attributes["href"] for one in tree.all("a")}
        assert all(one.startswith("#") and one[1:] in ids for one in wanted)


class TestHostile:
    def test_no_word_of_a_dossier_is_markup(self) -> None:
        tree = tree_of(hostile.dossier(shelling()))
        assert {one.tag for one in tree.all()} <= OURS | {
            "svg",
            "line",
            "rect",
            "circle",
            "text",
            "g",
            "figure",
            "figcaption",
        }
        for one in tree.all():
            assert not [name for name in one.attributes if name.startswith("on") or name in ("style", "src")]
        [data] = data_of(tree)
        assert data["links"] == [[list(one.a), list(one.b)] for one in hostile.dossier(shelling()).links]

    def test_nothing_is_fetched(self) -> None:
        assert "url(" not in page_of(shelling())

    def test_no_script_of_a_dossier_runs(self, show: Open) -> None:
        page = show(hostile.dossier(shelling()), shelling())
        assert untouched(page)
        assert heard(page) == []


def press(page: Page, item: str, verdict: str) -> None:
    page.locator(f"#r0-{item}").get_by_role("button", name=verdict, exact=True).click()


def saved(page: Page) -> str:
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the events").click()
    return download.value.path().read_text(encoding="utf-8")


class TestReview:
    def test_what_is_saved_are_the_events_as_the_gold_set_holds_them(self, show: Open, tmp_path: Path) -> None:
        page = show(*events())
        folder = tmp_path / "gold-events"
        shutil.copytree(GOLD_EVENTS, folder)
        index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        dev = {name: entry for name, entry in index.items() if entry["split"] == "dev"}
        (folder / "index.json").write_text(json.dumps(dev), encoding="utf-8")
        (folder / "events.json").write_text(saved(page), encoding="utf-8")
        assert load(folder).events == {
            one.id: sorted((each.document, each.incident) for each in one.incidents) for one in events()
        }

    def test_a_rejected_link_parts_the_event(self, show: Open) -> None:
        page = show(shelling())
        assert page.locator(".saving [role=status]").text_content() == "0 of 3 links checked · one event"
        press(page, "l0", "Accept")
        press(page, "l2", "Reject")
        assert page.locator(".saving [role=status]").text_content() == "2 of 3 links checked · 2 events"
        name = shelling().id
        assert json.loads(saved(page)) == {
            f"{name}/1": [["sarveth-courier", "I1"], ["sarveth-ministry", "I1"], ["sarveth-wire", "I1"]],
            f"{name}/2": [["sarveth-hospital", "I1"]],
        }
        press(page, "l2", "Reject")
        assert list(json.loads(saved(page))) == [name]

    def test_links_are_judged_by_keys_alone(self, show: Open) -> None:
        page = show(shelling())
        page.locator("#r0-l0").get_by_role("button", name="Accept").focus()
        for key in "arjrjc":
            page.keyboard.press(key)
        assert page.evaluate("[...stateOf(current).verdicts]") == [["l0", "rejected"], ["l1", "rejected"]]

    @pytest.mark.parametrize(("width", "colours"), [(1280, "light"), (390, "dark")])
    def test_axe_finds_no_serious_fault(self, show: Open, width: int, colours: str) -> None:
        page = show(shelling(), width=width, color_scheme=colours)
        for details in page.locator("details").all():
            details.evaluate("(one) => { one.open = true; }")
        press(page, "l0", "Accept")
        press(page, "l1", "Reject")
        assert heard(page) == []


def show_command(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["show", *map(str, arguments)], input=stdin)


class TestCommand:
    def test_dossiers_are_known_by_what_they_hold(self, tmp_path: Path) -> None:
        page = tmp_path / "page.html"
        result = show_command("-", "-o", page, stdin=LINES.encode())
        assert (result.exit_code, result.stderr) == (0, f"{len(events())} dossiers\n")
        assert page.read_text(encoding="utf-8") == page_of(*events())
        listed = show_command("-", stdin=f"[{','.join(LINES.splitlines())}]".encode())
        assert listed.stdout == page_of(*events())

    @pytest.mark.parametrize(
        ("text", "says"),
        [
            (f"{LINES}{full().to_json(indent=None)}\n", f"line {len(events()) + 1}: a report among dossiers"),
            (f"{full().to_json(indent=None)}\n{LINES}", "line 2: a dossier among reports"),
            ('{"dumar/dumar": [["dumar-agency", "I1"]]}\n', "line 1: this is neither a report"),
            ('{"dossier_version": "1.0"}\n', "line 1: this is no dossier: id: Field required"),
            (f"{LINES}{{broken\n", f"line {len(events()) + 1}: this is no dossier: Invalid JSON"),
            ("\n", "holds no report and no dossier"),
        ],
    )
    def test_what_cannot_be_shown_is_refused_in_one_line(self, text: str, says: str) -> None:
        result = show_command("-", stdin=text.encode())
        assert result.exit_code == 2
        [line] = result.stderr.splitlines()
        assert says in line


def test_a_dossier_is_read_as_it_was_written() -> None:
    for one in events():
        assert Dossier.model_validate_json(one.to_json()) == one
    assert event("sarveth-wire") == shelling()
