"""What of a user's own schema cannot be grounded, told when the schema is given and not when it fails."""

from __future__ import annotations

import types
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from extractor.errors import SchemaError
from extractor.grounding.pointers import Evidence, Mention

_TAKES_STRINGS: tuple[Any, ...] = (str, Any, object)
_TAKES_NUMBERS: tuple[Any, ...] = (int, float, Any, object)


def check_schema(schema: type[BaseModel], seen: frozenset[type[BaseModel]] = frozenset()) -> None:
    """Raise `SchemaError` where a pointer would silently stay a plain string or number.

    In `Mention | str` the model's words fit both, and `str` would keep them without looking into the text.
    """
    for name, info in schema.model_fields.items():
        _check(info.annotation, f"{schema.__name__}.{name}", seen | {schema})


def _check(annotation: Any, where: str, seen: frozenset[type[BaseModel]]) -> None:
    arguments = get_args(annotation)
    if get_origin(annotation) in (Union, types.UnionType):
        for pointer, rivals in ((Mention, _TAKES_STRINGS), (Evidence, _TAKES_NUMBERS)):
            members = [_bare(one) for one in arguments]
            if any(_is(one, pointer) for one in members) and any(one in rivals for one in members):
                raise SchemaError(
                    f"{where} takes a {pointer.__name__} or plain words: the words would never be looked up "
                    f"in the text; use {pointer.__name__} | None"
                )
    for argument in arguments:
        _check(argument, where, seen)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation not in seen:
        check_schema(annotation, seen)


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _is(annotation: Any, pointer: type[BaseModel]) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, pointer)
