"""A document's extraction: an `invoke_workflow` span, under which its calls stand, and its duration."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from extractor.telemetry.instruments import failed, instruments

_WORKFLOW = {"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": "extract"}


class DocumentSpan:
    """Is told what a document came to; this one tells nobody."""

    def done(self, *, plan: str, complete: bool, dropped: int, **found: int) -> None:
        """It has its result: so many `incidents`, `claims`; not `complete` where an answer was cut off."""


_UNTOLD = DocumentSpan()


@contextmanager
def document(id: str | None, characters: int) -> Generator[DocumentSpan]:
    """A document whose extraction begins now and ends with the context."""
    on = instruments()
    if on is None:
        yield _UNTOLD
        return
    attributes = _WORKFLOW | {"extractor.document.characters": characters}
    if id is not None:
        attributes["extractor.document.id"] = id
    began = time.monotonic()
    ending: dict[str, Any] = {}
    with on.tracer.start_as_current_span(
        "invoke_workflow extract", attributes=attributes, record_exception=False, set_status_on_exception=False
    ) as span:
        try:
            yield _Told(span, ending)
        except BaseException as error:
            ending["error.type"] = failed(span, error)
            raise
        finally:
            on.document_seconds.record(time.monotonic() - began, _WORKFLOW | ending)


class _Told(DocumentSpan):
    def __init__(self, span: Any, ending: dict[str, Any]) -> None:
        self._span = span
        self._ending = ending

    def done(self, *, plan: str, complete: bool, dropped: int, **found: int) -> None:
        self._ending["extractor.plan"] = plan
        told = {"plan": plan, "complete": complete, "dropped": dropped} | found
        self._span.set_attributes({f"extractor.{name}": value for name, value in told.items()})
