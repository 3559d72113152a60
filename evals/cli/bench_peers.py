"""`python -m evals bench peers`: this project, plain instructor and langextract side by side."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from evals.cli.options import BaseUrl, Ids, Limit, Model, Plan, listed
from extractor.cli.output import write
from extractor.errors import SettingsError

if TYPE_CHECKING:
    from evals.goldset import GoldArticle
    from extractor.schema import Report

EPILOG = """\
\b
The folder holds
  bench.json                   the server, the systems, their versions and hashes
  results.jsonl                what each system took for each article
  SYSTEM/reports.jsonl         a report a line
  SYSTEM/answers/ID.json       the result in the system's own form
  peers.json                   all of it, with scores and ratios

\b
A bench that was stopped goes on when the same command is given again.
langextract gets an environment of its own, made once in the folder for caches.
"""


def peers(
    out: Annotated[Path, typer.Option(metavar="DIR", help="The folder; a bench that was stopped is gone on with.")],
    gold: Annotated[Path | None, typer.Option(metavar="DIR", help="The gold folder; else the project's own.")] = None,
    split: Annotated[Literal["dev", "test", "all"], typer.Option(help="Which articles.")] = "all",
    ids: Ids = None,
    limit: Limit = None,
    systems: Annotated[
        str, typer.Option(metavar="NAME,NAME", help="Of project, instructor and langextract.")
    ] = "project,instructor,langextract",
    model: Model = None,
    base_url: BaseUrl = None,
    plan: Plan = None,
) -> None:
    """Run three systems on the same articles and the same server, and show them side by side."""
    from evals.bench.peers import SYSTEMS, LangExtract, PlainInstructor, Project, run, table
    from evals.goldset import GOLD, load
    from evals.scoring import score_reports

    names = listed(ids)
    articles = load(gold or GOLD, None if split == "all" else split, names)[:limit]
    made = {"project": Project(plan), "instructor": PlainInstructor(), "langextract": LangExtract()}
    wanted = {name.strip() for name in systems.split(",")}
    if unknown := wanted - made.keys():
        raise SettingsError(f"--systems: there is no {', '.join(sorted(unknown))}: choose of {', '.join(SYSTEMS)}")
    chosen = [made[name] for name in SYSTEMS if name in wanted]

    def score(gold: "Sequence[GoldArticle]", reports: "Sequence[Report]") -> dict[str, Any]:
        by_id = {article.id: report for article, report in zip(gold, reports, strict=True)}
        return score_reports(gold, by_id).to_dict(documents=False)

    of = run(articles, chosen, out, model=model, base_url=base_url, score=score)
    write(table(of), None)
