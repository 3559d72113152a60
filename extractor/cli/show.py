"""`extractor show`: reports or dossiers in, one page to look at and to check them on out."""

from pathlib import Path
from typing import Annotated

import typer

from extractor.cli.output import check_no_terminal, check_writable, opened


def show(
    where: Annotated[
        str,
        typer.Argument(
            metavar="REPORTS|DOSSIERS|-",
            help="Reports, or dossiers of `extractor link`: one, a JSON list of them, or one a line, as a file or - "
            "for standard input.",
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write there, not to standard output.")
    ] = None,
) -> None:
    """Make one HTML page of reports or dossiers that needs nothing beside it and asks nothing of any server.

    Of reports it shows each article with all that was found marked, incidents as cards, rival accounts side by side,
    and what was dropped. In it a reader can accept, correct or reject each item and save the result as a gold label.
    Reports made without --include-text show what they quote. Of dossiers it shows each event: the accounts of each
    side, where they differ, how the toll changed, which articles count as one source, and why they are linked; a reader
    can accept or reject each link.
    """
    if output is not None:
        check_writable(output, where, "the input")
    else:
        check_no_terminal("a page")
    from extractor.dossiers.html import write_html as write_dossiers
    from extractor.dossiers.records import read_reports_or_dossiers
    from extractor.export.html import write_html as write_reports

    held = read_reports_or_dossiers(where)
    with opened(output) as file:
        count = write_reports(held[1], file) if held[0] == "report" else write_dossiers(held[1], file)
    typer.echo(f"{count:,} {held[0]}{'' if count == 1 else 's'}", err=True)
