"""A page of two runs, made once."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from evals.goldset import load
from tests.dom import Element, parse
from tests.evals.page.folders import evals, flawed, write_gold, write_run


@dataclass(frozen=True)
class Made:
    gold: Path
    run: Path
    other: Path
    file: Path
    dom: Element

    @property
    def html(self) -> str:
        return self.file.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("page")
    gold = write_gold(folder / "gold")
    run = write_run(folder / "flawed <run>", gold, flawed(gold), seconds=60.0, output_tokens=400)
    perfect = {article.id: article.label for article in load(gold)}
    other = write_run(folder / "perfect", gold, perfect, seconds=12.0, output_tokens=900, cost_usd=0.002)
    file = folder / "report.html"
    result = evals("report", run, other, "--gold", gold, "-o", file)
    assert result.exit_code == 0, result.output
    return Made(gold, run, other, file, parse(file.read_text(encoding="utf-8")))
