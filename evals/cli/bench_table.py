"""The scores of a benchmark on the screen."""

from __future__ import annotations

from typing import Any

LEVEL = "95 % interval of F1"


def table(score: dict[str, Any], names: dict[str, str]) -> str:
    """Precision, recall and F1 in percent, a metric a line; `names` tells what the metrics are called."""
    width = max(map(len, names.values()))
    lines = [f"{'':<{width}}{'precision':>11}{'recall':>8}{'F1':>8}  {LEVEL}"]
    for metric, name in names.items():
        figures = score["scores"][metric]
        low, high = (f"{100 * bound:.2f}" for bound in figures["intervals"]["f1"])
        precision, recall, f1 = (f"{100 * figures[part]:.2f}" for part in ("precision", "recall", "f1"))
        lines.append(f"{name:<{width}}{precision:>11}{recall:>8}{f1:>8}  {low} to {high}")
    return "\n".join(lines)
