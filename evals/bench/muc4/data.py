"""The documents and their gold templates, as processed by Du, Rush and Cardie for GTT (NAACL 2021).

A folder holds SPLIT.jsonl: {"docid", "doctext", "templates": [{"incident_type", ROLE: [[[words, offset], ...], ...]}]},
where each role holds entities and each entity its mentions.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import regex
from pydantic import BaseModel, ConfigDict, Field

from evals.bench.lines import read_split

Role = Literal["PerpInd", "PerpOrg", "Target", "Victim", "Weapon"]
ROLES: tuple[Role, ...] = get_args(Role)

Entity = frozenset[str]
"""The mentions of one person or thing, normalised."""

_ARTICLE = regex.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class Template:
    """An incident: what it may be called, and who or what filled each role."""

    types: frozenset[str]
    """One, or two where the key accepts either ("attack / bombing")."""
    entities: Mapping[Role, tuple[Entity, ...]]

    @property
    def size(self) -> int:
        """The number of entities in all roles."""
        return sum(map(len, self.entities.values()))


@dataclass(frozen=True, slots=True)
class Document:
    """A text and its key."""

    id: str
    text: str
    sha256: str
    """Of its line in the file: text and key."""
    templates: tuple[Template, ...]
    """Empty where nothing in the text is a relevant incident."""


def normalised(words: str) -> str:
    """Words without case, punctuation, articles and extra space, as GTT's evaluation compares them."""
    return " ".join(_ARTICLE.sub(" ", words.lower().translate(_NO_PUNCTUATION)).split())


def template(incident_type: str, entities: Mapping[Role, Iterable[Iterable[str]]]) -> Template:
    """A template from words as written; entities without mentions are left out."""
    types = frozenset(name.strip() for name in incident_type.split("/"))
    filled: dict[Role, tuple[Entity, ...]] = {}
    for role in ROLES:
        found = (frozenset(map(normalised, mentions)) for mentions in entities.get(role, ()))
        filled[role] = tuple(entity for entity in found if entity)
    return Template(types, filled)


class _KeyTemplate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    incident_type: str
    PerpInd: list[list[tuple[str, int]]]
    PerpOrg: list[list[tuple[str, int]]]
    Target: list[list[tuple[str, int]]]
    Victim: list[list[tuple[str, int]]]
    Weapon: list[list[tuple[str, int]]]

    def words(self) -> tuple[str, dict[Role, list[list[str]]]]:
        """Type and mentions without their offsets."""
        return self.incident_type, {role: [[m[0] for m in e] for e in getattr(self, role)] for role in ROLES}


class _Line(BaseModel):
    id: str = Field(alias="docid")
    text: str = Field(alias="doctext")
    templates: list[_KeyTemplate]


def load(folder: Path, split: str = "test") -> list[Document]:
    """The documents of a split, in the order of its file. Templates that differ in offsets only are one.

    Raises:
        InputError: There is no such file, or a line of it is something else.
    """
    return [_document(line, sha256) for line, sha256 in read_split(folder, split, _Line, "MUC-4 document")]


def _document(line: _Line, sha256: str) -> Document:
    different: list[tuple[str, dict[Role, list[list[str]]]]] = []
    for words in (key.words() for key in line.templates):
        if words not in different:
            different.append(words)
    return Document(line.id, line.text, sha256, tuple(template(*words) for words in different))
