"""`extractor run`: a corpus in, a report a line out, however long it takes."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from extractor.cli.failures import INTERRUPTED
from extractor.cli.logs import LogFormat, Otel, say, telling
from extractor.cli.options import BaseUrl, Model, Plan, PromptName
from extractor.errors import SettingsError
from extractor.reading import MAX_BYTES

OUT_OF_BUDGET = 4

EPILOG = """\
\b
CORPUS is
  a folder        every .txt, .md and .html file in it and in its folders; the
                  id is the path within it
  FILE.jsonl      a line an article: {"id", "text", and if known "date", "title",
                  "publisher", "url", "language"}; other columns go into
                  document.extra
  FILE.csv, .tsv, .parquet   the same in columns
Lines, CSV and TSV may be packed (.gz, .zst).

\b
DIR gets
  reports.jsonl   a report a line, in the order of the corpus
  errors.jsonl    what failed or was no article, with its line and the reason
  journal.sqlite  the truth of the run; both files are written from it

\b
A run that was stopped, in whatever way, goes on when the same command is given
again: what is finished is never asked or paid for twice. Ctrl-C finishes what
is under way; a second one stops at once. With --batch it leaves what is under
way at the server, where it goes on: the same command collects it.

\b
Exit codes:
  0    all done
  1    some articles failed or were none (errors.jsonl), or the run broke off
  2    the command line or the corpus is unusable
  4    stopped by --max-cost or --max-tokens
  130  interrupted
"""


def run(
    corpus: Annotated[Path, typer.Argument(metavar="CORPUS", help="A folder, or a .jsonl, .csv or .parquet file.")],
    out: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="The run's folder; one that was begun is gone on with."),
    ],
    model: Model = None,
    base_url: BaseUrl = None,
    plan: Plan = None,
    prompt: PromptName = None,
    concurrency: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Articles asked about at a time: 8; the embedded model takes one."),
    ] = None,
    batch: Annotated[
        bool, typer.Option("--batch", help="Use the server's Batch API: half the price at OpenAI, within a day.")
    ] = False,
    poll: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="With --batch, how often to look what has come.")
    ] = 60,
    rpm: Annotated[
        float | None,
        typer.Option(min=0.1, metavar="N", help="Requests a minute, at most; a server's own limits are kept."),
    ] = None,
    tpm: Annotated[float | None, typer.Option(min=1, metavar="N", help="Tokens a minute, at most.")] = None,
    max_cost: Annotated[
        float | None, typer.Option(min=0, metavar="DOLLARS", help="What all runs into DIR may cost together.")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="Tokens that all runs into DIR may take together.")
    ] = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try again what failed before.")] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Give up what is in DIR, and begin anew.")] = False,
    include_text: Annotated[
        bool, typer.Option("--include-text", help="Put the articles' texts in the reports.")
    ] = False,
    max_bytes: Annotated[int, typer.Option(min=1, metavar="N", help="The largest article to take.")] = MAX_BYTES,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Neither take answers that were given before nor keep new ones.")
    ] = False,
    cache_mb: Annotated[
        int, typer.Option(min=1, metavar="N", help="What kept answers may take on disk, in MB.")
    ] = 2000,
    id_column: Annotated[str, typer.Option(metavar="NAME", help="Where an article's id stands.")] = "id",
    text_column: Annotated[str, typer.Option(metavar="NAME", help="Its text.")] = "text",
    date_column: Annotated[str, typer.Option(metavar="NAME", help="The day it was published.")] = "date",
    title_column: Annotated[str, typer.Option(metavar="NAME", help="Its title.")] = "title",
    publisher_column: Annotated[str, typer.Option(metavar="NAME", help="Who published it.")] = "publisher",
    url_column: Annotated[str, typer.Option(metavar="NAME", help="Where it was found.")] = "url",
    language_column: Annotated[str, typer.Option(metavar="NAME", help="Its language, as a code.")] = "language",
    engine: Annotated[
        Literal["local", "ray"], typer.Option(help="Where articles are extracted; ray: on a cluster's workers.")
    ] = "local",
    workers: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="For ray: how many workers, each with one core: 2.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show nothing but errors.")] = False,
    log_format: LogFormat = "text",  # noqa: ARG001  it takes effect as it is read
    otel: Otel = False,
) -> None:
    """Extract from a whole corpus; what is finished outlives whatever stops the run."""
    from extractor.corpus import Batching, Budget, Choice, Columns, open_corpus
    from extractor.corpus import run as run_corpus
    from extractor.llm.limits import RateLimits

    columns = Columns(
        id=id_column, text=text_column, date=date_column, title=title_column, publisher=publisher_column,
        url=url_column, language=language_column,
    )  # fmt: skip
    budget = Budget(max_cost, max_tokens)
    if otel and engine == "ray":
        raise SettingsError("--otel is for the local engine: a cluster's workers send nothing yet")
    with telling(otel):
        summary = run_corpus(
            open_corpus(corpus, columns, max_bytes),
            out,
            choice=Choice(model, base_url, plan=plan, prompt=prompt),
            concurrency=concurrency,
            limits=RateLimits(rpm, tpm),
            budget=budget,
            include_text=include_text,
            cache=not no_cache,
            cache_limit=cache_mb * 1_000_000,
            retry_failed=retry_failed,
            restart=restart,
            quiet=quiet,
            engine=engine,
            workers=workers,
            batch=Batching(poll) if batch else None,
        )
    if not quiet:
        say(f"{summary}: {out}", "ended", out=str(out), **summary.figures())
    if summary.stopped == "interrupted":
        say("extractor: interrupted: the same command goes on", "interrupted")
        raise typer.Exit(INTERRUPTED)
    if summary.stopped == "budget":
        say(f"extractor: stopped, for the next article would go beyond {budget}: a higher limit goes on", "budget")
        raise typer.Exit(OUT_OF_BUDGET)
    if not summary.complete:
        raise typer.Exit(1)
