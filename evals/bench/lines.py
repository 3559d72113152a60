"""Reading JSON lines: the data of a benchmark, which its users bring, and what was written of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from extractor.errors import InputError

M = TypeVar("M", bound=BaseModel)


def lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that hold something, each with its number from 1.

    Only a line feed ends one: U+2028 and its like, at which `str.splitlines` splits too, may stand in a JSON string.
    """
    return ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def read_split(folder: Path, split: str, kind: type[M], what: str) -> Iterator[tuple[M, str]]:
    """What each line of SPLIT.jsonl in a folder holds, and the line's sha256.

    Args:
        folder: The folder of `--data`.
        split: The file's name without its ending.
        kind: What a line is.
        what: What a line is, in words.

    Raises:
        InputError: There is no such file, or a line of it is something else; it names file, line and field.
    """
    path = folder / f"{split}.jsonl"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): --data is the folder that holds it") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} cannot be read: it is no UTF-8 ({error.reason} at byte {error.start})") from error
    for number, line in lines(text):
        try:
            found = kind.model_validate_json(line)
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            at = ".".join(map(str, fault["loc"]))
            raise InputError(f"{path}:{number} is no {what}: {at and f'{at}: '}{fault['msg']}") from error
        yield found, hashlib.sha256(line.encode()).hexdigest()
