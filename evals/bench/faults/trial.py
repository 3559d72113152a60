"""One trial: a corpus is run over again and again while things go wrong, then until it is done."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from evals.bench.batch_stub import BatchStub, Fate, Told
from evals.bench.faults import process
from evals.bench.faults.articles import answer_for, town_of, towns, write
from evals.bench.stub import Reply
from extractor.corpus.journal import FILE, Journal
from extractor.errors import ExtractorError

_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(["evals.bench.faults.process"])

_MOST_RUNS = 40
_LONGEST = 60.0
"""Seconds after which a run that nobody stopped counts as one that hangs."""


def _refusal(status: int) -> Reply:
    body = json.dumps({"error": {"message": "no", "code": None}}).encode()
    return Reply(status=status, body=body, headers={"retry-after-ms": "1"})


ANSWERS: dict[str, Callable[[str], Reply]] = {
    "connection broken": lambda _: Reply(drop=True),
    "429": lambda _: _refusal(429),
    "500": lambda _: _refusal(500),
    "garbage": lambda _: Reply(body=b"<html>garbage</html>"),
    "half an answer": lambda town: Reply(answer_for(town), half=True),
    "half of the words": lambda town: Reply(json.dumps(answer_for(town))[:9]),
    "nothing": lambda _: Reply(body=b""),
    "no words": lambda _: Reply(""),
}
"""What goes wrong with the answer to one article."""
CALLS: dict[str, Callable[[], Told]] = {
    "connection broken": lambda: Told(Reply(drop=True)),
    "429": lambda: Told(_refusal(429)),
    "500": lambda: Told(_refusal(500)),
    "done but the answer lost": lambda: Told(lost=True),
    "half an answer": lambda: Told(Reply(body=b'{"id": "', half=True)),
}
"""What goes wrong with a call of the Batch API."""


class Broken(Exception):
    """What must never happen did."""


class Trial:
    """One trial in a folder of its own; what it does follows from its seed, but for the moments of kills.

    Args:
        seed: Of all that is drawn.
        folder: Empty.
        server: To be set up for it.
    """

    def __init__(self, seed: str, folder: Path, server: BatchStub) -> None:
        self._chance = random.Random(seed)  # noqa: S311
        self._folder = folder
        self._out = folder / "out"
        self._server = server
        self.batch = self._chance.random() < 1 / 3
        self._cache = self._chance.random() < 1 / 3
        self._towns = towns(self._chance.randrange(6, 16))
        self._rate = self._chance.uniform(0.05, 0.4)
        self.met: Counter[str] = Counter()
        """The faults that were met, by what they are."""
        self.asked: Counter[str] = Counter()
        """By id, how often the model answered or failed to."""
        self.answered: Counter[str] = Counter()
        """By id, how often it was answered well."""
        self.runs = 0

    def run(self) -> None:
        """Go through it.

        Raises:
            Broken: An article was lost, written or asked for twice, or something could not be read.
        """
        write(self._folder / "corpus.jsonl", self._towns)
        self._server.model = self._model
        self._server.wrong = self._wrong
        self._server.fates = [self._fate() for _ in range(4)]
        for _ in range(self._chance.randrange(1, 5)):
            self._one_run(self._chance.choice(["kill", "kill", "disk", "neither"]))
        while not self._done():
            if self.runs > _MOST_RUNS:
                raise Broken(f"not done after {self.runs} runs")
            self._rate /= 2
            self._one_run("neither")
        self.check()
        ends = Counter(job.said["status"] for job in self._server.jobs.values())
        self.met |= {f"batch {end}": ends[end] for end in ("expired", "cancelled") if ends[end]}

    def check(self) -> None:
        """Whether all is there now; raises `Broken`."""
        self._finished()
        self._check_results(final=True)

    def _model(self, request: dict[str, Any]) -> Reply:
        town = town_of(request)
        self.asked[town.lower()] += 1
        if self._chance.random() < self._rate:
            fault = self._chance.choice(list(ANSWERS))
            self.met[fault] += 1
            return ANSWERS[fault](town)
        self.answered[town.lower()] += 1
        return Reply(answer_for(town), self._chance.uniform(0, 0.01))

    def _wrong(self, method: str, _: str) -> Told | None:
        if self._chance.random() < self._rate / (8 if method == "GET" else 2):
            fault = self._chance.choice(list(CALLS))
            self.met[f"batch call: {fault}"] += 1
            return CALLS[fault]()
        return None

    def _fate(self) -> Fate:
        return self._chance.choice([Fate(), Fate(), Fate("expired", answered=2), Fate("cancelled", answered=1)])

    def _one_run(self, fault: str) -> None:
        self.runs += 1
        finished = self._finished()
        asked = self.asked.copy()
        room = self._chance.randrange(20_000, 120_000) if fault == "disk" else None
        arguments = (self._folder, self._server.base_url, room, self.batch, self._cache)
        child = _PROCESSES.Process(target=process.extract, args=arguments)
        child.start()
        if fault == "kill":
            self._kill(child)
        child.join(_LONGEST)
        if child.is_alive():
            child.kill()
            raise Broken("a run hangs")
        if child.exitcode == process.DISK_FULL:
            self.met["disk full"] += 1
        elif child.exitcode not in (0, -9, process.BROKE_OFF):
            raise Broken(f"a run ended with {child.exitcode}")
        if again := [name for name in finished if self.asked[name] > asked[name]]:
            raise Broken(f"asked again although finished: {', '.join(again)}")
        excess = sum(times - 1 for times in self.answered.values() if times > 1)
        if excess > (0 if self.batch else process.AT_ONCE * (self.met["kill -9"] + self.met["disk full"])):
            raise Broken(f"{excess} good answers got lost, more than were under way at kills and full disks")
        if lost := finished - self._finished():
            raise Broken(f"finished, and then no longer: {', '.join(lost)}")
        self._check_results(final=False)

    def _kill(self, child: Any) -> None:
        """Anywhere; of a run in batches half of the times when a batch is just being made."""
        making = self.batch and self._chance.random() < 0.5
        steps = self._made if making else self._steps
        due = steps() + (1 if making else self._chance.randrange(0, 12))
        moment = self._chance.uniform(0, 0.005 if making else 0.03)
        while child.is_alive() and steps() < due:
            time.sleep(0.001)
        time.sleep(moment)
        if child.is_alive():
            child.kill()
            self.met["kill -9"] += 1

    def _steps(self) -> int:
        return self.asked.total() + len(self._server.calls)

    def _made(self) -> int:
        return len(self._server.jobs)

    def _finished(self) -> set[str]:
        """The articles that have a report in the journal, which must be readable."""
        path = self._out / FILE
        if not path.exists():
            return set()
        try:
            with closing(sqlite3.connect(path)) as db:
                (sound,) = db.execute("PRAGMA integrity_check").fetchone()
                if sound != "ok":
                    raise Broken(f"the journal is damaged: {sound}")
            with Journal(self._out) as journal:
                journal.counts()
                return {json.loads(report)["document"]["id"] for (report,) in journal.rows(_REPORTS)}
        except (sqlite3.Error, ExtractorError) as error:
            raise Broken(f"the journal cannot be read: {error}") from error

    def _done(self) -> bool:
        path = self._out / "reports.jsonl"
        return len(self._finished()) == len(self._towns) and path.exists() and len(_lines(path)) == len(self._towns)

    def _check_results(self, *, final: bool) -> None:
        path = self._out / "reports.jsonl"
        if not path.exists():
            return
        reports = _lines(path)
        names = [report["document"]["id"] for report in reports]
        all_names = [town.lower() for town in self._towns]
        if names != [name for name in all_names if name in set(names)]:
            raise Broken(f"reports.jsonl has {', '.join(names)}")
        wrong = [name for name, report in zip(names, reports, strict=True) if _place(report).lower() != name]
        if wrong:
            raise Broken(f"the reports of {', '.join(wrong)} are others'")
        failed = [error["id"] for error in _lines(self._out / "errors.jsonl")] if final else []
        if final and (names != all_names or failed):
            raise Broken(f"lost: {', '.join(set(all_names) - set(names)) or ', '.join(failed)}")


_REPORTS = "SELECT report FROM articles WHERE report IS NOT NULL"


def _lines(path: Path) -> list[dict[str, Any]]:
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except ValueError as error:
        raise Broken(f"{path.name} is not whole: {error}") from error


def _place(report: dict[str, Any]) -> str:
    return report["data"]["place"]["text"]
