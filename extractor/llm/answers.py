"""What a server's answer holds, read without trusting it."""

import json
import math
import re
from typing import Annotated, Any, NoReturn, cast

import jiter
from pydantic import BaseModel, Field, ValidationError, field_validator

from extractor.characters import shorten, sound
from extractor.errors import ContentFiltered, ModelRefused, UnusableAnswer

DEEPEST = 64
"""How deep lists and objects of an answer may lie in one another; no schema needs a tenth of it."""
MOST_VALUES = 20_000
"""How many values an answer may hold: a token is seldom more than one, and none is asked for so many tokens."""
LARGEST_INTEGER = 2**63 - 1
"""What tables, databases and other languages can hold."""
_TOO_LARGE = "a number too large to hold"
"""Fits no field of numbers, so that it costs that field or item alone."""
_CHARACTERS_A_TOKEN = 20
_CHARACTERS_IN_ANY_CASE = 2_000
_LONGEST_NAME = 200

_FENCE = re.compile(r"```(?:json)?[^\S\n]*\n")
_PART_OF_A_NUMBER = "+-.0123456789eE"
_Tokens = Annotated[int, Field(ge=0, le=10**9)]


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None

    @field_validator("content")
    @classmethod
    def _unfence(cls, content: str | None) -> str | None:
        # Servers that do not enforce the schema let models wrap their JSON in a code block.
        words = (content or "").strip()
        fence = _FENCE.match(words)
        if fence is None or not words.endswith("```") or len(words) < fence.end() + 3:
            return content
        inside = words[fence.end() : -3].rstrip(" \t\r")
        return inside if inside.endswith("\n") else content


class _Choice(BaseModel):
    finish_reason: str | None = None
    message: _Message


class _InputDetails(BaseModel):
    cached_tokens: _Tokens | None = None
    cache_write_tokens: _Tokens | None = None


class TokenCounts(BaseModel):
    """The `usage` of an answer: tokens read (those from the cache included) and written."""

    prompt_tokens: _Tokens = 0
    completion_tokens: _Tokens = 0
    prompt_tokens_details: _InputDetails | None = None

    @property
    def cached(self) -> int:
        """Tokens read that came from the cache."""
        return (self.prompt_tokens_details and self.prompt_tokens_details.cached_tokens) or 0

    @property
    def written(self) -> int:
        """Tokens read that went into the cache."""
        return (self.prompt_tokens_details and self.prompt_tokens_details.cache_write_tokens) or 0


class _Fault(BaseModel):
    message: str = ""


class Answer(BaseModel):
    """As much of a chat completion as is used here; other fields vary from server to server."""

    model: str | None = None
    choices: list[_Choice] = []
    usage: TokenCounts | None = None
    processing: str | None = None
    """`batch`: it came out of a batch, and was paid at that price. No server says it; who collects a batch notes it."""
    error: _Fault | str | None = None

    @field_validator("choices", mode="before")
    @classmethod
    def _only_the_first(cls, choices: Any) -> Any:
        return cast(list[Any], choices)[:1] if isinstance(choices, list) else choices

    @property
    def truncated(self) -> bool:
        """Whether the model was stopped at its limit of tokens."""
        return self.choices[0].finish_reason == "length"

    @property
    def text(self) -> str:
        """The model's words, without a code fence around them."""
        return self.choices[0].message.content or ""


def read_answer(body: bytes, *, where: str) -> Answer:
    """Reads the body of a 200 answer.

    Raises:
        UnusableAnswer: It is no chat completion.
    """
    try:
        answer = Answer.model_validate_json(body)
    except ValidationError as error:
        raise UnusableAnswer(f"{where} answered with something else than a chat completion: {shorten(body)}") from error
    return answer


class _Served(BaseModel):
    id: str


class _Models(BaseModel):
    data: list[_Served] = []


def read_models(body: bytes, *, where: str) -> list[str]:
    """The names in a server's list of models; one that no model would have is left out.

    Raises:
        UnusableAnswer: It is no such list.
    """
    try:
        models = _Models.model_validate_json(body)
    except ValidationError as error:
        raise UnusableAnswer(f"{where} does not tell which models it has, but: {shorten(body)}") from error
    names = (model.id for model in models.data)
    return list(dict.fromkeys(name for name in names if 0 < len(name) <= _LONGEST_NAME and name.isprintable()))


def check_answer(answer: Answer, *, where: str, max_tokens: int | None = None) -> None:
    """Raises if the model said nothing that could be used.

    Args:
        answer: What the server sent.
        where: The server.
        max_tokens: How many it was asked for at most; what is far longer than that is no model's answer.

    Raises:
        ModelRefused: The model declined.
        ContentFiltered: The provider's filter withheld the answer.
        UnusableAnswer: There is no answer in it.
    """
    if not answer.choices:
        fault = answer.error.message if isinstance(answer.error, _Fault) else answer.error
        _unusable(where, f"an error: {shorten(fault)}" if fault else "an empty list of choices")
    choice = answer.choices[0]
    if choice.message.refusal:
        raise ModelRefused(f"the model at {where} declined to answer: {shorten(choice.message.refusal)}")
    if choice.finish_reason == "content_filter":
        raise ContentFiltered(f"the content filter of {where} withheld the answer to this text")
    if not (choice.message.content or "").strip() and not answer.truncated:
        _unusable(where, f"no text (finish reason: {shorten(choice.finish_reason or 'none given', 40)})")
    if max_tokens is not None:
        length = len(choice.message.content or "")
        if length > _CHARACTERS_IN_ANY_CASE + _CHARACTERS_A_TOKEN * max_tokens:
            _unusable(where, f"{length:,} characters, where it was asked for {max_tokens:,} tokens at most")


def salvage(text: str) -> Any:
    """What is whole in a JSON text that breaks off; None where nothing is.

    A string, number or word that the break cut through is left out: half a number is another number.
    """
    try:
        whole = text.rstrip(_PART_OF_A_NUMBER).encode()
        return _sound(jiter.from_json(whole, partial_mode="on", allow_inf_nan=False))
    except ValueError:
        return None


def parse(text: str) -> Any:
    """The JSON value in `text`, or None where it is not JSON, or not such as an answer can be.

    That is: too deep, too many values, or NaN. In place of a number that is infinite or beyond 64 bits stands a text
    that says so. In strings, half characters (lone surrogates), which no file and no request can hold, become U+FFFD.
    """
    try:
        return _sound(json.loads(text, parse_constant=_no_number))
    except (ValueError, RecursionError):
        return None


def _unusable(where: str, what: str) -> NoReturn:
    raise UnusableAnswer(f"{where} answered with {what}")


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _sound(value: Any) -> Any:
    """The same value with sound strings and numbers; raises `ValueError` where it is beyond what an answer may be."""
    left = MOST_VALUES

    def walk(value: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        if left < 0 or depth > DEEPEST:
            raise ValueError("too many values, or too deep")
        if isinstance(value, str):
            return sound(value)
        if isinstance(value, list):
            return [walk(item, depth + 1) for item in cast(list[Any], value)]
        if isinstance(value, dict):
            return {sound(key): walk(item, depth + 1) for key, item in cast(dict[str, Any], value).items()}
        if isinstance(value, float) and not math.isfinite(value):
            return _TOO_LARGE
        if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
            return _TOO_LARGE
        return value

    return walk(value, 0)
