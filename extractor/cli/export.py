"""`extractor export`: reports in, a table or document for another program out."""

from pathlib import Path
from typing import Annotated

import typer

from extractor.cli.output import check_no_terminal, check_writable, opened
from extractor.export import BINARY, Format, write


def export(
    where: Annotated[
        str,
        typer.Argument(
            metavar="REPORTS|-",
            help="A report, a JSON list of reports, or one a line, as a file or - for standard input.",
        ),
    ],
    to: Annotated[Format, typer.Option(help="What to write.")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write there, not to standard output.")
    ] = None,
) -> None:
    """Turn reports into the tables and documents that other programs read.

    Claims, one a row, as CSV or Parquet; incidents, one a row, in the columns of ACLED or UCDP GED; claims and
    incidents as JSON-LD; incidents as GeoJSON. What is not known is left blank, with the reason.
    """
    if output is not None:
        check_writable(output, where, "the input")
    elif to in BINARY:
        check_no_terminal(to)
    from extractor.export.reports import read_reports

    with opened(output) as file:
        count = write(read_reports(where), to, file)
    noun = {"jsonld": "node", "geojson": "feature"}.get(to, "row")
    typer.echo(f"{count:,} {noun}{'' if count == 1 else 's'}", err=True)
