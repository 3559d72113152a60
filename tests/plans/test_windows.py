"""Articles longer than a call can take: windows that fit, numbers that stand, and what is told in two of them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel, Field
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from evals.bench.long.articles import article, scripted
from evals.bench.stub import completion
from extractor import Evidence, Extraction, Extractor, Mention, Report
from extractor.document import Document
from extractor.errors import ContextTooShort, SettingsError
from extractor.plans.windows import LONGEST, Names, tokens, windows
from extractor.settings import resolve

CHAT = "/v1/chat/completions"


class Model:
    """A scripted model behind a server, that keeps what it was asked."""

    def __init__(self, server: HTTPServer, answer: Callable[[dict[str, Any]], Any], context: int | None = None) -> None:
        self.asked: list[dict[str, Any]] = []
        self.url = server.url_for("/v1")
        self._answer = answer
        self._context = context
        server.expect_request(CHAT).respond_with_handler(self._serve)

    @property
    def prompts(self) -> list[str]:
        return [request["messages"][-1]["content"] for request in self.asked]

    @property
    def sizes(self) -> list[int]:
        return [sum(len(message["content"]) for message in request["messages"]) for request in self.asked]

    def extractor(self, **options: Any) -> Extractor[Any]:
        return Extractor(model="scripted", base_url=self.url, **options)

    def _serve(self, request: Request) -> Response:
        body: Any = request.get_json()
        self.asked.append(body)
        if self._context is not None and self.sizes[-1] > self._context:
            said = {
                "error": {"message": "This model's maximum context length is less", "code": "context_length_exceeded"}
            }
            return Response(json.dumps(said), 400, content_type="application/json")
        return Response(completion(self._answer(body)), content_type="application/json")


def scripted_content(request: dict[str, Any]) -> Any:
    return scripted(request).content


def told(report: Report) -> list[tuple[Any, ...]]:
    """What a report says, but for what depends on the run."""
    return [
        *((one.type, one.summary, [span.sentence for span in one.evidence]) for one in report.incidents),
        *((one.sentences, one.source.text, one.source.actor, one.incidents, one.stance) for one in report.claims),
        *((one.id, one.name, one.kind) for one in report.actors),
    ]


TEXT = article(9_000, again=0)


@pytest.fixture
def model(httpserver: HTTPServer) -> Model:
    return Model(httpserver, scripted_content)


class TestWindows:
    @pytest.mark.parametrize("longest", [1, 60, 300, 5_000])
    def test_they_hold_each_sentence_once_in_order_and_fit(self, longest: int) -> None:
        document = Document(TEXT)
        found = windows(document, longest)
        assert [number for window in found for number in window] == [one.number for one in document.sentences]
        for window in found:
            shown = sum(len(document.words(number)) for number in window)
            assert len(window) == 1 or shown <= 3 * longest

    def test_they_end_with_a_paragraph_where_one_is_near(self) -> None:
        document = Document(TEXT)
        for window in windows(document, 400)[1:]:
            assert TEXT[: document.sentence(window[0]).start].endswith("\n\n")

    def test_an_article_of_usual_length_is_one(self) -> None:
        assert len(windows(Document(article(30_000)), LONGEST)) == 1

    def test_names_carried_on_are_bounded_and_hold_the_frequent_and_the_latest(self) -> None:
        names = Names()
        for number in range(5_000):
            names.add([f"Name {number}", "The Army"])
        assert "The Army" in names.chief()
        assert "Name 4999" in names.chief()
        assert len(names.chief()) <= 40


class TestWhole:
    def test_a_context_is_kept_to_and_what_comes_out_is_the_same(
        self, model: Model, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with model.extractor(plan="whole") as extractor:
            at_once = extractor.extract(TEXT)
        assert len(model.asked) == 1
        monkeypatch.setenv("EXTRACTOR_CONTEXT", "5000")
        with model.extractor(plan="whole") as extractor:
            in_windows = extractor.extract(TEXT)
        calls = model.asked[1:]
        assert len(calls) >= 3
        for call in calls:
            prompt = "".join(message["content"] for message in call["messages"])
            assert tokens(prompt) + call["max_tokens"] <= 5_000
        assert told(in_windows) == told(at_once)
        assert in_windows.to_json().replace("\n", "")  # it can be written
        in_windows.verify(TEXT)
        assert not in_windows.run.dropped

    def test_numbers_go_on_and_earlier_names_are_told(self, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("EXTRACTOR_CONTEXT", "5000")
        with model.extractor(plan="whole") as extractor:
            report = extractor.extract(TEXT)
        assert "[1] " in model.prompts[0]
        assert "[1] " not in model.prompts[1]
        assert report.actors[0].name in model.prompts[1]
        assert max(model.sizes) < 2 * min(model.sizes[:-1])

    def test_an_incident_told_in_two_windows_is_told_once(self, httpserver: HTTPServer) -> None:
        first = "The Dravan army shelled a market in Kolestan on Sunday, killing 12 workers."
        again = "The Dravan army had shelled a market in Kolestan, a witness said."
        filling = "\n\n".join(
            "The road to the valley runs along the river and has two old bridges." for _ in range(900)
        )
        text = f"{first}\n\n{filling}\n\n{again}"
        model = Model(httpserver, scripted_content)
        with model.extractor(plan="whole") as extractor:
            report = extractor.extract(text)
        assert len(model.asked) == 2
        [incident] = report.incidents
        assert [text[span.start : span.end] for span in incident.evidence] == [first, again]
        assert [one.text for one in incident.initiators] == ["The Dravan army"]
        assert len(incident.casualties) == 1
        assert [one.incidents for one in report.claims] == [["I1"]]
        assert [one.name for one in report.actors] == ["The Dravan army", "a witness"]

    def test_a_number_of_another_window_is_refused(
        self, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def first_sentence_only(request: dict[str, Any]) -> Any:
            answer: Any = scripted_content(request)
            for incident in answer.get("incidents", []):
                incident["evidence"] = [1]
            return answer

        monkeypatch.setenv("EXTRACTOR_CONTEXT", "5000")
        with Model(httpserver, first_sentence_only).extractor(plan="whole") as extractor:
            report = extractor.extract(TEXT)
        assert {span.sentence for one in report.incidents for span in one.evidence} == {1}
        assert any("there is no sentence 1" in one.why for one in report.run.dropped)

    def test_what_a_server_finds_too_long_is_asked_in_smaller_windows(self, httpserver: HTTPServer) -> None:
        model = Model(httpserver, scripted_content, context=9_000)
        with model.extractor(plan="whole") as extractor:
            report = extractor.extract(TEXT)
        assert [size > 9_000 for size in model.sizes[:2]] == [True, False] or model.sizes[1] < model.sizes[0]
        assert len(report.claims) == TEXT.count(" said ") + TEXT.count(" denied ") + TEXT.count(" said.")

    def test_a_model_that_takes_nothing_is_an_error(self, httpserver: HTTPServer) -> None:
        with (
            Model(httpserver, scripted_content, context=10).extractor(plan="whole") as extractor,
            pytest.raises(ContextTooShort),
        ):
            extractor.extract("The Dravan army shelled a market. It burned.")

    def test_a_window_without_a_usable_answer_is_listed(
        self, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def silent_at_first(request: dict[str, Any]) -> Any:
            asked = "\n".join(message["content"] for message in request["messages"])
            return "I cannot" if "[1] The" in asked else scripted_content(request)

        monkeypatch.setenv("EXTRACTOR_CONTEXT", "5000")
        with Model(httpserver, silent_at_first).extractor(plan="whole") as extractor:
            report = extractor.extract(TEXT)
        assert report.incidents
        assert not report.run.complete
        [lost] = [one for one in report.run.dropped if one.what == "sentences"]
        assert lost.text.startswith("1 to ")

    @pytest.mark.parametrize("said", ["much", "0", "-1", "8k"])
    def test_a_context_that_is_no_number_is_refused(self, said: str) -> None:
        with pytest.raises(SettingsError, match="EXTRACTOR_CONTEXT"):
            resolve("m", "http://127.0.0.1:1/v1", env={"EXTRACTOR_CONTEXT": said})


class Place(BaseModel):
    name: Mention
    told: Evidence


class Places(BaseModel):
    newspaper: Mention | None = None
    mood: str = ""
    places: list[Place]
    first_three: list[Mention] = Field(default=[], max_length=3)


class TestOwnSchemas:
    def test_lists_are_joined_and_the_first_value_stands(
        self, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def answer(request: dict[str, Any]) -> Any:
            shown = request["messages"][-1]["content"]
            incidents: Any = scripted_content(
                {**request, "response_format": {"json_schema": {"name": "Report", "schema": {}}}}
            )["incidents"]
            names = [one["where"][0]["text"] for one in incidents]
            return {
                "newspaper": None,
                "mood": "calm" if "[1] " in shown else "tense",
                "places": [
                    {"name": name, "told": one["evidence"][0]} for name, one in zip(names, incidents, strict=True)
                ],
                "first_three": names[:2],
            }

        model = Model(httpserver, answer)
        monkeypatch.setenv("EXTRACTOR_CONTEXT", "3000")
        with model.extractor(schema=Places) as extractor:
            result: Extraction[Places] = extractor.extract(TEXT)
        assert len(model.asked) > 2
        assert len(result.data.places) == TEXT.count(" shelled ")
        for place in result.data.places:
            assert TEXT[place.name.start : place.name.end] == place.name.text
            assert place.told.start <= place.name.start < place.told.end
        assert result.data.mood == "calm"
        assert len(result.data.first_three) == 3
        assert {one.what for one in result.run.dropped} == {"Places.mood", "Places.first_three"}


class TestCost:
    """Counted in calls and characters: they grow as the article does, and no call grows with it."""

    @pytest.mark.parametrize("plan", ["whole", "stepwise"])
    def test_it_grows_as_the_article_does(
        self, plan: Any, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("EXTRACTOR_CONTEXT", "5000")
        model = Model(httpserver, scripted_content)
        figures: list[tuple[float, float, int]] = []
        small = 2_500 if plan == "stepwise" else 10_000
        for size in (small, 4 * small):
            text, before = article(size), len(model.asked)
            with model.extractor(plan=plan) as extractor:
                extractor.extract(text).verify(text)
            asked, sizes = len(model.asked) - before, model.sizes[before:]
            figures.append((asked / len(text), sum(sizes) / len(text), max(sizes)))
        (calls, characters, longest), (more_calls, more_characters, still_longest) = figures
        assert more_calls < 1.25 * calls
        assert more_characters < 1.25 * characters
        assert still_longest < 1.25 * longest
