"""A score as one HTML page that stands on its own."""

from evals.page.page import report_page
from evals.page.scored import ScoredRun, read_run

__all__ = ["ScoredRun", "read_run", "report_page"]
