"""Many trials, one after the other, and what they met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from evals.bench.batch_stub import BatchStub
from evals.bench.faults.trial import Broken, Trial
from evals.bench.stub import Reply, serving


@dataclass
class Figures:
    """What became of all trials."""

    trials: int = 0
    batch: int = 0
    """Of them, those through the Batch API."""
    runs: int = 0
    met: Counter[str] = field(default_factory=Counter[str])
    """Faults by kind."""
    broken: list[str] = field(default_factory=list[str])
    """A line for each trial in which something happened that must not: its seed, and what."""


def run_trials(count: int, seed: int, told: Callable[[Figures], None] = lambda _: None) -> Figures:
    """Run so many trials; `told` is called after each. The trial number N has the seed `SEED-N`."""
    figures = Figures()
    for number in range(count):
        with TemporaryDirectory() as folder, serving(lambda _: Reply(""), BatchStub) as server:
            trial = Trial(f"{seed}-{number}", Path(folder), server)
            try:
                trial.run()
            except Broken as error:
                figures.broken.append(f"{seed}-{number}: {error}")
        figures.trials += 1
        figures.batch += trial.batch
        figures.runs += trial.runs
        figures.met += trial.met
        told(figures)
    return figures
