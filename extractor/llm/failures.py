"""The SDK's failures in one clear line each: what went wrong, where, after how many attempts, and what to do."""

from typing import Any, cast
from urllib.parse import urljoin

import httpx2
from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

from extractor.characters import shorten
from extractor.errors import (
    ConnectionFailed,
    ContentFiltered,
    ContextTooShort,
    ExtractorError,
    InputError,
    KeyRefused,
    QuotaUsedUp,
    RateLimited,
    RequestRefused,
    ServerFailed,
    UnusableAnswer,
)
from extractor.llm.retries import is_certificate_fault, retry_after
from extractor.settings import NO_KEY, Endpoint, origin

_TOO_LONG = ("context_length", "context length", "context size", "context window", "exceed_context", "too many tokens")


def explain(error: Exception, endpoint: Endpoint, *, attempts: int, timeout: float) -> Exception:
    """The error to raise instead of `error`, which was met in asking `endpoint`.

    Args:
        error: What the last attempt raised.
        endpoint: Where it was asked.
        attempts: How many attempts were made.
        timeout: Seconds that each was given.
    """
    tries = "1 attempt" if attempts == 1 else f"{attempts} attempts"
    if isinstance(error, APIStatusError):
        return _refused(error, endpoint, tries)
    if isinstance(error, APITimeoutError | TimeoutError):
        return ConnectionFailed(
            f"{endpoint.where} gave no answer within {timeout:g} s ({tries}): allow more time, or ask for less at once"
        )
    if isinstance(error, APIConnectionError):
        return _lost(error, endpoint, tries)
    if isinstance(error, UnicodeEncodeError):
        return InputError("the text holds half a character (a lone surrogate), which cannot be sent: mend its decoding")
    if isinstance(error, APIError):
        return UnusableAnswer(f"the answer of {endpoint.where} could not be read: {_said(error.message, endpoint)}")
    return error


def _lost(error: APIConnectionError, endpoint: Endpoint, tries: str) -> Exception:
    cause = error.__cause__
    if is_certificate_fault(error):
        return ConnectionFailed(f"the certificate of {endpoint.where} is not trusted: {_said(str(cause), endpoint)}")
    if cause is None or isinstance(cause, httpx2.HTTPError):
        why = _said(str(cause or ""), endpoint) or type(cause).__name__
        return ConnectionFailed(
            f"no connection to {endpoint.where} after {tries} ({why}): is it running, and is the address right?"
        )
    return cause if isinstance(cause, Exception) else error  # not the network's: raised below the SDK


def _refused(error: APIStatusError, endpoint: Endpoint, tries: str) -> ExtractorError:
    where, said = endpoint.where, _said(_message(error), endpoint)
    match error.status_code:
        case 401:
            return KeyRefused(f"{where} refused the key (401): {_key_hint(endpoint)}")
        case 403:
            return KeyRefused(f"{where} does not allow this (403: {said}): {_key_hint(endpoint)}")
        case 429:
            return _limited(error, where, tries)
        case status if status >= 500 or status in (408, 409):
            return ServerFailed(f"{where} failed ({status}: {said}) after {tries}: try again later")
        case _:
            return _unacceptable(error, endpoint, said)


def _limited(error: APIStatusError, where: str, tries: str) -> RateLimited:
    if error.code == "insufficient_quota":
        return QuotaUsedUp(f"{where} says that the quota of this key is used up: check the account's plan and limits")
    wait = retry_after(error)
    when = f"in {wait:.0f} s" if wait else "later"
    return RateLimited(f"{where} takes no more requests for now (429, {tries}): try again {when}, or fewer at once")


def _unacceptable(error: APIStatusError, endpoint: Endpoint, said: str) -> ExtractorError:
    status, where = error.status_code, endpoint.where
    if status < 400:
        target = _said(_target(endpoint, error.response.headers.get("location", "")), endpoint)
        return RequestRefused(
            f"{where} redirects to {target}, which is not followed: an article goes only to the server that was named; "
            "name that one if it is right"
        )
    if error.code in ("content_filter", "content_policy_violation"):
        return ContentFiltered(f"the content filter of {where} withheld the answer to this text")
    if any(words in f"{_words(error.code)} {_words(error.type)} {_message(error)}".lower() for words in _TOO_LONG):
        return ContextTooShort(
            f"{where} says that the request is longer than the model's context ({said}): "
            "choose a model with a longer context, or give a shorter text"
        )
    return RequestRefused(f"{where} refused the request ({status}: {said})")


def _target(endpoint: Endpoint, location: str) -> str:
    try:
        return origin(urljoin(endpoint.base_url, location))
    except ValueError:  # no address at all
        return "nowhere that can be told"


def _message(error: APIStatusError) -> str:
    body = error.body
    if isinstance(body, dict):  # the SDK has unwrapped {"error": {...}}
        fields = cast(dict[str, Any], body)
        return _words(fields.get("message") or fields.get("detail") or fields)
    return _words(body or error.response.reason_phrase)


def _words(value: Any) -> str:
    try:
        return str(value)
    except RecursionError:  # lists within lists within lists
        return "something that cannot be told"


def _said(text: str, endpoint: Endpoint) -> str:
    """A server's own words, shortened, without the key: some servers send it back."""
    key = endpoint.api_key.get_secret_value()
    return shorten(text if key in ("", NO_KEY) else text.replace(key, "***"))


def _key_hint(endpoint: Endpoint) -> str:
    match endpoint.kind:
        case "openai":
            return "check OPENAI_API_KEY (or api_key)"
        case "server":
            return "check EXTRACTOR_API_KEY (or api_key)"
        case "embedded":
            return "another program answers at its address; start again"
