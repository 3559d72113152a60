"""JSON documents that hold one list of many items, written item by item."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO


def write_collection(head: Mapping[str, Any], name: str, items: Iterable[Any], file: BinaryIO) -> int:
    """Write an object with the members of `head` and the list `name`, an item a line; returns how many there are."""
    members = "".join(f"{json.dumps(key)}: {_json(value)},\n" for key, value in head.items())
    file.write(f"{{{members}{json.dumps(name)}: [".encode())
    count = 0
    for item in items:
        file.write(f"{',' if count else ''}\n{_json(item)}".encode())
        count += 1
    file.write(b"\n]}\n")
    return count


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
