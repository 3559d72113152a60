"""What else is right: the `accept` of a label."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, JsonValue, TypeAdapter, ValidationError

from extractor.errors import InputError
from extractor.grounding import Mention, Span, misplaced
from extractor.schema import Report

_SPANS = TypeAdapter(list[Span])
_STEP = re.compile(r"\.([a-z_]+)(?:\[(\d+)\])?")
_PATH = re.compile(r"(?P<id>[A-Z]+\d+)(?P<steps>(?:\.[a-z_]+(?:\[\d+\])?)*)")


class Accept(BaseModel):
    """Answers that an evaluator counts as right beside those of the label.

    A path is an id with fields: `I1`, `C3.source`, `I1.casualties[0].count`.
    """

    model_config = ConfigDict(extra="forbid")

    optional: list[str] = []
    """Paths of what may be left out: missing it costs nothing, having it is right."""
    either: dict[str, list[JsonValue]] = {}
    """For a path the other right values: a string, a mention, an actor's id, a date interval, a count, spans."""
    together: list[list[str]] = []
    """Claims that may also be told as one."""

    def check(self, label: Report) -> None:
        """Raise `InputError` for a path that leads nowhere in the label."""
        ids = {item.id: item for items in (label.actors, label.incidents, label.claims) for item in items}
        for path in self._paths():
            resolve(path, ids)

    def check_words(self, text: str) -> None:
        """Raise `InputError` for accepted words that do not stand at their offsets in the text."""
        for path, others in self.either.items():
            try:
                told = (
                    [_SPANS.validate_python(cut) for cut in others] if path.endswith(".content") else _mentions(others)
                )
            except ValidationError as error:
                raise InputError(f"accept: {path} holds what is malformed: {error.errors()[0]['msg']}") from error
            for _, words in misplaced(told, text):
                raise InputError(f"accept: {path} does not stand at its offsets in the text: {words!r}")

    def _paths(self) -> Iterator[str]:
        yield from self.optional
        yield from self.either
        for group in self.together:
            yield from group


def _mentions(others: list[JsonValue]) -> list[Mention]:
    return [Mention.model_validate(other) for other in others if isinstance(other, dict) and "start" in other]


def resolve(path: str, ids: dict[str, Any]) -> Any:
    """What a path leads to, from the objects by their ids; `InputError` when it leads nowhere."""
    match = _PATH.fullmatch(path)
    if match is None or match["id"] not in ids:
        raise InputError(f"accept: {path!r} names nothing in the label: write it as I1.where[0] or C3.source")
    node: Any = ids[match["id"]]
    for name, number in _STEP.findall(match["steps"]):
        held: Any = getattr(node, name, None)
        items = cast(list[Any], held) if isinstance(held, list) else []
        if not hasattr(node, name) or (number and int(number) >= len(items)):
            raise InputError(f"accept: {path!r} names nothing in the label: there is no {name}[{number}]")
        node = cast(Any, items[int(number)] if number else held)
    return node
