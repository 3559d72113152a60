"""`python -m evals bench muc4`: incident templates, compared with published systems' by their metrics."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from evals.cli.options import AsJson, BaseUrl, Concurrency, Ids, Limit, Model, Quiet, Replay, Restart
from extractor.errors import InputError, SettingsError

EPILOG = """\
\b
Data: test.jsonl (dev.jsonl, train.jsonl) as processed in github.com/xinyadu/gtt: a line {docid, doctext, templates}
for each document. Predictions: as published for GTT (one JSON object) or IterX (JSON lines).

\b
The run folder holds what `python -m evals run` writes there, with the templates in reports.jsonl, and score.json.
A run that was stopped goes on when the same command is given again.
Exit codes: 0 done, 1 a document failed (it is scored as if nothing was found), 2 the command line or data is unusable.
"""
METRICS = {"phi3": "CEAF-RME phi3", "subset": "CEAF-RME phi-subset", "exact": "exact template F1"}


def muc4(
    data: Annotated[Path, typer.Option(metavar="DIR", help="The folder with SPLIT.jsonl.")],
    out: Annotated[
        Path | None, typer.Option(metavar="RUN", help="The run folder; not needed with --predictions.")
    ] = None,
    split: Annotated[str, typer.Option(help="Which file of the folder.")] = "test",
    ids: Ids = None,
    limit: Limit = None,
    predictions: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Ask no model: score these, in GTT's or IterX's format.")
    ] = None,
    model: Model = None,
    base_url: BaseUrl = None,
    prompt: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Another prompt (.md) than the project's own for MUC-4.")
    ] = None,
    concurrency: Concurrency = 8,
    replay: Replay = None,
    restart: Restart = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """MUC-4: terrorist incidents in Latin American news of about 1990, as templates."""
    from evals.bench import muc4
    from evals.bench.muc4.schema import MucIncidents, templates
    from evals.bench.running import choose, extract, score_of
    from evals.cli.bench_table import table
    from evals.running import Choice
    from extractor.templates import prompts_folder

    documents = choose(muc4.load(data, split), ids=ids, limit=limit)
    if predictions is not None:
        found, failed = muc4.read(predictions), list[str]()
        if not any(document.id in found for document in documents):
            raise InputError(f"{predictions} holds predictions for none of the documents of {data / split}.jsonl")
    elif out is not None:
        choice = Choice(model, base_url, prompt=str(prompt or prompts_folder() / "muc4.md"), replay=replay)
        results = extract(
            documents, out, choice,
            split=f"muc4 {split}", schema=MucIncidents, concurrency=concurrency, restart=restart, quiet=quiet,
        )  # fmt: skip
        found = {name: templates(result.data) for name, result in results.items()}
        failed = [document.id for document in documents if document.id not in found]
    else:
        raise SettingsError("say where the run goes with --out RUN, or give --predictions FILE to score")
    empty = sum(not document.templates for document in documents)
    about = {
        "split": split,
        "predictions": predictions.name if predictions else None,
        "counted": len(documents),
        "without_templates": empty,
        "failed": failed,
    }
    score = score_of("muc4", documents, muc4.tallies(documents, found), out=out, about=about)
    if as_json:
        typer.echo(json.dumps(score, ensure_ascii=False, indent=2))
    else:
        typer.echo(f"MUC-4 {split}, {len(documents)} documents ({empty} without a template)")
        typer.echo(table(score, METRICS))
    if failed:
        typer.echo(f"evals: {len(failed)} failed and count as empty: {', '.join(failed[:5])}", err=True)
        raise typer.Exit(1)
