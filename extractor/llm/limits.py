"""How fast a server may be asked: limits of the user's, and those that the server shows by what it answers.

Requests take turns. A turn comes when the user's requests and tokens per minute allow it, when the server's own account
of what is left (`x-ratelimit-*`) is not used up before its time, and when the wait that a 429 asked for is over. After
a 429 the pace is cut and grows again little by little (additive-increase/multiplicative-decrease, as in TCP, with
growth in proportion, so that a fast server is soon found out).

aiolimiter and its like keep one rate for ever; here three rates change with every answer.
"""

import asyncio
import math
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

LONGEST_PAUSE = 900.0
"""Seconds; a server that asks for a longer wait is not waited for."""

_CUT = 0.75
_GROWTH, _START = 1.04, 2.0
"""A second, while nothing is refused; and while a pace that was kept to before is not reached yet."""
_WINDOW = 10.0
"""Seconds over which the server's real pace is looked at when it refuses."""
_SLOWEST = 0.2
"""Requests a second that are always tried."""
_LOW = 0.2
"""What is left is spread over the time to its renewal as soon as it is less than this part of the limit."""
_LEAST = 1e-6
"""A second; a server's numbers may be as small as they like."""
_LONGEST_GUESS = 15.0
"""Seconds to wait at most when the server says that nothing is left; should it be too early, its 429 says how long."""
_FIRST_BACKOFF, _LONGEST_BACKOFF = 0.5, 20.0

_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?")


class Pace:
    """So much a second, evenly: what is taken must be waited off before more may be taken (a leaky bucket).

    A second's worth may be caught up, so that late wake-ups cost nothing.
    """

    def __init__(self, rate: float = math.inf) -> None:
        self.rate = rate
        self._free_at = -math.inf

    def free_at(self) -> float:
        """When more may be taken."""
        return self._free_at if self.rate < math.inf else -math.inf

    def take(self, amount: float, now: float, longest: float = math.inf) -> None:
        """Take this much; a negative amount gives back what was not used. No wait is made longer than `longest`."""
        if self.rate < math.inf:
            self._free_at = min(max(self._free_at, now - 1.0) + amount / self.rate, now + longest)


