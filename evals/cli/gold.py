"""`python -m evals gold`: check, freeze, agreement."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from evals.cli.gold_studio import EXPORT_EPILOG, export, import_
from evals.cli.options import AsJson
from evals.goldset import GOLD
from extractor.cli.output import write
from extractor.errors import InputError

Folder = Annotated[
    Path, typer.Option("--gold", metavar="DIR", help="A folder with articles/ID.txt and labels/ID.json.")
]

gold = typer.Typer(no_args_is_help=True, help="The labelled articles: check them, freeze them, take them elsewhere.")

gold.command(epilog=EXPORT_EPILOG)(export)
gold.command(name="import")(import_)


@gold.command()
def check(folder: Folder = GOLD) -> None:
    """Is every article labelled, every span exact, every reference resolved, the test split as it was frozen?"""
    from evals.goldset import names
    from evals.goldset.check import problems

    found = list(problems(folder))
    for problem in found:
        typer.echo(problem)
    if found:
        raise InputError(f"{folder}: {len(found)} problem{'s' if len(found) > 1 else ''}, listed above")
    typer.echo(f"{len(names(folder))} articles, all is well")


@gold.command()
def freeze(folder: Folder = GOLD) -> None:
    """Write the hashes of the test labels; a change of a frozen one must be listed in CORRECTIONS.md first."""
    from evals.goldset.check import freeze as write_hashes

    typer.echo(f"{write_hashes(folder)} test articles frozen")


@gold.command()
def agreement(
    folder: Folder = GOLD,
    strict: Annotated[bool, typer.Option("--strict", help="Without what the first labels accept besides.")] = False,
    as_json: AsJson = False,
) -> None:
    """How far two independent labellings agree, before they were adjudicated: the ceiling for any extractor."""
    from evals.cli.tables import score_table
    from evals.goldset.agreement import agreement as agreed

    score = agreed(folder, strict=strict)
    if as_json:
        write(json.dumps(score.to_dict(documents=False), ensure_ascii=False, indent=2), None)
    else:
        score_table(score)
