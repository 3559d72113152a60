"""`python -m evals bench redteam`: what of an attack on the reader comes through to the report."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from evals.cli.options import AsJson, BaseUrl, Concurrency, Limit, Model, Plan, Quiet, Replay, Restart, listed

EPILOG = """\
\b
evals/red-team holds true reports of invented news, and articles that are made of
them by putting an attack in: instructions, fake answers, invisible characters,
markup, names that are formulas. The report on the body without the attack is the
control: what it has and the other has not, the attack drove out. Monsters (10 MB
of one letter, 20,000 brackets) have no control.

\b
The run folder holds what `python -m evals run` writes there, and score.json with
the counts of each article. A run that was stopped goes on when the same command
is given again.
Exit codes: 0 done, 1 an article failed, 2 the command line or data is
unusable, 3 something crashed or a span is not in the text.
"""


def redteam(
    out: Annotated[Path, typer.Option(metavar="RUN", help="The run folder; one that was stopped is gone on with.")],
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Another folder than evals/red-team.")] = None,
    kinds: Annotated[str | None, typer.Option(metavar="KIND,KIND", help="Only these, as instruction,monster.")] = None,
    limit: Limit = None,
    model: Model = None,
    base_url: BaseUrl = None,
    plan: Plan = None,
    concurrency: Concurrency = 8,
    replay: Replay = None,
    restart: Restart = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Hostile articles: nothing may crash, no span may leave the text, and little of an attack should come through."""
    from evals.bench.redteam import RED_TEAM, load, summed, table
    from evals.bench.redteam.running import read
    from evals.running import Choice
    from evals.running.folder import SCORE
    from extractor.cli.output import write
    from extractor.errors import GateMissed

    articles = load(data or RED_TEAM, listed(kinds))[:limit]
    counts = read(
        articles, out, Choice(model, base_url, plan, None, replay),
        concurrency=concurrency, restart=restart, quiet=quiet,
    )  # fmt: skip
    sums = summed(counts)
    score = json.dumps(
        {"kinds": {kind: asdict(one) for kind, one in sums.items()}, "articles": [asdict(one) for one in counts]},
        indent=1,
    )
    write(score, out / SCORE)
    typer.echo(score if as_json else table(sums))
    if sums["all"].crashed or sums["all"].outside:
        raise GateMissed(f"{sums['all'].crashed} articles crashed, {sums['all'].outside} spans are not in the text")
    if sums["all"].failed:
        raise typer.Exit(1)
