"""The documents and their attributions.

A folder holds SPLIT.jsonl: {"id", "text", "claims": [{"source", "cue", "content": [[start, end], ...]}]}, offsets being
code points into the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel

from evals.bench.lines import read_split
from evals.bench.polnear.noun_phrases import whole
from evals.scoring.spans import Ranges, ranges
from extractor.schema import Claim, Report


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
    return [_document(line, sha256) for line, sha256 in read_split(folder, split, _Line, "PolNeAR document")]


def attributions(report: Report, text: str) -> list[Attribution]:
    """The claims of a report on a text, their sources widened to the noun phrases that PolNeAR marks.

    Who passed a claim on (`via`) is no part of PolNeAR's attributions.
    """
    return [_attribution(claim, text) for claim in report.claims]


def _attribution(claim: Claim, text: str) -> Attribution:
    cue = ranges([claim.cue] if claim.cue else [])
    return Attribution(whole(text, ranges([claim.source]), cue), cue, ranges(claim.content))


def _document(line: _Line, sha256: str) -> Document:
    claims = (Attribution(ranges(c.source), ranges(c.cue), ranges(c.content)) for c in line.claims)
    return Document(line.id, line.text, sha256, tuple(claims))
