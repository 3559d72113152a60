"""Where the result goes: whole, or not at all."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from extractor.atomic import replacing
from extractor.errors import OutputError, SettingsError


def check_writable(path: Path, source: str, what: str = "the article") -> None:
    """Find out before the work is done whether its result can be kept; raises `SettingsError` if not.

    `source` is what is read, which is never overwritten; `what` it is called.
    """
    if path.is_dir():
        raise SettingsError(f"-o {path} is a folder: name a file in it")
    if not path.parent.is_dir():
        raise SettingsError(f"-o {path}: the folder {path.parent} does not exist")
    if not os.access(path if _is_special(path) else path.parent, os.W_OK):
        raise SettingsError(f"-o {path} cannot be written: permission denied")
    if path.is_file() and Path(source).exists() and path.samefile(source):
        raise SettingsError(f"-o {path} is {what} itself: name another file")


def check_no_terminal(what: str) -> None:
    """Raise `SettingsError` where standard output is a terminal, which `what` is no text for."""
    if sys.stdout.isatty():
        raise SettingsError(f"{what} is no text for a terminal: name a file with -o, or pipe it on")


def write(text: str, path: Path | None) -> None:
    """Write the text and a line end as UTF-8, to standard output or to a file that appears only when it is whole."""
    with opened(path) as file:
        file.write(f"{text}\n".encode())


@contextmanager
def opened(path: Path | None) -> Generator[BinaryIO]:
    """Standard output, or a file that appears only when it is whole; raises `OutputError` when it cannot be written."""
    try:
        if path is None:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        elif _is_special(path):
            with path.open("wb") as file:
                yield file
        else:
            with replacing(path.resolve()) as file:
                yield file
    except OSError as error:
        if path is None:
            silence()
        if isinstance(error, BrokenPipeError):
            raise
        raise OutputError(f"{path or 'standard output'} cannot be written: {error.strerror or error}") from error


def silence() -> None:
    """Point standard output at nothing, so that what is left in its buffer does not fail once more at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_special(path: Path) -> bool:
    """A device or a pipe, which must be written to and not put another file in place of."""
    return path.exists() and not path.is_file()
