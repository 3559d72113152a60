"""Fields of a schema that a model never sees."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Final, TypeVar, cast

from pydantic import BaseModel, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from extractor.grounding.pointing import document_pointed_into

T = TypeVar("T")


class _Hidden:
    """Marks a field as left out of the schema shown to a model and struck from any answer."""


_HIDDEN: Final = _Hidden()

Derived = Annotated[T, _HIDDEN]
"""Worked out by code. The field needs a default."""

Given = Annotated[T, _HIDDEN]
"""Assigned by code, such as an id. The field needs a default."""


@lru_cache(maxsize=1024)  # classes may be made for one question alone
def hidden_fields(model: type[BaseModel]) -> frozenset[str]:
    """Names of the fields that code fills."""
    return frozenset(name for name, info in model.model_fields.items() if _HIDDEN in info.metadata)


class Pointing(BaseModel):
    """Base of models whose `Derived` and `Given` fields a model is neither shown nor believed about."""

    @model_validator(mode="before")
    @classmethod
    def _strike_hidden(cls, data: Any) -> Any:
        if document_pointed_into() is None or not isinstance(data, dict):
            return data
        hidden = hidden_fields(cls)
        return {key: value for key, value in cast(dict[str, Any], data).items() if key not in hidden}

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler(core_schema)
        if handler.mode == "validation":
            body = handler.resolve_ref_schema(schema)
            for name in hidden_fields(cls):
                body.get("properties", {}).pop(name, None)
                if name in body.get("required", []):
                    body["required"].remove(name)
        return schema
