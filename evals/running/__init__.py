"""Extracting a gold split: a sliding pool, a journal that outlives a kill, and answers recorded for replay."""

from evals.running.article import Article
from evals.running.extracting import Choice, run
from evals.running.manifest import Gold, Manifest

__all__ = ["Article", "Choice", "Gold", "Manifest", "run"]
