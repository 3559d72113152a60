"""`extractor link`: reports of many articles in, a dossier for each event out."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from extractor.cli.output import check_writable, opened

if TYPE_CHECKING:
    from extractor.dossiers import Dossier

LinkFormat = Literal["jsonl", "json", "text"]


def link(
    where: Annotated[
        list[str],
        typer.Argument(
            metavar="REPORTS|-...",
            help="Files of reports: one, a JSON list of them, or one a line; or - for standard input.",
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write there, not to standard output.")
    ] = None,
    format: Annotated[
        LinkFormat, typer.Option(help="A dossier a line, a JSON list of them, or a page to read.")
    ] = "jsonl",
) -> None:
    """Group incidents of many reports that are the same event, and lay its accounts side by side.

    Each dossier tells why its incidents are taken for one event, who says what, where accounts conflict, how the toll
    changed, and how many sources are independent. Nothing that conflicts is merged.
    """
    if output is not None:
        for source in where:
            check_writable(output, source, "the input")
    from extractor.dossiers import link as linked
    from extractor.export.reports import read_reports

    reports = chain.from_iterable(map(read_reports, where))
    dossiers, incidents = 0, 0
    with opened(output) as file:
        for before, dossier, text in _texts(linked(reports), format):
            file.write(before + text.encode("utf-8", "surrogatepass"))
            dossiers += 1
            incidents += len(dossier.incidents)
        file.write({"jsonl": b"", "json": b"\n]\n" if dossiers else b"[]\n", "text": b""}[format])
    typer.echo(f"{_count(incidents, 'incident')} in {_count(dossiers, 'dossier')}", err=True)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _texts(dossiers: "Iterator[Dossier]", format: LinkFormat) -> "Iterator[tuple[bytes, Dossier, str]]":
    from extractor.dossiers.reading import page

    for number, dossier in enumerate(dossiers):
        if format == "text":
            yield b"\n" if number else b"", dossier, page(dossier)
        elif format == "json":
            yield b",\n" if number else b"[\n", dossier, dossier.to_json()
        else:
            yield b"", dossier, dossier.to_json() + "\n"
