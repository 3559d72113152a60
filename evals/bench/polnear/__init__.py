"""PolNeAR: who said what in news on the US election of 2016 (Newell, Margolin and Ruths, LREC 2018)."""

from evals.bench.polnear.data import Attribution, Document, attributions, load
from evals.bench.polnear.scoring import METRICS, Metric, score, tallies

__all__ = ["METRICS", "Attribution", "Document", "Metric", "attributions", "load", "score", "tallies"]
