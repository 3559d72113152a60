"""Scoring reports against labels."""

from evals.scoring.score import Score, score_reports

__all__ = ["Score", "score_reports"]
