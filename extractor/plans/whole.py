"""One call for everything, for models that can keep an article in mind; a long article in windows."""

from __future__ import annotations

from typing import Any

from extractor.plans.asking import Asking
from extractor.plans.joining import Joined
from extractor.plans.linking import linked, remember_numbers
from extractor.plans.windows import Names, Window, each_window, room, shown
from extractor.schema import Report

PROMPT = "whole"

_LONGEST_ANSWER = 16_000
"""Tokens."""


async def whole(asking: Asking, prompt: str | None = None) -> Report:
    """Ask for the whole report at once; returns it grounded and linked, nothing worked out yet.

    An article longer than a call can take is asked about in windows. What they tell is then one: actors with the same
    name, and incidents that the stepwise plan would take for one.
    """
    document = asking.document
    known = {"Title": document.title, "Publisher": document.publisher, "Date": document.date}
    about = " ".join(f"{name}: {value}." for name, value in known.items() if value)
    template = asking.prompt(prompt or PROMPT)
    beside = template.messages(sentences="", about=about)
    longest, longest_answer = room(asking.client.endpoint, beside, _LONGEST_ANSWER)
    joined, names = Joined(document), Names()

    async def ask(window: Window, part: int) -> Any:
        messages = template.messages(sentences=shown(asking, window, part, names), about=about)
        if len(window) == len(document.sentences):
            return await asking.answer(messages, Report, max_tokens=longest_answer)
        data: Any = await asking.answer(messages, Report, max_tokens=longest_answer, part=window)
        remember_numbers(data)
        checked = await asking.settle(Report, data, window)
        joined.add(checked.value, checked.data)
        names.add(mention.text for actor in checked.value.actors for mention in actor.mentions)
        return None

    [first, *_] = await each_window(asking, longest, ask, "reading the article")
    return await linked(asking, joined.answer() if first is None else first)
