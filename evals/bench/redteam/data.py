"""The set: true reports, what is done to them, and monsters that are made when they are wanted.

evals/red-team holds bodies.json (invented news, with who truly speaks in it and what truly happens), articles/KIND.json
(each article is a body with an attack put into it, so that the body is its control) and monsters.json (pieces and how
often each is repeated).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from extractor.errors import InputError
from extractor.schema import IncidentType

RED_TEAM = Path(__file__).parent.parent.parent / "red-team"
"""The project's own set."""
MONSTER = "monster"

As = Literal["attack", "said", "disguise"]
"""`attack`: nothing in it is the article's; `said`: somebody truly says it, and a claim of his with it is right;
`disguise`: the article's own words in other characters."""

T = TypeVar("T")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Speaker(_Strict):
    """Somebody who truly speaks in a body, and with which word."""

    source: str
    cue: str


class Happening(_Strict):
    """What truly happens in a body: the word that tells of it, and the types that are right."""

    words: str
    types: list[IncidentType]


class Body(_Strict):
    """A report that attacks nobody."""

    language: str
    title: str
    publisher: str
    date: Date
    text: str
    speakers: list[Speaker]
    incidents: list[Happening]


class Edit(_Strict):
    """Something put into a body: at an end, as its title, after some words, or in place of some."""

    text: str
    at: Literal["start", "end", "title"] | None = None
    after: str | None = None
    in_place_of: str | None = None
    as_: As = "attack"
    by: str | None = None
    """Who says it, where somebody does."""


class _Article(_Strict):
    id: str
    language: str
    """Of the attack."""
    tries: str
    body: str | None
    """None: the article is nothing but the attack, and carries nothing."""
    wants: list[str]
    refused: bool = False
    attack: list[Edit]


class _Piece(_Strict):
    text: str
    times: int


class _Monster(_Strict):
    id: str
    language: str
    tries: str
    parts: list[_Piece]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of an article that is not as it stands in its body, in code points, half-open."""

    start: int
    end: int
    as_: As
    was: tuple[int, int]
    """Where in the body it stands."""
    by: str | None = None


@dataclass(frozen=True)
class Hostile:
    """A hostile article."""

    id: str
    kind: str
    language: str
    """Of the attack."""
    tries: str
    wants: tuple[str, ...]
    """What the attack wants to see in the report; it stands in no true word of the article."""
    body: str | None
    true: Body | None
    """The article without the attack."""
    stretches: tuple[Stretch, ...] = ()
    pieces: tuple[str, ...] = field(default=(), repr=False)
    refused: bool = False
    """Whether an error in clear words is the right answer."""

    @cached_property
    def text(self) -> str:
        """The article. A monster's is made anew for each `Hostile`, and may hold 10 million characters."""
        return "".join(self.pieces)

    @property
    def title(self) -> str | None:
        """What the reader is told to be its title."""
        titled = next((one for one in self.stretches if one.was == (-1, -1)), None)
        return self.text[: titled.end].strip() if titled else self.true.title if self.true else None

    def in_body(self, start: int, end: int) -> list[tuple[int, int]]:
        """Which stretches of the body a span of the article is of; a disguise stands for the words under it."""
        found: list[tuple[int, int]] = []
        at, body = 0, 0
        for one in (*self.stretches, None):
            stop = one.start if one else len(self.text)
            first, last = max(start, at), min(end, stop)
            if first < last:
                found.append((first - at + body, last - at + body))
            if one is None:
                break
            if one.as_ == "disguise" and start < one.end and one.start < end and one.was[0] < one.was[1]:
                found.append(one.was)
            at, body = one.end, max(0, one.was[1])
        return found


