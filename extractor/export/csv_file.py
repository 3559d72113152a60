"""Comma-separated values after RFC 4180, in UTF-8, one row after another."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import TextIOWrapper
from typing import BinaryIO

from extractor.export.cells import written
from extractor.export.columns import Table
from extractor.schema import Report


def write_csv(reports: Iterable[Report], table: Table, file: BinaryIO) -> int:
    """Write the table's rows of all reports, with a line of names first; returns how many rows there are."""
    text = TextIOWrapper(file, encoding="utf-8", newline="")
    lines = csv.writer(text)
    lines.writerow(table.names)
    count = 0
    try:
        for report in reports:
            for row in table.rows(report):
                lines.writerow([written(row[name]) for name in table.names])
                count += 1
    finally:
        text.detach()  # the file is its owner's to close
    return count
