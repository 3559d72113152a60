"""`extractor show`: reports in, one page to look at and to check them on out."""

from pathlib import Path
from typing import Annotated

import typer

from extractor.cli.output import check_no_terminal, check_writable, opened


def show(
    where: Annotated[
        str,
        typer.Argument(
            metavar="REPORTS|-",
            help="A report, a JSON list of reports, or one a line, as a file or - for standard input.",
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write there, not to standard output.")
    ] = None,
) -> None:
    """Make one HTML page of reports that needs nothing beside it and asks nothing of any server.

    It shows each article with all that was found marked, incidents as cards, rival accounts side by side, and what was
    dropped. In it a reader can accept, correct or reject each item and save the result as a gold label. Reports made
    without --include-text show what they quote.
    """
    if output is not None:
        check_writable(output, where, "the input")
    else:
        check_no_terminal("a page")
    from extractor.export.html import write_html
    from extractor.export.reports import read_reports

    with opened(output) as file:
        count = write_html(read_reports(where), file)
    typer.echo(f"{count:,} report{'' if count == 1 else 's'}", err=True)
