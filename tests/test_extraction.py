"""The public face for Python: what goes in, what comes out, and where it may be called from."""

import asyncio
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from extractor import Evidence, Extraction, Extractor, Mention, Report, aextract, extract
from extractor.errors import ExtractorError, InputError, KeyRefused, PromptError, SchemaError, SettingsError
from tests.plans.ostrel import CHAT, DATE, TEXT, answer, asking, completion, forms, say, sent

NOTHING: dict[str, Any] = {"actors": [], "incidents": [], "claims": []}


class Toll(BaseModel):
    people: Mention
    number: int
    said_in: Evidence


class Wire(BaseModel):
    """A schema that the project does not know."""

    places: list[Mention]
    tolls: list[Toll]
    first: Evidence | None = None
    tone: str = Field(description="One word.")


def wired(server: HTTPServer, **options: Any) -> Extractor[Extraction[Wire]]:
    return Extractor(schema=Wire, model="large", base_url=server.url_for("/v1"), **options)


class TestOwnSchema:
    def test_is_filled_and_grounded(self, httpserver: HTTPServer) -> None:
        tolls = [{"people": "guards", "number": 2, "said_in": 6}, {"people": "people", "number": 19, "said_in": 4}]
        say(httpserver, {"places": ["Ostrel", "vasca"], "tolls": tolls, "first": 2, "tone": "sober"})
        result = wired(httpserver).extract(TEXT, date=DATE, id="a-1", extra={"desk": 4})
        assert isinstance(result.data, Wire)
        ostrel, vasca = result.data.places
        assert (ostrel.text, TEXT[ostrel.start : ostrel.end], ostrel.match) == ("Ostrel", "Ostrel", "exact")
        assert (vasca.text, TEXT[vasca.start : vasca.end], vasca.match) == ("Vasca", "Vasca", "case")
        assert [toll.said_in.quote for toll in result.data.tolls] == [
            "The army said two guards were missing.",
            "The fighters denied it, and a doctor told the Coastal Herald that 19 people were hurt.",
        ]
        assert [TEXT[toll.people.start :].split()[0] for toll in result.data.tolls] == ["guards", "people"]
        assert result.data.first
        assert result.data.first.sentence == 2
        assert (result.document.id, result.document.date, result.document.extra) == (
            "a-1",
            date(2026, 3, 14),
            {"desk": 4},
        )
        assert (result.run.model, result.run.plan, result.run.calls) == ("large", "whole", 1)

    def test_can_be_stored_and_loaded(self, httpserver: HTTPServer) -> None:
        say(httpserver, {"places": ["Ostrel"], "tolls": [], "first": None, "tone": "sober"})
        result = wired(httpserver).extract(TEXT)
        assert Extraction[Wire].model_validate_json(result.model_dump_json()) == result

    def test_shows_a_model_numbers_and_short_strings_only(self, httpserver: HTTPServer) -> None:
        say(httpserver, {"places": [], "tolls": [], "first": None, "tone": "sober"})
        wired(httpserver).extract(TEXT)
        form = sent(httpserver)["response_format"]["json_schema"]
        assert form["strict"] is True
        known = form["schema"]["$defs"]
        fields = known["Toll"]["properties"]
        types = {name: known.get(field.get("$ref", "").split("/")[-1], field)["type"] for name, field in fields.items()}
        assert types == {
            "people": "string",
            "number": "integer",
            "said_in": "integer",
        }

    def test_refused_names_are_asked_again_then_dropped(self, httpserver: HTTPServer) -> None:
        given = {"places": ["Ostrel", "Astrell Bay", "Port Murn"], "tolls": [], "first": None, "tone": "sober"}
        say(httpserver, given, {"1": "Vasca", "2": None})
        result = wired(httpserver).extract(TEXT)
        assert forms(httpserver) == ["Wire", "Corrections"]
        assert [place.text for place in result.data.places] == ["Ostrel", "Vasca"]
        assert [(item.what, item.text) for item in result.run.dropped] == [("places 3", "Port Murn")]

    def test_an_instruction_is_plain_text(self, httpserver: HTTPServer) -> None:
        say(httpserver, {"places": [], "tolls": [], "first": None, "tone": "sober"})
        wired(httpserver, prompt="Places are {{ towns }} only.").extract(TEXT)
        assert "Places are {{ towns }} only." in sent(httpserver)["messages"][0]["content"]

    def test_a_prompt_file_takes_the_place_of_ours(self, httpserver: HTTPServer, tmp_path: Path) -> None:
        front = 'name: mine\nversion: "3"\nchangelog:\n  "3": Mine.\nschema_name: Wire\n'
        prompt = tmp_path / "mine.md"
        prompt.write_text(
            f"---\n{front}---\n=== system\nFind towns.{{{{ instruction }}}}\n=== user\n{{{{ sentences }}}}\n"
        )
        say(httpserver, {"places": [], "tolls": [], "first": None, "tone": "sober"})
        result = wired(httpserver, prompt=str(prompt)).extract(TEXT)
        assert sent(httpserver)["messages"][0] == {"role": "system", "content": "Find towns."}
        assert [(used.name, used.version) for used in result.run.prompts] == [("mine", "3")]

    def test_a_cut_off_answer_is_kept_as_far_as_it_came(self, httpserver: HTTPServer) -> None:
        class Places(BaseModel):
            places: list[Mention]
            tolls: list[Toll]

        say(httpserver, '{"places": ["Ostrel", "Vas', finish_reason="length")
        own = Extractor(schema=Places, model="large", base_url=httpserver.url_for("/v1"))
        result = own.extract(TEXT)
        assert [place.text for place in result.data.places] == ["Ostrel"]
        assert result.data.tolls == []
        assert result.run.complete is False

    def test_that_cannot_be_grounded_is_refused_at_once(self) -> None:
        class Careless(BaseModel):
            place: Mention | str

        with pytest.raises(SchemaError, match=r"Careless\.place"):
            Extractor(schema=Careless)
        with pytest.raises(SchemaError, match="pydantic"):
            Extractor(schema=dict)  # pyright: ignore[reportArgumentType]
        with pytest.raises(SettingsError, match="stepwise"):
            Extractor(schema=Wire, plan="stepwise")

    def test_our_own_schema_is_the_default(self, httpserver: HTTPServer) -> None:
        say(httpserver, NOTHING)
        report: Any = Extractor(schema=Report, model="large", base_url=httpserver.url_for("/v1")).extract(TEXT)
        assert isinstance(report, Report)


