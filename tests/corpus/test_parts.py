"""The pool, the cache of answers and the budget, each by itself."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from extractor.corpus import Article, Budget
from extractor.corpus.cache import AnswerCache
from extractor.corpus.journal import Journal
from extractor.corpus.pool import sliding
from extractor.corpus.progress import Display
from extractor.corpus.summary import duration
from extractor.corpus.tally import Tally
from extractor.errors import SettingsError
from extractor.llm.places import Places, place
from extractor.llm.usage import Usage
from extractor.settings import OPENAI_URL, Endpoint


class TestPool:
    async def test_no_more_than_allowed_and_no_less(self) -> None:
        under_way: set[int] = set()
        most = 0
        taken = 0

        async def items() -> AsyncIterator[int]:
            nonlocal taken
            for number in range(50):
                taken += 1
                yield number

        async def work(number: int) -> None:
            nonlocal most
            under_way.add(number)
            most = max(most, len(under_way))
            assert taken <= number + 8, "read ahead no further than there is room"
            await asyncio.sleep(0 if number % 7 else 0.002)
            under_way.remove(number)

        await sliding(items(), work, at_once=7)
        assert (most, taken, under_way) == (7, 50, set())

    async def test_the_first_failure_is_raised_as_it_is(self) -> None:
        ended: list[int] = []

        async def items() -> AsyncIterator[int]:
            for number in range(100):
                yield number

        async def work(number: int) -> None:
            try:
                await asyncio.sleep(0 if number == 3 else 10)
            finally:
                ended.append(number)
            raise ValueError(number)

        with pytest.raises(ValueError, match="3") as caught:
            await sliding(items(), work, at_once=4)
        assert type(caught.value) is ValueError
        assert sorted(ended) == [0, 1, 2, 3]


class TestPlaces:
    async def test_so_many_articles_are_asked_about_at_a_time_each_with_several_calls(self) -> None:
        places, asked, most = Places(2), Counter[int](), 0

        async def call(article: int) -> None:
            nonlocal most
            async with place():
                asked[article] += 1
                most = max(most, len(+asked))
                await asyncio.sleep(0)
                asked[article] -= 1

        async def read(article: int) -> None:
            with places.article():
                for _ in range(3):
                    await asyncio.gather(*(call(article) for _ in range(4)))

        await asyncio.gather(*map(read, range(7)))
        assert most == 2

    async def test_another_article_goes_on_while_one_is_worked_out(self) -> None:
        places, order = Places(1), list[str]()
        other_asked = asyncio.Event()

        async def first() -> None:
            with places.article():
                async with place():
                    order.append("first asked")
                await other_asked.wait()
                order.append("first worked out")

        async def second() -> None:
            with places.article():
                async with place():
                    order.append("second asked")
                    other_asked.set()

        await asyncio.gather(first(), second())
        assert order == ["first asked", "second asked", "first worked out"]

    async def test_a_call_that_fails_gives_its_place_back(self) -> None:
        places = Places(1)
        for _ in range(3):
            with places.article(), pytest.raises(ValueError, match="no"):
                async with place():
                    raise ValueError("no")

    async def test_elsewhere_nothing_is_waited_for(self) -> None:
        async with place(), place():
            pass


class TestCache:
    async def ask(self, cache: AnswerCache, number: int, size: int = 10) -> bool:
        """Whether the server had to be asked."""
        asked = False

        async def ask() -> bytes:
            nonlocal asked
            asked = True
            return str(number).encode() + bytes(i * number % 251 for i in range(size))

        request: dict[str, Any] = {"model": "m", "messages": [number]}
        with cache.article():
            assert (await cache.answer(request, ask)).startswith(str(number).encode())
        return asked

    async def test_what_was_asked_is_known_to_the_next_process(self, tmp_path: Path) -> None:
        for expected in (True, False):
            cache = AnswerCache(tmp_path / "deep" / "answers.sqlite", "server", pytest.fail)
            assert await self.ask(cache, 1) is expected
            cache.close()
        assert (tmp_path / "deep" / "answers.sqlite").stat().st_mode & 0o077 == 0

    async def test_it_stays_within_its_limit_and_keeps_the_newest(self, tmp_path: Path) -> None:
        limit = 200_000
        path = tmp_path / "answers.sqlite"
        cache = AnswerCache(path, "server", pytest.fail, limit=limit)
        for number in range(100):
            await self.ask(cache, number, 10_000)
        assert not await self.ask(cache, 99, 10_000)
        cache.close()
        again = AnswerCache(path, "server", pytest.fail, limit=limit // 2)
        again.close()
        assert path.stat().st_size <= limit

    async def test_a_broken_one_is_told_once_and_left_out(self, tmp_path: Path) -> None:
        path = tmp_path / "answers.sqlite"
        path.write_bytes(b"no database, but words " * 1000)
        notes: list[str] = []
        cache = AnswerCache(path, "server", notes.append)
        assert await self.ask(cache, 1)
        assert await self.ask(cache, 1)
        (note,) = notes
        assert "answers are not kept from now on" in note


class TestBudget:
    OPENAI = Endpoint("gpt-5-mini", OPENAI_URL, SecretStr("k"), "openai")

    def test_dollars(self) -> None:
        Budget(max_cost=1).check(self.OPENAI)
        spent = Usage(cost_usd=0.5)
        assert Budget(max_cost=1).allows(10, spent, [Usage()] * 9)
        assert not Budget(max_cost=1).allows(10, spent, [Usage()] * 10), "each is expected to cost five cents"
        assert not Budget(max_cost=1).allows(10, spent, [Usage(cost_usd=0.46)])
        assert not Budget(max_cost=1).allows(10, Usage(cost_usd=None), [])

    def test_the_first_article_goes_alone(self) -> None:
        assert Budget(max_tokens=1).allows(0, Usage(), [])
        assert not Budget(max_tokens=1).allows(0, Usage(), [Usage()])
        assert Budget().allows(0, Usage(), [Usage()])

    def test_a_price_that_is_not_known(self) -> None:
        with pytest.raises(SettingsError, match=r"the price of gpt-unheard-of at https://api.openai.com is not known"):
            Budget(max_cost=1).check(Endpoint("gpt-unheard-of", OPENAI_URL, SecretStr("k"), "openai"))

    def test_dollars_end_where_a_call_has_no_price(self, tmp_path: Path) -> None:
        with Journal(tmp_path) as journal:
            tally = Tally(tmp_path, journal, Display(2, 0, quiet=True), Budget(max_cost=1), at_once=1)
            assert tally.affordable()
            tally.done(Article("a", "One."), "{}", Usage(cost_usd=None))
            assert not tally.affordable()
            assert tally.over()
            assert "the price of a call is not known; use --max-tokens" in str(tally.failure)


def test_durations() -> None:
    assert [duration(seconds) for seconds in (4, 89, 90, 3_600, 8_000, 12_000, 200_000)] == [
        "4 s", "89 s", "2 min", "60 min", "2 h 13 min", "3 h 20 min", "2 d 7 h",
    ]  # fmt: skip
