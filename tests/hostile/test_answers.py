"""Whatever a model or its server answers: a valid report or one clear error, in bounded time and memory."""

import json
import math
import resource
import sys
import time
from collections.abc import Generator
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from evals.bench.stub import Reply, Stub, serving
from extractor import Evidence, Extraction, Extractor, Mention, Report
from extractor.errors import ExtractorError, UnusableAnswer
from extractor.llm.answers import DEEPEST, MOST_VALUES, parse, read_answer, read_models, salvage
from tests.plans.ostrel import DATE, TEXT, answer, claim, completion

SHORT = "The army said that rebels had shelled Ostrel on Sunday, killing two guards."
SECONDS = 60
"""For one article that is answered at once, on a machine that has other work too."""


class Own(BaseModel):
    """A schema of a user's own, with numbers and free words."""

    places: list[Mention]
    said_in: Evidence | None = None
    toll: int | float | None = None
    tone: str = ""


def _nothing(_: dict[str, Any]) -> Reply:
    return Reply({})


@pytest.fixture(scope="module")
def server() -> Generator[Stub]:
    with serving(_nothing) as stub:
        yield stub


@pytest.fixture(scope="module")
def ways(server: Stub) -> Generator[dict[str, Extractor[Any]]]:
    common: dict[str, Any] = {"model": "large", "base_url": server.base_url}
    with (
        Extractor(**common, plan="whole") as whole,
        Extractor(**common, plan="stepwise") as stepwise,
        Extractor(**common, schema=Own) as own,
    ):
        yield {"whole": whole, "stepwise": stepwise, "own": own}


def settled(server: Stub, extractor: Extractor[Any], reply: Reply, text: str = TEXT) -> Any:
    """What the answer comes to: a result that can be written and read again, or an error of ours in one line."""

    def model(_: dict[str, Any]) -> Reply:
        return reply

    server.model = model
    began = time.monotonic()
    result: Any = None
    try:
        result = extractor.extract(text, date=DATE)
    except ExtractorError as error:
        result = error
    assert time.monotonic() - began < SECONDS
    if isinstance(result, ExtractorError):
        assert type(result) is not ExtractorError
        assert str(result).isprintable()
        assert len(str(result)) < 1000
    elif isinstance(result, Report):
        result.verify(text)
        assert Report.model_validate_json(result.to_json(include_text=True)) == result
    else:
        assert Extraction[Own].model_validate_json(result.model_dump_json()) == result
    return result


ODD: list[Any] = [
    None, True, 0, -1, 2**63, 2**64, -(10**30), 10**4000, 1e308, math.inf, -math.inf, math.nan, "", " ", "\x00",
    "\ud800", "\udc80x", "\U0010ffff", "{{ 7 * 7 }}", "=1+1", "<script>", "\u202e", "Ostrel" * 2000, [], {}, [[]], [{}],
    {"text": None}, {"text": ["Ostrel"]}, {"text": "Ostrel", "start": -5, "end": 10**9, "actor": "A999"}, "A1",
    "I1", [1, 1, 1], [10**9], ["3"],
]  # fmt: skip
_odd = st.sampled_from(ODD) | st.text(st.characters(), max_size=8) | st.integers() | st.floats()
_json = st.recursive(
    _odd,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=12,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Generator[tuple[Any, ...]]:
    yield path
    items: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        items = list(cast(dict[Any, Any], value).items())
    elif isinstance(value, list):
        items = list(enumerate(cast(list[Any], value)))
    for key, item in items:
        yield from _paths(item, (*path, key))


PATHS = list(_paths(answer()))[1:]


@st.composite
def _mutated(draw: st.DrawFn) -> Any:
    """A good answer in which some values were replaced, taken out, or told twice."""
    value = answer()
    for path in draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=4)):
        held: Any = value
        try:
            for key in path[:-1]:
                held = held[key]
            how = draw(st.sampled_from(["replace", "replace", "remove", "repeat", "wrap"]))
            if how == "remove":
                del held[path[-1]]
            elif how == "repeat":
                held[path[-1]] = [held[path[-1]]] * 3
            elif how == "wrap":
                held[path[-1]] = {"text": held[path[-1]]}
            else:
                held[path[-1]] = draw(_json)
        except (KeyError, IndexError, TypeError):  # an earlier change took it away
            continue
    return value


