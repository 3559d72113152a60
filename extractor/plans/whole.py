"""One call for everything, for models that can keep an article in mind."""

from __future__ import annotations

from typing import Any

from extractor.plans.asking import Asking, numbered
from extractor.plans.linking import linked
from extractor.schema import Report

PROMPT = "whole"


async def whole(asking: Asking, prompt: str | None = None) -> Report:
    """Ask for the whole report at once; returns it grounded and linked, nothing worked out yet."""
    asking.step(0, 1, "reading the article")
    document = asking.document
    known = {"Title": document.title, "Publisher": document.publisher, "Date": document.date}
    about = " ".join(f"{name}: {value}." for name, value in known.items() if value)
    messages = asking.prompt(prompt or PROMPT).messages(sentences=numbered(document), about=about)
    data: Any = await asking.answer(messages, Report, max_tokens=16_000)
    report = await linked(asking, data)
    asking.step(1, 1, "done")
    return report
