"""`python -m evals gold export|import`."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from evals.cli.gold_studio import export, import_
from evals.goldset import GOLD, load
from extractor.cli.failures import Commands
from tests.commands import refusal

APP = typer.Typer(cls=Commands, rich_markup_mode=None, pretty_exceptions_enable=False)
APP.command("export")(export)
APP.command("import")(import_)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(APP, [*map(str, arguments)])


def refused(*arguments: str | Path) -> str:
    return refusal(run(*arguments))


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """Two labelled articles of the gold set."""
    names = ",".join(article.id for article in load(GOLD)[:2])
    result = run("export", "--ids", names, "-o", tmp_path / "tasks.json", "--config", tmp_path / "config.xml")
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    assert "2 tasks, 2 of them labelled" in result.stderr
    return tmp_path / "tasks.json"


def test_labels_go_there_and_back(exported: Path, tmp_path: Path) -> None:
    assert (tmp_path / "config.xml").read_text().startswith("<View>")
    result = run("import", exported, "--into", tmp_path / "back")
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    back, there = load(tmp_path / "back"), load(GOLD)[:2]
    assert [(one.id, one.text, one.label, one.accept) for one in back] == [
        (one.id, one.text, one.label, one.accept) for one in there
    ]
    for one in back:
        original = GOLD / "articles" / f"{one.id}.txt"
        assert (tmp_path / "back" / "articles" / f"{one.id}.txt").read_bytes() == original.read_bytes()
    assert run("import", exported, "--into", tmp_path / "back").exit_code == 0, "labels are replaced"


def test_articles_that_nobody_labelled_are_tasks_too(tmp_path: Path) -> None:
    (tmp_path / "mine" / "articles").mkdir(parents=True)
    (tmp_path / "mine" / "articles" / "one.txt").write_bytes("Shells hit Almora.\r\n🔥".encode())
    (tmp_path / "mine" / "articles" / "one.json").write_text('{"date": "2026-03-10"}')
    assert run("export", "--gold", tmp_path / "mine", "-o", tmp_path / "tasks.json").exit_code == 0
    (task,) = json.loads((tmp_path / "tasks.json").read_text())
    assert task == {"data": {"id": "one", "text": "Shells hit Almora.\r\n🔥", "date": "2026-03-10"}}
    annotated: list[Any] = [task | {"annotations": [{"result": []}]}]
    (tmp_path / "tasks.json").write_text(json.dumps(annotated))
    assert run("import", tmp_path / "tasks.json", "--into", tmp_path / "mine").exit_code == 0
    (article,) = load(tmp_path / "mine")
    assert article.label.document is not None
    assert str(article.label.document.date) == "2026-03-10"
    assert article.text == "Shells hit Almora.\r\n🔥"


def test_an_article_that_is_there_is_never_changed(exported: Path, tmp_path: Path) -> None:
    name = load(GOLD)[1].id
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / f"{name}.txt").write_text("Another text.")
    told = refused("import", exported, "--into", tmp_path)
    assert f"{name}.txt is another text than the one that was labelled" in told
    assert not (tmp_path / "labels").exists(), "nothing is written by halves"


def test_what_cannot_be_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"text": "x"}')
    (tmp_path / "b.json").write_text("[")
    assert "is no list of tasks: export the project as JSON" in refused(
        "import", tmp_path / "a.json", "--into", tmp_path
    )
    assert "cannot be read as JSON" in refused("import", tmp_path / "b.json", "--into", tmp_path)
    assert "cannot be read as JSON" in refused("import", tmp_path / "none.json", "--into", tmp_path)
    assert "holds no ID.txt" in refused("export", "--gold", tmp_path, "-o", tmp_path / "tasks.json")
    assert "holds no nowhere.txt" in refused("export", "--ids", "nowhere", "-o", tmp_path / "tasks.json")
    assert "does not exist" in refused("export", "-o", tmp_path / "no" / "tasks.json")
