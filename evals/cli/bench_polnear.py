"""`python -m evals bench polnear`: who said what, on the attributions of PolNeAR."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from evals.cli.options import AsJson, BaseUrl, Concurrency, Ids, Limit, Model, Plan, Quiet, Replay, Restart

EPILOG = """\
\b
Data: dev.jsonl (train.jsonl) of PolNeAR, a line for each document:
{id, text, claims: [{source, cue, content: [[start, end], ...]}]}, offsets in code points.

\b
The run folder holds what `python -m evals run` writes there, and score.json.
A run that was stopped goes on when the same command is given again.
Exit codes: 0 done, 1 a document failed (it is scored as if nothing was found), 2 the command line or data is unusable.
"""
METRICS = {"content": "content", "content_source": "content + source", "content_cue": "content + cue"}


def polnear(
    data: Annotated[Path, typer.Option(metavar="DIR", help="The folder with SPLIT.jsonl.")],
    out: Annotated[Path, typer.Option(metavar="RUN", help="The run folder; one that was stopped is gone on with.")],
    split: Annotated[str, typer.Option(help="Which file of the folder.")] = "dev",
    ids: Ids = None,
    max_characters: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only documents of at most N characters.")
    ] = None,
    limit: Limit = None,
    model: Model = None,
    base_url: BaseUrl = None,
    plan: Plan = None,
    prompt: Annotated[str | None, typer.Option(metavar="NAME", help="Another prompt than the plan's own.")] = None,
    concurrency: Concurrency = 8,
    replay: Replay = None,
    restart: Restart = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """PolNeAR: claims with source and cue in political news of 2015 and 2016."""
    from evals.bench import polnear
    from evals.bench.running import choose, extract, score_of
    from evals.cli.bench_table import table
    from evals.running import Choice

    documents = choose(polnear.load(data, split), ids=ids, limit=limit, max_characters=max_characters)
    reports = extract(
        documents, out, Choice(model, base_url, plan, prompt, replay),
        split=f"polnear {split}", concurrency=concurrency, restart=restart, quiet=quiet,
    )  # fmt: skip
    texts = {document.id: document.text for document in documents}
    found = {name: polnear.attributions(report, texts[name]) for name, report in reports.items()}
    failed = [document.id for document in documents if document.id not in found]
    about = {"split": split, "max_characters": max_characters, "counted": len(documents), "failed": failed}
    score = score_of("polnear", documents, polnear.tallies(documents, found), out=out, about=about)
    if as_json:
        typer.echo(json.dumps(score, ensure_ascii=False, indent=2))
    else:
        attributions = sum(len(document.attributions) for document in documents)
        typer.echo(f"PolNeAR {split}, {len(documents)} documents with {attributions} attributions")
        typer.echo(table(score, METRICS))
    if failed:
        typer.echo(f"evals: {len(failed)} failed and count as empty: {', '.join(failed[:5])}", err=True)
        raise typer.Exit(1)
