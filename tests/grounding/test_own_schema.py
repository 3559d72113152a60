"""A user's own schema that could not be grounded is refused when it is given."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Optional, Union

import pytest
from pydantic import BaseModel, Field

from extractor import Evidence, Mention
from extractor.errors import SchemaError
from extractor.grounding import check_schema


class Person(Mention):
    role: str


class Inner(BaseModel):
    who: Mention | str


class Tree(BaseModel):
    name: Mention
    branches: list[Tree] = []


class Good(BaseModel):
    place: Mention | None
    person: Optional[Person]  # noqa: UP045
    number: Mention | int
    unknown: Mention | Literal["unknown"]
    where: dict[str, list[Mention]]
    told: list[Evidence] | None
    pair: tuple[Mention, Evidence]
    tree: Tree


def test_pointers_in_lists_optionals_and_trees_are_fine() -> None:
    check_schema(Good)
    check_schema(Tree)


@pytest.mark.parametrize(
    "annotation",
    [
        Mention | str,
        str | Mention | None,
        Union[Mention, str],  # noqa: UP007
        list[Mention | str],
        dict[str, list[str | Mention]] | None,
        Annotated[Mention | str, Field(description="who")],
        list[Annotated[Person | str, Field(description="who")]],
        Mention | Annotated[str, Field(max_length=9)],
        Person | str,
        Mention | Any,
        Evidence | int,
        Evidence | None | float,
        Inner,
        list[Inner],
        Inner | None,
    ],
)
def test_words_that_would_stay_plain_are_refused(annotation: Any) -> None:
    schema = type("Mine", (BaseModel,), {"__annotations__": {"who": annotation}})
    with pytest.raises(SchemaError, match=r"(Mine|Inner)\.who .* \| None$") as caught:
        check_schema(schema)
    assert str(caught.value).isprintable()
