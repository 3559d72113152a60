"""Runs replayed from what their models answered."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr
from pytest_httpserver import HTTPServer

from evals.running import Article, Choice, Gold, Manifest
from evals.running import run as run_articles
from evals.running.tape import Header, Player, Recorder
from extractor.document import Document
from extractor.errors import SettingsError, UnusableAnswer
from extractor.llm.client import Client
from extractor.llm.usage import Usage
from extractor.settings import Endpoint
from extractor.templates import prompts_folder
from extractor.testing.recording import cassette_at
from tests.evals.running.split import Model, Split, answer_of, lines, said
from tests.plans.ostrel import CHAT, completion

TESTS = Path(__file__).parents[2]
TOLVARA = TESTS.parent / "evals" / "gold" / "articles" / "tolvara-market.txt"
CASSETTE = TESTS / "plans" / "cassettes" / "test_recorded" / "test_an_article_of_the_gold_set.json"


def but_for_timings(reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [report | {"run": report["run"] | {"seconds": None}} for report in reports]


def recorded_with_a_refusal(split: Split, model: Model, named: str | None) -> Manifest:
    wrong = answer_of("Corvel")
    wrong["incidents"][0]["targets"] = ["the bazaar"]  # refused, and asked about once more
    model.before = lambda town: said(wrong) if town == "Corvel" and model.asked[town] == 1 else None
    return split.run(model=named)


@pytest.mark.parametrize("named", ["large", None])
def test_a_replay_gives_the_same_reports_with_the_server_down(tmp_path: Path, named: str | None) -> None:
    with HTTPServer(threaded=True) as server:
        model, split = Model(server), Split(tmp_path, server.url_for("/v1"))
        recorded = recorded_with_a_refusal(split, model, named)
    assert not server.is_running()
    again = split.run(tmp_path / "again", replay=split.out, concurrency=5)
    assert but_for_timings(split.reports(tmp_path / "again")) == but_for_timings(split.reports())
    assert any(report["run"]["dropped"] for report in split.reports())
    assert (again.model, again.plan, again.reports, again.failed) == ("large", "whole", 6, 0)
    assert again.settings.replayed is not None
    assert again.totals.model_copy(update={"seconds": 0.0}) == recorded.totals.model_copy(update={"seconds": 0.0})
    whole = split.run(tmp_path / "third", replay=split.out / "answers", limit=2)
    assert whole.reports == 2


def test_a_replay_works_out_anew_what_code_does(split: Split, model: Model, tmp_path: Path) -> None:
    split.run(limit=1)
    label = split.gold / "labels" / "almora.json"
    label.write_text(label.read_text().replace('"2026-03-10"', '"2026-03-24"'))
    model.asked.clear()
    whole = split.run(tmp_path / "again", replay=split.out, limit=1)
    assert (whole.failed, dict(model.asked)) == (1, {}), "another date is shown to the model: another request"
    (error,) = lines(tmp_path / "again", "errors.jsonl")
    assert error["id"] == "almora"
    assert "a request of almora (for Report) was not recorded: its text, prompts, schema or plan" in error["error"]


def test_an_article_that_was_not_recorded_is_named(split: Split, tmp_path: Path) -> None:
    split.run(limit=2)
    whole = split.run(tmp_path / "again", replay=split.out, limit=3)
    assert (whole.reports, whole.failed) == (2, 1)
    (error,) = lines(tmp_path / "again", "errors.jsonl")
    assert error["id"] == "corvel"
    assert error["error"].startswith("nothing was recorded of corvel: ")


def test_the_plan_that_was_recorded_is_taken(split: Split, model: Model, tmp_path: Path) -> None:
    model.server.clear()
    model.server.expect_request(CHAT).respond_with_json(completion({"incidents": [], "claims": []}))
    recorded = split.run(plan="stepwise", limit=1)
    assert recorded.plan == "stepwise"
    again = split.run(tmp_path / "again", replay=split.out, limit=1)
    assert again.plan == "stepwise"
    assert but_for_timings(split.reports(tmp_path / "again")) == but_for_timings(split.reports())


def test_a_prompt_file_must_be_named_again(split: Split, tmp_path: Path) -> None:
    file = tmp_path / "mine.md"
    file.write_text((prompts_folder() / "whole.md").read_text().replace("name: whole\n", "name: mine\n"))
    file.with_name("whole.examples.md").write_text((prompts_folder() / "whole.examples.md").read_text())
    recorded = split.run(limit=1, prompt=str(file))
    assert recorded.settings.prompt
    assert recorded.settings.prompt.name == "mine"
    with pytest.raises(
        SettingsError, match=r"was recorded with a prompt file \(sha256 \w{12}\): name it with --prompt"
    ):
        split.run(tmp_path / "again", replay=split.out, limit=1)
    again = split.run(tmp_path / "again", replay=split.out, limit=1, prompt=str(file))
    assert (again.reports, again.settings.prompt) == (1, recorded.settings.prompt)


def test_a_run_is_not_replayed_onto_itself(split: Split) -> None:
    split.run(limit=1)
    with pytest.raises(SettingsError, match="is the run that is to be replayed: name another"):
        split.run(replay=split.out, restart=True)
    assert split.ids() == ["almora"]


def test_a_replay_asks_no_other_model(split: Split, tmp_path: Path) -> None:
    split.run(limit=1)
    with pytest.raises(SettingsError, match="leave --model and --base-url out"):
        run_articles([], tmp_path / "again", gold=Gold.of("all", []), choice=Choice(model="embedded", replay=split.out))


def test_answers_are_small_and_readable(split: Split) -> None:
    split.run(limit=1)
    answers = split.out / "answers"
    assert json.loads((answers / "recorded.json").read_text()) == {
        "model": "large", "kind": "server", "plan": None, "prompt": None, "prompt_sha256": None,
    }  # fmt: skip
    (line,) = lines(answers, "almora.jsonl")
    assert line.keys() == {"request", "form", "answer"}
    assert line["form"] == "Report"
    assert json.loads(line["answer"]["choices"][0]["message"]["content"]) == answer_of("Almora")
    assert (answers / "almora.jsonl").stat().st_size < 3_000


def test_the_embedded_models_answers_to_a_whole_article_are_replayed(tmp_path: Path) -> None:
    text = TOLVARA.read_text(encoding="utf-8")
    article = Article("tolvara-market", text, date=Document(text, date=None).date)
    gold = Gold(split="all", articles=1, sha256="0" * 64)
    with cassette_at(CASSETTE) as cassette:
        choice = Choice(model=cassette.model, base_url=cassette.base_url, plan="stepwise")
        live = run_articles([article], tmp_path / "live", gold=gold, choice=choice, quiet=True)
    again = run_articles([article], tmp_path / "again", gold=gold, choice=Choice(replay=tmp_path / "live"), quiet=True)
    assert (live.failed, again.failed) == (0, 0)
    assert live.totals.calls > 10
    first, second = (but_for_timings(lines(tmp_path / name, "reports.jsonl")) for name in ("live", "again"))
    assert first == second


class Word(BaseModel):
    word: str


def tape_of(folder: Path, kind: Any) -> Recorder:
    return Recorder(folder, lambda model: Header(model=model, kind=kind, plan=None, prompt=None, prompt_sha256=None))


async def ask(endpoint: Endpoint, tape: Any, *, article: str = "a/b: c?") -> tuple[list[str], Usage]:
    """Three answers, the last two to the same words."""
    usage = Usage()
    words: list[str] = []
    async with Client(endpoint, tape=tape) as client:
        with tape.article(article):
            for text in ("Homs", "Idlib", "Idlib"):
                reply = await client.ask([{"role": "user", "content": text}], Word, usage=usage)
                words.append(reply.value.word if reply.value else reply.text)
    return words, usage


@pytest.mark.parametrize("kind", ["embedded", "openai", "server"])
async def test_what_is_asked_twice_is_answered_in_turn_and_costs_the_same(
    httpserver: HTTPServer, tmp_path: Path, kind: Any
) -> None:
    for word in ("one", "two 🔥", "three"):
        httpserver.expect_ordered_request(CHAT).respond_with_json(completion({"word": word}))
    endpoint = Endpoint("gpt-4.1-nano", httpserver.url_for("/v1"), SecretStr("the-key"), kind)
    live, spent = await ask(endpoint, tape_of(tmp_path, kind))
    player = Player(tmp_path)
    httpserver.clear()
    again, told = await ask(player.endpoint, player)
    assert again == live
    assert (told.calls, told.input_tokens, told.cached_tokens, told.cost_usd) == (3, 300, 180, spent.cost_usd)
    assert (spent.cost_usd is None) == (kind == "server")


@pytest.mark.parametrize("body", ["<p>busy", "[1]", '{"choices": [], "error": "caf\\ud83d"}', '{"choices": [7]}'])
async def test_an_answer_that_is_none_fails_the_same_way(httpserver: HTTPServer, tmp_path: Path, body: str) -> None:
    httpserver.expect_request(CHAT).respond_with_data(body)
    with pytest.raises(UnusableAnswer) as live:
        await ask(
            Endpoint("m", httpserver.url_for("/v1"), SecretStr("the-key"), "embedded"), tape_of(tmp_path, "embedded")
        )
    httpserver.clear()
    player = Player(tmp_path)
    with pytest.raises(UnusableAnswer) as again:
        await ask(player.endpoint, player)
    assert str(again.value)[:60] == str(live.value)[:60]
