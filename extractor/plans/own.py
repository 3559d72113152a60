"""Schemas of users' own: one call, or one for each window of a long article, whose answers are then joined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from extractor.grounding import Evidence, Mention
from extractor.plans.asking import Asking
from extractor.plans.windows import Names, Window, each_window, room, shown

M = TypeVar("M", bound=BaseModel)

_LONGEST_ANSWER = 4_000
"""Tokens."""


async def with_schema(asking: Asking, schema: type[M], prompt: str | None) -> M:
    """What a schema asks for; a prompt that is no file is the instruction itself.

    Of a long article, lists hold what all windows tell, each item once; objects are joined field by field; of any
    other value the first one told stands, and others are listed as dropped.
    """
    given = prompt is not None and not prompt.endswith(".md")
    template = asking.prompt("own" if given else prompt or "own")
    instruction = prompt if given else ""
    beside = template.messages(sentences=schema.model_json_schema(), instruction=instruction)
    longest, longest_answer = room(asking.client.endpoint, beside, _LONGEST_ANSWER)
    names = Names()

    async def ask(window: Window, part: int) -> M:
        whole = len(window) == len(asking.document.sentences)
        messages = template.messages(sentences=shown(asking, window, part, names), instruction=instruction)
        shown_part = None if whole else window
        data = await asking.answer(messages, schema, max_tokens=longest_answer, part=shown_part)
        value = (await asking.settle(schema, data, shown_part)).value
        if not whole:
            names.add(_names(value))
        return value

    [first, *others] = await each_window(asking, longest, ask, "reading the article")
    if others:
        joining = _Joining(asking)
        for other in others:
            joining.join(first, other, schema.__name__)
    return first


class _Joining:
    """Puts into an answer what a later window tells."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking
        self._held: dict[int, set[str]] = {}
        """What each list holds."""

    def join(self, value: BaseModel, more: BaseModel, where: str) -> None:
        """Add to an object what another one of its schema tells; `where` it stands, in words."""
        for name, info in type(value).model_fields.items():
            held: Any = getattr(value, name)
            told: Any = getattr(more, name)
            path = f"{where}.{name}"
            if isinstance(held, list) and isinstance(told, list):
                most = next((mark.max_length for mark in info.metadata if hasattr(mark, "max_length")), None)
                self._extend(cast(list[Any], held), cast(list[Any], told), most, path)
            elif isinstance(held, dict) and isinstance(told, dict):
                mapping = cast(dict[Any, Any], held)
                for key, item in cast(dict[Any, Any], told).items():
                    mapping.setdefault(key, item)
            elif _is_object(held) and _is_object(told):
                self.join(cast(BaseModel, held), cast(BaseModel, told), path)
            elif _absent(held):
                setattr(value, name, told)
            elif not _absent(told) and _identity(held) != _identity(told):
                self._asking.drop(path, _words(told), "another part of the article told another one before")

    def _extend(self, held: list[Any], told: list[Any], most: int | None, path: str) -> None:
        known = self._held.setdefault(id(held), {_identity(item) for item in held})
        for item in told:
            if (identity := _identity(item)) in known:
                continue
            if most is not None and len(held) >= most:
                self._asking.drop(path, _words(item), f"the list is full with {most}")
                continue
            known.add(identity)
            held.append(item)


def _is_object(value: Any) -> bool:
    return isinstance(value, BaseModel) and not isinstance(value, Mention | Evidence)


def _absent(value: Any) -> bool:
    return value is None or value == ""


def _identity(value: Any) -> str:
    """Equal for values that say the same; a name is one wherever it stands, beside the same words."""
    if isinstance(value, Mention):
        more = {name: getattr(value, name) for name in type(value).model_fields if name not in Mention.model_fields}
        return f"{value.text.casefold()} {more}"
    if isinstance(value, Evidence):
        return f"{value.start} {value.end}"
    if isinstance(value, BaseModel):
        return str({name: _identity(getattr(value, name)) for name in type(value).model_fields})
    if isinstance(value, list):
        return str([_identity(item) for item in cast(list[Any], value)])
    return repr(value)


def _words(value: Any) -> str:
    if isinstance(value, BaseModel):
        return str(value.model_dump(mode="json"))[:80] if not isinstance(value, Mention) else value.text
    return str(value)[:80]


def _names(value: Any) -> Iterator[str]:
    """The names that an answer holds."""
    if isinstance(value, Mention):
        yield value.text
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _names(getattr(value, name))
    elif isinstance(value, Mapping):
        for item in cast(Mapping[Any, Any], value).values():
            yield from _names(item)
    elif isinstance(value, list | tuple | set):
        for item in cast(list[Any], value):
            yield from _names(item)
