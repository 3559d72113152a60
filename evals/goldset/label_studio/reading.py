"""A drawing beside the label that its task was made from: which region is what, and what was said of it before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, cast

from evals.goldset.label_studio.drawing import Drawing, Region
from evals.goldset.label_studio.exporting import drawn, shown_text
from evals.goldset.label_studio.vocabulary import ARTICLE_FIELDS, CONTROLS, LIST_OF, OWNER
from extractor.document import Document
from extractor.errors import InputError
from extractor.schema import Report

Json = dict[str, Any]

_PREFIX = {"Actor": "A", "Incident": "I", "Claim": "C"}
_NAME = re.compile(r"(?P<id>[A-Z]+\d+)(?:-(?P<field>[a-z]+)(?:-(?P<number>\d+)(?P<count>-count)?)?)?")
_HEADS_LIST = {"Mention": "mentions", "Evidence": "evidence", "Content": "content"}
"""The lists whose first item is marked by the region of the whole."""


class Reading:
    """What the regions of one annotation are.

    Args:
        drawing: The labeller's regions and relations.
        text: The article.
        was: The label that the task was made from, without `accept`; empty when there was none.
    """

    def __init__(self, drawing: Drawing, text: str, was: Mapping[str, Any]) -> None:
        self.drawing = drawing
        self.text = text
        self.was = was
        self.before = drawn(Report.model_validate(was)) if was else Drawing()
        self._objects: dict[str, Json] = {
            item["id"]: item for part in ("actors", "incidents", "claims", "parties") for item in was.get(part, ())
        }
        self._near: dict[str, list[str]] = defaultdict(list)
        for link in drawing.links:
            self._near[link.start].append(link.end)
            self._near[link.end].append(link.start)
        self.ids = {label: self._numbered(label) for label in _PREFIX}
        """By label, the id of each actor, incident and claim by its region."""
        self.paths: dict[str, str] = {}
        """Where in the new label the list items stand that regions mark."""

    @cached_property
    def info(self) -> Json:
        """What is known of the article."""
        info: Json = dict.fromkeys(("date", "title", "publisher", "language")) | (self.was.get("document") or {})
        for control, (field, _) in ARTICLE_FIELDS.items():
            info[field] = kept(info[field], self.drawing.article.get(control))
        return info

    @cached_property
    def document(self) -> Document:
        """The article with its sentences."""
        return Document(self.text, title=self.info["title"], language=self.info["language"])

    def _numbered(self, label: str) -> dict[str, str]:
        """Ids by region: the old ones where there were, and new numbers in the order of the text."""
        prefix = _PREFIX[label]
        there = {name for name, region in self.drawing.regions.items() if region.label == label}
        ids = {name: name for name, region in self.before.regions.items() if region.label == label and name in there}
        last = max((int(name[1:]) for name in self._objects if re.fullmatch(rf"{prefix}\d+", name)), default=0)
        new = sorted(there - ids.keys(), key=lambda name: position(self.drawing.regions[name]))
        return ids | {name: f"{prefix}{number}" for number, name in enumerate(new, last + 1)}

    # Regions and what they are linked to

    def all(self, label: str) -> list[Region]:
        """The regions of all actors, incidents or claims, in the order of the label."""
        return [self.drawing.regions[name] for name in self.ids[label]]

    def id(self, region: Region) -> str:
        """The id of the actor, incident or claim that a region stands for."""
        return self.ids[region.label][region.id]

    def linked(self, region: Region, label: str) -> list[Region]:
        """The regions with this label that are linked to this one, whichever way the relation was drawn."""
        others = (self.drawing.regions[name] for name in dict.fromkeys(self._near[region.id]))
        return [other for other in others if other.label == label]

    def linked_ids(self, region: Region, label: str) -> list[str]:
        """The ids of the actors, incidents or claims that a region is linked to."""
        return [self.id(other) for other in self.linked(region, label)]

    def check_parts(self) -> None:
        """Raise `InputError` for parts that belong to nothing."""
        parts = (region for region in self.drawing.regions.values() if region.label in OWNER)
        lost = [region for region in parts if not self.linked(region, OWNER[region.label])]
        if lost:
            said = ", ".join(f"{self.said(region)} (to its {OWNER[region.label]})" for region in lost[:5])
            more = f" and {len(lost) - 5} more" if len(lost) > 5 else ""
            raise InputError(f"parts belong to nothing: {said}{more}: draw a relation from each")

    def parts(self, owner: Region, label: str) -> list[Region]:
        """The parts with this label: those of before in their order, then the new ones as they stand in the text."""
        parts = self.linked(owner, label)
        return sorted(parts, key=lambda part: (self._number(part, owner), position(part)))

    def items(self, owner: Region, label: str) -> list[tuple[Region, Json | None]]:
        """The regions that mark the items of a list, with what was said of each before; the owner's may be first."""
        field = LIST_OF[label]
        items = [(part, self.base(part)) for part in self.parts(owner, label)]
        if label in _HEADS_LIST:
            before = (self.base(owner) or {}).get(field)
            items.insert(0, (owner, before[0] if before else None))
        for number, (part, _) in enumerate(items):
            self.paths.setdefault(part.id, f"{self.id(owner)}.{field}[{number}]")
        return items

    def one(self, owner: Region, label: str) -> Region | None:
        """The part with this label, if there is one; raises `InputError` if there are more."""
        parts = self.parts(owner, label)
        if len(parts) > 1:
            raise InputError(f"{self.said(owner)} has {len(parts)} regions {label}: leave one")
        return parts[0] if parts else None

    def base(self, region: Region) -> Json | None:
        """What the label before said of what a region marks; None for a new one, and for one of another label now."""
        before, match = self.before.regions.get(region.id), _NAME.fullmatch(region.id)
        if before is None or match is None or before.label != region.label:
            return None
        found: Any = self._objects[match["id"]]
        if match["field"]:
            found = found[match["field"]]
        if match["number"]:
            found = found[int(match["number"])]
        return cast(Json, found["count"] if match["count"] else found)

    def said(self, region: Region) -> str:
        """A region, for an error."""
        return f"{region.label} {self.text[region.start : region.end]!r} at {region.start}"

    def _number(self, part: Region, owner: Region) -> float:
        match = _NAME.fullmatch(part.id)
        known = match and match["number"] and match["id"] == owner.id and self.base(part) is not None
        return int(match["number"]) if match and known else float("inf")

    # What they say

    def span(self, region: Region, base: Json | None, words: str = "quote") -> Json:
        """The base with the region's offsets; `words` names the field that holds the words themselves."""
        if base is not None and (base["start"], base["end"]) == (region.start, region.end):
            return dict(base)
        said = self.text[region.start : region.end]  # a mouse takes white space along
        start = region.start + len(said) - len(said.lstrip())
        end = max(start, region.start + len(said.rstrip()))
        return (base or {}) | {words: self.text[start:end], "start": start, "end": end, "match": "exact"}

    def mention(self, region: Region, base: Json | None, *, tells_actor: bool = True) -> Json:
        """The mention that a region marks; `tells_actor`: whether a labeller says so which actor it is."""
        mention: Json = {"actor": None} | self.span(region, base, "text")
        if tells_actor:
            actors = self.linked_ids(region, "Actor")
            if len(actors) > 1:
                raise InputError(f"{self.said(region)} is {len(actors)} actors: leave one relation")
            mention["actor"] = actors[0] if actors else None
        return mention

    def fields(self, region: Region, base: Json | None, **meant: str) -> Json:
        """What the choices and text fields of a region say; `meant`: where a choice must be made and was not."""
        fields: Json = {}
        for control in CONTROLS:
            if control.label != region.label or control.name == "party":
                continue
            old = base.get(control.field) if base else None
            chosen = region.choices.get(control.name, [])
            if control.multiple:
                fields[control.field] = old if old is not None and set(old) == set(chosen) else chosen
            elif control.values:
                fields[control.field] = chosen[0] if chosen else meant.get(control.field)
            else:
                fields[control.field] = kept(old, region.texts.get(control.name))
        return fields

    def sentences(self, spans: Iterable[Mapping[str, Any]]) -> list[int]:
        """The numbers of the sentences that the spans touch."""
        numbers: set[int] = set()
        for span in spans:
            first = self.document.sentence_at(span["start"]).number
            last = self.document.sentence_at(max(span["start"], span["end"] - 1)).number
            numbers.update(range(first, last + 1))
        return sorted(numbers)


def kept(old: Any, shown_now: str | None) -> Any:
    """The value of a text field: as it was, unless another text was written."""
    now = shown_text(shown_now)
    return old if now == shown_text(old) else now or None


def in_order(now: Sequence[str], before: Sequence[str]) -> list[str]:
    """The ids of now, those of before in their old order first."""
    return [name for name in before if name in now] + [name for name in now if name not in before]


def position(region: Region) -> tuple[int, int]:
    """For sorting as the regions stand in the text."""
    return region.start, region.end
