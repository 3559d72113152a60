"""Reports as tables and documents for other programs: it knows reports, and nothing of models and prompts.

Every row or node holds the article's words that it is from, with their offsets and the claims in which they stand, so
that no claim passes as a fact. What is not known is left blank, with the reason, and never guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Literal, get_args

from extractor.errors import SettingsError
from extractor.export.cells import guarded, unguarded
from extractor.export.columns import Column, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extractor.schema import Report

Format = Literal["claims-csv", "acled-csv", "ged-csv", "jsonld", "parquet", "geojson"]
TableName = Literal["claims", "acled", "ged"]

FORMATS: tuple[Format, ...] = get_args(Format)
BINARY: frozenset[Format] = frozenset({"parquet"})
"""Formats that no terminal should be shown."""


def table(name: TableName) -> Table:
    """A table by its name: its columns, and the rows it makes of a report."""
    if name == "claims":
        from extractor.export.claims import TABLE
    elif name == "acled":
        from extractor.export.acled import TABLE
    elif name == "ged":
        from extractor.export.ged import TABLE
    else:
        raise SettingsError(f'there is no table "{name}": give one of {", ".join(get_args(TableName))}')
    return TABLE


def write(reports: Iterable[Report], to: Format, file: BinaryIO) -> int:
    """Write reports to a file, one after another; returns how many rows, features or nodes were written.

    Raises `SettingsError` for an unknown format, and for "parquet" where pyarrow is not installed.
    """
    if to in _TABLES:
        from extractor.export.csv_file import write_csv

        return write_csv(reports, table(_TABLES[to]), file)
    if to == "parquet":
        from extractor.export.parquet import write_parquet

        return write_parquet(reports, table("claims"), file)
    if to == "jsonld":
        from extractor.export.jsonld import write_jsonld

        return write_jsonld(reports, file)
    if to == "geojson":
        from extractor.export.geojson import write_geojson

        return write_geojson(reports, file)
    raise SettingsError(f'there is no format "{to}": give one of {", ".join(FORMATS)}')


_TABLES: dict[Format, TableName] = {"claims-csv": "claims", "acled-csv": "acled", "ged-csv": "ged"}

__all__ = [
    "BINARY", "FORMATS", "Column", "Format", "Row", "Table", "TableName", "guarded", "table",
    "unguarded", "write",
]  # fmt: skip
