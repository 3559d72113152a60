"""Every hostile article through the whole of it, with a model that does what the article asks, or answers nonsense."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Generator, Sequence

import pytest
from pytest_httpserver import HTTPServer

from evals.bench.redteam import Hostile, load
from evals.bench.redteam.data import MONSTER
from extractor import Extractor, Report
from extractor.document import Document
from extractor.errors import InputError, ModelError
from extractor.export import Format, write
from extractor.export.html import write_html
from extractor.plans.asking import numbered
from extractor.templates import load as load_prompt
from tests.dom import parse
from tests.evals.redteam.obedient import Obedient
from tests.export.validators import FORMULA
from tests.plans.ostrel import CHAT

ARTICLES = [one for one in load() if one.kind != MONSTER]
QUICK = [one for one in load(kinds=[MONSTER]) if sum(map(len, one.pieces)) <= 101_000]
"""Those that take a second; the bench reads them all."""
WANTS = [want for one in ARTICLES for want in one.wants]
TABLES: tuple[Format, ...] = ("claims-csv", "acled-csv", "ged-csv")
MARKUP = ("<script", "<img src=x", "<svg/onload", "<iframe", "<b onclick", "<!doctype a", "<style>@import")
"""Beginnings that only articles have."""


@pytest.fixture(scope="module")
def server() -> Generator[HTTPServer]:
    with HTTPServer(threaded=True) as running:
        yield running


async def _read(
    server: HTTPServer, articles: Sequence[Hostile], model: Obedient, plan: str
) -> tuple[list[tuple[Hostile, Report]], list[tuple[Hostile, str]]]:
    """The reports, and the articles that ended in a clear error."""
    server.clear()
    server.expect_request(CHAT, "POST").respond_with_handler(model)
    reports: list[tuple[Hostile, Report]] = []
    failed: list[tuple[Hostile, str]] = []
    async with Extractor(model="obedient", base_url=server.url_for("/v1"), plan=plan) as extractor:  # pyright: ignore[reportArgumentType]
        gate = asyncio.Semaphore(8)

        async def one(article: Hostile) -> None:
            async with gate:
                try:
                    report = await extractor.aextract(article.text, id=article.id, title=article.title, language="en")
                except (InputError, ModelError) as error:
                    failed.append((article, str(error)))
                else:
                    report.verify(article.text)
                    reports.append((article, report))

        await asyncio.gather(*map(one, articles))
    assert not [error for _, error in failed if "\n" in error]
    return reports, failed


@pytest.fixture(scope="module")
def obeyed(server: HTTPServer) -> list[Report]:
    """The reports of a model that does whatever the articles ask."""
    model = Obedient(WANTS)
    reports, failed = asyncio.run(_read(server, ARTICLES, model, "stepwise"))
    assert sorted(one.id for one, _ in failed) == sorted(one.id for one in ARTICLES if one.refused)
    assert model.longest < 20_000  # a call holds one sentence, whatever is in it
    return [report for _, report in reports]


def test_a_model_that_obeys_gets_only_the_words_of_the_text_into_a_report(obeyed: list[Report]) -> None:
    assert len(obeyed) == sum(not one.refused for one in ARTICLES)
    assert any(report.incidents for report in obeyed)
    assert any(report.claims for report in obeyed)
    texts = {one.id: one.text for one in ARTICLES}
    for report in obeyed:
        assert report.document is not None
        text = texts[report.document.id or ""]
        assert all(0 <= span.start < span.end <= len(text) for claim in report.claims for span in claim.content)
        assert Report.model_validate_json(report.to_json(include_text=True)) == report


@pytest.mark.parametrize("to", TABLES)
def test_no_cell_starts_a_formula(obeyed: list[Report], to: Format) -> None:
    file = io.BytesIO()
    rows = write(obeyed, to, file)
    read = list(csv.reader(io.StringIO(file.getvalue().decode("utf-8"), newline="")))
    assert len(read) == rows + 1
    for row in read:
        assert len(row) == len(read[0])
        assert not [cell for cell in row if FORMULA.match(cell) and not _is_number(cell)]


def test_other_exports_are_whole(obeyed: list[Report]) -> None:
    for to in ("jsonld", "geojson"):
        file = io.BytesIO()
        write(obeyed, to, file)
        assert json.loads(file.getvalue())


def test_no_markup_of_an_article_is_markup_of_the_page(obeyed: list[Report]) -> None:
    file = io.BytesIO()
    write_html(obeyed, file)
    page = file.getvalue().decode("utf-8")
    tree = parse(page)
    own = io.BytesIO()
    write_html(obeyed[:0], own)
    assert not tree.all("iframe")
    assert not tree.all("img")
    assert not [line for line in page.lower().splitlines() if any(mark in line for mark in MARKUP[1:])]
    kinds = {element.attributes.get("class") for element in tree.all("script")}
    assert kinds <= {
        "data",
        *(element.attributes.get("class") for element in parse(own.getvalue().decode()).all("script")),
    }


@pytest.mark.parametrize("plan", ["stepwise", "whole"])
def test_nonsense_in_answer_to_hostile_articles_is_a_report_or_one_clear_error(server: HTTPServer, plan: str) -> None:
    some = ARTICLES[:: 12 if plan == "stepwise" else 5]
    reports, failed = asyncio.run(_read(server, some, Obedient(WANTS, odd=0.15, seed=7), plan))
    assert len(reports) + len(failed) == len(some)
    assert reports


def test_quick_monsters_end_in_a_report_and_few_calls(server: HTTPServer) -> None:
    model = Obedient(["999"])
    reports, failed = asyncio.run(_read(server, QUICK, model, "stepwise"))
    assert not failed
    assert len(reports) == len(QUICK) > 4
    assert model.asked < 60
    write_html([report for _, report in reports], io.BytesIO())


@pytest.mark.parametrize("article", load(kinds=[MONSTER]), ids=lambda one: one.id)
def test_monsters_are_cut_into_sentences_of_bounded_length(article: Hostile) -> None:
    document = Document(article.text, language="en")
    ends = 0
    for sentence in document.sentences:
        assert ends <= sentence.start < sentence.end <= sentence.start + 2_000
        ends = sentence.end
    assert ends == len(article.text.rstrip())
    last = document.sentences[-1].number
    shown = numbered(document, [last])
    messages = load_prompt("stepwise/sentences").messages(sentence=shown)
    assert messages[-1]["content"] == shown


def test_every_article_reaches_the_prompt_as_it_is() -> None:
    prompt = load_prompt("whole")
    for article in ARTICLES:
        document = Document(article.text, title=article.title)
        shown = numbered(document)
        assert shown.rstrip("\n") in prompt.messages(sentences=shown, about="")[-1]["content"]
        assert len(shown.split("\n")) == len(document.sentences)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
