"""Reading reports: one as JSON, a JSON list of them, or a line each (JSON Lines), which is read line by line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from extractor.errors import InputError
from extractor.reading.read import named
from extractor.schema import Report


def read_reports(where: str) -> Iterator[Report]:
    """The reports of a file, or of standard input (`-`), one after another.

    Raises `InputError`, naming the line, for what is no report, and when there is none at all.
    """
    if where == "-":
        if not sys.stdin:
            raise InputError("standard input is closed: give a file, or pipe reports in")
        yield from _read(sys.stdin.buffer, "standard input")
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
        yield from _read(file, name)


def _read(file: IO[bytes], name: str) -> Iterator[Report]:
    count = 0
    try:
        for number, text in _documents(file, name):
            yield _report(text, name, number)
            count += 1
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}") from error
    if not count:
        raise InputError(f"{name} holds no report")


def _report(text: str, name: str, number: int) -> Report:
    try:
        return Report.model_validate_json(text)
    except (ValidationError, InputError) as error:
        told = error.errors()[0] if isinstance(error, ValidationError) else None
        why = f"{'.'.join(map(str, told['loc']))}: {told['msg']}".removeprefix(": ") if told else str(error)
        raise InputError(f"{name}, line {number}: this is no report: {why}") from error


def _documents(file: Iterable[bytes], name: str) -> Iterator[tuple[int, str]]:
    """The JSON text of each report with the line that it begins at.

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
