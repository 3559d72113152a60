"""The gold set: articles, their labels, and what is right beside them."""

from evals.goldset.accept import Accept
from evals.goldset.gold import GOLD, Entry, GoldArticle, Split, load, names

__all__ = ["GOLD", "Accept", "Entry", "GoldArticle", "Split", "load", "names"]
