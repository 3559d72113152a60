"""The gold set: articles, their labels, and what is right beside them."""

from evals.goldset.accept import Accept
from evals.goldset.gold import GOLD, GoldArticle, load

__all__ = ["GOLD", "Accept", "GoldArticle", "load"]
