"""`python -m evals run`: extract a gold split."""

from pathlib import Path
from typing import Annotated, Literal

import typer

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
    ids: Annotated[str | None, typer.Option(metavar="ID,ID", help="Only these articles.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Only the first N articles.")] = None,
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
        int, typer.Option(min=1, metavar="N", help="Articles under way at once; one for the embedded model.")
    ] = 8,
    replay: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Ask no model: take the answers that this run recorded.")
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="Give up what is in the run folder.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")] = False,
) -> None:
    """Extract every article of a gold split, with any model, plan and prompt."""
    from evals.goldset import GOLD, load
    from evals.running import Article, Choice, Gold
    from evals.running import run as run_articles
    from evals.running.extracting import summary
    from evals.scoring.running import running_score

    names = [name.strip() for name in ids.split(",")] if ids else None
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
