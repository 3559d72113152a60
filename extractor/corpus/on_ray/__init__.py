"""The same run on Ray Data: the driver has the corpus, the journal and the budget; workers extract, one article a task.

The driver feeds an article when it may be begun, as the local engine begins it, so that no more is under way than is
allowed and stopping works alike. Ray Data streams it to a pool of actors, starts lost ones anew and does their articles
again. What it hands back is settled in the journal here, and what the journal has is never fed again.
"""

from extractor.corpus.on_ray.cluster import connected
from extractor.corpus.on_ray.lines import RayLines
from extractor.corpus.on_ray.worker import Order

__all__ = ["Order", "RayLines", "connected"]
