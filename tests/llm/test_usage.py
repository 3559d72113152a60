"""What is counted of calls, retries and re-asks, and what it costs."""

import json
import re
from importlib.resources import files
from typing import Any, Literal

import pytest
from pydantic import BaseModel, SecretStr
from pytest_httpserver import HTTPServer

from extractor.errors import ModelRefused
from extractor.llm.client import Client, again
from extractor.llm.prices import cost
from extractor.llm.usage import Usage
from extractor.settings import Endpoint

CHAT = "/v1/chat/completions"


class Answer(BaseModel):
    name: str


def say(server: HTTPServer, content: str, usage: dict[str, Any] | None, model: str = "small", **message: Any) -> None:
    choice = {"finish_reason": "stop", "message": {"role": "assistant", "content": content, **message}}
    server.expect_ordered_request(CHAT).respond_with_json({"model": model, "choices": [choice], "usage": usage})


def client(server: HTTPServer, kind: Literal["embedded", "openai", "server"] = "server") -> Client:
    async def sleep(_: float) -> None: ...

    return Client(Endpoint("small", server.url_for("/v1"), SecretStr("the-key"), kind), sleep=sleep)


async def test_retries_and_re_asks_add_up(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request(CHAT).respond_with_data("", 503)
    say(httpserver, '{"name": 1}', {"prompt_tokens": 100, "completion_tokens": 5})
    httpserver.expect_ordered_request(CHAT).respond_with_data("", 429)
    say(
        httpserver,
        '{"name": "Homs"}',
        {"prompt_tokens": 130, "completion_tokens": 6, "prompt_tokens_details": {"cached_tokens": 96}},
    )
    first, usage = [{"role": "user", "content": "Where?"}], Usage()
    async with client(httpserver) as asked:
        wrong = await asked.ask(first, Answer, usage=usage)
        right = await asked.ask(again(first, wrong), Answer, usage=usage)
    assert right.value == Answer(name="Homs")
    assert (usage.calls, usage.retries) == (2, 2)
    assert (usage.input_tokens, usage.cached_tokens, usage.output_tokens) == (230, 96, 11)
    assert usage.cost_usd is None
    assert 0 < usage.seconds < 60


async def test_a_refusal_costs_too(httpserver: HTTPServer) -> None:
    say(httpserver, "", {"prompt_tokens": 100, "completion_tokens": 5}, refusal="No.")
    usage = Usage()
    async with client(httpserver) as asked:
        with pytest.raises(ModelRefused):
            await asked.ask([{"role": "user", "content": "Where?"}], Answer, usage=usage)
    assert (usage.calls, usage.input_tokens, usage.output_tokens) == (1, 100, 5)


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": 3, "prompt_tokens_details": None}])
async def test_servers_that_count_little(httpserver: HTTPServer, usage: dict[str, Any] | None) -> None:
    say(httpserver, '{"name": "Homs"}', usage)
    counted = Usage()
    async with client(httpserver) as asked:
        await asked.ask([{"role": "user", "content": "Where?"}], Answer, usage=counted)
    assert (counted.calls, counted.cached_tokens, counted.output_tokens) == (1, 0, 0)


COUNTS = {"prompt_tokens": 1_000_000, "completion_tokens": 100_000, "prompt_tokens_details": {"cached_tokens": 400_000}}


@pytest.mark.parametrize(
    ("kind", "model", "counts", "dollars"),
    [
        ("openai", "gpt-4.1-2025-04-14", COUNTS, 0.6 * 2 + 0.4 * 0.5 + 0.1 * 8),
        ("openai", "a-model-of-tomorrow", COUNTS, None),
        ("openai", "gpt-4.1", None, None),
        ("server", "gpt-4.1", COUNTS, None),
        ("embedded", "small", COUNTS, 0.0),
    ],
)
async def test_only_known_prices_are_counted(
    httpserver: HTTPServer,
    kind: Literal["embedded", "openai", "server"],
    model: str,
    counts: dict[str, Any] | None,
    dollars: float | None,
) -> None:
    say(httpserver, '{"name": "Homs"}', counts, model)
    usage = Usage()
    async with client(httpserver, kind) as asked:
        await asked.ask([{"role": "user", "content": "Where?"}], Answer, usage=usage)
    assert usage.cost_usd == (None if dollars is None else pytest.approx(dollars))


def test_one_unknown_price_makes_the_sum_unknown() -> None:
    usage = Usage()
    assert usage.cost_usd == 0
    for dollars, total in ((0.5, 0.5), (0.25, 0.75), (None, None), (0.5, None)):
        usage.add_call(input_tokens=1, cached_tokens=0, output_tokens=1, cost_usd=dollars)
        assert usage.cost_usd == total


def test_prices_for_long_inputs_and_written_caches() -> None:
    def dollars(model: str, tokens: int, written: int = 0) -> float | None:
        return cost(model, input_tokens=tokens, cached_tokens=0, written_tokens=written, output_tokens=0)

    assert dollars("gpt-5.4", 272_000) == pytest.approx(0.68)
    assert dollars("gpt-5.4", 272_001) is None
    assert dollars("gpt-6-sol", 100_000, written=40_000) == pytest.approx(0.06 * 2 + 0.04 * 2.5)
    assert dollars("gpt-4o-2024-05-13", 1_000_000) == 5  # this snapshot has a price of its own
    assert dollars("gpt-4o-2024-08-06", 1_000_000) == 2.5


def test_the_table_of_prices_is_dated_and_plausible() -> None:
    table = json.loads(files("extractor.llm").joinpath("prices.json").read_text(encoding="utf-8"))
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", table["read_on"])
    assert table["source"]
    for model, price in table["models"].items():
        assert 0 < price["input"] < price["output"], model
        assert price["cached"] is None or 0 < price["cached"] < price["input"], model
        assert price["input"] <= price.get("cache_write", price["input"]), model
        batch = price["batch"]
        assert (batch["input"], batch["output"]) == (price["input"] / 2, price["output"] / 2), model
        assert batch["cached"] is None or 0 < batch["cached"] < batch["input"], model


def test_a_batch_is_charged_at_its_own_price() -> None:
    def dollars(model: str, cached: int = 0) -> float | None:
        tokens = {"input_tokens": 1_000_000, "cached_tokens": cached, "output_tokens": 100_000}
        return cost(model, written_tokens=0, batch=True, **tokens)

    assert dollars("gpt-4.1-mini-2025-04-14") == pytest.approx(0.2 + 0.08)
    assert dollars("gpt-4o", cached=1_000_000) == pytest.approx(1.25 + 0.5)  # there the cache makes nothing cheaper
    assert dollars("gpt-5-mini", cached=1_000_000) == pytest.approx(0.0125 + 0.1)
    assert dollars("unheard-of") is None
