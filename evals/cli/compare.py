"""`python -m evals compare`: is B better than A?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from evals.cli.options import AsJson
from extractor.cli.output import write
from extractor.errors import GateMissed, InputError


def compare(
    a: Annotated[Path, typer.Argument(help="A scored run's folder, or a score kept with score -o.")],
    b: Annotated[Path, typer.Argument(help="The other one.")],
    as_json: AsJson = False,
    fail_if_worse: Annotated[bool, typer.Option(help="Exit code 3 when B is worse in a headline figure.")] = False,
    resamples: Annotated[int, typer.Option(min=1, help="Draws of the bootstrap over documents.")] = 10_000,
) -> None:
    """Tell whether run B beats run A: paired bootstrap over documents. Says "cannot tell" when it cannot."""
    from evals.scoring.comparison import compare as compared

    comparison = compared(read_score(a), read_score(b), resamples)
    if as_json:
        write(json.dumps(comparison.to_dict(), ensure_ascii=False, indent=2), None)
    else:
        from evals.cli.tables import comparison_table

        comparison_table(comparison)
    if fail_if_worse and comparison.worse:
        lines = [f"{row.figure} {row.first:.3f} to {row.second:.3f} (p {row.p:.3f})" for row in comparison.worse]
        raise GateMissed(f"B is worse than A: {'; '.join(lines)}")


def read_score(path: Path) -> dict[str, Any]:
    """A kept score; `InputError` when there is none."""
    file = path / "score.json" if path.is_dir() else path
    try:
        told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{file} is not there: run `python -m evals score --pred {path}` first") from error
    except ValueError as error:
        raise InputError(f"{file} is no score: {error}") from error
    if "documents" not in told or "provenance" not in told:
        raise InputError(f"{file} is no score with its documents: keep one with `python -m evals score ... -o FILE`")
    return told