def load(folder: Path = RED_TEAM, kinds: Sequence[str] | None = None) -> list[Hostile]:
    """The articles, the kinds in the order of their names and the monsters last; of these `kinds` only.

    Raises:
        InputError: A file is missing or malformed, words of a body are not in it just once, a kind is unknown.
    """
    bodies = _read(folder / "bodies.json", TypeAdapter(dict[str, Body]))
    known = [path.stem for path in sorted((folder / "articles").glob("*.json"))]
    if unknown := sorted(set(kinds or ()) - {*known, MONSTER}):
        raise InputError(f"{folder} has no kind {', '.join(unknown)}: there are {', '.join([*known, MONSTER])}")
    found = [
        _hostile(article, kind, bodies)
        for kind in known
        if kinds is None or kind in kinds
        for article in _read(folder / "articles" / f"{kind}.json", TypeAdapter(list[_Article]))
    ]
    if kinds is None or MONSTER in kinds:
        found += map(_made, _read(folder / "monsters.json", TypeAdapter(list[_Monster])))
    ids = [one.id for one in found]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise InputError(f"{folder}: the id {twice[0]} is used twice")
    return found


def sha256(articles: Sequence[Hostile]) -> str:
    """Of the articles and what they carry."""
    digest = hashlib.sha256()
    for one in articles:
        told = repr((one.id, one.stretches, one.wants, one.true))
        digest.update(told.encode("utf-8", "surrogatepass") + one.text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def place(words: str, text: str, near: int = 0) -> tuple[int, int]:
    """Where words stand in a text, nearest to an offset."""
    starts = [at for at in range(len(text)) if text.startswith(words, at)]
    start = min(starts, key=lambda at: abs(at - near))
    return start, start + len(words)


def _made(monster: _Monster) -> Hostile:
    pieces = tuple(part.text * part.times for part in monster.parts)
    return Hostile(monster.id, MONSTER, monster.language, monster.tries, (), None, None, pieces=pieces)


def _hostile(article: _Article, kind: str, bodies: dict[str, Body]) -> Hostile:
    if article.body is not None and article.body not in bodies:
        raise InputError(f"bodies.json has no {article.body}, which {article.id} is made of")
    true = bodies[article.body] if article.body else None
    text = true.text if true else ""
    pieces: list[str] = []
    stretches: list[Stretch] = []
    done = 0
    for (start, end), edit in sorted(((_where(edit, text, article.id), edit) for edit in article.attack), key=_first):
        pieces.append(text[done : max(start, 0)])
        at = sum(map(len, pieces))
        pieces.append(edit.text)
        stretches.append(Stretch(at, at + len(edit.text), edit.as_, (start, end), edit.by))
        if edit.at == "title":
            pieces.append("\n\n")  # it stands above the text, as a heading
        done = max(end, 0)
    pieces.append(text[done:])
    return Hostile(
        article.id, kind, article.language, article.tries, tuple(article.wants), article.body, true,
        _joined(stretches), tuple(pieces), article.refused,
    )  # fmt: skip


def _joined(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """The stretches; with a title, the line breaks after it are part of its stretch."""
    if not stretches or stretches[0].was != (-1, -1):
        return tuple(stretches)
    first = stretches[0]
    return (Stretch(0, first.end + 2, first.as_, first.was), *stretches[1:])


def _first(placed: tuple[tuple[int, int], Edit]) -> tuple[int, int]:
    return placed[0]


def _where(edit: Edit, text: str, name: str) -> tuple[int, int]:
    """Which stretch of the body the edit replaces; (-1, -1) is above it."""
    if edit.at is not None:
        return {"start": (0, 0), "end": (len(text), len(text)), "title": (-1, -1)}[edit.at]
    words = edit.after or edit.in_place_of or ""
    if text.count(words) != 1:
        raise InputError(f"{name}: its body has {words!r} {text.count(words)} times, not once")
    start, end = place(words, text)
    return (end, end) if edit.after else (start, end)


def speakers(body: Body) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Where each true source and its cue stand in a body."""
    for one in body.speakers:
        source = place(one.source, body.text)
        yield source, place(one.cue, body.text, source[1])


def _read(path: Path, adapter: TypeAdapter[T]) -> T:
    try:
        # The standard library's reader, for it takes lone surrogates as they are.
        data = json.loads(path.read_text(encoding="utf-8"))
        return adapter.validate_python(data, strict=False)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, ValidationError) as error:
        fault = error.errors()[0] if isinstance(error, ValidationError) else {"loc": (), "msg": str(error)}
        raise InputError(f"{path}: {'.'.join(map(str, fault['loc']))} {fault['msg']}") from error
