"""The pointer types in a schema of a user's own: what a model is shown, and what its answer becomes."""

import json
from typing import Any, cast

import pytest
from pydantic import BaseModel, Field, ValidationError

from extractor import Evidence, Mention
from extractor.document import Document
from extractor.grounding import Derived, Given, Pointing, SentenceNumber, Span, check, pointing_into

TEXT = (
    "Storm closes port\n\n"
    "A storm hit Varesh on Sunday. The mayor, Ana Kolar, closed the port. The port of Varesh reopened."
)
DOCUMENT = Document(TEXT)


class Person(Mention):
    role: str
    age: int | None = None
    score: Derived[float | None] = None


class Event(Pointing):
    id: Given[str] = ""
    evidence: list[Evidence]
    place: Mention | None
    people: list[Person] = Field(default_factory=list[Person])
    routes: list[list[Mention]] = Field(default_factory=list[list[Mention]])
    by_name: dict[str, Mention] = Field(default_factory=dict[str, Mention])
    told_in: SentenceNumber | None = None
    rank: Derived[int | None] = None


class Bulletin(BaseModel):
    lead: Evidence
    events: list[Event]


ANSWER: dict[str, Any] = {
    "lead": 2,
    "events": [
        {
            "evidence": [4, "2"],
            "place": "varesh",
            "people": [{"text": "Ana Kolar", "role": "mayor", "age": 51}],
            "routes": [["port", "Varesh"], ["Sunday"]],
            "by_name": {"who": "The mayor"},
            "told_in": "3",
        }
    ],
}


def shown(schema: type[BaseModel]) -> dict[str, Any]:
    """What a model sees of each class, by name, with nothing referred to elsewhere."""
    whole = schema.model_json_schema()
    classes = cast(dict[str, Any], whole.pop("$defs", {})) | {schema.__name__: whole}

    def resolved(part: Any) -> Any:
        if isinstance(part, list):
            return [resolved(item) for item in cast(list[Any], part)]
        if not isinstance(part, dict):
            return part
        body = cast(dict[str, Any], part)
        if "$ref" in body:
            return resolved(classes[body["$ref"].rsplit("/", 1)[1]])
        return {key: resolved(value) for key, value in body.items()}

    return {name: resolved(body) for name, body in classes.items()}


def words(value: Mention | Evidence | None) -> str:
    assert value is not None
    quote = value.text if isinstance(value, Mention) else value.quote
    assert TEXT[value.start : value.end] == quote
    return quote


