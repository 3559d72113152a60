"""Which document the pointers now being validated point into."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

from extractor.document import Document

_document: ContextVar[Document | None] = ContextVar("document", default=None)


@contextmanager
def pointing_into(document: Document | None) -> Generator[None]:
    """While open, pointer types take a model's pointers and ground them in `document`.

    With `None`, and outside, they load spans that were grounded and dumped before.
    """
    token = _document.set(document)
    try:
        yield
    finally:
        _document.reset(token)


def document_pointed_into() -> Document | None:
    """The document of the innermost open `pointing_into`."""
    return _document.get()
