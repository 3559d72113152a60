"""Which failures pass by themselves, and how long to wait for that."""

import ssl
import time
from collections.abc import Awaitable, Callable
from email.utils import mktime_tz, parsedate_tz

import httpx2
from openai import APIConnectionError, APIStatusError
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from extractor.llm.limits import LONGEST_PAUSE, number_in

MAX_RETRY_AFTER = 120.0
"""Seconds; a server that asks for a longer wait is not asked again."""
PATIENCE = 3600.0
"""Seconds for which a request that waits for its turns may be answered 429 again and again."""

# Lock timeouts and gateway hiccups pass like server faults do; the SDK's own rule is the same.
_PASSING_STATUS = frozenset({408, 409, 429})
_PASSING_FAULTS = (
    httpx2.TimeoutException, httpx2.NetworkError, httpx2.RemoteProtocolError, httpx2.ProxyError, TimeoutError
)  # fmt: skip

_jitter = wait_random(0, 0.5)
_backoff = wait_exponential(multiplier=0.5, max=20) + _jitter


def retrying(
    attempts: int,
    sleep: Callable[[float], Awaitable[None]],
    *,
    paced: bool = False,
    retried: Callable[[BaseException], None] | None = None,
) -> AsyncRetrying:
    """Retries passing failures, `attempts` requests in all, and raises the last failure as it was.

    `paced`: each request waits for its turn anyway (see `limits`). Then a 429 is no failure but a wait, of which there
    may be any number within `PATIENCE`.
    `retried`: is told each failure after which the request will be sent again.
    """

    def tell(state: RetryCallState) -> None:
        if retried and (error := _error(state)):
            retried(error)

    if not paced:
        return AsyncRetrying(
            stop=stop_after_attempt(attempts),
            wait=_wait,
            retry=retry_if_exception(is_passing),
            before_sleep=tell,
            sleep=sleep,
            reraise=True,
        )
    failures = 0

    def stop(state: RetryCallState) -> bool:
        nonlocal failures
        if is_refusal(_error(state)):
            return (state.seconds_since_start or 0.0) > PATIENCE
        failures += 1
        return failures >= attempts

    return AsyncRetrying(
        stop=stop,
        wait=lambda state: 0.0 if is_refusal(_error(state)) else _wait(state),
        retry=retry_if_exception(lambda error: is_refusal(error) or is_passing(error)),
        before_sleep=tell,
        sleep=sleep,
        reraise=True,
    )


def is_refusal(error: BaseException | None) -> bool:
    """Whether the server takes no more requests just now, and will again before long."""
    return (
        isinstance(error, APIStatusError)
        and error.status_code == 429
        and error.code != "insufficient_quota"
        and (retry_after(error) or 0) <= LONGEST_PAUSE
    )


def is_passing(error: BaseException) -> bool:
    """Whether the same request may succeed later.

    So it may after 429 (unless the quota is used up), 408, 409, 5xx, a timeout or a lost connection.
    """
    if isinstance(error, APIStatusError):
        if error.code == "insufficient_quota" or (retry_after(error) or 0) > MAX_RETRY_AFTER:
            return False
        return error.status_code in _PASSING_STATUS or error.status_code >= 500
    if isinstance(error, APIConnectionError):
        return isinstance(error.__cause__, _PASSING_FAULTS) and not is_certificate_fault(error)
    return isinstance(error, TimeoutError)


def is_certificate_fault(error: BaseException) -> bool:
    """Whether a connection failed because the server's certificate is not trusted."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def retry_after(error: APIStatusError) -> float | None:
    """Seconds that the server asks to wait, or None.

    Reads `retry-after-ms`, and `Retry-After` as seconds or as an HTTP date (RFC 9110, section 10.2.3).
    """
    headers = error.response.headers
    seconds = number_in(headers.get("retry-after-ms"))
    if seconds is not None:
        return seconds / 1000
    said = headers.get("retry-after")
    seconds = number_in(said)
    if seconds is None and said and (date := parsedate_tz(said)):
        seconds = mktime_tz(date) - time.time()
    return None if seconds is None else max(seconds, 0.0)


def _wait(state: RetryCallState) -> float:
    error = _error(state)
    said = retry_after(error) if isinstance(error, APIStatusError) else None
    return said + _jitter(state) if said else _backoff(state)


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
