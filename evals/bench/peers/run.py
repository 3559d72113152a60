"""The bench: every article by every system in turn, on one server."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from pydantic import JsonValue

from evals.bench.peers.journal import Journal, Row, row_of
from evals.bench.peers.meter import Meter
from evals.bench.peers.system import Server, System, SystemName
from evals.bench.peers.table import Score, Totals, ratios, totals
from evals.goldset import GoldArticle
from extractor.errors import ConnectionFailed, SettingsError
from extractor.schema import Report
from extractor.settings import Embedded, Endpoint, check_request_allowed, resolve

Scorer = Callable[[Sequence[GoldArticle], Sequence[Report]], Score]
"""Scores the reports of articles, given in the order of the articles."""

SLOTS_ELSEWHERE = 8
"""How many calls a peer may make at a time where the server is not the embedded model's: as many as this project."""


def run(
    articles: Sequence[GoldArticle],
    systems: Sequence[System],
    folder: Path,
    *,
    model: str | None = None,
    base_url: str | None = None,
    score: Scorer | None = None,
) -> dict[SystemName, Totals]:
    """Every article by every system, the systems' order turning from article to article.

    Args:
        articles: With their labels.
        systems: Each is prepared before the first article.
        folder: Where results are kept; what is there already is not done again.
        model: As for the extractor: left out, the embedded model; else a name that the server at `base_url` knows.
        base_url: An OpenAI-compatible server, whose key is in `EXTRACTOR_API_KEY`.
        score: Scores the reports of one system; left out, they are only counted.

    Returns:
        What each system took and how good its reports are; it stands in `folder`/peers.json too.

    Raises:
        SettingsError: The server or the folder cannot be used, or a system could not be prepared.
        InputError: An article has changed since the bench was begun.
        ConnectionFailed: The server does not answer any more; what was done until then is kept.
    """
    if not articles or not systems:
        raise SettingsError("there is nothing to do: the choice of articles or systems is empty")
    choice = _own_server(model, base_url)
    settings: dict[str, JsonValue] = {"server": _about(choice), **{system.name: system.about() for system in systems}}
    journal = Journal(folder, settings)
    left = [
        (turn, system, article)
        for number, article in enumerate(articles)
        for turn, system in enumerate(_turned(systems, number), 1)
        if journal.row(article.id, system.name, _sha256(article.text)) is None
    ]
    if left:
        for system in systems:
            system.prepare()
        server = _server(choice)
        with Meter(server.base_url) as meter:
            metered = replace(server, base_url=meter.base_url)
            for number, (turn, system, article) in enumerate(left, 1):
                meter.take()
                result = system.extract(article, metered)
                passed = meter.take()
                if result.error and passed.unreached:
                    raise ConnectionFailed(
                        f"the server went away while {system.name} read {article.id}: the same command goes on"
                    )
                row = row_of(article.id, _sha256(article.text), system.name, turn, result, passed)
                journal.keep(row, result)
                print(f"{number} of {len(left)}: {_line(row)}", file=sys.stderr, flush=True)

    names: list[SystemName] = [system.name for system in systems]
    rows = {name: [journal.row(one.id, name, _sha256(one.text)) for one in articles] for name in names}
    reports = {name: journal.finish(name, [one.id for one in articles]) for name in names}
    scores = {name: score(articles, held) if score else None for name, held in reports.items()}
    of: dict[SystemName, Totals] = {}
    for name in names:
        of[name] = totals([row for row in rows[name] if row], scores[name])
    summary: dict[str, JsonValue] = {
        "settings": settings,
        "gold": {"articles": [one.id for one in articles], "sha256": _gold_sha256(articles)},
        "machine": {"platform": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()},
        "totals": dict(of.items()),
        "to_ours": {name: dict(ratios(of["project"], one)) for name, one in of.items()} if "project" in of else None,
        "scores": {name: _plain(one) for name, one in scores.items()},
        "results": [row.model_dump(mode="json") for held in rows.values() for row in held if row],
    }
    (folder / "peers.json").write_text(f"{json.dumps(summary, indent=2)}\n", encoding="utf-8")
    return of


def _own_server(model: str | None, base_url: str | None) -> Endpoint | Embedded:
    choice = resolve(model, base_url)
    if isinstance(choice, Endpoint):
        if choice.model is None:
            raise SettingsError(f"name the model of {choice.where}: --model NAME")
        if choice.kind == "openai":
            raise SettingsError("peers are compared on a server of your own: give its base URL, or no model at all")
        check_request_allowed(choice.base_url)
    return choice


def _about(choice: Endpoint | Embedded) -> JsonValue:
    if isinstance(choice, Endpoint):
        return {"model": choice.model, "base_url": choice.base_url}
    from extractor.llm.embedded import SLOT_TOKENS
    from extractor.llm.pinned import embedded_weights

    weights = embedded_weights()
    return {
        "model": weights.name,
        "weights_sha256": weights.sha256,
        "xllamacpp": version("xllamacpp"),
        "context_tokens": SLOT_TOKENS,
    }


def _server(choice: Endpoint | Embedded) -> Server:
    if isinstance(choice, Endpoint):
        return Server(choice.base_url, choice.api_key.get_secret_value(), choice.model or "", SLOTS_ELSEWHERE)
    from extractor.llm.embedded import start

    running = start()
    return Server(running.base_url, running.api_key, running.model, running.slots)


def _turned(systems: Sequence[System], number: int) -> list[System]:
    first = number % len(systems)
    return [*systems[first:], *systems[:first]]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _gold_sha256(articles: Sequence[GoldArticle]) -> str:
    held = [[one.id, _sha256(one.text), one.label.model_dump_json(), one.accept.model_dump_json()] for one in articles]
    return _sha256(json.dumps(held))


def _line(row: Row) -> str:
    found = f"{row.claims} claims, {row.incidents} incidents, {row.output_tokens} tokens written, {row.seconds:.1f} s"
    return f"{row.id} by {row.system}: {found}" + (f" ({row.error})" if row.error else "")


def _plain(score: Score | None) -> JsonValue:
    return json.loads(json.dumps(score, default=str))
