"""`bench throughput`, `slow-calls`, `grounding`, `memory`, `output-tokens`: they run, and tell what they must."""

import struct
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from evals.bench.speed.articles import SYSTEMS, TEXT, answer, number_of
from evals.bench.speed.gguf_tokens import Tokens
from evals.bench.speed.slow_calls import ideal
from evals.bench.written import pointed
from evals.cli import bench_speed
from evals.goldset import GOLD, load
from extractor.cli.failures import Commands
from extractor.document import Document
from extractor.errors import WeightsError
from extractor.grounding import check
from extractor.schema import Report

linux = pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")

commands = typer.Typer(cls=Commands, rich_markup_mode=None)
commands.command()(bench_speed.throughput)
commands.command("slow-calls")(bench_speed.slow_calls)
commands.command()(bench_speed.grounding)
commands.command()(bench_speed.memory)
commands.command("output-tokens")(bench_speed.output_tokens)


def lines(*arguments: str) -> list[list[str]]:
    """What a command prints, cut into words."""
    result = CliRunner().invoke(commands, arguments)
    assert result.exit_code == 0, result.output
    return [line.split() for line in result.stdout.splitlines()]


@linux
def test_throughput_is_told_for_each_system() -> None:
    told = lines(
        "throughput", "--articles", "10", "--rounds", "1", "--concurrency", "4", "--latency", "0.01",
        "--systems", "project,bare",
    )  # fmt: skip
    assert [row[:2] for row in told[2:]] == [["4", "extractor"], ["4", "bare"]]
    assert told[2][4] == "1.00"


def test_throughput_refuses_what_it_does_not_know() -> None:
    result = CliRunner().invoke(commands, ["throughput", "--systems", "project,ours"])
    assert result.exit_code == 2
    assert "ours" in result.stderr


@linux
def test_slow_calls_are_set_beside_the_ideal_schedule() -> None:
    told = lines("slow-calls", "--articles", "24", "--concurrency", "8", "--slow", "0.2", "--latency", "0.02")
    assert told[0][:2] == ["24", "articles,"]
    assert 0 < float(told[1][8]) <= 1.05


@linux
def test_the_peak_of_memory_is_told_for_both() -> None:
    told = lines("memory", "--few", "5", "--many", "10", "--quiet")
    assert [row[0] for row in told[1:3]] == ["5", "10"]
    assert all(float(row[1]) > 10 for row in told[1:3])


def test_grounding_finds_every_edge() -> None:
    told = lines("grounding", "--sizes", "2000,20000", "--no-peers", "--quiet")
    assert [row[1:3] for row in told[1:]] == [["50", "50"], ["50", "50"]]


def test_output_tokens_are_told_for_each_form(tmp_path: Path) -> None:
    told = lines("output-tokens", "--weights", str(weights(tmp_path)))
    assert [row[-1] for row in told[2:]].count("1.000") == 2
    assert len(told) == 7


def test_every_system_has_an_answer_of_its_own_for_every_article() -> None:
    assert [number_of(TEXT.of(number).encode()) for number in (0, 7, 100_000)] == [0, 7, 100_000]
    for system in SYSTEMS:
        first, other = answer(system).of(1), answer(system).of(2)
        assert first != other
        assert len(first) == len(other)


def test_an_answer_written_from_a_report_gives_that_report_again() -> None:
    for article in load(GOLD, "dev")[:8]:
        document = Document(article.text, language="en")
        checked = check(Report, pointed(article.label, document), document)
        assert not checked.dropped
        assert [one.type for one in checked.value.incidents] == [one.type for one in article.label.incidents]
        assert [one.source.text for one in checked.value.claims] == [one.source.text for one in article.label.claims]


@pytest.mark.parametrize(
    ("waits", "slots", "seconds"),
    [([1, 1, 1, 1], 2, 2), ([3, 1, 1, 1], 2, 3), ([1, 1, 3], 2, 4), ([], 3, 0), ([2], 5, 2)],
)
def test_the_ideal_schedule_never_lets_a_slot_wait(waits: list[float], slots: int, seconds: float) -> None:
    assert ideal(waits, slots) == seconds


def test_tokens_are_joined_as_the_vocabulary_says() -> None:
    tokens = Tokens(["l o", "lo w", "Ġ low"])
    assert [tokens.count(text) for text in ("low", "low low", "slow", "12", "")] == [1, 2, 2, 2, 0]


def test_weights_without_a_vocabulary_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "none.gguf"
    path.write_bytes(b"GGML" + bytes(20))
    with pytest.raises(WeightsError, match="cannot be read as a GGUF file"):
        Tokens.of_weights(path)


def weights(folder: Path) -> Path:
    """The beginning of a GGUF file, with a small vocabulary."""

    def string(words: str) -> bytes:
        return struct.pack("<Q", len(words.encode())) + words.encode()

    merges = ["t h", "th e", "a n", "i n", "e r"]
    held = [
        string("tokenizer.ggml.pre") + struct.pack("<I", 8) + string("qwen2"),
        string("general.alignment") + struct.pack("<II", 4, 32),
        string("tokenizer.ggml.merges") + struct.pack("<IIQ", 9, 8, len(merges)) + b"".join(map(string, merges)),
    ]
    path = folder / "small.gguf"
    path.write_bytes(struct.pack("<4sIQQ", b"GGUF", 3, 0, len(held)) + b"".join(held))
    return path
