"""How a model is asked: `whole` (one call, for capable models) or `stepwise` (small calls, for small models)."""

from __future__ import annotations

from typing import Literal

import regex

PlanName = Literal["whole", "stepwise"]

_SMALL = regex.compile(r"(?<![\d.])(?:0\.\d+|[1-4](?:\.\d+)?)b(?![a-z])|(?<!\d)\d{2,3}m(?![a-z])|tiny|smol", regex.I)


def plan_for(model: str | None, *, embedded: bool) -> PlanName:
    """`stepwise` for the embedded model and for names that tell of under five billion parameters, else `whole`."""
    return "stepwise" if embedded or (model is not None and _SMALL.search(model)) else "whole"
