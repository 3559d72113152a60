"""Runs over a corpus: what is written, what is asked, and what is never asked twice."""

import asyncio
import json
import sqlite3
import time
from pathlib import Path

import pytest
from filelock import FileLock

from evals.bench.stub import LONGEST, Reply, Stub
from extractor import Report
from extractor.corpus import Budget, Choice
from extractor.errors import InputError, KeyRefused, ModelError, QuotaUsedUp, SettingsError
from extractor.llm.limits import RateLimits
from tests.corpus.world import DATE, Attack, Model, World, but_for_timings, record, refusal, text_of, towns

A, B, C = record("Almora"), record("Brenta"), record("Corvel")


class TestAWholeRun:
    def test_reports_stand_in_the_order_of_the_corpus(self, world: World, model: Model) -> None:
        world.write(A, B, C)
        model.before = lambda town: Reply({"place": "Almora", "weapon": "Shells"}, 0.1) if town == "almora" else None
        summary = world.run()
        assert world.ids() == ["almora", "brenta", "corvel"]
        assert summary.complete
        assert (summary.counts.done, summary.settled, summary.paid.calls) == (3, 3, 3)
        assert world.errors() == []

    def test_a_report_of_the_projects_own_schema(self, world: World, model: Model) -> None:
        said = {"actors": [{"kind": "state_forces", "mentions": ["The army"]}], "incidents": [], "claims": []}
        model.before = lambda _: Reply(said)
        world.write(A | {"title": "Shells", "publisher": "Nordbote", "language": "en", "desk": {"name": "war"}})
        world.run(choice=Choice("large", world.choice.base_url), include_text=True)
        (line,) = (world.out / "reports.jsonl").read_text().splitlines()
        report = Report.model_validate_json(line)
        assert report.document
        known = report.document.model_dump(include={"id", "title", "publisher", "language", "extra", "text"})
        assert known == {
            "id": "almora",
            "title": "Shells",
            "publisher": "Nordbote",
            "language": "en",
            "extra": {"desk": {"name": "war"}},
            "text": text_of("Almora"),
        }
        assert str(report.document.date) == DATE

    def test_a_slow_call_holds_up_nobody(self, world: World, model: Model, server: Stub) -> None:
        world.write(*map(record, towns(40)))
        answered: set[str] = set()

        def others_are_done() -> bool:
            return server.under_way == 1 and len(model.asked) == 40

        def held(town: str) -> Reply:
            if town == "town0":
                return Reply({"place": "Town0", "weapon": "Shells"}, until=others_are_done)
            answered.add(town)
            return Reply({"place": town.capitalize(), "weapon": "Shells"}, 0.01)

        model.before = held
        summary = world.run(concurrency=4)
        assert len(answered) == 39
        assert summary.complete
        assert summary.seconds < LONGEST, "else it was the slow one that the others waited for"
        assert server.most_under_way == 4
        assert world.ids() == [town.lower() for town in towns(40)]

    def test_failures_are_listed_and_the_others_are_not_held_up(self, world: World, model: Model) -> None:
        world.write(A, B, C)
        model.before = lambda town: refusal(400, "too odd") if town == "brenta" else None
        summary = world.run()
        assert world.ids() == ["almora", "corvel"]
        assert not summary.complete
        (error,) = world.errors()
        assert (error["id"], error["line"], error["kind"]) == ("brenta", 2, "RequestRefused")
        assert "too odd" in error["error"]

    def test_what_is_no_article_is_listed_with_its_line(self, world: World) -> None:
        world.write("not json", A, "", record("Almora", date="x"), B | {"date": "19 June"}, '{"id": "c"}', A, "[1]")
        summary = world.run()
        assert world.ids() == ["almora"]
        assert (summary.counts.bad, summary.counts.duplicates) == (5, 1)
        said = [(error["line"], error["id"], error["kind"]) for error in world.errors()]
        bad = "InputError"
        assert said == [
            (1, None, bad), (4, "almora", bad), (5, "brenta", bad), (6, "c", bad), (7, "almora", "Duplicate"),
            (8, None, bad),
        ]  # fmt: skip
        assert "the id is that of line 2 too" in world.errors()[4]["error"]

    def test_a_corpus_with_no_article_is_refused_with_the_reason(self, world: World) -> None:
        world.write({"name": "almora", "text": text_of("Almora")})
        with pytest.raises(InputError, match=r"holds no article: line 1: there is no 'id': .* --id-column"):
            world.run()


