"""Scores on the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evals.derivation import WorkedOut
from evals.scoring.comparison import Comparison
from evals.scoring.figures import CLAIM_FIELDS, HEADLINES
from evals.scoring.incidents import FIELDS
from evals.scoring.score import Score

_ERRORS_SHOWN = 20


def score_table(score: Score) -> None:
    """Print a score: headlines, fields, slices, critical errors."""
    console = _console()
    table = _table("", "precision", "recall", "F1", "95 % interval", "F1, matched only")
    for name, path, prefix in (
        ("claims: content and source", "claims", ""),
        ("claims: content", "claims", "content_"),
        ("incidents: all fields", "incidents", ""),
        ("incidents: found at all", "incidents", "found_"),
        ("disputes: incident, aspect, parties", "disputes", ""),
        ("occurrence status of incidents", "status", ""),
        ("parties: pairs of actors", "parties", ""),
    ):
        matched = score[f"{path}.matched_f1"] if (path, prefix) in {("incidents", ""), ("status", "")} else None
        _row(table, score, name, path, prefix, matched)
    for group, fields in (("claims", CLAIM_FIELDS), ("incidents", FIELDS)):
        table.add_section()
        for field in fields:
            path = f"{group}.fields.{field}"
            _row(table, score, f"{group.removesuffix('s')} {field}", path, "", score[f"{path}.matched_f1"])
    console.print(table)
    low, high = score.intervals["critical_per_100_claims"]
    console.print(
        f"critical errors per 100 claims: {score['critical_per_100_claims']:.1f} ({low:.1f} to {high:.1f}); "
        f"splits {score.count('incidents.splits')}, merges {score.count('incidents.merges')}, "
        f"documents {len(score.documents)}"
    )
    errors = [(document.id, error) for document in score.documents for error in document.errors]
    if errors:
        kinds = Counter(error.kind for _, error in errors)
        console.print(", ".join(f"{kind} {number}" for kind, number in kinds.most_common()))
    for name, error in errors[:_ERRORS_SHOWN]:
        console.print(Text(f"  {name} {error.where} {error.kind}: {error.words!r} (label: {error.expected})"))
    if len(errors) > _ERRORS_SHOWN:
        console.print(f"  and {len(errors) - _ERRORS_SHOWN} more: see --json")
    _slices(console, score)


def comparison_table(comparison: Comparison) -> None:
    """Print what differs between two runs, headlines first, then the documents that changed most."""
    console = _console()
    table = _table("", "A", "B", "B - A", "95 % interval", "p", "")
    for row in comparison.rows:
        table.add_row(
            row.figure, f"{row.first:.3f}", f"{row.second:.3f}", f"{row.difference:+.3f}",
            f"{row.low:+.3f} to {row.high:+.3f}", f"{row.p:.3f}", row.verdict,
        )  # fmt: skip
        if row.figure == HEADLINES[-1]:
            table.add_section()
    console.print(table)
    for line in comparison.changed:
        console.print(Text(f"  {line}"))


def derivation_table(groups: Mapping[str, Sequence[WorkedOut]], wrong: Sequence[WorkedOut]) -> None:
    """Print how many worked-out values of each kind are right, then wrong ones."""
    console = _console()
    table = _table("worked out", "right", "of", "share")
    for name, group in groups.items():
        right = sum(value.right for value in group)
        table.add_row(name, str(right), str(len(group)), f"{right / len(group):.3f}" if group else "")
        if name == "headline":
            table.add_section()
    console.print(table)
    for value in wrong:
        line = f"  {value.article} {value.path} {value.field}: {value.value} (label: {value.label})"
        console.print(Text(line))


def _slices(console: Console, score: Score) -> None:
    told = score.to_dict(documents=False)["slices"]
    for kind, groups in told.items():
        table = _table(kind, "documents", "claims F1", "95 % interval", "incidents F1", "critical per 100")
        for name, group in groups.items():
            low, high = group["claims.f1.interval"]
            table.add_row(
                name, str(group["documents"]), f"{group['claims.f1']:.3f}", f"{low:.3f} to {high:.3f}",
                f"{group['incidents.f1']:.3f}", f"{group['critical_per_100_claims']:.1f}",
            )  # fmt: skip
        console.print(table)


def _row(table: Table, score: Score, name: str, path: str, prefix: str, matched: float | None) -> None:
    low, high = score.intervals[f"{path}.{prefix}f1"]
    figures = [f"{score[f'{path}.{prefix}{part}']:.3f}" for part in ("precision", "recall", "f1")]
    table.add_row(name, *figures, f"{low:.3f} to {high:.3f}", "" if matched is None else f"{matched:.3f}")


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first)
    for column in others:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _console() -> Console:
    console = Console(highlight=False, soft_wrap=True)
    return console if console.is_terminal else Console(highlight=False, soft_wrap=True, width=120)
