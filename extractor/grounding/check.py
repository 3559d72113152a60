"""Check a model's answer against a schema and a document; take out what is refused, one item at a time."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar, cast, get_args

from pydantic import BaseModel, ValidationError

from extractor.document import Document
from extractor.grounding.locate import locate
from extractor.grounding.pointers import NO_SUCH_SENTENCE, NOT_IN_TEXT, SENTENCE_NUMBER, Evidence, Mention, Span
from extractor.grounding.pointing import pointing_into

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]

_GONE = object()


@dataclass(frozen=True, slots=True)
class Refused:
    """One item of an answer that does not stand."""

    path: Path
    """Where it is in the answer, e.g. `("claims", 2, "source")`."""
    words: str
    why: str
    pointer: bool
    """Whether it points outside the text (and asking for the right words may help), or has the wrong form."""
    follows: bool = False
    """Whether it is only the hole that an earlier refusal left."""

    @property
    def what(self) -> str:
        """The path in words, with items counted from 1: `claims 3 source`."""
        return " ".join(str(key + 1) if isinstance(key, int) else key for key in self.path)


@dataclass(frozen=True, slots=True)
class Checked(Generic[M]):
    """An answer that fits its schema, every pointer in it a span of the text."""

    value: M
    data: Any
    """The answer as it stood when it fitted: what was refused is out of it, nothing else is changed."""
    dropped: list[Refused]


def refusals(schema: type[BaseModel], data: Any, document: Document) -> list[Refused]:
    """What of the answer `data` does not stand; empty when all of it does."""
    try:
        with pointing_into(document):
            schema.model_validate(data)
    except ValidationError as error:
        return list(_refused(error, data))
    return []


def check(schema: type[M], data: Any, document: Document) -> Checked[M]:
    """Validate an answer, dropping what is refused: an item of a list, an optional value, else what holds it.

    Raises `pydantic.ValidationError` when the answer as a whole does not stand.
    """
    data = copy.deepcopy(data)
    dropped: list[Refused] = []
    while True:
        try:
            with pointing_into(document):
                value = schema.model_validate(data)
        except ValidationError as error:
            found = list(_refused(error, data))
            if not found or any(not item.path for item in found):
                raise
            for item in found:
                if not _take_out(data, item.path):
                    raise
            dropped += [item for item in found if not item.follows]
            data = _without_gone(data)
            continue
        nearest_evidence(value, document)
        return Checked(value, data, dropped)


def _refused(error: ValidationError, data: Any) -> Iterator[Refused]:
    for line in error.errors(include_url=False, include_context=True):
        path, value = _follow(data, line["loc"])
        words = value if isinstance(value, str) else "" if isinstance(value, dict | list) else str(value)
        if isinstance(value, dict) and isinstance(text := cast(dict[str, Any], value).get("text"), str):
            words = text
        yield Refused(path, words, line["msg"], line["type"] in {NOT_IN_TEXT, NO_SUCH_SENTENCE}, follows=value is None)


def _follow(data: Any, location: Sequence[str | int]) -> tuple[Path, Any]:
    """The part of a pydantic error location that is a path in the answer (union members have names in it too)."""
    path: list[str | int] = []
    here: Any = data
    for key in location:
        inside = cast(Any, here)
        if (isinstance(here, dict) and key in here) or (
            isinstance(here, list) and isinstance(key, int) and key < len(inside)
        ):
            here = inside[key]
            path.append(key)
    return tuple(path), cast(Any, here)


def _take_out(data: Any, path: Path) -> bool:
    """Mark the smallest thing at or around `path` that can go; `False` when only the whole answer is left."""
    for length in range(len(path), 0, -1):
        parent: Any = data
        for key in path[: length - 1]:
            parent = parent[key]
            if parent is _GONE:
                return True
        key = path[length - 1]
        if parent[key] is _GONE:
            return True
        if isinstance(key, int) or parent[key] is not None:
            parent[key] = _GONE if isinstance(key, int) else None
            return True
    return False


def _without_gone(data: Any) -> Any:
    if isinstance(data, list):
        return [_without_gone(item) for item in cast(list[Any], data) if item is not _GONE]
    if isinstance(data, dict):
        return {key: _without_gone(item) for key, item in cast(dict[Any, Any], data).items()}
    return data


def nearest_evidence(value: Any, document: Document, near: Sequence[int] = ()) -> None:
    """Move every mention in `value` to the occurrence of its words nearest the evidence beside or above it."""
    if isinstance(value, Mention):
        found = locate(document, value.text, near)
        if near and found is not None:
            value.start, value.end = found.start, found.end
            value.match = value.match if found.match == "exact" else found.match
            value.text = document.text[found.start : found.end]
    if isinstance(value, BaseModel):
        here = [number for name in type(value).model_fields for number in _evidence_in(value, name)]
        for name in type(value).model_fields:
            nearest_evidence(getattr(value, name), document, here or near)
    elif isinstance(value, Mapping):
        for item in cast(Mapping[Any, Any], value).values():
            nearest_evidence(item, document, near)
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for item in cast(Iterable[Any], value):
            nearest_evidence(item, document, near)


def misplaced(value: Any, text: str, path: str = "") -> Iterator[tuple[str, str]]:
    """The path and words of each span in `value` whose words do not stand at its offsets in `text`."""
    if isinstance(value, Span) and text[value.start : value.end] != value.quote:
        yield path, value.quote
    if isinstance(value, Mention) and text[value.start : value.end] != value.text:
        yield path, value.text
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from misplaced(getattr(value, name), text, f"{path}.{name}".lstrip("."))
    elif isinstance(value, Mapping):
        for key, item in cast(Mapping[Any, Any], value).items():
            yield from misplaced(item, text, f"{path}[{key!r}]")
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for number, item in enumerate(cast(Iterable[Any], value)):
            yield from misplaced(item, text, f"{path}[{number}]")


def _evidence_in(value: BaseModel, name: str) -> list[int]:
    held = getattr(value, name)
    items: list[Any] = cast(list[Any], held) if isinstance(held, list) else [held]
    if _holds_sentence_numbers(type(value), name):
        return [item for item in items if isinstance(item, int)]
    return [item.sentence for item in items if isinstance(item, Evidence)]


@cache
def _holds_sentence_numbers(model: type[BaseModel], name: str) -> bool:
    info = model.model_fields[name]
    return SENTENCE_NUMBER in info.metadata or _mentions_marker(info.annotation)


def _mentions_marker(annotation: Any) -> bool:
    return SENTENCE_NUMBER in getattr(annotation, "__metadata__", ()) or any(
        map(_mentions_marker, get_args(annotation))
    )
