"""What a run came to, in one line."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from extractor.corpus.journal import Counts
from extractor.llm.usage import Usage

Stopped = Literal["budget", "interrupted"]


@dataclass(frozen=True, slots=True)
class Summary:
    """A run that has ended, whether or not all is done."""

    out: Path
    counts: Counts
    settled: int
    """Articles that this run finished, those that failed included."""
    paid: Usage
    """What this run asked of the server."""
    served: int
    """Answers that came from the cache."""
    seconds: float
    stopped: Stopped | None = None
    """Why not all articles were begun."""
    changed: int = 0
    """Articles that changed while they were read: they are left."""

    @property
    def complete(self) -> bool:
        """Whether every record of the corpus has its report."""
        counts = self.counts
        return not (counts.left or counts.failed or counts.bad or counts.duplicates)

    def figures(self) -> dict[str, Any]:
        """The same as `str`, in parts."""
        counts = {name: getattr(self.counts, name) for name in ("done", "failed", "bad", "duplicates", "left", "gone")}
        rest = {"changed": self.changed, "settled": self.settled, "stopped": self.stopped, "served": self.served}
        return counts | rest | asdict(self.paid) | {"seconds": round(self.seconds, 3)}

    def __str__(self) -> str:
        counts, paid = self.counts, self.paid
        return ", ".join(
            part
            for part in (
                count(counts.done, "report"),
                counts.failed and f"{counts.failed:,} failed (--retry-failed tries them again)",
                counts.bad and f"{count(counts.bad, 'record')} no article",
                counts.duplicates and f"{count(counts.duplicates, 'duplicate')} left out",
                counts.left and f"{counts.left:,} left",
                self.changed and f"{self.changed:,} changed meanwhile: run again",
                counts.gone and f"{count(counts.gone, 'article')} of the journal no longer in the corpus",
                f"{count(paid.calls, 'call')}, {paid.input_tokens + paid.output_tokens:,} tokens",
                dollars(paid.cost_usd),
                self.served and f"{count(self.served, 'answer')} from the cache",
                duration(self.seconds),
                self.settled and f"{self.settled / max(self.seconds, 0.001):,.1f} articles/s",
            )
            if part
        )


def count(number: int, noun: str, several: str | None = None) -> str:
    """`1 call`, `2,000 calls`; `several` where the plural is another."""
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"


def dollars(cost: float | None) -> str:
    """`$1.2345`, or that it is not known."""
    return "cost unknown" if cost is None else f"${cost:,.4f}"


def duration(seconds: float) -> str:
    """`48 s`, `12 min`, `3 h 20 min`, `2 d 4 h`."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    if minutes < 120:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24} d {hours % 24} h"
