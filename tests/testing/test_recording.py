"""The cassettes themselves, tried on a small server that plays the model."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from extractor.llm.client import Client, Message
from extractor.llm.usage import Usage
from extractor.settings import Endpoint
from extractor.testing import Cassette, Live, Mismatch
from extractor.testing.recording import cassette_at


class Word(BaseModel):
    word: str


@pytest.fixture
def live(httpserver: HTTPServer) -> Live:
    """A model that answers with the last word of what it is told, and counts its answers."""

    def answer(request: Request) -> Response:
        word = request.get_json()["messages"][-1]["content"].split()[-1]
        message = {"role": "assistant", "content": json.dumps({"word": f"{word} {len(httpserver.log)}"})}
        chat: dict[str, Any] = {
            "id": "new",
            "created": 1,
            "timings": {},
            "choices": [{"finish_reason": "stop", "message": message}],
        }
        return Response(json.dumps(chat | {"usage": {"prompt_tokens": 9}}), mimetype="application/json")

    httpserver.expect_request("/v1/chat/completions").respond_with_handler(answer)
    return Live(base_url=httpserver.url_for("/v1"), model="small", api_key="the-live-key")


async def ask(cassette: Cassette, *texts: str, system: str = "Be brief.") -> list[str | None]:
    async with Client(Endpoint(cassette.model, cassette.base_url, SecretStr(cassette.api_key), "server")) as client:

        async def one(text: str) -> str | None:
            messages: list[Message] = [{"role": "system", "content": system}, {"role": "user", "content": text}]
            reply = await client.ask(messages, Word, usage=Usage())
            return reply.value and reply.value.word

        return await asyncio.gather(*map(one, texts))


async def record(file: Path, live: Live, *texts: str) -> list[str | None]:
    with cassette_at(file, live) as cassette:
        return await ask(cassette, *texts)


def contents(file: Path) -> list[str]:
    interactions: list[Any] = json.loads(file.read_text(encoding="utf-8"))["interactions"]
    return [interaction["request"]["body"]["messages"][1]["content"] for interaction in interactions]


async def test_what_was_recorded_is_replayed_in_any_order(tmp_path: Path, live: Live, httpserver: HTTPServer) -> None:
    texts = ["from Homs", "from Idlib", "from Homs", "من حلب"]
    recorded = await record(tmp_path / "a.json", live, *texts)
    httpserver.clear()
    with cassette_at(tmp_path / "a.json") as cassette:
        replayed = await ask(cassette, *reversed(texts))
    assert sorted(map(str, replayed)) == sorted(map(str, recorded))
    assert (
        dict(zip(texts[1::2], recorded[1::2], strict=True)).items()
        <= dict(zip(reversed(texts), replayed, strict=True)).items()
    )
    assert cassette.faults == []
    assert cassette.model == "small"
    assert len(httpserver.log) == 0


async def test_a_recording_tells_no_secrets_and_reads_well(tmp_path: Path, live: Live) -> None:
    await record(tmp_path / "a.json", live, "من حلب")
    text = (tmp_path / "a.json").read_text(encoding="utf-8")
    assert "من حلب" in text
    for secret in ("the-live-key", "localhost", "127.0.0.1", live.base_url, "uthorization", "timings", '"id"', "date"):
        assert secret not in text
    request = json.loads(text)["interactions"][0]["request"]
    assert request["uri"] == "http://recorded.invalid/v1/chat/completions"
    assert request["headers"] == {"content-type": ["application/json"]}
    assert request["body"]["messages"][1] == {"role": "user", "content": "من حلب"}


async def test_recording_starts_from_scratch(tmp_path: Path, live: Live) -> None:
    await record(tmp_path / "a.json", live, "from Homs", "from Idlib")
    await record(tmp_path / "a.json", live, "from Homs")
    assert contents(tmp_path / "a.json") == ["from Homs"]


async def test_a_changed_prompt_is_shown_beside_the_recorded_one(tmp_path: Path, live: Live) -> None:
    await record(tmp_path / "a.json", live, "one\ntwo\nthree\nfour from Homs", "something else altogether from Idlib")
    with cassette_at(tmp_path / "a.json") as cassette, pytest.raises(Mismatch) as caught:
        await ask(cassette, "one\ntwo\n3\nfour from Homs")
    said = str(caught.value)
    assert "a.json does not hold this request; if that is meant, record anew: pytest --record-cassettes" in said
    assert "\n two\n-three\n+3\n four from Homs\n" in said
    assert "Idlib" not in said
    assert cassette.faults[0] == said


async def test_a_changed_schema_or_setting_is_shown(tmp_path: Path, live: Live) -> None:
    await record(tmp_path / "a.json", live, "from Homs")
    with cassette_at(tmp_path / "a.json") as cassette, pytest.raises(Mismatch) as caught:
        await ask(replace(cassette, model="another"), "from Homs")
    assert '- "model": "small"' in str(caught.value)
    assert '+ "model": "another"' in str(caught.value)


async def test_a_request_made_too_often(tmp_path: Path, live: Live) -> None:
    await record(tmp_path / "a.json", live, "from Homs")
    with cassette_at(tmp_path / "a.json") as cassette, pytest.raises(Mismatch, match="fewer times than it was made"):
        await ask(cassette, "from Homs", "from Homs")


async def test_a_request_no_longer_made(tmp_path: Path, live: Live) -> None:
    await record(tmp_path / "a.json", live, "from Homs", "from Idlib")
    with cassette_at(tmp_path / "a.json") as cassette:
        await ask(cassette, "from Homs")
    assert len(cassette.faults) == 1
    assert cassette.faults[0].startswith("1 of 2 recorded requests were not made")
    assert "from Idlib" in cassette.faults[0]


def test_nothing_recorded(tmp_path: Path) -> None:
    with (
        pytest.raises(Mismatch, match=r"nothing is recorded for this test \(a\.json\): pytest --record-cassettes"),
        cassette_at(tmp_path / "a.json"),
    ):
        pass
