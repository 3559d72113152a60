"""Apache Parquet: the rows of claims with their types, lists as lists. Written by pyarrow, row group by row group.

pyarrow and not polars, for it writes a file in pieces of bounded size, and pandas reads Parquet through it anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from itertools import chain, islice
from typing import Any, BinaryIO

from extractor.errors import SettingsError
from extractor.export.columns import Kind, Row, Table
from extractor.schema import Report

ROWS_IN_A_GROUP = 5_000
"""What is held in memory at a time."""


def write_parquet(reports: Iterable[Report], table: Table, file: BinaryIO) -> int:
    """Write the table's rows of all reports; returns how many there are. Raises `SettingsError` without pyarrow."""
    arrow, parquet = _arrow(), _arrow(".parquet")
    schema = arrow_schema(table)
    count = 0
    with parquet.ParquetWriter(arrow.PythonFile(file, mode="w"), schema, compression="zstd") as writer:
        for group in _groups(chain.from_iterable(table.rows(report) for report in reports)):
            writer.write_table(arrow.Table.from_pylist(group, schema=schema))
            count += len(group)
    return count


def arrow_schema(table: Table) -> Any:
    """The table's columns as a pyarrow schema; each field's metadata tells what it means."""
    arrow = _arrow()
    types: dict[Kind, Any] = {
        "text": arrow.string(), "texts": arrow.list_(arrow.string()), "integer": arrow.int64(),
        "number": arrow.float64(), "boolean": arrow.bool_(), "date": arrow.date32(),
    }  # fmt: skip
    return arrow.schema(
        [arrow.field(each.name, types[each.kind], metadata={"meaning": each.meaning}) for each in table.columns]
    )


def _groups(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while group := list(islice(rows, ROWS_IN_A_GROUP)):
        yield group


def _arrow(part: str = "") -> Any:
    try:
        return import_module(f"pyarrow{part}")  # it comes without types
    except ImportError as error:
        raise SettingsError(
            "Parquet needs pyarrow, which is not installed: pip install 'incident-claim-extractor[export]'"
        ) from error
