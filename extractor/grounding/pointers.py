"""The pointer types: a model fills them with sentence numbers and short strings, validation makes spans of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self, cast

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler, ModelWrapValidatorHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from extractor.grounding.hidden import Given, hidden_fields
from extractor.grounding.locate import Match, locate
from extractor.grounding.pointing import document_pointed_into, part_pointed_into

NOT_IN_TEXT = "not_in_text"
NO_SUCH_SENTENCE = "no_such_sentence"

_COPY = "A short name or phrase copied word for word from the text."
_NUMBER = "The number of a sentence of the text."


class Span(BaseModel):
    """Words of the text: `text[start:end] == quote`, in code points, half-open."""

    start: int
    end: int
    quote: str
    match: Match = "exact"


class Evidence(Span):
    """A sentence of the text. A model gives its number (from 1); it becomes the sentence's span.

    Several consecutive numbers in a list become one span over all of them. A number that no sentence has is refused.
    """

    sentence: int
    """The number of the (first) sentence."""

    @model_validator(mode="wrap")
    @classmethod
    def _ground(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        document = document_pointed_into()
        if document is None or isinstance(data, cls):
            return handler(data)
        numbers = [sentence_number(item) for item in cast(list[Any], data if isinstance(data, list) else [data])]
        if not numbers or sorted(numbers) != list(range(min(numbers), max(numbers) + 1)):
            raise PydanticCustomError(
                NO_SUCH_SENTENCE, "sentences {numbers} do not follow one another", {"numbers": data}
            )
        start, end = document.sentence(min(numbers)).start, document.sentence(max(numbers)).end
        return handler({"start": start, "end": end, "quote": document.text[start:end], "sentence": min(numbers)})

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "integer", "description": _NUMBER} if handler.mode == "validation" else handler(core_schema)


class Mention(BaseModel):
    """A name or phrase of the text: `document.text[start:end] == text`, in code points, half-open.

    A model copies the words; they become the occurrence nearest the evidence of the object that holds them, always
    with the words of the text (`match` tells how they differ from the model's). What is not in the text is refused.
    A subclass may add fields for the model to fill: it then answers an object with `text` and those fields.
    """

    text: str
    start: Given[int] = -1
    end: Given[int] = -1
    match: Given[Match] = "exact"
    actor: Given[str | None] = None
    """Who is meant: an actor's id."""

    @model_validator(mode="wrap")
    @classmethod
    def _ground(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        document = document_pointed_into()
        if document is None or isinstance(data, cls):
            return handler(data)
        answer: Mapping[str, Any] = cast(Mapping[str, Any], data) if isinstance(data, Mapping) else {"text": data}
        words = answer.get("text")
        if not isinstance(words, str):
            return handler(dict(answer))
        found = locate(document, words, part_pointed_into() or ())
        if found is None:
            raise PydanticCustomError(NOT_IN_TEXT, "{words} is not in the text", {"words": _sayable(words)})
        shown = {key: value for key, value in answer.items() if key not in hidden_fields(cls)}
        place = {"text": document.text[found.start : found.end], **found._asdict()}
        return handler(shown | place)

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        if handler.mode == "serialization":
            return handler(core_schema)
        shown = cls.model_fields.keys() - hidden_fields(cls)
        if shown == {"text"}:
            return {"type": "string", "description": _COPY}
        schema = handler(core_schema)
        body = handler.resolve_ref_schema(schema)
        body["properties"] = {name: value for name, value in body["properties"].items() if name in shown}
        body["required"] = [name for name in body.get("required", []) if name in shown]
        body["properties"]["text"] = {"type": "string", "description": _COPY}
        return schema


def sentence_number(value: Any) -> int:
    """The number of an existing sentence of the document pointed into; else a refusal."""
    document = document_pointed_into()
    digits = value.strip().strip("[]S").strip() if isinstance(value, str) else ""
    number = int(digits) if digits.isdecimal() and len(digits) < 10 else value
    shown = document and (part_pointed_into() or range(1, len(document.sentences) + 1))
    if shown is None or type(number) is not int or number not in shown:
        said = _sayable(str(value)[:40])
        raise PydanticCustomError(NO_SUCH_SENTENCE, "there is no sentence {words}", {"words": said})
    return number


def _sayable(words: str) -> str:
    """An error's text is UTF-8, which cannot hold the lone surrogates that a JSON escape may stand for."""
    return words.encode("utf-8", "replace").decode("utf-8")


class _SentenceNumber:
    """Marks an integer as the number of a sentence, checked while there is a document to point into."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def checked(value: Any) -> Any:
            return sentence_number(value) if document_pointed_into() else value

        return core_schema.no_info_before_validator_function(checked, handler(source))


SENTENCE_NUMBER = _SentenceNumber()

SentenceNumber = Annotated[int, SENTENCE_NUMBER]
"""The number of a sentence, kept as a number; it counts as evidence for the mentions beside it."""


class Link:
    """Marks a string field as an id of ours, for which a model gives the number (from 1) of an item of its own list."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def linked(value: Any) -> Any:
            if document_pointed_into() is None or not isinstance(value, int):
                return value
            return f"{self.prefix}{value}"

        return core_schema.no_info_before_validator_function(linked, handler(source))

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "integer"} if handler.mode == "validation" else handler(core_schema)
