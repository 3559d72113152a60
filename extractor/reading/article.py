"""What was read, and the rules that make bytes an article's text."""

import codecs
from dataclasses import dataclass
from datetime import date as Date

from extractor.errors import InputError

MAX_BYTES = 10_000_000
"""The largest article that is read unless told otherwise."""

_OTHER_KINDS = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x1f\x8b": "a gzip archive",
    b"{\\rtf": "an RTF document",
    codecs.BOM_UTF16_LE: "UTF-16 text, not UTF-8",
    codecs.BOM_UTF16_BE: "UTF-16 text, not UTF-8",
}


@dataclass(frozen=True, slots=True)
class Article:
    """The text of an article, unaltered, and what its place of origin says about it."""

    text: str
    id: str | None = None
    """The name of a file without its ending."""
    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    date: Date | None = None
    language: str | None = None
    notes: tuple[str, ...] = ()
    """What the reader should be told: a byte order mark left out, a date taken from a page."""


def decode(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    """The text of these bytes, which must be UTF-8 with words in it, and notes for the reader.

    Line ends and every other character stay as they are; only a byte order mark is left out.
    Raises `InputError` for what is empty, binary, of another kind, or not UTF-8.
    """
    if not data:
        raise InputError(f"{name} is empty: give an article with at least one sentence")
    for start, kind in _OTHER_KINDS.items():
        if data.startswith(start):
            raise InputError(f"{name} is {kind}: save its text as plain UTF-8 first")
    if (null := data.find(0)) >= 0:
        raise InputError(f"{name} is not text: it has a null byte at offset {null}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{name} is not UTF-8: byte 0x{data[error.start]:02X} at offset {error.start}; "
            "convert it first, for instance with iconv -f WINDOWS-1252 -t UTF-8"
        ) from error
    marked = text.startswith("\ufeff")
    if not any(character.isalnum() for character in text):
        raise InputError(f"{name} has no words in it: give an article with at least one sentence")
    if marked:
        return text[1:], (f"{name} starts with a byte order mark: it is left out of the text and of all offsets",)
    return text, ()
