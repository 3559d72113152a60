"""A small gold folder, and a server that answers for its articles as a model would."""

import json
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from evals.goldset import load
from evals.running import Article, Choice, Gold, Manifest
from evals.running import run as run_articles
from evals.running.extracting import RunningScore
from extractor.document import Document
from tests.plans.ostrel import CHAT, claim, completion

TOWNS = ("Almora", "Brenta", "Corvel", "Dunmark", "Estova", "Farrow")
DATE = "2026-03-10"


def text_of(town: str) -> str:
    return f"Shells hit the market of {town} on Sunday, killing four traders. The army said rebels had fired them.\n"


def label_of(town: str) -> dict[str, Any]:
    text = text_of(town)
    document = Document(text)
    known = {"sha256": document.sha256, "characters": len(text), "sentences": len(document.sentences)}
    return {
        "document": known | {"date": DATE, "title": f"Shells on {town}", "publisher": "Nordbote", "language": "en"},
        "actors": [],
        "incidents": [],
        "claims": [],
    }


def write_gold(folder: Path, towns: tuple[str, ...] = TOWNS) -> Path:
    """A gold folder: the first half of the articles is dev, the other test."""
    for part in ("articles", "labels"):
        (folder / part).mkdir(parents=True)
    index: dict[str, Any] = {}
    for number, town in enumerate(towns):
        name = town.lower()
        (folder / "articles" / f"{name}.txt").write_text(text_of(town), encoding="utf-8")
        (folder / "labels" / f"{name}.json").write_text(json.dumps(label_of(town)), encoding="utf-8")
        split = "dev" if number < len(towns) / 2 else "test"
        index[name] = {"split": split, "style": "wire", "continent": "Europe", "difficulties": []}
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    return folder


def answer_of(town: str) -> dict[str, Any]:
    """What a careful model says of the article."""
    incident: dict[str, Any] = {
        "type": "shelling_missile",
        "realis": "actual",
        "evidence": [1, 2],
        "initiators": ["rebels"],
        "targets": ["the market"],
        "weapons": ["Shells"],
        "when": ["on Sunday"],
        "where": [{"text": town, "relation": "at", "level": "settlement"}],
        "casualties": [{"who": "traders", "status": "killed", "category": "civilian", "count": "four"}],
    }
    actors: list[dict[str, Any]] = [
        {"kind": "state_forces", "mentions": ["The army"]},
        {"kind": "non_state_armed", "mentions": ["rebels"]},
    ]
    said = claim(2, "The army", "said", incidents=[1], aspects=["initiator"])
    return {"actors": actors, "incidents": [incident], "claims": [said]}


def town_of(request: Request) -> str:
    """The town of the article that is asked about."""
    asked = json.dumps(request.get_json()["messages"])
    (town,) = (town for town in TOWNS if f"market of {town}" in asked)
    return town


class Model:
    """Plays the model for every article, and keeps count; `before` may hold an answer up or replace it."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.before: Callable[[str], Response | None] = lambda _: None
        self.asked: Counter[str] = Counter()
        self.under_way = 0
        self.most_under_way = 0
        self._lock = threading.Lock()
        server.expect_request(CHAT, "POST").respond_with_handler(self._answer)
        served = {"object": "list", "data": [{"id": "large", "object": "model", "created": 0, "owned_by": "me"}]}
        server.expect_request("/v1/models").respond_with_json(served)

    def _answer(self, request: Request) -> Response:
        town = town_of(request)
        with self._lock:
            self.asked[town] += 1
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            other = self.before(town)
        finally:
            with self._lock:
                self.under_way -= 1
        return other or said(answer_of(town))


def said(answer: Any) -> Response:
    return Response(json.dumps(completion(answer)), content_type="application/json")


class Split:
    """A gold folder, and runs over it."""

    def __init__(self, folder: Path, base_url: str) -> None:
        self.gold = folder / "gold"
        self.out = folder / "run"
        self.base_url = base_url
        write_gold(self.gold)

    def run(
        self,
        out: Path | None = None,
        *,
        split: Any = "all",
        limit: int | None = None,
        plan: Any = None,
        model: str | None = "large",
        prompt: str | None = None,
        replay: Path | None = None,
        running_score: RunningScore | None = None,
        concurrency: int = 2,
        restart: bool = False,
        quiet: bool = True,
    ) -> Manifest:
        """Run over the gold folder, as the command line does."""
        chosen = load(self.gold, None if split == "all" else split)[:limit]
        choice = (
            Choice(model, self.base_url, plan, prompt)
            if replay is None
            else Choice(plan=plan, prompt=prompt, replay=replay)
        )
        return run_articles(
            [Article.of(article) for article in chosen],
            out or self.out,
            gold=Gold.of(split, chosen, chosen=limit is not None),
            choice=choice,
            concurrency=concurrency,
            restart=restart,
            quiet=quiet,
            running_score=running_score,
        )

    def reports(self, out: Path | None = None) -> list[dict[str, Any]]:
        """The lines of reports.jsonl."""
        return lines(out or self.out, "reports.jsonl")

    def ids(self) -> list[str]:
        """The articles of reports.jsonl, in its order."""
        return [report["document"]["id"] for report in self.reports()]

    def errors(self) -> dict[str, str]:
        """errors.jsonl."""
        return {line["id"]: line["error"] for line in lines(self.out, "errors.jsonl")}


def lines(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
