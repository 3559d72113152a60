"""Check a model's answer against a schema and a document; take out what is refused, one item at a time."""

from __future__ import annotations

import copy
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import NoneType
from typing import Any, Generic, Literal, TypeVar, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError

from extractor.document import Document
from extractor.grounding.locate import locate
from extractor.grounding.pointers import NO_SUCH_SENTENCE, NOT_IN_TEXT, SENTENCE_NUMBER, Evidence, Mention, Span
from extractor.grounding.pointing import pointing_into

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]
Place = tuple[int, str | int]
"""The identity of a dict of the answer, and a key of it."""

_GONE = object()
_PLAIN = (str, int, float, bool, bytes, NoneType, date)
"""Types of fields that hold no spans."""


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


def refusals(schema: type[BaseModel], data: Any, document: Document, part: range | None = None) -> list[Refused]:
    """What of the answer `data` does not stand; empty when all of it does.

    `part` are the sentences that the model was shown, where that was not all of them.
    """
    try:
        with pointing_into(document, part):
            schema.model_validate(data)
    except ValidationError as error:
        return list(_refused(error, data))
    return []


def check(schema: type[M], data: Any, document: Document, part: range | None = None) -> Checked[M]:
    """Validate an answer, dropping what is refused: an item of a list, an optional value, else what holds it.

    `data` itself stays as it is. `part` are the sentences that the model was shown, where that was not all of them.
    Raises `pydantic.ValidationError` when the answer as a whole does not stand; it tells of the answer's own faults,
    not of the holes left where they were taken out.
    """
    given = data
    dropped: list[Refused] = []
    emptied: set[Place] = set()
    cause: ValidationError | None = None
    while True:
        try:
            with pointing_into(document, part):
                value = schema.model_validate(data)
        except ValidationError as error:
            data = copy.deepcopy(data) if data is given else data
            found = list(_refused(error, data, emptied))
            cause = error if cause is None or not all(item.follows for item in found) else cause
            dropped += [item for item in found if not item.follows]
            gone: set[Path] = set()
            for path in dict.fromkeys(item.path for item in found):
                if not any(path[:length] in gone for length in range(len(path) + 1)):
                    gone.add(_take_out(data, path, emptied))
            if not gone or () in gone:
                raise cause from None
            _sweep(data)
            continue
        nearest_evidence(value, document, part or ())
        return Checked(value, data, dropped)


def _refused(error: ValidationError, data: Any, emptied: Container[Place] = ()) -> Iterator[Refused]:
    for line in error.errors(include_url=False):
        path, value, holder = _follow(data, line["loc"])
        words = _words(value)
        pointer = line["type"] in {NOT_IN_TEXT, NO_SUCH_SENTENCE}
        if line["type"] == "missing":
            absent = line["loc"][-1]
            yield Refused(path, words, f"{absent} is missing", pointer, follows=(id(value), absent) in emptied)
        else:
            follows = bool(path) and (id(holder), path[-1]) in emptied
            yield Refused(path, words, line["msg"], pointer, follows=follows)


def _words(value: Any) -> str:
    if isinstance(value, dict):
        text = cast(dict[str, Any], value).get("text")
        return text if isinstance(text, str) else ""
    return "" if value is None or isinstance(value, list) else str(value)


def _follow(data: Any, location: Sequence[str | int]) -> tuple[Path, Any, Any]:
    """The part of a pydantic error location that is a path in the answer, what stands there, and what holds that.

    (In the location, members of unions have names too.)
    """
    path: list[str | int] = []
    here: Any = data
    holder: Any = None
    for key in location:
        if _holds(here, key):
            here, holder = here[key], here
            path.append(key)
    return tuple(path), here, holder


def _holds(value: Any, key: str | int) -> bool:
    if isinstance(value, dict):
        return key in value
    return isinstance(value, list) and isinstance(key, int) and key < len(cast(list[Any], value))


def _take_out(data: Any, path: Path, emptied: set[Place]) -> Path:
    """Take out the smallest thing at or around `path` that can go; its path, which is () when only all of it can.

    An item of a list is marked, to be swept up. A value becomes null; where null is no better its key goes, so that
    what the schema says of an absent value holds.
    """
    if not path:
        return ()
    *above, key = path
    holder = data
    for step in above:
        holder = holder[step]
    if isinstance(key, int):
        holder[key] = _GONE
        return path
    emptied.add((id(holder), key))
    if holder[key] is None:
        del holder[key]
    else:
        holder[key] = None
    return path


