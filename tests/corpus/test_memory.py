"""A corpus ten times as long takes no more memory."""

import json
import tracemalloc
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from extractor.corpus import Choice, open_corpus, run
from tests.corpus.world import record


class _Line:
    run = SimpleNamespace(model="none")

    def __init__(self, line: str) -> None:
        self._line = line

    def model_dump_json(self, **_: Any) -> str:
        return self._line


class Quick:
    """Extracts nothing, at once."""

    async def aextract(self, text: str, **known: Any) -> Any:
        line = json.dumps({"document": {"id": known["id"]}, "text": text})
        return _Line(line)


def peak(folder: Path, count: int) -> int:
    """Bytes that Python held at most over a run, in which one article of a hundred fails to be one."""
    folder.mkdir()
    with (folder / "corpus.jsonl").open("w") as file:
        for number in range(count):
            file.write(json.dumps(record(f"Town{number}" if number % 100 else "Same")) + "\n")
    tracemalloc.start()
    try:
        choice = Choice("none", "http://recorded.invalid/v1")
        summary = run(
            open_corpus(folder / "corpus.jsonl"), folder / "out", choice=choice, quiet=True, extractor=Quick()
        )
        held = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    with (folder / "out" / "reports.jsonl").open() as file:
        assert sum(1 for _ in file) == summary.counts.done == count - count // 100 + 1
    return held


def test_memory_does_not_grow_with_the_corpus(tmp_path: Path) -> None:
    peak(tmp_path / "warm", 200)
    few, many = peak(tmp_path / "few", 500), peak(tmp_path / "many", 5_000)
    assert many <= 1.3 * few + 200_000
