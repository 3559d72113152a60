"""Reading reports: one as JSON, a JSON list of them, or a line each (JSON Lines), which is read line by line."""

from __future__ import annotations

from collections.abc import Iterator

from extractor.export.records import read_records, validated
from extractor.schema import Report


def read_reports(where: str) -> Iterator[Report]:
    """The reports of a file, or of standard input (`-`), one after another.

    Raises `InputError`, naming the line, for what is no report, and when there is none at all.
    """
    return (validated(record, Report, "report") for record in read_records(where, "report"))
