"""Loading a folder of labelled articles: articles/ID.txt, labels/ID.json and, if there is one, index.json."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic_core import from_json

from evals.goldset.accept import Accept
from extractor.document import Document
from extractor.errors import InputError
from extractor.schema import DocumentInfo, Report

GOLD = Path(__file__).parent.parent / "gold"
"""The project's own gold set."""

Split = Literal["dev", "test"]


class Entry(BaseModel):
    """What index.json says of an article."""

    model_config = ConfigDict(extra="forbid")

    split: Split
    """Prompts may be tuned on `dev`; `test` is only reported."""
    style: str
    continent: str
    difficulties: list[str]


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article, its label, and what is right beside the label."""

    id: str
    text: str
    label: Report
    """`label.document` holds the date, title, publisher and language that an extractor is told."""
    accept: Accept
    entry: Entry | None
    """Null in a folder without index.json."""


def load(
    folder: Path = GOLD, split: Split | None = None, ids: Sequence[str] | None = None, *, labels: str = "labels"
) -> list[GoldArticle]:
    """The labelled articles, in the order of their ids.

    Args:
        folder: Holds articles/ID.txt and labels/ID.json.
        split: Only this one.
        ids: Only these.
        labels: The folder of the labels within `folder`; `second` for the second labelling.

    Raises:
        InputError: A file is missing or malformed, a span does not stand in its text, a reference leads nowhere.
    """
    return list(each(folder, split, ids, labels=labels))


def each(
    folder: Path = GOLD, split: Split | None = None, ids: Sequence[str] | None = None, *, labels: str = "labels"
) -> Iterator[GoldArticle]:
    """As `load`, an article at a time."""
    index = _index(folder)
    for name in names(folder, split, ids, labels=labels):
        yield _article(folder, name, index.get(name), labels)


def names(
    folder: Path = GOLD, split: Split | None = None, ids: Sequence[str] | None = None, *, labels: str = "labels"
) -> list[str]:
    """The ids of the labelled articles; arguments and errors as for `load`."""
    every = sorted(path.stem for path in (folder / labels).glob("*.json"))
    if not every:
        raise InputError(f"{folder / labels} holds no labels: a gold folder has articles/ID.txt and labels/ID.json")
    if split is not None:
        index = _index(folder)
        if not index:
            raise InputError(f"{folder} has no index.json that tells its splits: leave --split out")
        every = [name for name in every if _split(index, name, folder) == split]
    wanted = set(every if ids is None else ids)
    unknown = sorted(wanted - set(every))
    if unknown:
        raise InputError(f"{folder / labels} has no label for {', '.join(unknown)}")
    return [name for name in every if name in wanted]


def _split(index: dict[str, Entry], name: str, folder: Path) -> Split:
    if name not in index:
        raise InputError(f"{folder / 'index.json'} does not tell the split of {name}")
    return index[name].split


def _index(folder: Path) -> dict[str, Entry]:
    path = folder / "index.json"
    if not path.is_file():
        return {}
    try:
        return TypeAdapter(dict[str, Entry]).validate_json(path.read_bytes())
    except ValidationError as error:
        raise InputError(f"{path}: {_first(error)}") from error


def _article(folder: Path, name: str, entry: Entry | None, labels: str) -> GoldArticle:
    text = read_text(folder / "articles" / f"{name}.txt")
    path = folder / labels / f"{name}.json"
    try:
        label, accept = read_label(path.read_text(encoding="utf-8"), text, name)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    return GoldArticle(name, text, label, accept, entry)


def read_text(path: Path) -> str:
    """An article's text, exactly as it stands in the file; `InputError` when there is none."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as a UTF-8 text: {error}") from error


def read_label(label: str, text: str, name: str) -> tuple[Report, Accept]:
    """A label and what it accepts from JSON, checked against the text; `InputError` says what is wrong."""
    try:
        data: Any = from_json(label)
        beside = cast(dict[str, Any], data).pop("accept", None) if isinstance(data, dict) else None
        accept = Accept.model_validate(beside or {})
        report = Report.model_validate(data)
    except ValidationError as error:
        raise InputError(_first(error)) from error
    except ValueError as error:
        raise InputError(f"the file: {error}") from error
    document = Document(text)
    if report.document is None:
        report.document = DocumentInfo(sha256=document.sha256, characters=len(text), sentences=len(document.sentences))
    elif report.document.sha256 != document.sha256:
        raise InputError("is the label of another text: the sha256 of its document is not that of the article")
    report.document.id = name
    report.verify(text)
    for broken in broken_references(report):
        raise InputError(broken)
    accept.check(report)
    return report, accept


def broken_references(report: Report) -> Iterator[str]:
    """Ids that are used twice or that name nothing in the report."""
    actors, incidents = {a.id for a in report.actors}, {i.id for i in report.incidents}
    claims, parties = {c.id for c in report.claims}, {p.id for p in report.parties}
    if len(actors | incidents | claims | parties) < sum(
        map(len, (report.actors, report.incidents, report.claims, report.parties))
    ):
        yield "an id is used twice"
    uses = [
        ("actor", actors, (mention.actor for claim in report.claims for mention in (claim.source, *claim.via))),
        ("actor", actors, (a for party in report.parties for a in party.actors)),
        ("actor", actors, (value.actor for value in values(report))),
        ("claim", claims, (name for value in values(report) for name in value.claims)),
        ("incident", incidents, (name for claim in report.claims for name in claim.incidents)),
        ("party", parties, (actor.party for actor in report.actors)),
        ("incident", incidents, (x.incident for x in [*(report.relations or []), *report.disputes])),
        ("claim", claims, (name for relation in report.relations or [] for name in (relation.a, relation.b))),
        ("claim", claims, (name for dispute in report.disputes for name in dispute.claims)),
        ("party", parties, (name for dispute in report.disputes for name in dispute.parties)),
    ]
    for what, known, names in uses:
        for name in names:
            if name is not None and name not in known:
                yield f"{name} is named but there is no such {what}"


def values(report: Report) -> Iterator[Any]:
    """Every value of every incident: initiators, targets, weapons, dates, places and counted people."""
    for incident in report.incidents:
        yield from (*incident.initiators, *incident.targets, *incident.weapons, *incident.when, *incident.where)
        yield from (casualty.who for casualty in incident.casualties)


def _first(error: ValidationError) -> str:
    problem = error.errors()[0]
    return f"{'.'.join(map(str, problem['loc'])) or 'the file'}: {problem['msg']}"
