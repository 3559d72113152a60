"""Turns, on a clock that runs only while somebody waits, against servers with limits of their own."""

import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.llm.limits import RateLimits, seconds_until


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


class Bucket:
    """A server that takes so many requests a minute and says so, or keeps it to itself."""

    def __init__(self, clock: Clock, per_minute: float, *, tells: bool) -> None:
        self.clock, self.limit, self.tells = clock, per_minute, tells
        self.left, self.at = per_minute, clock()
        self.taken = self.refused = 0

    def asked(self) -> tuple[bool, Mapping[str, str]]:
        self.left = min(self.limit, self.left + (self.clock() - self.at) * self.limit / 60)
        self.at = self.clock()
        took = self.left >= 1
        self.left -= took
        self.taken += took
        self.refused += not took
        renewal = (self.limit - self.left) / self.limit * 60
        headers = {
            "x-ratelimit-limit-requests": str(self.limit),
            "x-ratelimit-remaining-requests": str(int(self.left)),
            "x-ratelimit-reset-requests": f"{renewal:.3f}s",
        }
        return took, headers if self.tells else {}


def limits(clock: Clock, rpm: float | None = None, tpm: float | None = None) -> RateLimits:
    return RateLimits(rpm, tpm, clock=clock, sleep=clock.sleep)


async def ask(limits: RateLimits, server: Bucket, seconds: float) -> None:
    """One request after the other, each answered at once."""
    clock = server.clock
    until = clock() + seconds
    while clock() < until:
        sent_at = await limits.turn(100)
        clock.now += 0.002
        took, headers = server.asked()
        if took:
            limits.answered(headers)
        else:
            limits.refused(sent_at, headers, None)


async def test_requests_per_minute_are_kept() -> None:
    clock = Clock()
    slow = limits(clock, rpm=600)
    for _ in range(101):
        await slow.turn(1_000)
    assert 9 <= clock() - 1000 <= 10


async def test_tokens_per_minute_are_kept_as_they_were_really_used() -> None:
    clock = Clock()
    slow = limits(clock, tpm=60_000)
    for _ in range(100):
        await slow.turn(1_000)
        slow.took(1_000, 500, 100)
    assert 48 <= clock() - 1000 <= 50, "100 times 500 tokens at 1,000 a second"
    assert slow.estimate(4_000) == pytest.approx(1_100, abs=1)


async def test_without_limits_nobody_waits() -> None:
    clock = Clock()
    free = limits(clock)
    for _ in range(1_000):
        await free.turn(100_000)
        free.answered({})
    assert clock() == 1000


async def test_the_wait_that_a_server_asks_for_holds_for_all() -> None:
    clock = Clock()
    all_of_them = limits(clock)
    sent = [await all_of_them.turn(1) for _ in range(5)]
    for one in sent:
        all_of_them.refused(one, {}, 30.0)
    assert await all_of_them.turn(1) == 1030.0
    assert all_of_them.pace < 1, "five refusals of one moment cut the pace once"


@pytest.mark.parametrize("per_minute", [60.0, 600.0, 6_000.0])
async def test_an_untold_limit_is_found(per_minute: float) -> None:
    clock = Clock()
    server = Bucket(clock, per_minute, tells=False)
    await ask(limits(clock), server, 900)
    assert server.taken >= 0.8 * per_minute * 15
    assert server.refused <= 0.1 * server.taken + 30


@pytest.mark.parametrize("per_minute", [60.0, 600.0, 6_000.0])
async def test_a_told_limit_is_hardly_ever_overstepped(per_minute: float) -> None:
    clock = Clock()
    server = Bucket(clock, per_minute, tells=True)
    await ask(limits(clock), server, 900)
    assert server.taken >= 0.9 * per_minute * 15
    assert server.refused <= 3


async def test_what_is_used_up_is_waited_for() -> None:
    clock = Clock()
    told = limits(clock)
    await told.turn(1)
    told.answered(
        {"x-ratelimit-limit-tokens": "9000", "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "7s"}
    )
    assert await told.turn(1) >= 1007


@given(hours=st.integers(0, 99), minutes=st.integers(0, 59), seconds=st.integers(0, 59))
def test_durations(hours: int, minutes: int, seconds: int) -> None:
    assert seconds_until(f"{hours}h{minutes}m{seconds}s") == hours * 3600 + minutes * 60 + seconds


def test_other_ways_to_tell_a_renewal() -> None:
    assert seconds_until("12ms") == pytest.approx(0.012)
    assert seconds_until("1.5s") == 1.5
    assert seconds_until("6m0s") == 360
    assert seconds_until("20") == 20
    assert seconds_until(str(time.time() + 50)) == pytest.approx(50, abs=5)
    assert seconds_until(str((time.time() + 50) * 1000)) == pytest.approx(50, abs=5)
    assert seconds_until("2020-01-27T15:29:27Z") == 0
    assert seconds_until("soon") is None
    assert seconds_until(None) is None
