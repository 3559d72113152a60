"""From what the user names to an article."""

import re
import sys
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

from extractor.errors import InputError
from extractor.reading.article import MAX_BYTES, Article, decode

_ADDRESS = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)


def read(where: str, *, max_bytes: int = MAX_BYTES, allow_private: bool = False, called: str | None = None) -> Article:
    """Read the article at a path, at an http or https address, or from standard input (`-`).

    `max_bytes` bounds what is read; `allow_private` lets an address lead into this machine or its own network. `called`
    is how an error names a file; its path when left out.
    Raises `InputError` for whatever cannot be read or is no article.
    """
    if not where:
        raise InputError("the name of the article is empty: give a path, an address, or - for standard input")
    if where == "-":
        return _read_standard_input(max_bytes)
    if scheme := _ADDRESS.match(where):
        if scheme[1].lower() not in {"http", "https"}:
            raise InputError(f"{named(where)}: only http and https addresses are read, not {scheme[1]}")
        from extractor.reading.web import read_page

        return read_page(where, max_bytes=max_bytes, allow_private=allow_private)
    return _read_file(where, max_bytes, called or where)


def named(where: str) -> str:
    """A name as it can stand in a line of a message, whatever characters are in it."""
    return where if where.isprintable() and where.strip() else repr(where)


def _read_standard_input(max_bytes: int) -> Article:
    if not sys.stdin:
        raise InputError("standard input is closed: give a file, or pipe an article in")
    text, notes = decode(_bounded(sys.stdin.buffer, "standard input", max_bytes), "standard input")
    return Article(text, notes=notes)


def _read_file(path: str, max_bytes: int, called: str) -> Article:
    name = named(called)
    try:
        status = Path(path).stat()
        if S_ISDIR(status.st_mode):
            raise InputError(f"{name} is a folder: give one article, as a file of UTF-8 text")
        if S_ISREG(status.st_mode) and status.st_size > max_bytes:
            raise _too_large(name, max_bytes, status.st_size)
        with Path(path).open("rb") as file:
            data = _bounded(file, name, max_bytes)
    except FileNotFoundError as error:
        raise InputError(f"{name} does not exist") from error
    except PermissionError as error:
        raise InputError(f"{name} cannot be read: permission denied") from error
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # a null character inside the path
        raise InputError(f"{name} is no path: {error}") from error
    text, notes = decode(data, name)
    return Article(text, id=Path(path).stem, notes=notes)


def _bounded(file: BinaryIO, name: str, max_bytes: int) -> bytes:
    """All of a file; a pipe or device does not say its size, so one byte more than allowed is asked for."""
    data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise _too_large(name, max_bytes)
    return data


def _too_large(name: str, max_bytes: int, size: int | None = None) -> InputError:
    measured = f"has {size:,} bytes, more than" if size else "has more than"
    return InputError(f"{name} {measured} the {max_bytes:,} that one article may have: --max-bytes raises the limit")
