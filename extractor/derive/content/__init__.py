"""The content of a claim: the words that are left of its sentence beside source, cue and connecting words."""

from extractor.derive.content.clauses import label_end
from extractor.derive.content.cutting import Attribution, cut
from extractor.derive.content.running import run_on
from extractor.derive.content.spans import Span

__all__ = ["Attribution", "Span", "cut", "label_end", "run_on"]
