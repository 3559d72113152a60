"""What a report and a label say of one thing, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from evals.page.marks import Mark, Verdict

_SHOWN = 150
"""Characters of a quotation in a list."""


class Told(NamedTuple):
    """A value, and whether it is right."""

    words: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the report is not as the label has it."""

    field: str
    said: list[Told]
    """By the report."""
    label: list[Told]

    @property
    def label_in_words(self) -> str | None:
        """What the label has where there is nothing of it to show; None where what is shown says it."""
        if self.label or any(value.verdict == "partly" for value in self.said):
            return None
        return "no more" if any(value.verdict == "right" for value in self.said) else "nothing"


@dataclass(frozen=True, slots=True)
class Item:
    """A claim or an incident of the report, of the label, or of both."""

    key: str
    """Unique in its article."""
    verdict: Verdict
    said: str | None
    """Its id in the report."""
    label: str | None
    """Its id in the label."""
    words: str
    differences: list[Difference] = field(default_factory=list[Difference])
    marks: list[Mark] = field(default_factory=list[Mark])

    @property
    def start(self) -> int | None:
        """Where it first stands in the text."""
        return min((mark.start for mark in self.marks if mark.start < mark.end), default=None)


class Quoted(Protocol):
    """Words cut from the text."""

    @property
    def quote(self) -> str: ...  # noqa: D102


def excerpt(spans: Sequence[Quoted]) -> str:
    """The words of spans, cut short."""
    words = " … ".join(span.quote for span in spans)
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN].rstrip()}…"
