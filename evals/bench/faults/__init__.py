"""Runs over a corpus that meet faults of every kind: nothing may be lost, be there twice, or become unreadable."""

from evals.bench.faults.trial import Broken, Trial
from evals.bench.faults.trials import Figures, run_trials

__all__ = ["Broken", "Figures", "Trial", "run_trials"]