class TestWhereItMayBeCalledFrom:
    def test_plain_code(self, httpserver: HTTPServer) -> None:
        say(httpserver, answer())
        report = extract(TEXT, date=DATE, model="large", base_url=httpserver.url_for("/v1"))
        assert len(report.claims) == 4

    async def test_a_running_loop(self, httpserver: HTTPServer) -> None:
        say(httpserver, answer())
        assert len(asking(httpserver).extract(TEXT).claims) == 4

    async def test_asynchronous_code(self, httpserver: HTTPServer) -> None:
        say(httpserver, answer(), answer(), answer())
        one = await aextract(TEXT, date=DATE, model="large", base_url=httpserver.url_for("/v1"))
        async with asking(httpserver) as extractor:
            two, three = await asyncio.gather(extractor.aextract(TEXT, date=DATE), extractor.aextract(TEXT, date=DATE))
        assert one.model_dump(exclude={"run"}) == two.model_dump(exclude={"run"}) == three.model_dump(exclude={"run"})

    def test_one_loop_after_another(self, httpserver: HTTPServer) -> None:
        say(httpserver, NOTHING, NOTHING, NOTHING)
        extractor = asking(httpserver)

        async def once() -> Report:
            async with extractor:
                return await extractor.aextract(TEXT)

        assert [asyncio.run(once()).claims for _ in range(2)] == [[], []]
        assert extractor.extract(TEXT).claims == []

    def test_several_threads(self, httpserver: HTTPServer) -> None:
        httpserver.expect_request(CHAT, "POST").respond_with_json(completion(answer()))
        extractor, reports = asking(httpserver), list[Report]()
        threads = [threading.Thread(target=lambda: reports.append(extractor.extract(TEXT))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [len(report.claims) for report in reports] == [4] * 4

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
    @pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
    def test_a_forked_process(self, httpserver: HTTPServer) -> None:
        httpserver.expect_request(CHAT, "POST").respond_with_json(completion(answer()))
        extractor = asking(httpserver)
        assert len(extractor.extract(TEXT).claims) == 4
        child = os.fork()
        if child == 0:
            signal.alarm(30)
            claims = 99
            try:
                claims = len(extractor.extract(TEXT).claims)
            finally:
                os._exit(claims)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 4


def echo_first_word(server: HTTPServer, before: Callable[[str], None] = lambda _: None) -> None:
    """Let the server find one actor, named as the article's first word."""

    def respond(request: Request) -> Response:
        asked: Any = request.get_json()
        word = asked["messages"][-1]["content"].split("[1] ")[-1].split()[0]
        before(word)
        found = NOTHING | {"actors": [{"kind": "other", "mentions": [word]}]}
        return Response(json.dumps(completion(found)), content_type="application/json")

    server.expect_request(CHAT, "POST").respond_with_handler(respond)


@pytest.fixture
def busy_server() -> Iterator[HTTPServer]:
    """A server that answers several requests at the same time."""
    with HTTPServer(threaded=True) as server:
        yield server


class TestMany:
    def test_results_come_in_the_order_of_the_articles(self, busy_server: HTTPServer) -> None:
        third_is_asked = threading.Event()

        def first_waits_for_third(word: str) -> None:
            if word == "Alfa":
                assert third_is_asked.wait(20)
            elif word == "Charlie":
                third_is_asked.set()

        echo_first_word(busy_server, first_waits_for_third)
        texts = [f"{name} said so." for name in ("Alfa", "Bravo", "Charlie", "Delta")]
        reports = asking(busy_server).extract_many([texts[0], {"text": texts[1], "id": "b"}, *texts[2:]], concurrency=3)
        assert [report.actors[0].name for report in reports] == ["Alfa", "Bravo", "Charlie", "Delta"]

    def test_articles_are_taken_only_as_they_are_needed(self, httpserver: HTTPServer) -> None:
        echo_first_word(httpserver)
        taken: list[int] = []

        def texts() -> Any:
            for number in range(100):
                taken.append(number)
                yield f"Report{number} said so."

        results: Any = asking(httpserver).extract_many(texts(), concurrency=2)
        assert next(results).actors[0].name == "Report0"
        results.close()
        assert len(taken) == 2

    def test_the_first_article_that_fails_ends_it(self, httpserver: HTTPServer) -> None:
        echo_first_word(httpserver)
        results = asking(httpserver).extract_many(["Alfa said so.", "  ", "Charlie said so."], concurrency=1)
        assert next(results).actors[0].name == "Alfa"
        with pytest.raises(InputError, match="empty"):
            next(results)


class TestInput:
    @pytest.mark.parametrize("text", ["", " \n\t", "\u3000\u2028"])
    def test_a_text_without_words_is_refused(self, text: str) -> None:
        with pytest.raises(InputError, match="the text is empty"):
            extract(text, model="large", base_url="http://127.0.0.1:9/v1")

    @pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "14/03/2026", ""])
    def test_a_date_that_is_none_is_refused(self, day: str) -> None:
        with pytest.raises(InputError, match="YYYY-MM-DD"):
            extract("Alfa said so.", date=day, model="large", base_url="http://127.0.0.1:9/v1")

    @pytest.mark.parametrize("day", ["2026-03-14", date(2026, 3, 14), datetime(2026, 3, 14, 9, 30)])  # noqa: DTZ001
    def test_a_date_may_come_as_text_or_as_a_date(self, httpserver: HTTPServer, day: Any) -> None:
        say(httpserver, NOTHING)
        document = asking(httpserver).extract(TEXT, date=day).document
        assert document
        assert document.date == date(2026, 3, 14)

    def test_what_is_known_of_the_article_is_kept(self, httpserver: HTTPServer) -> None:
        say(httpserver, NOTHING)
        known: Any = {"title": "Shells", "publisher": "Nordbote", "language": "en", "url": "https://n.invalid/1"}
        report = asking(httpserver).extract(TEXT, id="n-1", extra={"desk": [1, "a"]}, **known)
        assert report.document
        kept = report.document.model_dump()
        assert known.items() <= kept.items()
        assert (kept["id"], kept["extra"]) == ("n-1", {"desk": [1, "a"]})
        assert (kept["characters"], kept["sentences"]) == (len(TEXT), 6)
        assert json.loads(report.to_json())["document"]["text"] == TEXT, "a page may be gone tomorrow"

    def test_the_text_is_left_out_of_json_unless_asked_for(self, httpserver: HTTPServer) -> None:
        say(httpserver, NOTHING)
        report = asking(httpserver).extract(TEXT)
        assert "text" not in json.loads(report.to_json())["document"]
        assert json.loads(report.to_json(include_text=True))["document"]["text"] == TEXT

    @pytest.mark.parametrize(
        "text",
        ["\ufeff\r\nAlfa said\tso.\r\n\r\n“No,” it said.\x0b", "قال الجيش إنه انسحب.", "Alfa said e\u0301 🔥 so."],
    )
    def test_the_text_is_kept_exactly(self, httpserver: HTTPServer, text: str) -> None:
        say(httpserver, NOTHING)
        document = asking(httpserver).extract(text).document
        assert document
        assert (document.text, document.characters) == (text, len(text))


