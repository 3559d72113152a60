"""Runs through a Batch API: what is handed in, what comes back, and what is handed in again."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from evals.bench.batch_stub import BatchStub, Fate, Told
from evals.bench.stub import Reply, serving
from extractor.corpus import Batching, Budget, Choice, Summary
from extractor.errors import ConnectionFailed, KeyRefused, ModelError, QuotaUsedUp, RequestRefused, SettingsError
from extractor.settings import Endpoint
from tests.corpus.world import Attack, Model, World, but_for_timings, record, refusal, towns

SOON = Batching(poll=0.01)


@pytest.fixture
def server() -> Generator[BatchStub]:
    with serving(Model(), BatchStub) as stub:
        yield stub


def run(world: World, **options: Any) -> Summary:
    options.setdefault("batch", SOON)
    return world.run(**options)


def times(call: str, server: BatchStub) -> int:
    return server.calls.count(call)


def test_a_corpus_goes_through_one_batch(world: World, model: Model, server: BatchStub) -> None:
    world.write(*map(record, towns(30)))
    summary = run(world)
    assert world.ids() == [town.lower() for town in towns(30)]
    assert [report["data"]["place"]["text"] for report in world.reports()] == towns(30)
    assert (summary.complete, summary.paid.calls, summary.paid.retries) == (True, 30, 0)
    assert (summary.paid.input_tokens, summary.paid.output_tokens) == (3000, 600)
    assert set(model.asked.values()) == {1}
    assert times("POST batches", server) == 1
    assert server.files == {}, "no article stays there"
    assert run(world).paid.calls == 0
    assert times("POST batches", server) == 1
    assert {path.name for path in world.out.iterdir()} == {".lock", "errors.jsonl", "journal.sqlite", "reports.jsonl"}


def test_the_reports_are_those_of_a_run_without_batches(world: World, tmp_path: Path) -> None:
    world.write(*map(record, towns(3)))
    run(world)
    world.run(tmp_path / "at once")
    assert but_for_timings(world.reports()) == but_for_timings(world.reports(tmp_path / "at once"))


def test_it_is_paid_at_the_price_of_batches(
    world: World, server: BatchStub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world.write(*map(record, towns(2)))
    openai = Endpoint("gpt-4.1-mini", server.base_url, SecretStr("k"), "openai")

    def at_openai(*_: str | None) -> Endpoint:
        return openai

    monkeypatch.setattr("extractor.corpus.settings.resolve", at_openai)
    monkeypatch.setattr("extractor.extraction.resolve", at_openai)
    choice = Choice("openai/gpt-4.1-mini", schema=Attack)

    def named(town: str) -> Reply:
        message = {"role": "assistant", "content": json.dumps({"place": town.capitalize(), "weapon": "Shells"})}
        usage = {"prompt_tokens": 1_000_000, "completion_tokens": 100_000}
        said = {"model": openai.model, "choices": [{"finish_reason": "stop", "message": message}], "usage": usage}
        return Reply(body=json.dumps(said).encode())

    world.model.before = named
    assert world.run(tmp_path / "at once", choice=choice).paid.cost_usd == pytest.approx(2 * 0.56)
    summary = run(world, choice=choice, budget=Budget(max_cost=1))
    assert summary.paid.cost_usd == pytest.approx(2 * 0.28)
    assert [report["run"]["cost_usd"] for report in world.reports()] == pytest.approx([0.28, 0.28])


def test_one_batch_holds_no_more_than_it_may(world: World, model: Model, server: BatchStub) -> None:
    world.write(*map(record, towns(7)))
    server.most_requests = 3
    summary = run(world, batch=Batching(0.01, most_requests=3))
    assert (summary.complete, times("POST batches", server)) == (True, 3)
    sizes = [len(json.dumps(job.requests)) for job in server.jobs.values()]
    server.most_bytes = longest = sizes[0] * 2 // 3
    summary = run(world, restart=True, batch=Batching(0.01, most_bytes=longest))
    assert (summary.complete, times("POST batches", server) > 6) == (True, True)
    assert set(model.asked.values()) == {2}


def test_an_article_that_no_batch_could_hold_fails_alone(world: World) -> None:
    world.write(record("Almora"), record("Brenta") | {"text": record("Brenta")["text"] + " It rained." * 2000})
    run(world, batch=Batching(0.01, most_bytes=10_000))
    assert world.ids() == ["almora"]
    assert "more than the 10,000 that a batch may have" in world.errors()[0]["error"]


def test_second_questions_go_into_a_second_batch(world: World, model: Model, server: BatchStub) -> None:
    world.write(*map(record, towns(4)))
    asked: list[str] = []

    def wrong_at_first(town: str) -> Reply | None:
        asked.append(town)
        if town == "town1" and asked.count(town) == 1:
            return Reply("words")  # no JSON: asked again
        return None

    model.before = wrong_at_first
    summary = run(world)
    assert [report["data"]["place"]["text"] for report in world.reports()] == towns(4)
    assert times("POST batches", server) == 2
    assert [report["run"]["calls"] for report in world.reports()] == [1, 2, 1, 1]
    assert summary.paid.calls == 5
    assert summary.paid.retries == 0


def test_what_failed_in_passing_is_handed_in_again(world: World, model: Model) -> None:
    world.write(*map(record, towns(9)))
    faults = {
        "town1": refusal(500), "town2": refusal(429), "town3": Reply(drop=True), "town4": Reply(body=b"{garbage"),
        "town5": refusal(400, "odd"), "town6": Reply("words"),
    }  # fmt: skip
    model.before = lambda town: faults.pop(town, None)
    summary = run(world)
    assert {error["id"]: error["kind"] for error in world.errors()} == {"town5": "RequestRefused"}
    assert "odd" in world.errors()[0]["error"]
    assert world.ids() == ["town0", "town1", "town2", "town3", "town4", "town6", "town7", "town8"]
    assert summary.paid.calls == 9, "refusals cost nothing, words that are no JSON do"
    assert summary.paid.retries == 4
    assert run(world, retry_failed=True).complete
    assert model.asked["town0"] == 1


def test_what_is_never_answered_fails_in_the_end(world: World, model: Model, server: BatchStub) -> None:
    world.write(*map(record, towns(2)))
    model.before = lambda town: refusal(503, "overloaded") if town == "town1" else None
    run(world)
    assert world.ids() == ["town0"]
    (error,) = world.errors()
    assert error["kind"] == "ServerFailed"
    assert "in 5 batches" in error["error"]
    assert "overloaded" in error["error"]
    assert times("POST batches", server) == 5


def test_an_expired_batch_is_collected_and_the_rest_handed_in_again(
    world: World, model: Model, server: BatchStub
) -> None:
    world.write(*map(record, towns(6)))
    server.fates = [Fate("expired", answered=4), Fate("expired", answered=0)]
    summary = run(world)
    assert summary.complete
    assert [len(job.requests) for job in server.jobs.values()] == [6, 2, 2]
    assert set(model.asked.values()) == {1}


def test_a_cancelled_batch_is_collected_and_ends_the_run(world: World, model: Model, server: BatchStub) -> None:
    world.write(*map(record, towns(6)))
    server.fates = [Fate("cancelled", answered=4)]
    with pytest.raises(ModelError, match="batch_1 was cancelled at http"):
        run(world)
    assert world.ids() == []
    assert world.errors() == []
    assert run(world).complete
    assert [len(job.requests) for job in server.jobs.values()] == [6, 2]
    assert set(model.asked.values()) == {1}


def test_a_batch_that_is_refused_as_a_whole_ends_the_run(world: World, model: Model, server: BatchStub) -> None:
    world.write(*map(record, towns(2)))
    server.fates = [Fate("failed", code="model_not_found", message="there is no model large")]
    with pytest.raises(RequestRefused, match="refused batch_1: there is no model large"):
        run(world)
    assert world.errors() == []
    assert run(world).complete
    assert set(model.asked.values()) == {1}


def test_a_full_queue_is_filled_little_by_little(world: World, model: Model, server: BatchStub) -> None:
    world.write(*map(record, towns(8)))
    server.fates = [Fate("failed", code="token_limit_exceeded")] * 2
    assert run(world).complete
    assert [len(job.requests) for job in server.jobs.values()] == [8, 4, 2, 2, 2, 2]
    assert set(model.asked.values()) == {1}


def test_two_articles_that_ask_the_same_are_asked_once(world: World, model: Model) -> None:
    world.write(record("Almora"), record("Almora") | {"id": "again"})
    summary = run(world)
    assert world.ids() == ["almora", "again"]
    assert (model.asked["almora"], summary.paid.calls) == (1, 1)


def test_an_article_that_changes_meanwhile_is_asked_anew(world: World, server: BatchStub) -> None:
    world.write(record("Almora"), record("Brenta"))
    server.fates = [Fate("cancelled")]
    with pytest.raises(ModelError):
        run(world)
    world.write(record("Almora"), record("Corvo") | {"id": "brenta"})
    run(world)
    assert [report["data"]["place"]["text"] for report in world.reports()] == ["Almora", "Corvo"]


def test_a_failed_attempt_is_counted_and_not_kept(world: World, model: Model) -> None:
    world.write(record("Almora"))
    model.before = lambda _: Reply("words")
    summary = run(world, cache=True)
    assert [error["kind"] for error in world.errors()] == ["UnusableAnswer"]
    assert summary.paid.calls == 2
    model.before = lambda _: None
    assert run(world, cache=True, retry_failed=True).complete


def test_answers_are_kept_for_other_runs(world: World, model: Model, tmp_path: Path) -> None:
    world.write(*map(record, towns(3)))
    run(world, cache=True)
    summary = world.run(tmp_path / "other", cache=True)
    assert (summary.paid.calls, summary.served) == (0, 3)
    summary = run(world, out=tmp_path / "third", cache=True)
    assert (summary.complete, summary.paid.calls, summary.served) == (True, 0, 3)
    assert set(model.asked.values()) == {1}


def test_a_budget_holds_articles_back(world: World, server: BatchStub) -> None:
    world.write(*map(record, towns(10)))
    summary = run(world, budget=Budget(max_tokens=600))
    # The first goes alone, as nothing is known; then four more at the 120 tokens that it took.
    assert [len(job.requests) for job in server.jobs.values()] == [1, 4]
    assert (summary.stopped, summary.counts.done, summary.counts.left) == ("budget", 5, 5)
    assert run(world, budget=Budget(max_tokens=100_000)).complete


LOST: dict[str, Callable[[], Told]] = {
    "dropped": lambda: Told(Reply(drop=True)),
    "500": lambda: Told(refusal(500)),
    "429": lambda: Told(refusal(429, retry_after_ms="1")),
    "done, but the answer is lost": lambda: Told(lost=True),
}


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("call", ["POST files", "POST batches", "GET batch", "GET content", "DELETE files"])
def test_a_request_of_the_api_that_fails_in_passing(
    world: World, model: Model, server: BatchStub, call: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(_: object) -> float:
        return 0.0

    monkeypatch.setattr("extractor.llm.retries._jitter", at_once)
    monkeypatch.setattr("extractor.llm.retries._backoff", at_once)
    world.write(*map(record, towns(3)))
    faults = [LOST[fault](), LOST[fault]()]
    server.wrong = lambda method, what: faults.pop() if faults and f"{method} {what}" == call else None
    assert run(world).complete
    assert set(model.asked.values()) == {1}
    assert len(server.jobs) == 1


def test_half_a_file_is_fetched_again(world: World, model: Model, server: BatchStub) -> None:
    world.write(*map(record, towns(5)))
    cut: list[Told] = []

    def once(_: str, what: str) -> Told | None:
        if what == "content" and len(cut) < 2:
            (output,) = (job.said["output_file_id"] for job in server.jobs.values())
            body = server.files[output]
            cut.append(Told(Reply(body=body, half=True)) if not cut else Told(Reply(body=body[: len(body) // 2])))
            return cut[-1]
        return None

    server.wrong = once
    assert run(world).complete
    assert set(model.asked.values()) == {1}
    assert len(cut) == 2


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (refusal(404), RequestRefused, "has no Batch API: leave --batch out"),
        (refusal(401), KeyRefused, "refused the key"),
        (refusal(429, code="insufficient_quota"), QuotaUsedUp, "quota"),
    ],
)
def test_a_server_that_takes_no_batch(
    world: World, server: BatchStub, reply: Reply, kind: type[Exception], said: str
) -> None:
    world.write(record("Almora"))
    server.wrong = lambda _, what: Told(reply) if what == "files" else None
    with pytest.raises(kind, match=said):
        run(world)
    server.wrong = lambda _method, _what: None
    assert world.run().complete, "nothing is under way"


def test_what_batches_cannot_do(world: World, model: Model) -> None:
    world.write(record("Almora"))
    base_url = world.choice.base_url
    for choice, said in (
        (Choice("large", base_url, plan="stepwise"), "--batch cannot be used with the stepwise plan"),
        (Choice("small-1.5b", base_url), "--batch cannot be used with the stepwise plan"),
        (Choice(None, base_url, schema=Attack), "say it with --model"),
        (Choice(), "the embedded model takes no batches"),
    ):
        with pytest.raises(SettingsError, match=said):
            run(world, choice=choice)
    assert not model.asked


def command(world: World, *arguments: str) -> subprocess.Popen[str]:
    base_url = world.choice.base_url or ""
    line = ["run", str(world.corpus), "-o", str(world.out), "--base-url", base_url, "--model", "large", "--no-cache"]
    return subprocess.Popen(
        [sys.executable, "-m", "extractor", *line, *arguments], stderr=subprocess.PIPE, text=True, env=None
    )


def test_ctrl_c_leaves_the_batch_and_the_same_command_collects_it(
    world: World, model: Model, server: BatchStub
) -> None:
    world.write(*map(record, towns(3)))
    model.before = lambda _: Reply({"actors": [], "incidents": [], "claims": []})
    server.open = False
    process = command(world, "--batch", "--poll", "600")
    for _ in range(6000):
        if server.calls.count("GET batch"):
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "1 batch under way will go on at the server for the same command to collect" in told
    server.open = True
    with pytest.raises(SettingsError, match="has 1 batch under way: go on with --batch"):
        world.run(choice=Choice("large", world.choice.base_url))
    process = command(world, "--batch", "--poll", "0.1")
    _, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert len(world.reports()) == 3
    assert len(server.jobs) == 1
    assert set(model.asked.values()) == {1}


def test_a_batch_of_which_nobody_said_that_it_was_made_is_found(
    world: World, model: Model, server: BatchStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def at_once(_: object) -> float:
        return 0.0

    monkeypatch.setattr("extractor.llm.retries._jitter", at_once)
    monkeypatch.setattr("extractor.llm.retries._backoff", at_once)
    world.write(*map(record, towns(3)))
    server.wrong = lambda _, what: Told(lost=True) if what == "batches" else None
    with pytest.raises(ConnectionFailed):
        run(world)
    assert len(server.jobs) == 1
    server.wrong = lambda _method, _what: None
    assert run(world).complete
    assert len(server.jobs) == 1
    assert set(model.asked.values()) == {1}
