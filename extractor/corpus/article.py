"""An article of a corpus, and what becomes of a record that is none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from datetime import date as Date
from datetime import datetime
from typing import Any

from pydantic_core import to_jsonable_python

from extractor.errors import InputError
from extractor.reading import MAX_BYTES


@dataclass(frozen=True, slots=True)
class Columns:
    """Under which names a record holds what; all others are kept as `document.extra`."""

    id: str = "id"
    text: str = "text"
    date: str = "date"
    title: str = "title"
    publisher: str = "publisher"
    url: str = "url"
    language: str = "language"


@dataclass(frozen=True, slots=True)
class Article:
    """A text to extract from, with what is known of it."""

    id: str
    text: str
    date: Date | None = None
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    language: str | None = None
    extra: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def sha256(self) -> bytes:
        """Of all that a report depends on, the text and what is known of it."""
        return hashlib.sha256(json.dumps(astuple(self), default=str).encode()).digest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a corpus, in its place: an article, or why it is none."""

    position: int
    """Counted from 0, in the order of the corpus."""
    id: str | None
    """None: the record has none that could be read."""
    line: int | None = None
    """Where it stands in a file of text or of rows, counted from 1; None in a folder, where the id says it."""
    article: Article | None = None
    error: str | None = None


def entry_of(record: Any, position: int, line: int, columns: Columns, max_bytes: int = MAX_BYTES) -> Entry:
    """The entry that a record (a mapping of columns to values) makes; never raises."""
    name: str | None = None
    try:
        if not isinstance(record, Mapping):
            raise InputError(
                f"this is no record but {_kind(record)}: each must hold {columns.id!r} and {columns.text!r}"
            )
        fields: dict[str, Any] = {str(key): value for key, value in record.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        name = _id(fields, columns)
        return Entry(position, name, line, article=_article(name, fields, columns, max_bytes))
    except InputError as error:
        return Entry(position, name, line, error=str(error))


def _article(name: str, fields: dict[str, Any], columns: Columns, max_bytes: int) -> Article:
    text = _text(fields, columns, max_bytes)
    known = {
        part: _words(fields.get(column), column)
        for part in ("title", "publisher", "url", "language")
        if (column := getattr(columns, part)) not in (columns.id, columns.text)
    }
    rest = fields.keys() - {getattr(columns, part) for part in Columns.__slots__}
    extra = {key: _plain(value) for key, value in fields.items() if key in rest}
    return Article(name, text, date=_date(fields.get(columns.date), columns.date), extra=extra, **known)


def _id(fields: dict[str, Any], columns: Columns) -> str:
    value = fields.get(columns.id)
    if value is None or value == "":
        raise InputError(f"there is no {columns.id!r}: give each article one, or name its column with --id-column")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(f"{columns.id!r} is {_kind(value)}: it must be a string or a whole number")
    return _sound(str(value), columns.id)


def _text(fields: dict[str, Any], columns: Columns, max_bytes: int) -> str:
    value = fields.get(columns.text)
    if value is None:
        raise InputError(f"there is no {columns.text!r}: name the column of the text with --text-column")
    if not isinstance(value, str):
        raise InputError(f"{columns.text!r} is {_kind(value)}: it must be a string")
    if not any(character.isalnum() for character in value):
        raise InputError(f"{columns.text!r} has no words in it")
    _sound(value, columns.text)
    if len(value) > max_bytes // 4 and (size := len(value.encode())) > max_bytes:
        raise InputError(f"{columns.text!r} has {size:,} bytes, more than the {max_bytes:,} that one article may have")
    return value


def _words(value: Any, column: str) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise InputError(f"{column!r} is {_kind(value)}: it must be a string")
    return _sound(value, column)


def _date(value: Any, column: str) -> Date | None:
    """A civil day; of a point in time, the day as it is written there."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, Date):
        return value
    try:
        return datetime.fromisoformat(value).date()
    except (TypeError, ValueError) as error:
        raise InputError(f"{column!r} is {value!r}, which is no date: write it as YYYY-MM-DD") from error


def _plain(value: Any) -> Any:
    """As JSON can hold it: Parquet knows times, decimals and bytes too."""
    if isinstance(value, str):
        return _sound(value, "a column")
    return to_jsonable_python(value, fallback=str, bytes_mode="base64", inf_nan_mode="constants")


def _sound(text: str, column: str) -> str:
    """No half character (a lone surrogate), which no file and no request can hold."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise InputError(f"{column!r} holds what is no UTF-8, or half a character: mend its decoding") from error
    return text


def _kind(value: Any) -> str:
    for kind, words in ((dict, "an object"), (list, "a list"), (str, "a string"), (bool, "true or false")):
        if isinstance(value, kind):
            return words
    return "null" if value is None else "a number" if isinstance(value, int | float) else "no text"
