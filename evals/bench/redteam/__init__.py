"""Hostile articles: a set that attacks its reader, and what of the attacks comes through to the reports."""

from evals.bench.redteam.counting import Counts, counted
from evals.bench.redteam.data import RED_TEAM, Body, Hostile, Stretch, load
from evals.bench.redteam.table import summed, table

__all__ = ["RED_TEAM", "Body", "Counts", "Hostile", "Stretch", "counted", "load", "summed", "table"]
