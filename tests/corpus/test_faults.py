"""Runs that are killed at any moment, or whose disk is full: nothing is lost, and nothing is there twice."""

import multiprocessing
import os
import random
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evals.bench.stub import Reply
from extractor.errors import OutputError
from tests.corpus.world import Model, World, but_for_timings, read_lines, record, refusal, towns

# A server that has all modules loaded and no threads: a fork of it begins at once.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.corpus.loaded"])

COUNT = 24


def run_in_child(folder: Path, base_url: str, disk: int | None, cache: bool) -> None:
    os.environ["EXTRACTOR_CACHE"] = str(folder / "cache")
    if disk is not None:  # a write beyond it fails, as on a disk that is full
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (disk, disk))
    try:
        World(folder, base_url, Model()).run(concurrency=3, cache=cache)
    except OutputError:
        os._exit(7)


def start(world: World, *, disk: int | None = None, cache: bool = False) -> Any:
    child = PROCESSES.Process(target=run_in_child, args=(world.folder, world.choice.base_url, disk, cache))
    child.start()
    return child


def kill_when(child: Any, due: Callable[[], bool]) -> None:
    while child.is_alive() and not due():
        time.sleep(0.002)
    child.kill()
    child.join()


@pytest.fixture
def whole(world: World, model: Model, tmp_path: Path) -> list[dict[str, Any]]:
    """The reports of a run that nothing befell."""
    world.write(*map(record, towns(COUNT)))
    model.before = lambda town: Reply({"place": town.capitalize(), "weapon": "Shells"}, 0.005)
    world.run(tmp_path / "whole")
    model.asked.clear()
    return world.reports(tmp_path / "whole")


@pytest.mark.parametrize("seed", range(3))
def test_killed_again_and_again_it_ends_with_the_same(
    world: World, model: Model, whole: list[dict[str, Any]], seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(3):
        answers = model.asked.total() + chance.randrange(1, 10)
        child = start(world)
        kill_when(child, lambda answers=answers: model.asked.total() >= answers)
    world.run()
    assert but_for_timings(world.reports()) == but_for_timings(whole)
    assert world.errors() == []
    assert max(model.asked.values()) <= 4, "what was under way at a kill is asked once more for each kill"
    asked = model.asked.copy()
    before = (world.out / "reports.jsonl").read_bytes()
    world.run()
    assert model.asked == asked
    assert (world.out / "reports.jsonl").read_bytes() == before
    assert {path.name for path in world.out.iterdir()} <= {".lock", "errors.jsonl", "journal.sqlite", "reports.jsonl"}


def test_killed_while_it_writes_its_results(world: World, model: Model, whole: list[dict[str, Any]]) -> None:
    reports = world.out / "reports.jsonl"
    for moment in range(6):
        child = start(world)
        if moment % 2:
            kill_when(child, reports.exists)
        else:
            kill_when(child, lambda: any(world.out.glob(".*.part")))
        if reports.exists():
            assert but_for_timings(world.reports()) == but_for_timings(whole), "it is never there in part"
            reports.unlink()
    world.run()
    assert but_for_timings(world.reports()) == but_for_timings(whole)
    assert model.asked.total() <= COUNT + 6 * 3


@pytest.mark.parametrize("disk", [30_000, 60_000, 100_000])
def test_a_disk_that_is_full(world: World, model: Model, whole: list[dict[str, Any]], disk: int) -> None:
    child = start(world, disk=disk)
    child.join()
    assert child.exitcode == 7
    asked = model.asked.copy()
    done = world.run()
    assert but_for_timings(world.reports()) == but_for_timings(whole)
    again = [name for name, times in model.asked.items() if times > 1]
    assert len(again) <= 3, "no more than were under way"
    assert done.settled >= COUNT - asked.total()


def test_what_a_kill_cut_off_is_answered_from_the_cache(
    world: World, model: Model, whole: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXTRACTOR_CACHE", str(world.folder / "cache"))
    child = start(world, cache=True)
    kill_when(child, lambda: model.asked.total() >= 12)
    world.run(cache=True)
    assert but_for_timings(world.reports()) == but_for_timings(whole)
    assert sum(times - 1 for times in model.asked.values()) <= 3


def test_a_server_that_fails_in_every_way(world: World, model: Model, whole: list[dict[str, Any]]) -> None:
    chance = random.Random(5)

    def unreliable(_: str) -> Reply | None:
        faults = (
            Reply(drop=True), refusal(500), refusal(429, retry_after_ms="1"), Reply("{"), Reply(body=b"garbage"),
            Reply(body=b""), Reply(""), refusal(503),
        )  # fmt: skip
        return chance.choice(faults) if chance.random() < 0.3 else None

    model.before = unreliable
    for _ in range(20):
        if world.run(retry_failed=True, concurrency=4).complete:
            break
        listed = {error["id"] for error in world.errors()}
        assert listed | set(world.ids()) == {town.lower() for town in towns(COUNT)}
        assert not listed & set(world.ids())
    assert [report["data"] for report in world.reports()] == [report["data"] for report in whole]
    assert len(read_lines(world.out / "reports.jsonl")) == COUNT
