"""Reading JSON records: one, a JSON list of them, or one a line (JSON Lines), which is read line by line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from extractor.errors import InputError
from extractor.reading.read import named

M = TypeVar("M", bound=BaseModel)


class JsonRecord(NamedTuple):
    """The JSON text of a record, and where it stands."""

    file: str
    line: int
    text: str


def read_records(where: str, what: str) -> Iterator[JsonRecord]:
    """The records of a file, or of standard input (`-`), one after another; `what` it should hold.

    Raises `InputError`, naming the line, for what is no JSON, and when there is no record at all.
    """
    if where == "-":
        if not sys.stdin:
            raise InputError("standard input is closed: give a file, or pipe reports in")
        yield from _read(sys.stdin.buffer, "standard input", what)
        return
    name = named(where)
    try:
        file = Path(where).open("rb")  # noqa: SIM115  closed below; here only opening is tried
    except IsADirectoryError as error:
        raise InputError(f"{name} is a folder: name a file of reports in it, such as its reports.jsonl") from error
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # a null character inside the path
        raise InputError(f"{name} is no path: {error}") from error
    with file:
        yield from _read(file, name, what)


def validated(record: JsonRecord, model: type[M], what: str) -> M:
    """A record as what it should be; raises `InputError`, naming the line and the field, when it is not."""
    try:
        return model.model_validate_json(record.text)
    except (ValidationError, InputError) as error:
        told = error.errors()[0] if isinstance(error, ValidationError) else None
        why = f"{'.'.join(map(str, told['loc']))}: {told['msg']}".removeprefix(": ") if told else str(error)
        raise InputError(f"{record.file}, line {record.line}: this is no {what}: {why}") from error


def _read(file: IO[bytes], name: str, what: str) -> Iterator[JsonRecord]:
    empty = True
    try:
        for line, text in _documents(file, name):
            yield JsonRecord(name, line, text)
            empty = False
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}") from error
    if empty:
        raise InputError(f"{name} holds no {what}")


def _documents(file: Iterable[bytes], name: str) -> Iterator[tuple[int, str]]:
    """The JSON text of each record with the line that it begins at.

    Where the first line holds a whole object, so does each other: only one is held at a time. Else all is held.
    """
    lines = ((number, _decoded(line, name, number)) for number, line in enumerate(file, 1))
    blank = ""
    for number, line in lines:
        if not line.strip():
            blank += "\n"
        elif _is_object(line):
            yield number, line
            yield from ((number, line) for number, line in lines if line.strip())
        else:
            yield from _split(blank + line + "".join(more for _, more in lines), name)


def _split(text: str, name: str) -> Iterator[tuple[int, str]]:
    """The items of a list, or objects that follow one another."""
    decoder = json.JSONDecoder()
    start, line, listed = _past_blanks(text, 0), 1, text.lstrip().startswith("[")
    try:
        if listed:
            json.loads(text)  # so that commas and brackets are known to stand where they should
            start = _past_blanks(text, start + 1)
        begun = 0
        while start < len(text) and text[start] != "]":
            line, begun = line + text.count("\n", begun, start), start
            _, end = decoder.raw_decode(text, start)
            yield line, text[start:end]
            start = _past_blanks(text, end)
            if listed and text[start] == ",":
                start = _past_blanks(text, start + 1)
    except json.JSONDecodeError as error:
        raise InputError(f"{name}, line {error.lineno}: this is no JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:  # a number of too many digits, or brackets nested too deep
        raise InputError(f"{name}, line {line}: this is no usable JSON: {error}") from error


def _past_blanks(text: str, start: int) -> int:
    while start < len(text) and text[start] in " \t\r\n":
        start += 1
    return start


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _decoded(line: bytes, name: str, number: int) -> str:
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}, line {number}: not UTF-8: byte 0x{line[error.start]:02X}") from error
