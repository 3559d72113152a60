"""Rows as a data frame of pandas or polars, whichever is installed."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from extractor.errors import SettingsError
from extractor.export import TableName, table
from extractor.export.columns import Kind, Row, Table
from extractor.schema import Report

Library = Literal["pandas", "polars"]


def frame(reports: Iterable[Report], name: TableName = "claims", library: Library | None = None) -> Any:
    """The rows of all reports in a table, typed: lists are lists, blanks are missing values.

    pandas where it is installed, else polars; `library` says which one. Raises `SettingsError` without it.
    """
    chosen = library or next((name for name in ("pandas", "polars") if find_spec(name)), None)
    if chosen is None or not find_spec(chosen):
        wanted = chosen or "pandas or polars"
        raise SettingsError(f"a data frame needs {wanted}, which is not installed: pip install {chosen or 'pandas'}")
    columns = table(name)
    rows = [row for report in reports for row in columns.rows(report)]
    return _pandas(rows, columns) if chosen == "pandas" else _polars(rows, columns)


def _pandas(rows: list[Row], table: Table) -> Any:
    pandas: Any = import_module("pandas")
    types: dict[Kind, str] = {
        "text": "string", "texts": "object", "integer": "Int64", "number": "Float64", "boolean": "boolean",
        "date": "datetime64[s]",
    }  # fmt: skip
    columns = {
        each.name: pandas.Series([row[each.name] for row in rows], dtype=types[each.kind]) for each in table.columns
    }
    return pandas.DataFrame(columns)


def _polars(rows: list[Row], table: Table) -> Any:
    polars: Any = import_module("polars")
    types: dict[Kind, Any] = {
        "text": polars.String, "texts": polars.List(polars.String), "integer": polars.Int64,
        "number": polars.Float64, "boolean": polars.Boolean, "date": polars.Date,
    }  # fmt: skip
    return polars.DataFrame(rows, schema={each.name: types[each.kind] for each in table.columns})