class RateLimits:
    """Gives each request its turn; one for all calls to a server with one key, from one event loop.

    Args:
        requests_per_minute: At most; None: as many as the server takes.
        tokens_per_minute: At most, read and written together; None: as many as the server takes.
        clock: Seconds that only grow.
        sleep: How to wait (seconds).
    """

    def __init__(
        self,
        requests_per_minute: float | None = None,
        tokens_per_minute: float | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.requests_per_minute = requests_per_minute
        self.tokens_per_minute = tokens_per_minute
        self._clock = clock
        self._sleep = sleep
        self._queue = asyncio.Lock()
        self._requests = Pace((requests_per_minute or math.inf) / 60)
        self._tokens = Pace((tokens_per_minute or math.inf) / 60)
        self._told = {"requests": Pace(), "tokens": Pace()}
        """What the server's headers allow."""
        self._found = Pace()
        """What its refusals allow."""
        self._paused_until = -math.inf
        self._cut_at = -math.inf
        self._known = math.inf
        """The pace above which to grow with care."""
        self._grown_at = 0.0
        self._refusals = 0
        """Cuts since the last answer."""
        self._answers: deque[float] = deque(maxlen=10_000)
        self._output = 0.0
        """Tokens that an answer has, as a rule."""

    @property
    def pace(self) -> float:
        """Requests a second that are sent at most just now."""
        return min(self._requests.rate, self._told["requests"].rate, self._found.rate)

    def estimate(self, characters: int) -> int:
        """The tokens that a request of so many characters will take, its answer included, as far as can be told."""
        return round(characters / 4 + self._output)

    async def turn(self, tokens: int) -> float:
        """Wait until a request that takes so many tokens may be sent; returns the time at which it is."""
        async with self._queue:  # first come, first served
            while (wait := self._free_at() - self._clock()) > 0:
                await self._sleep(wait)
            now = self._clock()
            self._grow(now)
            for pace in (self._requests, self._found):
                pace.take(1, now)
            self._tokens.take(tokens, now)
            for kind, amount in (("requests", 1), ("tokens", tokens)):  # a server may say anything
                self._told[kind].take(amount, now, LONGEST_PAUSE)
            return now

    def answered(self, headers: Mapping[str, str]) -> None:
        """The server answered, with these headers (their names in small letters)."""
        now = self._clock()
        self._answers.append(now)
        self._refusals = 0
        self._read(headers, now)

    def took(self, estimated: int, tokens: int, output_tokens: int) -> None:
        """A request took so many tokens in all, of which so many were written."""
        now = self._clock()
        self._tokens.take(tokens - estimated, now)
        self._told["tokens"].take(tokens - estimated, now, LONGEST_PAUSE)
        self._output += (output_tokens - self._output) * (0.1 if self._output else 1.0)

    def refused(self, sent_at: float, headers: Mapping[str, str], retry_after: float | None) -> None:
        """The server answered 429 to a request that was sent at that time.

        Args:
            sent_at: As `turn` returned it.
            headers: The answer's.
            retry_after: Seconds that it asks to wait, if it does.
        """
        now = self._clock()
        self._read(headers, now)
        first = sent_at >= self._cut_at  # the others were under way when the pace was cut
        if first:
            self._refusals += 1
            real = self._real_pace(now)
            self._found.rate = self._known = max(_SLOWEST, _CUT * min(self._found.rate, real))
            if not real:
                self._known = math.inf
            self._found.take(1, now)
            self._cut_at = self._grown_at = now
        if retry_after is None and first:
            retry_after = min(_FIRST_BACKOFF * 2 ** (self._refusals - 1), _LONGEST_BACKOFF)
        self._paused_until = max(self._paused_until, now + min(retry_after or 0.0, LONGEST_PAUSE))

    def _free_at(self) -> float:
        paces = (self._requests, self._tokens, self._found, *self._told.values())
        return max(self._paused_until, *(pace.free_at() for pace in paces))

    def _grow(self, now: float) -> None:
        if self._found.rate < math.inf:
            growth = _GROWTH if self._found.rate >= self._known else _START
            self._found.rate *= growth ** min(now - self._grown_at, 1.0)
            self._grown_at = now

    def _real_pace(self, now: float) -> float:
        """Answers a second, lately."""
        lately = [answered for answered in self._answers if answered > now - _WINDOW]
        return len(lately) / max(now - lately[0], 1.0) if lately else 0.0

    def _read(self, headers: Mapping[str, str], now: float) -> None:
        for kind, pace in self._told.items():
            limit, left = (number_in(headers.get(f"x-ratelimit-{what}-{kind}")) for what in ("limit", "remaining"))
            renewal = seconds_until(headers.get(f"x-ratelimit-reset-{kind}"))
            if not limit or limit < 0 or left is None or left < 0 or renewal is None:
                continue
            if left >= _LOW * limit or renewal <= 0:
                pace.rate = math.inf
            elif left > 0:
                pace.rate = max(left / renewal, _LEAST)
            else:
                pace.rate = max(limit / max(renewal, 1.0), _LEAST)
                self._paused_until = max(self._paused_until, now + min(renewal, _LONGEST_GUESS))


def seconds_until(said: str | None) -> float | None:
    """Seconds until a limit is renewed, as providers write it; None where nothing can be made of it.

    They write `6m0s` or `12ms` (OpenAI, Groq), plain seconds, seconds or milliseconds since 1970, or a date and time.
    """
    if not said:
        return None
    number = number_in(said)
    if number is not None:
        for since_1970, unit in ((1e12, 1000.0), (1e9, 1.0)):
            if number >= since_1970:
                return max(number / unit - time.time(), 0.0)
        return max(number, 0.0)
    if parts := _DURATION.fullmatch(said.strip()):
        hours, minutes, seconds, milliseconds = (float(part or 0) for part in parts.groups())
        return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000
    try:
        return max(datetime.fromisoformat(said.strip()).timestamp() - time.time(), 0.0)
    except ValueError:
        return None


def number_in(text: str | None) -> float | None:
    """The number that a header's text is; None where it is none."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if math.isfinite(number) else None
