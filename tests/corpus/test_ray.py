"""Runs on Ray Data: on one machine with two workers, one of which may be lost. Starting Ray takes its time."""

import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from evals.bench.stub import Reply
from extractor.corpus import Budget
from extractor.corpus.journal import Journal
from extractor.errors import SettingsError
from tests.corpus.world import Model, World, but_for_timings, record, refusal, towns

pytestmark = pytest.mark.filterwarnings("default")

TWO: dict[str, Any] = {"engine": "ray", "workers": 2}


def test_without_ray_it_says_what_to_install(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    world.write(record("Almora"))
    with pytest.raises(SettingsError, match=r"pip install 'incident-claim-extractor\[ray\]'"):
        world.run(**TWO)


def test_what_makes_no_sense(world: World) -> None:
    world.write(record("Almora"))
    with pytest.raises(SettingsError, match="--workers is for --engine ray"):
        world.run(workers=2)


@pytest.fixture(scope="module")
def cluster() -> Generator[None]:
    pytest.importorskip("ray.data", reason="the extra ray is not installed")
    from extractor.corpus.on_ray import connected

    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("EXTRACTOR_TEST_OF", str(os.getpid()))
        with connected(2):
            yield


def workers() -> list[int]:
    """The processes of this machine's workers that are this test's."""
    ours: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            said = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:  # it has ended
            continue
        if said.startswith(b"ray::MapWorker") and f"EXTRACTOR_TEST_OF={os.getpid()}".encode() in said:
            ours.append(int(folder.name))
    return ours


@pytest.mark.usefixtures("cluster")
class TestTwoWorkers:
    def test_the_same_comes_out_and_nothing_is_asked_twice(self, world: World, model: Model, tmp_path: Path) -> None:
        world.write(*map(record, towns(8)), "no JSON", record("Almora"))
        model.before = lambda town: refusal(400, "odd") if town == "town3" else None
        local = world.run(tmp_path / "local", concurrency=4)
        model.asked.clear()
        summary = world.run(concurrency=4, **TWO)
        assert but_for_timings(world.reports()) == but_for_timings(world.reports(tmp_path / "local"))
        assert (world.out / "errors.jsonl").read_bytes() == (tmp_path / "local" / "errors.jsonl").read_bytes()
        assert set(model.asked.values()) == {1}
        assert (summary.counts, summary.paid.calls) == (local.counts, local.paid.calls)
        assert summary.paid.input_tokens == local.paid.input_tokens == 800
        asked = model.asked.copy()
        model.before = lambda _: None
        assert world.run(concurrency=4, retry_failed=True, engine="local").counts.done == 9
        assert model.asked == asked + Counter(town3=1), "the journal is the same"

    def test_a_lost_workers_articles_are_done_again(self, world: World, model: Model) -> None:
        world.write(*map(record, towns(12)))
        lost, killed = threading.Event(), list[int]()

        def held(town: str) -> Reply:
            return Reply({"place": town.capitalize(), "weapon": "Shells"}, until=lost.is_set)

        def kill() -> None:
            while model.asked.total() < 4:
                time.sleep(0.05)
            killed.extend(workers()[:1])
            os.kill(killed[0], signal.SIGKILL)
            lost.set()

        model.before = held
        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        summary = world.run(concurrency=4, **TWO)
        assert killed
        assert summary.complete
        assert world.ids() == [town.lower() for town in towns(12)]
        assert 1 <= model.asked.total() - 12 <= 2, "what the lost one had under way"
        with Journal(world.out) as journal:
            assert journal.spent()[0] == 12

    def test_a_budget_stops_it(self, world: World, model: Model) -> None:
        world.write(*map(record, towns(20)))
        summary = world.run(concurrency=4, budget=Budget(max_tokens=720), **TWO)
        assert summary.stopped == "budget"
        assert model.asked.total() == summary.counts.done == 6
        assert world.ids() == [town.lower() for town in towns(6)]
