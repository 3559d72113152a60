"""What a labeller drew over an article, and how Label Studio writes it down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from evals.goldset.label_studio.offsets import located
from evals.goldset.label_studio.vocabulary import ARTICLE_FIELDS, COLOURS, CONTROL, SPAN, TEXT
from extractor.errors import InputError

Result = dict[str, Any]
"""An item of an annotation's `result`."""


@dataclass
class Region:
    """A labelled stretch of the article, with its choices and text fields by the name of their control."""

    id: str
    label: str
    start: int
    end: int
    choices: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    texts: dict[str, str] = field(default_factory=dict[str, str])


@dataclass
class Link:
    """A relation between two regions."""

    start: str
    end: str
    names: list[str]


@dataclass
class Drawing:
    """All of an annotation."""

    regions: dict[str, Region] = field(default_factory=dict[str, Region])
    links: list[Link] = field(default_factory=list[Link])
    article: dict[str, str] = field(default_factory=dict[str, str])
    """The text fields of the whole article, by the name of their control."""

    def add(self, region: Region, *links: tuple[str, str]) -> None:
        """Add a region with its links: pairs of the other region and what the link is called."""
        self.regions[region.id] = region
        for other, name in links:
            self.link(region.id, other, name)

    def link(self, start: str, end: str, name: str) -> None:
        """Link two regions; Label Studio keeps one relation for each ordered pair, with all its names."""
        there = next((link for link in self.links if (link.start, link.end) == (start, end)), None)
        if there is None:
            self.links.append(Link(start, end, [name]))
        elif name not in there.names:
            there.names.append(name)


def written(drawing: Drawing, text: str) -> list[Result]:
    """The `result` of an annotation."""
    return [
        *(result for region in drawing.regions.values() for result in _results(region, text)),
        *(_result(f"article-{name}", name, "textarea", {"text": [words]}) for name, words in drawing.article.items()),
        *(
            {"type": "relation", "from_id": link.start, "to_id": link.end, "direction": "right", "labels": link.names}
            for link in drawing.links
        ),
    ]


def read(results: Iterable[Result], text: str) -> Drawing:
    """What an annotation's `result` says; raises `InputError` for a region that cannot be read."""
    drawing = Drawing()
    found = list(results)
    for result in found:
        if result.get("from_name") == SPAN:
            region = _region(result, text)
            drawing.regions[region.id] = region
    for result in found:
        name, value = result.get("from_name"), cast(dict[str, Any], result.get("value") or {})
        region = drawing.regions.get(str(result.get("id")))
        if result.get("type") == "relation":
            _read_link(result, drawing)
        elif name in ARTICLE_FIELDS:
            drawing.article[name] = _words(value)
        elif region is not None and name in CONTROL and CONTROL[name].label == region.label:
            if CONTROL[name].values:
                region.choices[name] = list(value.get("choices") or [])
            else:
                region.texts[name] = _words(value)
    return drawing


def _results(region: Region, text: str) -> Iterator[Result]:
    where = {"start": region.start, "end": region.end, "text": text[region.start : region.end]}
    yield _result(region.id, SPAN, "labels", where | {"labels": [region.label]})
    for name, values in region.choices.items():
        yield _result(region.id, name, "choices", where | {"choices": values})
    for name, words in region.texts.items():
        yield _result(region.id, name, "textarea", where | {"text": [words]})


def _result(name: str, control: str, kind: str, value: dict[str, Any]) -> Result:
    return {"id": name, "from_name": control, "to_name": TEXT, "type": kind, "value": value}


def _region(result: Result, text: str) -> Region:
    try:
        value: dict[str, Any] = result["value"]
        name, start, end = str(result["id"]), int(value["start"]), int(value["end"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"a region cannot be read: it has no id, start or end that is a number: {result}") from error
    labels: list[str] = value.get("labels") or []
    if len(labels) != 1 or labels[0] not in COLOURS:
        raise InputError(f"the region at {start} has the labels {labels}: give it one of the project's")
    return Region(name, labels[0], *located(text, start, end, value.get("text")))


def _read_link(result: Result, drawing: Drawing) -> None:
    ends = [str(result.get("from_id")), str(result.get("to_id"))]
    if result.get("direction") == "left":
        ends.reverse()
    if all(end in drawing.regions for end in ends):
        drawing.links.append(Link(ends[0], ends[1], list(result.get("labels") or [])))


def _words(value: dict[str, Any]) -> str:
    text: Any = value.get("text") or ""
    return text if isinstance(text, str) else " ".join(cast(list[str], text))
