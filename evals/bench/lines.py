"""Reading the data of a benchmark, which its users bring."""

from __future__ import annotations

from pathlib import Path

from extractor.errors import InputError


def lines(folder: Path, split: str) -> list[tuple[str, str]]:
    """The lines of SPLIT.jsonl in a folder, each with where it stands; `InputError` when there is no such file."""
    path = folder / f"{split}.jsonl"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}): --data is the folder that holds it") from error
    return [(line, f"{path}:{number}") for number, line in enumerate(text.split("\n"), 1) if line]
