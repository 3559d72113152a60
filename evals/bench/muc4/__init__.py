"""MUC-4: incident templates from news of 1988 to 1991 on nine Latin American states."""

from evals.bench.muc4.data import ROLES, Document, Role, Template, load, normalised, template
from evals.bench.muc4.predictions import read
from evals.bench.muc4.scoring import Metric, exact, phi3, subset, tallies

__all__ = [
    "ROLES",
    "Document",
    "Metric",
    "Role",
    "Template",
    "exact",
    "load",
    "normalised",
    "phi3",
    "read",
    "subset",
    "tallies",
    "template",
]
