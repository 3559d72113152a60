"""Labels of every shape: any spans of any text, any values, and whatever refers to whatever is there."""

import json
from datetime import date
from typing import Any, get_args

from hypothesis import strategies as st

from evals.goldset import Accept, GoldArticle
from evals.goldset.gold import read_label
from extractor import schema
from extractor.document import Document

WORDS = (
    "army", "rebels", "said", "that", "14", "dead.", "Homs", "🔥", "👨🏻‍🚒", "قالت", "القرية", "“no”", "{{ x }}",
    "\r\n", "\n\n", "\t", "a\u0301",
    "On Sunday", "<b>", "&amp;", "It", "denied.", "C1", "\\n",
)  # fmt: skip


@st.composite
def articles(draw: st.DrawFn) -> GoldArticle:
    """An article with a label that holds together: spans exact, references resolved."""
    text = "The " + " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=4, max_size=30)))
    make = _Maker(draw, text)
    report, accept = read_label(json.dumps(make.label()), text, "an-article")
    return GoldArticle("an-article", text, report, accept, None)


class _Maker:
    def __init__(self, draw: st.DrawFn, text: str) -> None:
        self.draw, self.text = draw, text
        self.actors = self.ids("A", 4)
        self.incidents = self.ids("I", 3)
        self.claims = self.ids("C", 4)
        self.parties = self.ids("P", 3)

    def ids(self, prefix: str, most: int) -> list[str]:
        numbers = self.draw(st.lists(st.integers(1, 99), unique=True, max_size=most))
        return [f"{prefix}{number}" for number in numbers]

    def one(self, values: Any) -> Any:
        return self.draw(st.sampled_from(get_args(values) or tuple(values)))

    def maybe(self, make: Any) -> Any:
        return make() if self.draw(st.booleans()) else None

    def several(self, make: Any, least: int = 0) -> list[Any]:
        return [make() for _ in range(self.draw(st.integers(least, least + 2)))]

    def some(self, ids: list[str]) -> list[str]:
        return self.draw(st.lists(st.sampled_from(ids), unique=True, max_size=3)) if ids else []

    def any(self, ids: list[str]) -> str | None:
        return self.one([*ids, None])

    def words(self) -> str:
        return self.draw(st.sampled_from(["", " ", "a", "a (P1)", "Army  of\tX", "ق", "<x>", "2026", "a"]))

    def offsets(self) -> dict[str, Any]:
        start = self.draw(st.integers(0, len(self.text) - 1))
        end = self.draw(st.integers(start + 1, min(len(self.text), start + 30)))
        return {"start": start, "end": end, "match": self.one(["exact", "case", "near"])}

    def span(self) -> dict[str, Any]:
        place = self.offsets()
        return place | {"quote": self.text[place["start"] : place["end"]]}

    def mention(self, actor: bool = True) -> dict[str, Any]:
        place = self.offsets()
        return place | {
            "text": self.text[place["start"] : place["end"]],
            "actor": self.any(self.actors) if actor else None,
        }

    def value(self) -> dict[str, Any]:
        return self.mention() | {"claims": self.some(self.claims)}

    def when(self) -> dict[str, Any]:
        def day() -> str:
            return self.draw(st.dates(date(1990, 1, 1), date(2030, 1, 1))).isoformat()

        resolved = {"earliest": self.maybe(day), "latest": self.maybe(day)}
        precision = self.maybe(lambda: self.one(schema.DatePrecision))
        return self.value() | resolved | {"precision": precision, "unresolved": self.maybe(self.words)}

    def where(self) -> dict[str, Any]:
        place = {"relation": self.one(schema.PlaceRelation), "level": self.maybe(lambda: self.one(schema.PlaceLevel))}
        hidden = {"admin1": self.maybe(self.words), "lat": self.maybe(lambda: 1.5), "lon": self.maybe(lambda: -2.25)}
        return self.value() | place | {"country": self.maybe(self.words)} | hidden

    def count(self) -> dict[str, Any]:
        bounds = {name: self.maybe(lambda: self.draw(st.integers(0, 10**6))) for name in ("min", "max")}
        return self.mention() | bounds

    def casualty(self) -> dict[str, Any]:
        toll = {"status": self.one(schema.CasualtyStatus), "category": self.one(schema.CasualtyCategory)}
        return toll | {"who": self.value(), "count": self.maybe(self.count)}

    def actor(self, name: str) -> dict[str, Any]:
        known = {"kind": self.one(schema.ActorKind), "country": self.maybe(self.words), "party": self.any(self.parties)}
        return known | {"id": name, "name": self.words(), "mentions": self.several(self.mention, 1)}

    def incident(self, name: str) -> dict[str, Any]:
        numbers = range(1, len(Document(self.text).sentences) + 1)
        evidence = self.several(lambda: self.span() | {"sentence": self.one(numbers)}, 1)
        values = {field: self.several(self.value) for field in ("initiators", "targets", "weapons")}
        places = {"when": self.several(self.when), "where": self.several(self.where)}
        said = {"type": self.one(schema.IncidentType), "realis": self.one(schema.Realis)}
        status = {"status": self.maybe(lambda: self.one(schema.Status)), "summary": self.maybe(self.words)}
        tolls = {"casualties": self.several(self.casualty), "uid": self.maybe(self.words)}
        return {"id": name, "evidence": evidence} | said | status | values | places | tolls

    def claim(self, name: str) -> dict[str, Any]:
        numbers = range(1, len(Document(self.text).sentences) + 1)
        spans = {
            "content": self.several(self.span),
            "sentences": [self.one(numbers)],
            "via": self.several(self.mention),
        }
        who = {"source": self.mention(), "cue": self.maybe(self.mention), "against": self.maybe(self.mention)}
        aspects = self.draw(st.lists(st.sampled_from(get_args(schema.Aspect)), max_size=4))
        said = {"stance": self.one(schema.Stance), "aspects": aspects, "incidents": self.some(self.incidents)}
        how = {"attribution": self.one(["explicit", "implicit"]), "confidence": self.maybe(lambda: 0.5)}
        position = {"position": self.maybe(lambda: self.one(schema.Position)), "uid": self.maybe(self.words)}
        return {"id": name} | spans | who | said | how | position

    def relation(self) -> dict[str, Any]:
        ends = {"a": self.one(self.claims), "b": self.one(self.claims), "incident": self.one(self.incidents)}
        return ends | {"aspect": self.one(schema.Aspect), "kind": self.one(schema.RivalKind)}

    def dispute(self) -> dict[str, Any]:
        rival = {"aspect": self.one(schema.Aspect), "kind": self.one(schema.RivalKind)}
        return rival | {
            "incident": self.one(self.incidents), "claims": self.some(self.claims), "parties": self.some(self.parties)
        }  # fmt: skip

    def label(self) -> dict[str, Any]:
        document = Document(self.text)
        info = {"sha256": document.sha256, "characters": len(self.text), "sentences": len(document.sentences)}
        info |= {"date": self.maybe(lambda: "2026-03-10"), "title": self.maybe(self.words), "extra": {"page": 3}}
        rivals = bool(self.claims and self.incidents)
        label: dict[str, Any] = {
            "document": info,
            "actors": [self.actor(name) for name in self.actors],
            "incidents": [self.incident(name) for name in self.incidents],
            "claims": [self.claim(name) for name in self.claims],
            "relations": self.several(self.relation) if rivals else [],
            "disputes": self.several(self.dispute) if rivals else [],
            "parties": [
                {"id": name, "name": self.words(), "actors": self.some(self.actors), "because": self.several(self.span)}
                for name in self.parties
            ],
        }
        return label | {"accept": self.accept(label)}

    def accept(self, label: dict[str, Any]) -> dict[str, Any]:
        paths = [*self.actors, *self.incidents, *self.claims, *(f"{name}.source" for name in self.claims)]
        for incident in label["incidents"]:
            for field in ("evidence", "initiators", "where", "casualties"):
                paths += [f"{incident['id']}.{field}[{number}]" for number, _ in enumerate(incident[field])]
        if not paths:
            return {}
        either: dict[str, Any] = {path: ["x", None] for path in self.draw(st.lists(st.sampled_from(paths), max_size=3))}
        together = [self.some(self.claims)]
        return Accept(optional=self.some(paths), either=either, together=together).model_dump()
