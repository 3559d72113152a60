"""What is counted of a document, and the figures made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Tally(NamedTuple):
    """Credit earned, and the numbers of predicted and gold values that could have earned it."""

    credit: float = 0.0
    predicted: float = 0.0
    gold: float = 0.0

    @property
    def precision(self) -> float:
        """Credit over predicted values; 0 when there are none."""
        return self.credit / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Credit over gold values; 0 when there are none."""
        return self.credit / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of the two; 0 when nothing was predicted and nothing was to be found."""
        every = self.predicted + self.gold
        return 2 * self.credit / every if every else 0.0

    def __add__(self, other: tuple[float, ...]) -> Tally:  # type: ignore[override]
        credit, predicted, gold = other
        return Tally(self.credit + credit, self.predicted + predicted, self.gold + gold)


@dataclass(slots=True)
class Counts:
    """The tallies of a document by name."""

    sums: dict[str, list[float]] = field(default_factory=dict[str, list[float]])

    def add(self, name: str, credit: float, predicted: float, gold: float) -> None:
        """Add to the tally of that name."""
        held = self.sums.get(name)
        if held is None:
            self.sums[name] = [credit, predicted, gold]
        else:
            held[0] += credit
            held[1] += predicted
            held[2] += gold

    @property
    def tallies(self) -> dict[str, Tally]:
        """The tallies so far."""
        return {name: Tally(*sums) for name, sums in self.sums.items()}
