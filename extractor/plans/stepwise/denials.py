"""Denials that no reporting word tells: "There was no missile," he said. Told by the words of the claim's content.

A model of 1.5B parameters that was asked found 5 to 14 of 27 such denials and took 4 to 10 of 37 other negations for
one, whatever the question; the words themselves tell 24 of the 27 (evals/EXPERIMENTS.md).
"""

from __future__ import annotations

from extractor.derive.tied import write_contents
from extractor.document import Document
from extractor.plans.stepwise.cues import CueList
from extractor.schema import Report


def word_denials(document: Document, report: Report, cues: CueList | None) -> None:
    """Make denials of the claims, worded as statements, whose content says of an incident that it is not so."""
    if cues is None:
        return
    write_contents(report, document)
    for claim in report.claims:
        if claim.stance == "asserts" and claim.incidents and any(cues.denies(span.quote) for span in claim.content):
            claim.stance = "denies"