class TestGoingOn:
    def test_nothing_that_is_finished_is_asked_again(self, world: World, model: Model) -> None:
        world.write(A, B)
        world.run()
        before = (world.out / "reports.jsonl").read_bytes()
        summary = world.run()
        assert model.asked == {"almora": 1, "brenta": 1}
        assert (summary.settled, summary.paid.calls) == (0, 0)
        assert (world.out / "reports.jsonl").read_bytes() == before

    def test_a_corpus_that_grew_and_was_put_in_another_order(self, world: World, model: Model) -> None:
        world.write(A, B)
        world.run()
        world.write(C, B, A)
        world.run()
        assert world.ids() == ["corvel", "brenta", "almora"]
        assert model.asked == {"almora": 1, "brenta": 1, "corvel": 1}

    def test_an_article_that_changed_is_extracted_anew(self, world: World, model: Model) -> None:
        world.write(A, B)
        world.run()
        changed = A | {"text": "Late on Monday: " + text_of("Almora")}
        world.write(changed, B)
        summary = world.run()
        assert model.asked == {"almora": 2, "brenta": 1}
        assert world.reports()[0]["document"]["characters"] == len(changed["text"])
        assert summary.complete
        world.write(changed | {"date": "2026-03-11"}, B)
        world.run()
        assert model.asked == {"almora": 3, "brenta": 1}

    def test_what_left_the_corpus_leaves_the_reports_and_comes_back_for_nothing(
        self, world: World, model: Model
    ) -> None:
        world.write(A, B)
        world.run()
        world.write(B)
        assert world.run().counts.gone == 1
        assert world.ids() == ["brenta"]
        world.write(A, B)
        world.run()
        assert world.ids() == ["almora", "brenta"]
        assert model.asked == {"almora": 1, "brenta": 1}

    def test_failures_are_tried_again_only_when_asked_for(self, world: World, model: Model) -> None:
        world.write(A, B)
        model.before = lambda town: refusal(400) if town == "almora" else None
        world.run()
        world.run()
        assert model.asked == {"almora": 1, "brenta": 1}
        model.before = lambda _: None
        summary = world.run(retry_failed=True)
        assert model.asked == {"almora": 2, "brenta": 1}
        assert world.ids() == ["almora", "brenta"]
        assert summary.complete
        assert world.errors() == []

    def test_other_settings_are_refused_and_named(self, world: World, model: Model) -> None:
        world.write(A)
        world.run()
        base = world.choice.base_url
        for choice, said in (
            (Choice("larger", base, schema=Attack), r"model \(was large, is larger\)"),
            (Choice("large", base), r"schema \(was \w{12}, is \w{12}\)"),
            (Choice("large", base, schema=Attack, prompt="List it."), r"prompt \(was not given, is \w{12}\)"),
        ):
            with pytest.raises(SettingsError, match=f"begun with other settings: {said}; .*--restart"):
                world.run(choice=choice)
        with pytest.raises(SettingsError, match=r"--include-text \(was not given, is given\)"):
            world.run(include_text=True)
        assert model.asked == {"almora": 1}
        world.run(include_text=True, restart=True)
        assert world.reports()[0]["document"]["text"] == A["text"]

    def test_a_server_that_offers_another_model_by_now(self, world: World, server: Stub) -> None:
        world.write(A)
        unnamed = Choice(None, world.choice.base_url, schema=Attack)
        world.run(choice=unnamed)
        with sqlite3.connect(world.out / "journal.sqlite") as db:
            db.execute("UPDATE settings SET value = '\"other\"' WHERE name = 'answered by'")
        db.close()
        world.write(A, B)
        with pytest.raises(SettingsError, match=r"the server offers stub now, but .* was begun with other"):
            world.run(choice=unnamed)
        assert world.ids() == ["almora"]
        assert server.port

    def test_two_runs_at_once_are_refused(self, world: World) -> None:
        world.write(A)
        world.out.mkdir()
        with FileLock(world.out / ".lock"), pytest.raises(SettingsError, match="is in use: another run"):
            world.run()

    def test_a_folder_of_something_else_is_left_alone(self, world: World) -> None:
        world.write(A)
        world.out.mkdir()
        (world.out / "thesis.txt").write_text("mine")
        for restart in (False, True):
            with pytest.raises(SettingsError, match="is not empty, and no run's folder"):
                world.run(restart=restart)
        assert (world.out / "thesis.txt").read_text() == "mine"

    def test_a_journal_that_is_none(self, world: World) -> None:
        world.write(A)
        world.out.mkdir()
        (world.out / "journal.sqlite").write_text("no database at all, but words " * 100)
        with pytest.raises(SettingsError, match="is no journal, or damaged"):
            world.run()
        world.run(restart=True)
        assert world.ids() == ["almora"]


