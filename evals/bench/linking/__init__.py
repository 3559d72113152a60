"""Linking: do incidents of several articles that are one event come together, and no others?"""

from evals.bench.linking.data import GOLD_EVENTS, LinkedGold, load
from evals.bench.linking.scoring import scores

__all__ = ["GOLD_EVENTS", "LinkedGold", "load", "scores"]
