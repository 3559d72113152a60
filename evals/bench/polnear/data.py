"""The documents and their attributions.

A folder holds SPLIT.jsonl: {"id", "text", "claims": [{"source", "cue", "content": [[start, end], ...]}]}, offsets being
code points into the text.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ValidationError

from evals.bench.lines import lines
from evals.scoring.spans import Ranges, ranges
from extractor.errors import InputError
from extractor.schema import Report


class Attribution(NamedTuple):
    """Something said: where its source, its cue and its content stand. A source or cue may be nowhere."""

    source: Ranges
    cue: Ranges
    content: Ranges


@dataclass(frozen=True, slots=True)
class Document:
    """A text and its gold attributions."""

    id: str
    text: str
    sha256: str
    """Of its line in the file: text and key."""
    attributions: tuple[Attribution, ...]


class _Offsets(NamedTuple):
    start: int
    end: int


class _Claim(BaseModel):
    source: list[_Offsets]
    cue: list[_Offsets]
    content: list[_Offsets]


class _Line(BaseModel):
    id: str
    text: str
    claims: list[_Claim]


def load(folder: Path, split: str = "dev") -> list[Document]:
    """The documents of a split, in the order of its file.

    Raises:
        InputError: There is no such file, or a line of it is something else.
    """
    return [_document(line, where) for line, where in lines(folder, split)]


def attributions(report: Report) -> list[Attribution]:
    """The claims of a report. Who passed a claim on (`via`) is no part of PolNeAR's attributions."""
    return [
        Attribution(ranges([claim.source]), ranges([claim.cue] if claim.cue else []), ranges(claim.content))
        for claim in report.claims
    ]


def _document(line: str, where: str) -> Document:
    try:
        found = _Line.model_validate_json(line)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        at = ".".join(map(str, fault["loc"]))
        raise InputError(f"{where} is no PolNeAR document: {at} {fault['msg']}") from error
    claims = (Attribution(ranges(c.source), ranges(c.cue), ranges(c.content)) for c in found.claims)
    return Document(found.id, found.text, hashlib.sha256(line.encode()).hexdigest(), tuple(claims))