class TestKeys:
    @pytest.fixture(autouse=True)
    def openai_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai")

    def test_the_key_of_openai_goes_to_no_other_server(self, httpserver: HTTPServer) -> None:
        say(httpserver, NOTHING)
        extract(TEXT, model="openai/gpt-5", base_url=httpserver.url_for("/v1"))
        request, _ = httpserver.log[0]
        assert request.headers["Authorization"] == "Bearer none"
        assert "sk-of-openai" not in f"{request.headers} {request.get_data()}"

    def test_a_server_gets_the_key_given_for_it(self, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
        say(httpserver, NOTHING, NOTHING)
        monkeypatch.setenv("EXTRACTOR_API_KEY", "of-the-environment")
        extract(TEXT, model="large", base_url=httpserver.url_for("/v1"))
        extract(TEXT, model="large", base_url=httpserver.url_for("/v1"), api_key="of-the-call")
        keys = [request.headers["Authorization"] for request, _ in httpserver.log]
        assert keys == ["Bearer of-the-environment", "Bearer of-the-call"]

    def test_nothing_leaves_this_machine_where_that_is_forbidden(self) -> None:
        with pytest.raises(SettingsError, match="EXTRACTOR_REQUESTS=forbid"):
            extract(TEXT, model="openai/gpt-5")


class TestPlans:
    def test_the_name_of_a_small_model_chooses_small_steps(self, httpserver: HTTPServer) -> None:
        httpserver.expect_request(CHAT, "POST").respond_with_json(completion({"events": ["none"]}))
        report = asking(httpserver, model="tiny-1.5b").extract(TEXT)
        assert report.run
        assert report.run.plan == "stepwise"
        assert "Sentence" in forms(httpserver)

    def test_the_plan_can_be_chosen(self, httpserver: HTTPServer) -> None:
        say(httpserver, NOTHING)
        report = asking(httpserver, model="tiny-1.5b", plan="whole").extract(TEXT)
        assert report.run
        assert (report.run.plan, report.run.calls) == ("whole", 1)

    def test_the_model_is_the_only_one_that_the_server_has(self, httpserver: HTTPServer) -> None:
        httpserver.expect_request("/v1/models").respond_with_json({"data": [{"id": "qwen-0.5b"}]})
        httpserver.expect_request(CHAT, "POST").respond_with_json(completion({"incidents": [], "claims": []}))
        report = extract(TEXT, base_url=httpserver.url_for("/v1"))
        assert report.run
        assert (report.run.model, report.run.plan) == ("qwen-0.5b", "stepwise")

    def test_what_does_not_exist_is_refused(self, httpserver: HTTPServer) -> None:
        with pytest.raises(SettingsError, match="unknown plan 'quick'"):
            asking(httpserver, plan="quick")
        with pytest.raises(PromptError, match="there is no prompt 'nothing'"):
            asking(httpserver, prompt="nothing").extract(TEXT)

    def test_steps_are_told(self, httpserver: HTTPServer) -> None:
        say(httpserver, NOTHING)
        told: list[tuple[int, int, str]] = []

        def tell(done: int, total: int, what: str) -> None:
            told.append((done, total, what))

        asking(httpserver, progress=tell).extract(TEXT)
        assert told == [(0, 1, "reading the article"), (1, 1, "done")]
        say(httpserver, {"places": [], "tolls": [], "first": None, "tone": "sober"})
        wired(httpserver, progress=tell).extract(TEXT)
        assert told[2:] == told[:2]


def test_an_error_of_the_server_is_one_of_ours(httpserver: HTTPServer) -> None:
    httpserver.expect_request(CHAT, "POST").respond_with_data("no", status=401)
    with pytest.raises(KeyRefused) as raised:
        asking(httpserver).extract(TEXT)
    assert isinstance(raised.value, ExtractorError)
    assert len(httpserver.log) == 1
    assert "\n" not in str(raised.value)
