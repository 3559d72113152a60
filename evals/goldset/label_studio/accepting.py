"""What a label accepted, after its lists have changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from evals.goldset.label_studio.reading import Json, Reading

_ITEM = re.compile(r"([A-Z]+\d+)\.([a-z_]+)\[(\d+)\](.*)")


def accepted(was: Json, reading: Reading, note: Callable[[str], None]) -> Json:
    """The `accept` of before with its paths as they are now; paths to what is gone are left out, and `note` is told."""
    there = {name for ids in reading.ids.values() for name in ids.values()}

    def moved(path: str) -> str | None:
        new = _moved(path, there, reading.paths)
        if new is None:
            note(f"accept {path} is left out, since what it named is gone")
        return new

    groups: list[list[Any]] = [[new for name in group if (new := moved(name))] for group in was.get("together", ())]
    return {
        "optional": [new for path in was.get("optional", ()) if (new := moved(path))],
        "either": {new: others for path, others in was.get("either", {}).items() if (new := moved(path))},
        "together": [
            now for now, group in zip(groups, was.get("together", ()), strict=True) if now == group or len(now) > 1
        ],
    }


def _moved(path: str, there: set[str], paths: dict[str, str]) -> str | None:
    if re.split(r"[.\[]", path)[0] not in there:
        return None
    item = _ITEM.fullmatch(path)
    if item is None:
        return path
    name, field, number, rest = item.groups()
    if number == "0" and field in ("mentions", "evidence", "content"):  # marked by the region of the whole
        return path
    new = paths.get(f"{name}-{field}-{number}")
    return new and new + rest