class TestGrounding:
    def test_pointers_become_spans_wherever_they_stand(self) -> None:
        bulletin = check(Bulletin, ANSWER, DOCUMENT).value
        event = bulletin.events[0]
        assert words(bulletin.lead) == "A storm hit Varesh on Sunday."
        assert [evidence.sentence for evidence in event.evidence] == [4, 2]
        assert words(event.place) == "Varesh"
        assert event.place is not None
        assert event.place.match == "case"
        assert [[words(place) for place in route] for route in event.routes] == [["port", "Varesh"], ["Sunday"]]
        assert words(event.by_name["who"]) == "The mayor"
        assert event.told_in == 3

    def test_a_subclass_keeps_its_fields(self) -> None:
        person = check(Bulletin, ANSWER, DOCUMENT).value.events[0].people[0]
        assert words(person) == "Ana Kolar"
        assert (person.role, person.age) == ("mayor", 51)

    def test_what_code_fills_is_not_taken_from_an_answer(self) -> None:
        lie: dict[str, Any] = {
            "text": "Ana Kolar",
            "role": "mayor",
            "start": 0,
            "end": 3,
            "match": "near",
            "score": 9,
            "actor": "A9",
        }
        event = {"id": "E9", "rank": 7, "evidence": [3], "place": None, "people": [lie]}
        value = check(Event, event, DOCUMENT).value
        assert (value.id, value.rank) == ("", None)
        assert (words(value.people[0]), value.people[0].match) == ("Ana Kolar", "exact")
        assert (value.people[0].actor, value.people[0].score) == (None, None)

    @pytest.mark.parametrize("given", [3, "3", " 3 ", "[3]", "S3"])
    def test_a_sentence_number_in_its_guises(self, given: int | str) -> None:
        assert (
            words(check(Bulletin, {"lead": given, "events": []}, DOCUMENT).value.lead)
            == "The mayor, Ana Kolar, closed the port."
        )

    @pytest.mark.parametrize("given", [[2, 3], ["3", 2], [2, 3, 3][:2]])
    def test_numbers_that_follow_one_another_are_one_span(self, given: list[int | str]) -> None:
        lead = check(Bulletin, {"lead": given, "events": []}, DOCUMENT).value.lead
        assert words(lead) == "A storm hit Varesh on Sunday. The mayor, Ana Kolar, closed the port."
        assert lead.sentence == 2

    @pytest.mark.parametrize(
        "given", [0, -1, 5, "5", "", "two", "²", [], [2, 4], [2, 9], True, None, 2.5, {"sentence": 2}, [[2]]]
    )
    def test_what_is_no_number_of_a_sentence_is_refused(self, given: object) -> None:
        with pytest.raises(ValidationError, match="sentence"):
            check(Bulletin, {"lead": given, "events": []}, DOCUMENT)

    @pytest.mark.parametrize("given", ["Vareshburg", "", " ", 5, None, [], {"name": "Varesh"}, ["Varesh"]])
    def test_what_is_not_in_the_text_is_refused(self, given: object) -> None:
        class Place(BaseModel):
            place: Mention

        with pytest.raises(ValidationError):
            check(Place, {"place": given}, DOCUMENT)

    def test_mentions_go_to_the_evidence_beside_or_above_them(self) -> None:
        def start(event: dict[str, Any]) -> int:
            place = check(Event, event, DOCUMENT).value.place
            assert place is not None
            return place.start

        assert start({"evidence": [2], "place": "Varesh"}) == TEXT.index("Varesh")
        assert start({"evidence": [4], "place": "Varesh"}) == TEXT.rindex("Varesh")
        assert start({"evidence": [], "place": "Varesh"}) == TEXT.index("Varesh")
        nested = check(Event, {"evidence": [4], "place": None, "routes": [["port"]]}, DOCUMENT).value.routes[0][0]
        assert nested.start == TEXT.rindex("port")

    def test_sentence_numbers_are_evidence_too(self) -> None:
        event = check(Event, {"evidence": [], "place": "port", "told_in": 4}, DOCUMENT).value
        assert event.place is not None
        assert event.place.start == TEXT.rindex("port")

    def test_outside_a_document_a_dumped_span_is_loaded(self) -> None:
        bulletin = check(Bulletin, ANSWER, DOCUMENT).value
        assert Bulletin.model_validate_json(bulletin.model_dump_json()) == bulletin
        assert Bulletin.model_validate(bulletin.model_dump()) == bulletin

    def test_the_document_is_pointed_into_only_inside(self) -> None:
        class Place(BaseModel):
            place: Mention

        with pointing_into(DOCUMENT):
            assert Place.model_validate({"place": "Sunday"}).place.start > 0
            with pointing_into(None):
                assert Place.model_validate({"place": {"text": "Monday"}}).place.start == -1
        with pytest.raises(ValidationError):
            Place.model_validate({"place": "Sunday"})


class TestShownToAModel:
    def test_pointers_are_numbers_and_strings(self) -> None:
        schema = shown(Bulletin)
        assert schema["Bulletin"]["properties"]["lead"]["type"] == "integer"
        event = schema["Event"]["properties"]
        assert event["evidence"]["items"]["type"] == "integer"
        assert {one["type"] for one in event["place"]["anyOf"]} == {"string", "null"}
        assert event["routes"]["items"]["items"]["type"] == "string"
        assert event["by_name"]["additionalProperties"]["type"] == "string"
        assert {one["type"] for one in event["told_in"]["anyOf"]} == {"integer", "null"}

    def test_a_subclass_is_an_object_of_the_words_and_its_own_fields(self) -> None:
        person = shown(Bulletin)["Person"]
        assert set(person["properties"]) == {"text", "role", "age"}
        assert person["properties"]["text"]["type"] == "string"
        assert set(person["required"]) == {"text", "role"}

    def test_what_code_fills_is_not_shown(self) -> None:
        assert set(shown(Bulletin)["Event"]["properties"]) == {
            "evidence", "place", "people", "routes", "by_name", "told_in",
        }  # fmt: skip
        text = json.dumps(Bulletin.model_json_schema())
        for hidden in ("start", "end", "quote", "match", "actor", "rank", "score", '"id"'):
            assert f'{hidden.strip(chr(34))}":' not in text

    def test_stored_is_the_full_span(self) -> None:
        schema = Bulletin.model_json_schema(mode="serialization")["$defs"]
        assert set(schema["Evidence"]["properties"]) == {"start", "end", "quote", "match", "sentence"}
        assert set(schema["Mention"]["properties"]) == {"text", "start", "end", "match", "actor"}
        assert {"id", "rank"} <= set(schema["Event"]["properties"])
        dumped = check(Bulletin, ANSWER, DOCUMENT).value.model_dump()
        assert set(dumped["lead"]) == set(schema["Evidence"]["properties"])

    def test_a_plain_span_is_never_a_pointer(self) -> None:
        assert set(Span.model_json_schema()["properties"]) == {"start", "end", "quote", "match"}
