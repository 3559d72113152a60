"""`python -m evals bench linking`: are incidents of several articles that are one event brought together?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from evals.cli.options import AsJson
from extractor.cli.output import write
from extractor.errors import GateMissed, InputError

METRICS = {"pairwise": "pairs of incidents", "b_cubed": "B-cubed"}


def linking(
    gold: Annotated[Path | None, typer.Option(metavar="DIR", help="Another folder than evals/gold-events.")] = None,
    split: Annotated[Literal["dev", "test", "all"], typer.Option(help="Which articles.")] = "all",
    pred: Annotated[
        Path | None,
        typer.Option(metavar="DOSSIERS", help="Score these; else the labelled reports are linked."),
    ] = None,
    least: Annotated[
        float | None, typer.Option("--min", help="A gate for the B-cubed F1, as 0.9. Missed: exit code 3.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Link the labelled reports of articles on the same events, and compare the dossiers with the labelled events."""
    from evals.bench.linking import GOLD_EVENTS, load, scores
    from evals.bench.linking.wrong import wrong
    from evals.cli.bench_table import table
    from extractor.dossiers import Dossier, link

    known = load(gold or GOLD_EVENTS, None if split == "all" else split)
    if pred is None:
        dossiers = list(link(known.reports))
    else:
        dossiers = [Dossier.model_validate_json(line) for line in pred.read_text(encoding="utf-8").splitlines()]
    grouped = [[(one.document, one.incident) for one in dossier.incidents] for dossier in dossiers]
    if missing := {key for keys in known.events.values() for key in keys} - {key for keys in grouped for key in keys}:
        raise InputError(f"{pred}: {' '.join(min(missing))} is in no dossier")
    score: dict[str, Any] = {
        "split": split, "articles": len(known.reports), "incidents": sum(map(len, known.events.values())),
        "events": len(known.events), "gold_sha256": known.sha256, "scores": scores(grouped, known.events),
    }  # fmt: skip
    if as_json:
        write(json.dumps(score, indent=2), None)
    else:
        typer.echo(f"{score['articles']} articles, {score['incidents']} incidents of {score['events']} events")
        typer.echo(table(score, METRICS))
        for line in wrong(dossiers, known):
            typer.echo(line)
    reached = score["scores"]["b_cubed"]["f1"]
    if least is not None and reached < least:
        raise GateMissed(f"B-cubed F1 is {reached:.4g}, under {least:g}")