class TestCache:
    def test_a_run_repeated_elsewhere_costs_nothing_and_gives_the_same(
        self, world: World, model: Model, tmp_path: Path
    ) -> None:
        world.write(A, B)
        world.run(cache=True)
        summary = world.run(tmp_path / "again", cache=True)
        assert model.asked == {"almora": 1, "brenta": 1}
        assert (summary.paid.calls, summary.paid.input_tokens, summary.served) == (0, 0, 2)
        assert but_for_timings(world.reports(tmp_path / "again")) == but_for_timings(world.reports())
        world.run(tmp_path / "third", cache=False)
        assert model.asked == {"almora": 2, "brenta": 2}

    def test_another_model_server_or_prompt_is_asked(self, world: World, model: Model, tmp_path: Path) -> None:
        world.write(A)
        world.run(cache=True)
        base = world.choice.base_url or ""
        others = (
            Choice("larger", base, schema=Attack),
            Choice("large", base.replace("127.0.0.1", "localhost"), schema=Attack),
            Choice("large", base, schema=Attack, prompt="List it."),
        )
        for number, choice in enumerate(others):
            world.run(tmp_path / str(number), choice=choice, cache=True)
        assert model.asked == {"almora": 4}

    def test_the_answers_of_an_article_that_failed_are_not_kept(self, world: World, model: Model) -> None:
        world.write(A)
        model.before = lambda _: Reply("no JSON at all")
        assert world.run(cache=True).counts.failed == 1
        model.before = lambda _: None
        assert world.run(cache=True, retry_failed=True).complete


class TestBudget:
    def test_tokens(self, world: World, model: Model) -> None:
        world.write(*map(record, towns(30)))
        summary = world.run(budget=Budget(max_tokens=1_200))
        assert summary.stopped == "budget"
        assert sum(model.asked.values()) == 10, "each takes 120"
        assert world.ids() == [town.lower() for town in towns(10)]
        assert summary.counts.left == 20
        assert world.run(budget=Budget(max_tokens=1_200)).settled == 0, "it holds for all runs together"
        assert world.run(budget=Budget(max_tokens=2_400)).settled == 10
        assert world.run().complete

    def test_what_failed_counts_too(self, world: World, model: Model) -> None:
        world.write(*map(record, towns(30)))
        model.before = lambda _: Reply("no JSON at all")
        summary = world.run(budget=Budget(max_tokens=1_200))
        assert summary.counts.failed == 5, "each was asked twice"

    def test_dollars_need_a_price(self, world: World) -> None:
        world.write(A)
        with pytest.raises(
            SettingsError, match=r"the price of large at http://127.0.0.1:\d+ is not known; use --max-t"
        ):
            world.run(budget=Budget(max_cost=1))
        assert not world.out.exists()


class TestTheServer:
    def test_a_refused_key_ends_the_run_and_fails_no_article(self, world: World, model: Model) -> None:
        world.write(*map(record, towns(30)))
        model.before = lambda _: refusal(401) if model.asked.total() > 10 else None
        with pytest.raises(KeyRefused):
            world.run(concurrency=2)
        assert model.asked.total() <= 12
        assert len(world.ids()) == 10, "what was done is written"
        model.before = lambda _: None
        assert world.run().settled == 20

    def test_a_used_up_quota_ends_the_run(self, world: World, model: Model) -> None:
        world.write(*map(record, towns(30)))
        model.before = lambda _: refusal(429, code="insufficient_quota")
        with pytest.raises(QuotaUsedUp):
            world.run(concurrency=2)
        assert model.asked.total() == 2
        assert world.errors() == []

    def test_a_server_that_refuses_everything_is_not_asked_a_million_times(self, world: World, model: Model) -> None:
        world.write(*map(record, towns(100)))
        model.before = lambda _: refusal(404)
        with pytest.raises(ModelError, match="20 articles failed one after another, so the run was stopped"):
            world.run(concurrency=2)
        assert len(world.errors()) <= 22

    def test_429s_lose_no_article_however_many(self, world: World, model: Model) -> None:
        world.write(*map(record, towns(12)))
        refused = 0

        def limited(town: str) -> Reply | None:
            nonlocal refused
            if model.asked[town] <= 8:
                refused += 1
                return refusal(429, retry_after_ms="1")
            return None

        model.before = limited
        summary = world.run(concurrency=4, limits=hurried())
        assert summary.complete
        assert refused == 96
        assert summary.paid.retries == 96

    def test_requests_a_minute(self, world: World) -> None:
        world.write(*map(record, towns(30)))
        began = time.monotonic()
        world.run(concurrency=16, limits=RateLimits(requests_per_minute=1_200))
        assert time.monotonic() - began >= 0.4, "20 a second, one second's worth at once"

    def test_errors_that_pass(self, world: World, model: Model) -> None:
        world.write(A, B)
        model.before = lambda town: Reply(drop=True) if model.asked[town] == 1 else None
        assert world.run().complete
        assert model.asked == {"almora": 2, "brenta": 2}


def hurried() -> RateLimits:
    """Limits whose waits take no time: their clock is put forward instead."""
    forward = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal forward
        forward += seconds
        await asyncio.sleep(0)

    return RateLimits(clock=lambda: time.monotonic() + forward, sleep=sleep)


def test_the_journal_can_be_read_by_others(world: World) -> None:
    world.write(A)
    world.run()
    db = sqlite3.connect(world.out / "journal.sqlite")
    (report,) = db.execute("SELECT report FROM articles").fetchone()
    db.close()
    assert json.loads(report)["document"]["id"] == "almora"
