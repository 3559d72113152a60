"""Articles on the same events with the incidents that each event is told as: evals/gold-events."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from evals.goldset.gold import Split, read_label, read_text
from extractor.errors import InputError
from extractor.schema import Report

GOLD_EVENTS = Path(__file__).parent.parent.parent / "gold-events"

Key = tuple[str, str]
"""Document and incident."""

T = TypeVar("T")


class Entry(BaseModel):
    """What index.json says of an article."""

    model_config = ConfigDict(extra="forbid")

    split: Split
    """Rules and weights may be tuned on `dev`; `test` is only reported."""
    story: str
    """The events that the article is about; those of one story are easily taken for one another."""


@dataclass(frozen=True)
class LinkedGold:
    """Labelled articles, and which of their incidents are one event."""

    reports: list[Report]
    events: dict[str, list[Key]]
    """By name, STORY/EVENT; each incident of the reports in one."""

    @property
    def sha256(self) -> str:
        """Of the reports and the events."""
        digest = hashlib.sha256(repr(sorted(self.events.items())).encode())
        for report in self.reports:
            digest.update(report.to_json(indent=None).encode())
        return digest.hexdigest()


def load(folder: Path = GOLD_EVENTS, split: Split | None = None) -> LinkedGold:
    """The articles of a split, or all.

    Raises:
        InputError: A file is missing or malformed, a span is not in its text, an incident is in no event or in two.
    """
    index = _read(folder / "index.json", TypeAdapter(dict[str, Entry]))
    events = _read(folder / "events.json", TypeAdapter(dict[str, list[Key]]))
    names = sorted(name for name, entry in index.items() if split in {None, entry.split})
    reports: list[Report] = []
    for name in names:
        path = folder / "labels" / f"{name}.json"
        text = read_text(folder / "articles" / f"{name}.txt")
        reports.append(read_label(read_text(path), text, name)[0])
    _check(reports, events, set(index), folder)
    chosen = set(names)
    held = {event: [key for key in keys if key[0] in chosen] for event, keys in events.items()}
    return LinkedGold(reports, {event: keys for event, keys in held.items() if keys})


def _check(reports: Sequence[Report], events: dict[str, list[Key]], known: set[str], folder: Path) -> None:
    told = {(r.document.id or "", incident.id) for r in reports if r.document for incident in r.incidents}
    listed = [key for keys in events.values() for key in keys]
    if len(listed) != len(set(listed)):
        raise InputError(f"{folder / 'events.json'}: an incident is in two events")
    if unknown := sorted({document for document, _ in listed} - known):
        raise InputError(f"{folder / 'events.json'} names {', '.join(unknown)}, which index.json does not")
    if missing := sorted(told - set(listed)):
        raise InputError(f"{folder / 'events.json'} has no event for {missing[0][0]} {missing[0][1]}")


def _read(path: Path, adapter: TypeAdapter[T]) -> T:
    try:
        return adapter.validate_json(read_text(path))
    except ValidationError as error:
        raise InputError(f"{path}: {error.errors()[0]['msg']}") from error
