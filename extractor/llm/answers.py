"""What a server's answer holds, read without trusting it."""

import json
import re
from typing import Any, NoReturn

import jiter
from pydantic import BaseModel, ValidationError, field_validator

from extractor.errors import ContentFiltered, ModelRefused, UnusableAnswer

_FENCED = re.compile(r"\s*```(?:json)?\s*\n(.*)\n\s*```\s*", re.DOTALL)
_LAST_NUMBER = re.compile(r"[-+.\deE]+\Z")


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None

    @field_validator("content")
    @classmethod
    def _unfence(cls, content: str | None) -> str | None:
        # Servers that do not enforce the schema let models wrap their JSON in a code block.
        fenced = _FENCED.fullmatch(content or "")
        return fenced[1] if fenced else content


class _Choice(BaseModel):
    finish_reason: str | None = None
    message: _Message


class _InputDetails(BaseModel):
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None


class TokenCounts(BaseModel):
    """The `usage` of an answer: tokens read (those from the cache included) and written."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
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


def check_answer(answer: Answer, *, where: str) -> None:
    """Raises if the model said nothing that could be used.

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
        _unusable(where, f"no text (finish reason: {choice.finish_reason or 'none given'})")


def salvage(text: str) -> Any:
    """What is whole in a JSON text that breaks off; None where nothing is.

    A string, number or word that the break cut through is left out: half a number is another number.
    """
    try:
        return jiter.from_json(_LAST_NUMBER.sub("", text).encode(), partial_mode="on")
    except ValueError:
        return None


def parse(text: str) -> Any:
    """The JSON value in `text`, or None where it is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def shorten(text: str | bytes, limit: int = 160) -> str:
    """`text` on one line, for an error message: at most `limit` characters, without control characters."""
    if isinstance(text, bytes):
        text = text[: 4 * limit].decode("utf-8", errors="replace")
    words = " ".join("".join(c if c.isprintable() else " " for c in text[: 8 * limit]).split())
    return words if len(words) <= limit else words[: limit - 1] + "…"


def _unusable(where: str, what: str) -> NoReturn:
    raise UnusableAnswer(f"{where} answered with {what}")
