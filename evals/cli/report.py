"""`python -m evals report`: scores as a page to look at."""

from __future__ import annotations

from pathlib import Path
from string import ascii_uppercase
from typing import Annotated

import typer

from evals.cli.compare import read_score
from evals.goldset import GOLD
from extractor.cli.output import check_writable, write
from extractor.errors import InputError


def report(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN", help="Folders of scored runs. The first is shown in full, the others beside."),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="The page.")] = Path("report.html"),
    gold: Annotated[
        Path, typer.Option("--gold", metavar="DIR", help="The gold folder that they were scored against.")
    ] = GOLD,
) -> None:
    """Make one HTML page of scored runs: figures with intervals, slices, costs, every error shown in its article."""
    from evals.goldset import load
    from evals.page import read_run, report_page

    if len(runs) > len(ascii_uppercase):
        raise InputError(f"{len(runs)} runs are too many for one page: name at most {len(ascii_uppercase)}")
    check_writable(output, str(runs[0]))
    if other := next((run for run in runs if not run.is_dir()), None):
        raise InputError(f"{other} is no folder: name the folder of a run, with reports.jsonl and score.json")
    read = [read_run(run, read_score(run), gold, letter) for run, letter in zip(runs, ascii_uppercase, strict=False)]
    write(report_page(read, load(gold, ids=read[0].ids)), output)
