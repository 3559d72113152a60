"""`python -m evals derive`: what code works out, on labels in place of a model's answers."""

from __future__ import annotations

import json
from typing import Annotated, Literal

import typer

from evals.cli.options import AsJson, Ids, listed
from evals.cli.score import GoldFolder, OfSplit
from evals.goldset import GOLD
from extractor.cli.output import write
from extractor.errors import GateMissed


def derive(
    gold: GoldFolder = GOLD,
    split: OfSplit = None,
    ids: Ids = None,
    ties: Annotated[
        Literal["labelled", "read"],
        typer.Option(help="Who belongs together: as labelled, as if a model had said so; or as code reads it."),
    ] = "labelled",
    misses: Annotated[
        Literal["stated", "all", "none"], typer.Option(help="Which wrong values to list: of the headline, or of all.")
    ] = "stated",
    least: Annotated[
        float | None, typer.Option("--min", help="A gate for the headline, as 0.95. Missed: exit code 3.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Give labels to code as a model's answers, and compare what it works out with what is labelled.

    The headline counts positions, disputes, statuses and dates, and parties where code reads the ties itself.
    """
    from evals.derivation import FIELDS, STATED, work_out_labels
    from evals.goldset import load

    values = work_out_labels(load(gold, split, listed(ids)), ties=ties == "labelled")
    stated = STATED if ties == "labelled" else (*STATED, "party")
    groups = {field: [value for value in values if value.field == field] for field in FIELDS}
    groups = {"headline": [value for value in values if value.field in stated], **groups}
    shares = {name: sum(value.right for value in group) / max(1, len(group)) for name, group in groups.items()}
    shown = {"stated": stated, "all": FIELDS, "none": ()}[misses]
    wrong = [value for value in values if not value.right and value.field in shown]
    if as_json:
        figures = {
            name: {"right": sum(value.right for value in group), "values": len(group), "share": round(shares[name], 4)}
            for name, group in groups.items()
        }
        told = {"ties": ties, **figures, "misses": [value._asdict() for value in wrong]}
        write(json.dumps(told, ensure_ascii=False, indent=2), None)
    else:
        from evals.cli.tables import derivation_table

        derivation_table(groups, wrong)
    if least is not None and shares["headline"] < least:
        raise GateMissed(f"the headline is {shares['headline']:.4g}, under {least:g}")
