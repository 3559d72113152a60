"""`python -m evals score`: reports against labels."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from evals.cli.options import AsJson, Ids, listed
from evals.goldset import GOLD, Split
from extractor.cli.output import check_writable, write

GoldFolder = Annotated[Path, typer.Option("--gold", help="A folder with articles/ID.txt and labels/ID.json.")]
OfSplit = Annotated[Split | None, typer.Option(help="Only these articles.")]


def score(
    pred: Annotated[Path, typer.Option("--pred", help="A reports.jsonl, or the folder of a run.")],
    gold: GoldFolder = GOLD,
    split: OfSplit = None,
    ids: Ids = None,
    as_json: AsJson = False,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Keep the score, for compare and report. A run's folder keeps it itself."),
    ] = None,
    resamples: Annotated[int, typer.Option(min=1, help="Draws of the bootstrap over documents.")] = 10_000,
    least: Annotated[
        list[str] | None, typer.Option("--min", help="A gate: claims.f1=0.6. Missed: exit code 3.")
    ] = None,
    most: Annotated[list[str] | None, typer.Option("--max", help="A gate: critical=10 (per 100 claims).")] = None,
) -> None:
    """Score reports against labels: fields, critical errors, and how sure all of it is."""
    from evals.running.folder import MANIFEST
    from evals.scoring import gates
    from evals.scoring.predictions import score_folder
    from evals.scoring.provenance import provenance
    from evals.scoring.score import Score

    gates.bars(least or [], "--min")
    gates.bars(most or [], "--max")
    if output is not None:
        check_writable(output, str(pred))
    chosen = listed(ids)
    if pred.is_dir() and split is None and chosen is None:
        split, chosen = _as_run(pred / MANIFEST)
    documents, missing, others = score_folder(gold, pred, split=split, ids=chosen)
    if missing:
        typer.echo(f"evals: no report for {_some(missing)}: scored as if nothing was found there", err=True)
    if others:
        typer.echo(f"evals: reports of no article that is scored, left out: {_some(others)}", err=True)
    result = Score(documents, missing, resamples, provenance(gold, [d.id for d in documents], pred))
    told = result.to_dict()
    kept = output or (pred / "score.json" if pred.is_dir() else None)
    if kept is not None:
        write(json.dumps(told, ensure_ascii=False), kept)
    if as_json:
        write(json.dumps(_without_documents(told), ensure_ascii=False, indent=2), None)
    else:
        from evals.cli.tables import score_table

        score_table(result)
    gates.check(result, least or [], most or [])


def _as_run(path: Path) -> tuple[Split | None, list[str] | None]:
    """The split and articles that a run was over."""
    if not path.is_file():
        return None, None
    chosen: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["gold"]
    return (chosen["split"] if chosen["split"] in ("dev", "test") else None), chosen.get("ids")


def _without_documents(told: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in told.items() if key != "documents"}


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
