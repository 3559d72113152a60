"""Which document the pointers now being validated point into."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from extractor.document import Document

_document: ContextVar[Document | None] = ContextVar("document", default=None)
_part: ContextVar[range | None] = ContextVar("part", default=None)


@contextmanager
def pointing_into(document: Document | None, part: range | None = None) -> Generator[None]:
    """While open, pointer types take a model's pointers and ground them in `document`.

    `part` tells which sentences the model was shown, where that was not all of them: numbers of others are refused, and
    names that stand there are taken from there.

    With `None`, and outside, they load spans that were grounded and dumped before.
    """
    token, part_token = _document.set(document), _part.set(part)
    try:
        yield
    finally:
        _part.reset(part_token)
        _document.reset(token)


def document_pointed_into() -> Document | None:
    """The document of the innermost open `pointing_into`."""
    return _document.get()


def part_pointed_into() -> range | None:
    """The sentences of the document that the model was shown; `None`: all of them."""
    return _part.get()
