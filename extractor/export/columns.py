"""What a table of rows is: its columns with their types and meanings, and cells that say why they are blank."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from extractor.schema import Report

Kind = Literal["text", "texts", "integer", "number", "boolean", "date"]
"""`texts` is a list; in a CSV file it is one cell, its items joined with "; "."""

Cell = str | int | float | bool | Date | list[str] | None
"""None is a blank."""

Row = dict[str, Cell]
"""A cell for every column, by its name."""


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True)
class Table:
    """Rows that a report is turned into."""

    name: str
    columns: tuple[Column, ...]
    rows: Callable[[Report], Iterator[Row]]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)


UNRESOLVED = Column(
    "x_unresolved", "text", "why cells of this row are blank: a JSON object of reasons by column; {} when none is blank"
)


class Cells:
    """A row in the making: each blank cell is given its reason."""

    def __init__(self) -> None:
        self._cells: Row = {}
        self._reasons: dict[str, str] = {}

    def put(self, column: str, value: Cell, reason: str | None) -> None:
        """Fill in a cell; `reason` says why it is blank where it is."""
        if value is None or value in ("", []):
            self._cells[column] = None
            self._reasons[column] = reason or "not given"
        else:
            self._cells[column] = value

    def put_all(self, values: Mapping[str, tuple[Cell, str | None]]) -> None:
        """Fill in several cells."""
        for column, (value, reason) in values.items():
            self.put(column, value, reason)

    def row(self, table: tuple[Column, ...]) -> Row:
        """The finished row, in the order of the table; raises `KeyError` when a column was forgotten."""
        names = [column.name for column in table]
        why = {name: self._reasons[name] for name in names if name in self._reasons}
        cells = self._cells | {UNRESOLVED.name: json.dumps(why, ensure_ascii=False)}
        return {name: cells[name] for name in names}
