"""Pointer types that a model fills with sentence numbers and short strings, and that become exact spans."""

from extractor.grounding.check import Checked, Refused, check, misplaced, nearest_evidence, refusals
from extractor.grounding.hidden import Derived, Given, Pointing
from extractor.grounding.locate import Found, locate
from extractor.grounding.own_schema import check_schema
from extractor.grounding.pointers import Evidence, Link, Mention, SentenceNumber, Span
from extractor.grounding.pointing import pointing_into

__all__ = [
    "Checked",
    "Derived",
    "Evidence",
    "Found",
    "Given",
    "Link",
    "Mention",
    "Pointing",
    "Refused",
    "SentenceNumber",
    "Span",
    "check",
    "check_schema",
    "locate",
    "misplaced",
    "nearest_evidence",
    "pointing_into",
    "refusals",
]