def _sweep(data: Any) -> None:
    """Remove, in place, what is marked as gone."""
    if isinstance(data, list):
        items = cast(list[Any], data)
        items[:] = [item for item in items if item is not _GONE]
        for item in items:
            _sweep(item)
    elif isinstance(data, dict):
        for item in cast(dict[str, Any], data).values():
            _sweep(item)


def nearest_evidence(value: Any, document: Document, near: Sequence[int] = ()) -> None:
    """Move every mention in `value` to the occurrence of its words nearest the evidence beside or above it."""
    if isinstance(value, BaseModel):
        if near and isinstance(value, Mention):
            _move(value, document, near)
        if objects := _fields_with_objects(type(value)):
            here = [number for name in _fields_with_evidence(type(value)) for number in _evidence_in(value, name)]
            for name in objects:
                nearest_evidence(getattr(value, name), document, here or near)
    elif isinstance(value, Mapping):
        for item in cast(Mapping[Any, Any], value).values():
            nearest_evidence(item, document, near)
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for item in cast(Iterable[Any], value):
            nearest_evidence(item, document, near)


def _move(mention: Mention, document: Document, near: Sequence[int]) -> None:
    found = locate(document, mention.text, near)
    if found is not None:
        mention.start, mention.end = found.start, found.end
        mention.match = mention.match if found.match == "exact" else found.match
        mention.text = document.text[found.start : found.end]


def misplaced(value: Any, text: str, path: str = "") -> Iterator[tuple[str, str]]:
    """The path and words of each span in `value` whose words do not stand at its offsets in `text`."""
    if isinstance(value, Span | Mention):
        words = value.quote if isinstance(value, Span) else value.text
        if value.start < 0 or text[value.start : value.end] != words:
            yield path, words
    if isinstance(value, BaseModel):
        for name in _fields_with_objects(type(value)):
            if held := getattr(value, name):
                yield from misplaced(held, text, f"{path}.{name}".lstrip("."))
    elif isinstance(value, Mapping):
        for key, item in cast(Mapping[Any, Any], value).items():
            yield from misplaced(item, text, f"{path}[{key!r}]")
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for number, item in enumerate(cast(Iterable[Any], value)):
            yield from misplaced(item, text, f"{path}[{number}]")


@lru_cache(maxsize=1024)  # classes may be made for one question alone
def _fields_with_objects(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields that may hold anything but plain values."""
    return tuple(name for name, info in model.model_fields.items() if not _plain(info.annotation))


def _plain(annotation: Any) -> bool:
    arguments = get_args(annotation)
    if get_origin(annotation) is Literal or annotation in _PLAIN:
        return True
    return bool(arguments) and all(argument is Ellipsis or _plain(argument) for argument in arguments)


@lru_cache(maxsize=1024)  # classes may be made for one question alone
def _fields_with_evidence(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields that may hold evidence or numbers of sentences."""
    return tuple(
        name
        for name, info in model.model_fields.items()
        if _holds_sentence_numbers(model, name) or _may_be_evidence(info.annotation)
    )


def _may_be_evidence(annotation: Any) -> bool:
    if arguments := get_args(annotation):
        return any(map(_may_be_evidence, arguments))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return issubclass(annotation, Evidence) or issubclass(Evidence, annotation)
    return not _plain(annotation)


def _evidence_in(value: BaseModel, name: str) -> list[int]:
    held = getattr(value, name)
    items: list[Any] = cast(list[Any], held) if isinstance(held, list) else [held]
    if _holds_sentence_numbers(type(value), name):
        return [item for item in items if isinstance(item, int)]
    return [item.sentence for item in items if isinstance(item, Evidence)]


@lru_cache(maxsize=1024)  # classes may be made for one question alone
def _holds_sentence_numbers(model: type[BaseModel], name: str) -> bool:
    info = model.model_fields[name]
    return SENTENCE_NUMBER in info.metadata or _mentions_marker(info.annotation)


def _mentions_marker(annotation: Any) -> bool:
    return SENTENCE_NUMBER in getattr(annotation, "__metadata__", ()) or any(
        map(_mentions_marker, get_args(annotation))
    )
