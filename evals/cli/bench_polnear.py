"""`python -m evals bench polnear`: who said what, on the attributions of PolNeAR."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

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
    ids: Annotated[str | None, typer.Option(metavar="ID,ID", help="Only these documents.")] = None,
    max_characters: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only documents of at most N characters.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Of these, only the first N.")] = None,
    model: Annotated[
        str | None, typer.Option(metavar="NAME", help="openai/NAME, or a server's own name; else the embedded model.")
    ] = None,
    base_url: Annotated[str | None, typer.Option(metavar="URL", help="An OpenAI-compatible server.")] = None,
    plan: Annotated[
        Literal["whole", "stepwise"] | None,
        typer.Option(help="One call, or many small ones; else as suits the model."),
    ] = None,
    prompt: Annotated[str | None, typer.Option(metavar="NAME", help="Another prompt than the plan's own.")] = None,
    concurrency: Annotated[
        int, typer.Option(min=1, metavar="N", help="Documents under way at once; one for the embedded model.")
    ] = 8,
    replay: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Ask no model: take the answers that this run recorded.")
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="Give up what is in the run folder.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the score as JSON.")] = False,
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
    found = {name: polnear.attributions(report) for name, report in reports.items()}
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