_STEPS: dict[str, Any] = {"cue": "said", "1": "army", "events": [], "a": "The army", "who": "guards"}
_contents = (
    _mutated().map(json.dumps)
    | _json.map(json.dumps)
    | st.dictionaries(
        st.sampled_from([*_STEPS, *"0123456789", "actors", "claims", "incidents", "places", "toll"]), _json
    ).map(json.dumps)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
    | _mutated().map(json.dumps).flatmap(lambda text: st.integers(0, len(text)).map(lambda end: text[:end]))
)
_finishes = st.sampled_from(["stop", "length", "content_filter", "?", None])
HARD = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.mark.parametrize("way", ["whole", "own"])
@HARD
@given(content=_contents, finish=_finishes)
def test_whatever_the_model_says(
    server: Stub, ways: dict[str, Extractor[Any]], way: str, content: str, finish: str | None
) -> None:
    settled(server, ways[way], _saying(content, finish))


@settings(HARD, max_examples=12)
@given(content=_contents, finish=_finishes)
def test_whatever_the_model_says_to_each_step(
    server: Stub, ways: dict[str, Extractor[Any]], content: str, finish: str | None
) -> None:
    settled(server, ways["stepwise"], _saying(content, finish), SHORT)


def _saying(content: str, finish: str | None) -> Reply:
    said = completion(content)
    said["choices"][0]["finish_reason"] = finish
    return Reply(body=json.dumps(said).encode())


ENVELOPE = list(_paths(completion("{}")))


@HARD
@given(path=st.sampled_from(ENVELOPE), value=_json, status=st.sampled_from([200, 200, 200, 300, 400, 404, 418, 451]))
def test_whatever_the_server_says(
    server: Stub, ways: dict[str, Extractor[Any]], path: tuple[Any, ...], value: Any, status: int
) -> None:
    said: Any = completion(answer())
    if path:
        held = said
        for key in path[:-1]:
            held = held[key]
        held[path[-1]] = value
    else:
        said = value
    settled(server, ways["whole"], Reply(status=status, body=json.dumps(said).encode()))


@HARD
@given(body=st.binary(max_size=200), status=st.sampled_from([200, 400, 302]))
def test_whatever_bytes_come(server: Stub, ways: dict[str, Extractor[Any]], body: bytes, status: int) -> None:
    assert isinstance(settled(server, ways["own"], Reply(status=status, body=body)), ExtractorError)


def _many(name: str, count: int, value: Any) -> dict[str, Any]:
    return answer() | {name: [value] * count}


LARGE: dict[str, Any] = {
    "claims that are none": _many("claims", 3_000, 0),
    "more values than an answer may hold": _many("claims", MOST_VALUES + 1, 0),
    "the same claim again and again": answer() | {"claims": answer()["claims"] * 300},
    "sources that are nowhere": answer() | {"claims": [claim(3, f"nobody {number}", "said") for number in range(300)]},
    "deep lists": "[" * 100_000,
    "deep lists that end": "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
    "a deep object": '{"a":' * 900 + "1" + "}" * 900,
    "digits that turn out none": "1" * 200_000 + "x",
    "a fence that does not end": "```json\n" + "\n" * 200_000 + "x",
    "blanks": " " * 200_000,
    "words": "x" * 300_000,
}


@pytest.mark.parametrize("finish", ["stop", "length"])
@pytest.mark.parametrize("name", LARGE)
def test_large_answers(server: Stub, ways: dict[str, Extractor[Any]], name: str, finish: str) -> None:
    content = LARGE[name] if isinstance(LARGE[name], str) else json.dumps(LARGE[name])
    settled(server, ways["whole"], Reply(body=json.dumps(completion(content, finish)).encode()))


