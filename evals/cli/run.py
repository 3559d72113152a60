"""`python -m evals run`: extract a gold split."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from evals.cli.options import BaseUrl, Concurrency, Ids, Limit, Model, Plan, Quiet, Replay, Restart, listed

EPILOG = """\
\b
The run folder holds
  run.json       settings, hashes of prompts, schema, gold and code, versions, what it took
  reports.jsonl  a report a line
  errors.jsonl   what went wrong, an article a line
  answers/       what the model answered, for --replay

\b
A run that was stopped goes on when the same command is given again.
Exit codes: 0 done, 1 an article failed, 2 the command line or input is unusable.
"""


def run(
    out: Annotated[Path, typer.Option(metavar="RUN", help="The run folder; one that was stopped is gone on with.")],
    gold: Annotated[Path | None, typer.Option(metavar="DIR", help="The gold folder; else the project's own.")] = None,
    split: Annotated[Literal["dev", "test", "all"], typer.Option(help="Which articles.")] = "all",
    ids: Ids = None,
    limit: Limit = None,
    model: Model = None,
    base_url: BaseUrl = None,
    plan: Plan = None,
    prompt: Annotated[str | None, typer.Option(metavar="NAME", help="Another prompt than the plan's own.")] = None,
    concurrency: Concurrency = 8,
    replay: Replay = None,
    restart: Restart = False,
    quiet: Quiet = False,
) -> None:
    """Extract every article of a gold split, with any model, plan and prompt."""
    from evals.goldset import GOLD, load
    from evals.running import Article, Choice, Gold
    from evals.running import run as run_articles
    from evals.running.extracting import summary
    from evals.scoring.running import running_score

    names = listed(ids)
    chosen = load(gold or GOLD, None if split == "all" else split, names)[:limit]
    whole = run_articles(
        [Article.of(article) for article in chosen],
        out,
        gold=Gold.of(split, chosen, chosen=bool(names or limit)),
        choice=Choice(model, base_url, plan, prompt, replay),
        concurrency=concurrency,
        running_score=running_score(chosen),
        restart=restart,
        quiet=quiet,
    )
    if not quiet or whole.failed:
        typer.echo(summary(whole, out), err=True)
    if whole.failed:
        raise typer.Exit(1)
