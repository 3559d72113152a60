"""What code works out, measured alone: labels as a model's answer in, the worked-out values against the labelled."""

from evals.derivation.values import FIELDS, STATED, WorkedOut, work_out_labels

__all__ = ["FIELDS", "STATED", "WorkedOut", "work_out_labels"]
