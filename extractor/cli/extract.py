"""`extractor extract`: one article in, its incidents and claims out."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from extractor.cli.logs import LogFormat, Otel, say, telling
from extractor.cli.options import BaseUrl, Model, Plan, PromptName
from extractor.cli.output import check_no_terminal, check_writable, opened, write
from extractor.reading import MAX_BYTES, read

if TYPE_CHECKING:
    from extractor.schema import Report

EPILOG = """\
\b
Environment:
  EXTRACTOR_MODEL     the model, as --model
  EXTRACTOR_BASE_URL  the server, as --base-url
  EXTRACTOR_API_KEY   the key for that server; keys are never read from the command line
  OPENAI_API_KEY      the key for OpenAI's own server only
  EXTRACTOR_CACHE     the folder that holds the embedded model, and the answers
                      that `extractor run` keeps
  EXTRACTOR_REQUESTS  set to forbid to stop every request that would leave this
                      machine
  EXTRACTOR_DEBUG     set to 1 to see where an error comes from

\b
Exit codes:
  0    done
  1    the extraction failed, or its result could not be written
  2    the command line or the input is unusable
  130  interrupted
"""


def extract(
    where: Annotated[
        str,
        typer.Argument(metavar="PATH|URL|-", help="A file of UTF-8 text, a web page, or - for standard input."),
    ],
    date: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="When it was published: 'on Sunday' is read from there."
        ),
    ] = None,
    title: Annotated[str | None, typer.Option(help="Its title.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    language: Annotated[str | None, typer.Option(metavar="CODE", help="Its language, such as en or ar.")] = None,
    model: Model = None,
    base_url: BaseUrl = None,
    plan: Plan = None,
    prompt: PromptName = None,
    format: Annotated[
        Literal["json", "html"], typer.Option(help="The report as JSON, or as a page to look at, text included.")
    ] = "json",
    include_text: Annotated[bool, typer.Option("--include-text", help="Put the article's text in the report.")] = False,
    max_bytes: Annotated[int, typer.Option(min=1, metavar="N", help="The largest article to read.")] = MAX_BYTES,
    allow_private: Annotated[
        bool, typer.Option("--allow-private", help="Let a URL lead into this machine or its own network.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write there, not to standard output.")
    ] = None,
    log_format: LogFormat = "text",  # noqa: ARG001  it takes effect as it is read
    otel: Otel = False,
) -> None:
    """Extract incidents and attributed claims from one article, as JSON on standard output."""
    if output is not None:
        check_writable(output, where)
    elif format == "html":
        check_no_terminal("a page")
    article = read(where, max_bytes=max_bytes, allow_private=allow_private)
    for note in article.notes:
        say(f"extractor: {note}")

    from extractor.cli.progress import bar
    from extractor.extraction import Extractor

    with (
        telling(otel),
        bar() as progress,
        Extractor(model=model, base_url=base_url, plan=plan, prompt=prompt, progress=progress) as extractor,
    ):
        report = extractor.extract(
            article.text,
            id=article.id,
            url=article.url,
            date=date.date() if date else article.date,
            title=title or article.title,
            publisher=publisher or article.publisher,
            language=language or article.language,
        )
    if format == "html":
        from extractor.export.html import write_html

        with opened(output) as file:
            write_html([report], file)
    else:
        write(report.to_json(include_text=include_text), output)
    say(summary(report), "extracted", **_figures(report))


def summary(report: "Report") -> str:
    """One line: what was found, what was dropped, and what it took."""
    found = f"{_count(len(report.incidents), 'incident')}, {_count(len(report.claims), 'claim')}"
    if report.run is None:
        return found
    run = report.run
    parts = [
        found + ("" if run.complete else ", incomplete"),
        f"{len(run.dropped)} dropped",
        _count(run.calls, "call"),
        f"{run.input_tokens + run.output_tokens:,} tokens",
        f"{run.seconds:.1f} s",
        run.model,
    ]
    return ", ".join(parts)


def _figures(report: "Report") -> dict[str, Any]:
    told: dict[str, Any] = {"incidents": len(report.incidents), "claims": len(report.claims)}
    if report.run is not None:
        run = report.run
        told |= run.model_dump(include={"model", "plan", "complete", "calls", "input_tokens", "output_tokens"})
        told |= {"dropped": len(run.dropped), "cost_usd": run.cost_usd, "seconds": run.seconds}
    return told


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
