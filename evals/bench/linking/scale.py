"""How long linking takes on many incidents, and how much memory, beside comparing every pair.

    python -m evals.bench.linking.scale 100000 --pairs 3000

Writes reports of made-up articles on made-up events into a temporary file: each event is told by one to five articles,
with names spelt otherwise, days or places left out, tolls that grow and stories reprinted. Then times
`extractor link` on it in a process of its own, and all pairs of a part of it in another, with the same scores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from evals.bench.linking.scoring import scores
from evals.bench.speed.measured import peak_mb
from extractor.derive.parties import components
from extractor.dossiers.features import Features, features
from extractor.dossiers.scoring import ENOUGH, scored
from extractor.export.reports import read_reports
from extractor.export.view import View
from extractor.schema import Report

_SYLLABLES = ("ka", "mor", "ti", "sel", "dra", "vo", "nim", "bar", "ol", "esh", "qu", "lan", "dir", "pes", "ghu", "zor")
_DEEDS: tuple[tuple[str, str, str], ...] = (
    ("shelling_missile", "shelled", "rockets"),
    ("airstrike", "bombed", "drones"),
    ("ground_clash", "attacked", "rifles"),
    ("ied_bombing", "mined", "mine"),
    ("attack_on_civilians", "raided", "machetes"),
)
_TARGETS = ("market", "checkpoint", "school", "barracks", "convoy", "clinic", "depot", "bridge", "camp", "mill")
_FORCES = ("Army", "Front", "Brigade", "Guard", "Legion", "Militia")
_FIRST = Date(2024, 1, 1)
_MOST_TOLD = 3
"""Incidents of an article."""


def main() -> None:
    """Write the reports, link them, compare all pairs of some; print seconds, memory and scores."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("incidents", type=int, nargs="?", default=100_000)
    parser.add_argument("--pairs", type=int, default=3_000, metavar="N", help="Compare all pairs of N incidents.")
    parser.add_argument("--days", type=int, default=1_000, help="Over which the events are spread.")
    parser.add_argument("--worker", nargs=2, metavar=("HOW", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(_measured(*options.worker)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        every, some = Path(temporary) / "every.jsonl", Path(temporary) / "some.jsonl"
        events = _write(every, options.incidents, options.days)
        print(f"{options.incidents:,} incidents, {len(events):,} events, {options.days} days, {_size(every)}")
        _show("linked", _worker("link", every), events)
        part = _write(some, options.pairs, max(1, options.days * options.pairs // options.incidents))
        blocked, naive = _worker("link", some), _worker("pairs", some)
        _show("linked", blocked, part)
        _show("all pairs", naive, part)
        times = naive["cpu_seconds"] / blocked["cpu_seconds"]
        whole = naive["cpu_seconds"] * (options.incidents / naive["incidents"]) ** 2
        print(f"at {naive['incidents']:,} incidents all pairs take {times:.1f} times the processor time")
        print(f"extrapolated, by the square, all pairs of {options.incidents:,} would take {whole / 3600:.1f} hours")


def _size(path: Path) -> str:
    reports = sum(1 for _ in path.open("rb"))
    return f"{reports:,} reports of {path.stat().st_size / reports / 1000:.1f} kB"


def _worker(how: str, path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "evals.bench.linking.scale", "--worker", how, str(path)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _show(what: str, of: dict[str, Any], events: dict[str, list[tuple[str, str]]]) -> None:
    grouped = [[(document, incident) for document, incident in group] for group in of["groups"]]
    figures = scores(grouped, events, resamples=1)
    f1 = ", ".join(f"{name} F1 {100 * figure['f1']:.1f}" for name, figure in figures.items())
    took = f"{of['seconds']:.1f} s ({of['cpu_seconds']:.1f} s of processor time), peak {of['peak_mb']:.0f} MB"
    print(f"{what}: {of['incidents']:,} in {took}, {len(grouped):,} groups, {f1}")


def _measured(how: str, path: str) -> dict[str, Any]:
    """Seconds of reading and linking, or of reading and comparing all pairs; and the peak of the process's memory."""
    started = time.monotonic()
    groups = list(_linked(path) if how == "link" else _all_pairs(path))
    seconds, cpu_seconds = time.monotonic() - started, time.process_time()
    return {
        "incidents": sum(map(len, groups)),
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "peak_mb": peak_mb(),
        "groups": groups,
    }


def _linked(path: str) -> Iterator[list[tuple[str, str]]]:
    from extractor.dossiers import link

    for dossier in link(read_reports(path)):
        dossier.to_json()
        yield [(one.document, one.incident) for one in dossier.incidents]


def _all_pairs(path: str) -> Iterator[list[tuple[str, str]]]:
    """The plain way: every pair is scored, and what scores enough is connected."""
    told: list[Features] = []
    for report in read_reports(path):
        view = View(report)
        document = (report.document.id if report.document else None) or ""
        told += [features(document, incident, view) for incident in report.incidents]
    names = {f"{one.document} {one.incident}": one.key for one in told}
    alike = [
        (f"{one.document} {one.incident}", f"{other.document} {other.incident}")
        for one, other in combinations(told, 2)
        if (held := scored(one, other)) is not None and held >= ENOUGH
    ]
    groups: dict[str, list[tuple[str, str]]] = {}
    for name, first in components(names, alike).items():
        groups.setdefault(first, []).append(names[name])
    yield from groups.values()


def _write(path: Path, incidents: int, days: int) -> dict[str, list[tuple[str, str]]]:
    """Write reports with so many incidents; returns which of them are one event."""
    random_ = random.Random(20_170_618)  # noqa: S311  made-up names
    towns = ["".join(random_.choices(_SYLLABLES, k=3)).capitalize() for _ in range(2_000)]
    events: dict[str, list[tuple[str, str]]] = {}
    open_: dict[Date, list[_Article]] = {}
    articles: list[_Article] = []
    made = 0
    while made < incidents:
        event = _event(random_, towns, days)
        name = f"E{len(events)}"
        events[name] = []
        for number in range(min(incidents - made, random_.choices((1, 2, 3, 5), (4, 3, 2, 1))[0])):
            published = event["day"] + timedelta(days=1 if number < 2 else random_.randrange(1, 6))
            _place(random_, open_.setdefault(published, []), articles, published, name, _told(random_, event, number))
            made += 1
    with path.open("w", encoding="utf-8") as file:
        for number, article in enumerate(articles):
            document = f"D{number}"
            report = _report(document, article.published, article.publisher, [one for _, one in article.told])
            for position, (name, _) in enumerate(article.told, 1):
                events[name].append((document, f"I{position}"))
            file.write(report.to_json(indent=None) + "\n")
    return events


def _event(random_: random.Random, towns: list[str], days: int) -> dict[str, Any]:
    type_, verb, weapon = random_.choice(_DEEDS)
    return {
        "type": type_, "verb": verb, "weapon": weapon, "town": random_.choice(towns),
        "day": _FIRST + timedelta(days=random_.randrange(days)), "target": random_.choice(_TARGETS),
        "force": f"{random_.choice(towns)} {random_.choice(_FORCES)}", "rival": f"{random_.choice(towns)} Front",
        "dead": random_.randrange(40),
    }  # fmt: skip


def _told(random_: random.Random, event: dict[str, Any], number: int) -> dict[str, Any]:
    """An account of an event: the later, the more may be other or left out."""
    town = event["town"]
    told = {**event, "spelt": town if random_.random() < 0.8 else town.replace("a", "e", 1).replace("zz", "z")}
    told["dated"] = random_.random() < 0.85
    told["placed"] = random_.random() < 0.95
    told["doer"] = event["force"] if random_.random() < 0.75 else event["rival"]
    told["toll"] = event["dead"] + (random_.randrange(4) if number > 1 else 0)
    return told


@dataclass
class _Article:
    """An article being filled."""

    published: Date
    publisher: str
    told: list[tuple[str, dict[str, Any]]]
    """The event, and the account of it."""


def _place(
    random_: random.Random,
    open_: list[_Article],
    articles: list[_Article],
    published: Date,
    name: str,
    told: dict[str, Any],
) -> None:
    """Put an account into an article of that date that is not full and does not tell of the event yet, or a new one."""
    for one in open_:
        if all(other != name for other, _ in one.told):
            one.told.append((name, told))
            if len(one.told) == _MOST_TOLD:
                open_.remove(one)
            return
    articles.append(_Article(published, f"Paper {random_.randrange(300)}", [(name, told)]))
    open_.append(articles[-1])


class _Text:
    """An article as it is written, each name noted with its place."""

    def __init__(self) -> None:
        self.text = ""
        self.sentences = 0

    def sentence(self, *parts: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """Write a sentence; returns its span and those of its parts."""
        start = len(self.text) + bool(self.text)
        self.text += " " if self.text else ""
        spans: list[dict[str, Any]] = []
        for part in parts:
            spans.append({"text": part, "start": len(self.text), "end": len(self.text) + len(part)})
            self.text += part
        self.sentences += 1
        quote = {"start": start, "end": len(self.text), "quote": self.text[start:], "sentence": self.sentences}
        return quote, spans


def _report(id: str, published: Date, publisher: str | None, told: list[dict[str, Any]]) -> Report:
    """As code works it out, but without reading the text: that would take minutes."""
    text = _Text()
    actors: dict[str, dict[str, Any]] = {}
    incidents: list[dict[str, Any]] = []
    claims: list[dict[str, Any]] = []
    mayor: dict[str, Any] = {"id": "A1", "name": "mayor", "kind": "government", "party": "P1", "mentions": []}
    for number, one in enumerate(told, 1):
        words = (
            "The ", one["doer"], f" {one['verb']} a ", one["target"], " in " if one["placed"] else "",
            one["spelt"] if one["placed"] else "", " on " if one["dated"] else "",
            f"{one['day'].day} {one['day']:%B %Y}" if one["dated"] else "", ", killing ", str(one["toll"]),
            " ", "people", ".",
        )  # fmt: skip
        first, (_, doer, _, target, _, place, _, day, _, count, _, people, _) = text.sentence(*words)
        second, (_, source, _, cue, _, content, _) = text.sentence(
            "The ", "mayor", " ", "said", " that ", f"{one['weapon']} had hit the {one['target']}", "."
        )
        mayor["mentions"].append(source)
        actor = actors.setdefault(
            one["doer"], {"id": f"A{len(actors) + 2}", "kind": "other", "party": f"P{len(actors) + 2}", "mentions": []}
        )
        actor["mentions"].append(doer)
        weapon = {**content, "text": one["weapon"], "end": content["start"] + len(one["weapon"])}
        when = {**day, "earliest": one["day"].isoformat(), "latest": one["day"].isoformat(), "precision": "day"}
        toll = {**count, "min": one["toll"], "max": one["toll"]}
        incidents.append(
            {
                "id": f"I{number}", "uid": f"{id}-{number}", "type": one["type"], "realis": "actual",
                "summary": f"{one['type']} by {one['doer']} on {one['target']}", "evidence": [first, second],
                "initiators": [{**doer, "actor": actor["id"]}], "targets": [target],
                "weapons": [{**weapon, "claims": [f"C{number}"]}], "when": [when] if one["dated"] else [],
                "where": [{**place, "relation": "at", "level": "settlement"}] if one["placed"] else [],
                "casualties": [{"who": people, "status": "killed", "category": "unknown", "count": toll}],
                "deaths": {"low": one["toll"], "best": one["toll"], "high": one["toll"]}, "status": "single_party",
            }
        )  # fmt: skip
        claims.append(
            {
                "id": f"C{number}", "uid": f"{id}-c{number}", "sentences": [second["sentence"]],
                "source": {**source, "actor": "A1"}, "via": [], "cue": cue, "against": None, "attribution": "explicit",
                "content": [{"start": content["start"], "end": content["end"], "quote": content["text"]}],
                "stance": "asserts", "incidents": [f"I{number}"], "aspects": ["means", "target"],
                "position": "third_party",
            }
        )  # fmt: skip
    every = [mayor, *({**actor, "name": name} for name, actor in actors.items())]
    parties = [{"id": one["party"], "name": one["name"], "actors": [one["id"]], "because": []} for one in every]
    document = {
        "id": id, "sha256": hashlib.sha256(text.text.encode()).hexdigest(), "publisher": publisher,
        "date": published.isoformat(), "language": "en", "characters": len(text.text), "sentences": text.sentences,
    }  # fmt: skip
    report = {"actors": every, "incidents": incidents, "claims": claims, "parties": parties, "document": document}
    return Report.model_validate(report)


if __name__ == "__main__":
    main()