@pytest.mark.parametrize("way", ["whole", "stepwise", "own"])
@pytest.mark.parametrize("unit", [b" ", b'{"choices":[', b"[],", b"\xff"])
def test_fifty_megabytes(server: Stub, ways: dict[str, Extractor[Any]], way: str, unit: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    body = unit * (50_000_000 // len(unit))
    result = settled(server, ways[way], Reply(body=body), SHORT)
    if way == "stepwise":  # each question is lost by itself, and the report says so
        assert not result.run.complete
        assert "longer than 4 MiB" in result.run.dropped[0].why
    else:
        assert isinstance(result, UnusableAnswer)
        assert "longer than 4 MiB" in str(result)
    if sys.platform == "linux":  # KiB; what the server of this process holds of it is in it too
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000


def test_more_words_than_the_tokens_asked_for(server: Stub, ways: dict[str, Extractor[Any]]) -> None:
    error = settled(
        server, ways["own"], Reply(body=json.dumps(completion('{"tone": "' + "x" * 200_000 + '"}')).encode())
    )
    assert isinstance(error, UnusableAnswer)
    assert "where it was asked for 4,000 tokens at most" in str(error)


def test_only_the_first_choice_is_read() -> None:
    choices = b'{"message":{"content":"{}"}}' + b',{"message":{}}' * 100_000
    assert len(read_answer(b'{"choices":[' + choices + b"]}", where="it").choices) == 1


@pytest.mark.parametrize("tokens", [-1, 10**10, 10**400, 1.5, "many", None, True, {}])
def test_counts_of_tokens_that_cannot_be(tokens: Any) -> None:
    body = json.dumps(completion("{}") | {"usage": {"prompt_tokens": tokens}}).encode()
    if tokens is True:
        assert read_answer(body, where="it").usage
    else:
        with pytest.raises(UnusableAnswer, match="something else than a chat completion"):
            read_answer(body, where="it")


class TestTheModelsThatAServerOffers:
    def test_are_names_that_can_be_shown(self) -> None:
        served = [{"id": name} for name in ("small", "small", "", "x" * 5_000, "\x1b[2J", "large")]
        assert read_models(json.dumps({"data": served}).encode(), where="it") == ["small", "large"]

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b'{"data": null}', b'{"data": [{"id": 7}]}', b'{"data": [{"id": "\\ud800"}]}']
    )
    def test_or_there_is_one_clear_error(self, body: bytes) -> None:
        with pytest.raises(UnusableAnswer, match="does not tell which models it has"):
            read_models(body, where="it")


class TestJson:
    def test_half_a_character_becomes_a_sign_for_it(self) -> None:
        assert parse('{"\\ud800": ["a\\udfffb", "\\ud83d\\ude00"]}') == {"\ufffd": ["a\ufffdb", "😀"]}

    @pytest.mark.parametrize("text", ["NaN", "[Infinity]", "1" * 5_000, "[" * 500 + "]" * 500])
    def test_what_no_reader_can_hold_is_no_json(self, text: str) -> None:
        assert parse(text) is None
        assert salvage(text) in (None, [])

    @pytest.mark.parametrize("number", ["1e999", "-1e999", str(2**63), str(-(10**30))])
    def test_a_number_that_no_reader_can_hold_costs_no_more_than_itself(self, number: str) -> None:
        assert parse(f'{{"a": {number}, "b": 1}}') == {"a": "a number too large to hold", "b": 1}

    @given(_json)
    def test_all_else_comes_back_as_it_was(self, value: Any) -> None:
        found = parse(json.dumps(value))
        written = json.dumps(found, allow_nan=False)
        written.encode()
        if found is not None and "a number too large" not in written:
            assert len(written) == len(json.dumps(value))


def test_half_a_character_in_what_is_known_of_an_article_does_not_stop_its_report(
    server: Stub, ways: dict[str, Extractor[Any]]
) -> None:
    settled(server, ways["whole"], Reply(answer()))
    report: Report = ways["whole"].extract(TEXT, date=DATE, id="a\udcffb", extra={"desk": ["\ud800"]})
    for indent in (None, 2):
        read = Report.model_validate_json(report.to_json(indent=indent))
        assert read.document is not None
        assert (read.document.id, read.document.extra) == ("a\ufffdb", {"desk": ["\ufffd"]})
        assert len(read.claims) == 4
