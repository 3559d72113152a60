"""Small articles, a schema that is answered in a few words, and what is right."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from extractor import Mention

_TOWN = re.compile(r"market of (Town\d+)")


class Attack(BaseModel):
    """Where, and with what."""

    place: Mention
    weapon: Mention


def towns(count: int) -> list[str]:
    """Names; an article's id is one in small letters."""
    return [f"Town{number}" for number in range(count)]


def write(path: Path, names: list[str]) -> None:
    """A corpus with an article for each."""
    records = (
        {"id": name.lower(), "text": f"Shells hit the market of {name} on Sunday. The army blamed rebels."}
        for name in names
    )
    path.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")


def town_of(request: dict[str, Any]) -> str:
    """Which article a model is asked about."""
    found = _TOWN.search(json.dumps(request["messages"]))
    if found is None:
        raise ValueError("a request about none of the articles")
    return found[1]


def answer_for(town: str) -> dict[str, str]:
    """What a careful model answers."""
    return {"place": town, "weapon": "Shells"}
