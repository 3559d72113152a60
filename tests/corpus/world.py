"""Small articles, the model that reads them, and runs over them."""

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from evals.bench.stub import Reply
from extractor import Mention
from extractor.corpus import Choice, Summary, open_corpus
from extractor.corpus import run as run_corpus

DATE = "2026-03-10"
_TOWN = re.compile(r"market of (\w+)")


class Attack(BaseModel):
    """A schema that is answered in a few words."""

    place: Mention
    weapon: Mention


def text_of(town: str) -> str:
    return f"Shells hit the market of {town} on Sunday, killing four traders. The army said rebels had fired them."


def record(town: str, **more: Any) -> dict[str, Any]:
    return {"id": town.lower(), "text": text_of(town), "date": DATE} | more


def towns(count: int) -> list[str]:
    return [f"Town{number}" for number in range(count)]


def write_lines(path: Path, records: Iterable[Any]) -> Path:
    """A corpus of JSON lines; what is a string goes in as it is."""
    lines = (record if isinstance(record, str) else json.dumps(record) for record in records)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


class Model:
    """Answers as a careful model would, and keeps count; `before` may hold an answer up or replace it."""

    def __init__(self) -> None:
        self.before: Callable[[str], Reply | None] = lambda _: None
        self.asked: Counter[str] = Counter()
        self.lock = threading.Lock()

    def __call__(self, request: dict[str, Any]) -> Reply:
        (town,) = {found for message in request["messages"] for found in _TOWN.findall(message["content"])}
        self.asked[town.lower()] += 1
        return self.before(town.lower()) or Reply({"place": town, "weapon": "Shells"})


def refusal(status: int, message: str = "no", code: str | None = None, **headers: str) -> Reply:
    body = json.dumps({"error": {"message": message, "code": code}}).encode()
    return Reply(status=status, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


class World:
    """A corpus, a folder and a server, to run from the one into the other."""

    def __init__(self, folder: Path, base_url: str, model: Model) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.corpus = folder / "corpus.jsonl"
        self.model = model
        self.choice = Choice("large", base_url, schema=Attack)

    def write(self, *records: Any) -> None:
        write_lines(self.corpus, records)

    def run(self, out: Path | None = None, **options: Any) -> Summary:
        options = {"choice": self.choice, "quiet": True, "cache": False} | options
        return run_corpus(open_corpus(self.corpus), out or self.out, **options)

    def reports(self, out: Path | None = None) -> list[dict[str, Any]]:
        return read_lines((out or self.out) / "reports.jsonl")

    def ids(self) -> list[str]:
        return [report["document"]["id"] for report in self.reports()]

    def errors(self) -> list[dict[str, Any]]:
        return read_lines(self.out / "errors.jsonl")


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def but_for_timings(reports: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [report | {"run": report["run"] | {"seconds": None}} for report in reports]
