"""The systems side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from pydantic import JsonValue

from evals.bench.peers.journal import Row
from evals.bench.peers.system import SystemName

Totals = dict[str, JsonValue]
Score = Mapping[str, Any]
"""What `python -m evals score --json` prints: claims.f1, claims.content_f1, incidents.f1, critical_per_100_claims."""

_LINES: dict[str, tuple[str, Callable[[Any], str]]] = {
    "claims F1": ("claims_f1", lambda value: f"{value:.3f}"),
    "content F1": ("content_f1", lambda value: f"{value:.3f}"),
    "incidents F1": ("incidents_f1", lambda value: f"{value:.3f}"),
    "critical errors per 100 claims": ("critical_per_100_claims", lambda value: f"{value:.1f}"),
    "seconds": ("seconds", lambda value: f"{value:.1f}"),
    "calls": ("calls", str),
    "input tokens": ("input_tokens", str),
    "of them cached": ("cached_tokens", str),
    "output tokens": ("output_tokens", str),
    "claims": ("claims", str),
    "incidents": ("incidents", str),
    "spans not in the text": ("not_in_text", str),
    "spans laid on other words": ("loose", str),
    "failures": ("failures", str),
}


def totals(rows: Sequence[Row], score: Score | None) -> Totals:
    """What a system took for all articles together, and how good its reports are, where they were scored."""
    sums = ("seconds", "calls", "input_tokens", "cached_tokens", "output_tokens", "cut_off", "server_errors")
    added: Totals = {name: sum(getattr(row, name) for row in rows) for name in (*sums, "claims", "incidents")}
    added |= {
        "articles": len(rows),
        "seconds": round(sum(row.seconds for row in rows), 1),
        "not_in_text": sum(len(row.not_in_text) for row in rows),
        "loose": sum(len(row.loose) for row in rows),
        "refused": sum(row.refused for row in rows),
        "failures": sum(row.error is not None for row in rows),
    }
    if score is not None:
        added |= {
            "claims_f1": score["claims"]["f1"],
            "content_f1": score["claims"]["content_f1"],
            "incidents_f1": score["incidents"]["f1"],
            "critical_per_100_claims": score["critical_per_100_claims"],
        }
    return added


def ratios(ours: Totals, theirs: Totals) -> dict[str, float | None]:
    """Theirs in units of ours; None where ours is zero."""
    names = [name for _, (name, _) in _LINES.items() if name in ours and name in theirs]
    values = {name: (cast(float, ours[name]), cast(float, theirs[name])) for name in names}
    return {name: round(their / our, 3) if our else None for name, (our, their) in values.items()}


def table(of: Mapping[SystemName, Totals]) -> str:
    """A Markdown table, with each figure in units of this project's in brackets."""
    ours = of.get("project")
    head = ["", *(f"{name} (to ours)" if ours and name != "project" else name for name in of)]
    cells = [head]
    for label, (name, shown) in _LINES.items():
        if all(name in one for one in of.values()):
            cells.append([label, *(_cell(one, ours, name, shown) for one in of.values())])
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [
        "| "
        + " | ".join(cell.rjust(width) if place else cell.ljust(width) for place, (cell, width) in enumerate(row))
        + " |"
        for row in (zip(cells_of_row, widths, strict=True) for cells_of_row in cells)
    ]
    rule = "|" + "|".join("-" * (width + 1) + (":" if place else "-") for place, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _cell(one: Totals, ours: Totals | None, name: str, shown: Callable[[Any], str]) -> str:
    words = shown(one[name])
    ratio = ratios(ours, one).get(name) if ours is not None and one is not ours else None
    return words if ratio is None else f"{words} ({ratio:.2f})"
