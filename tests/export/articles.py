"""A report written by hand: a shelling with two accounts, two tolls and a denial; a plan; an arrest; talks."""

from __future__ import annotations

from functools import cache
from typing import Any

from evals.goldset import load
from extractor.document import Document
from extractor.schema import Report

TEXT = (
    "Six people were killed when shells hit the market of Orvan on Sunday, the hospital said. "
    "The army of Veluria, which holds the hills, said four had died. "
    "Colonel Ada Merk of that army accused the Northern Front of firing the shells. "
    '"We fired nothing," a spokesman of the Front told Meridian. '
    "The Front will storm the town of Tavesh next week, the colonel said. "
    "Police detained two teachers in March. "
    "=HYPERLINK is no name, said @clerk at the talks."
)


@cache
def gold() -> list[tuple[str, Report]]:
    """The articles of the gold set with their labels: full reports of real size."""
    return [(article.text, article.label) for article in load()]


def spot(words: str, nth: int = 1) -> dict[str, Any]:
    """Where the nth occurrence of these words stands."""
    start = -1
    for _ in range(nth):
        start = TEXT.index(words, start + 1)
    return {"start": start, "end": start + len(words), "match": "exact"}


def mention(words: str, actor: str | None = None, *, nth: int = 1, **more: Any) -> dict[str, Any]:
    return {"text": words, "actor": actor, **spot(words, nth), **more}


def quote(words: str, **more: Any) -> dict[str, Any]:
    return {"quote": words, **spot(words), **more}


def sentence(number: int) -> dict[str, Any]:
    found = Document(TEXT).sentence(number)
    return {"start": found.start, "end": found.end, "quote": TEXT[found.start : found.end], "sentence": number}


def data(**document: Any) -> dict[str, Any]:
    """The report as JSON data, with everything worked out."""
    day: dict[str, Any] = {"earliest": "2026-03-08", "latest": "2026-03-08", "precision": "day"}
    week: dict[str, Any] = {"earliest": "2026-03-16", "latest": "2026-03-22", "precision": "week"}
    month: dict[str, Any] = {"earliest": "2026-03-01", "latest": "2026-03-31", "precision": "month"}
    return {
        "document": {
            "id": "orvan", "sha256": Document(TEXT).sha256, "url": "https://meridian.example/orvan",
            "title": "Shells on Orvan", "publisher": "Meridian", "date": "2026-03-10", "language": "en",
            "characters": len(TEXT), "sentences": len(Document(TEXT).sentences), **document,
        },
        "actors": [
            {"id": "A1", "name": "hospital", "kind": "civilians", "mentions": [mention("hospital", "A1")],
             "party": "P1"},
            {"id": "A2", "name": "army of Veluria", "kind": "state_forces", "country": "SYR",
             "mentions": [mention("army of Veluria", "A2")], "party": "P2"},
            {"id": "A3", "name": "Northern Front", "kind": "non_state_armed",
             "mentions": [mention("Northern Front", "A3"), mention("Front", "A3", nth=2)], "party": "P3"},
            {"id": "A4", "name": "Colonel Ada Merk", "kind": "state_forces", "country": "SYR",
             "mentions": [mention("Colonel Ada Merk", "A4")], "party": "P2"},
            {"id": "A5", "name": "people", "kind": "civilians", "mentions": [mention("people", "A5")]},
            {"id": "A6", "name": "Police", "kind": "state_forces", "mentions": [mention("Police", "A6")]},
        ],
        "incidents": [
            {
                "id": "I1", "uid": "00000000000000a1", "type": "shelling_missile", "realis": "actual",
                "summary": "shelling at Orvan", "status": "disputed",
                "evidence": [sentence(1), sentence(2), sentence(3)],
                "initiators": [mention("Northern Front", "A3", claims=["C3"])],
                "targets": [mention("people", "A5", claims=["C1"]), mention("market", claims=["C1"])],
                "weapons": [mention("shells", claims=["C1"])],
                "when": [mention("on Sunday", claims=["C1"], **day)],
                "where": [
                    mention("hills", relation="from", level="region", country="IRQ"),
                    mention("Orvan", relation="at", level="settlement", country="SYR", admin1="Idlib",
                            lat=-35.9, lon=36.6, claims=["C1"]),
                ],
                "casualties": [
                    {"who": mention("people", "A5", claims=["C1"]), "status": "killed", "category": "civilian",
                     "count": mention("Six", min=6, max=6)},
                    {"who": mention("four", claims=["C2"]), "status": "killed", "category": "unknown",
                     "count": mention("four", min=4, max=4)},
                ],
            },
            {
                "id": "I2", "uid": "00000000000000a2", "type": "territory_change", "realis": "planned",
                "status": "single_party", "evidence": [sentence(5)],
                "initiators": [mention("Front", "A3", nth=3, claims=["C5"])], "targets": [], "weapons": [],
                "when": [mention("next week", claims=["C5"], **week)],
                "where": [mention("Tavesh", relation="near", level="settlement", claims=["C5"])],
                "casualties": [],
            },
            {
                "id": "I3", "uid": "00000000000000a3", "type": "abduction_detention", "realis": "actual",
                "status": "narrator_only", "evidence": [sentence(6)],
                "initiators": [mention("Police", "A6")], "targets": [mention("two teachers")], "weapons": [],
                "when": [mention("in March", **month)], "where": [], "casualties": [],
            },
            {
                "id": "I4", "uid": "00000000000000a4", "type": "contact_agreement", "realis": "actual",
                "status": "single_party", "evidence": [sentence(7)], "initiators": [], "targets": [], "weapons": [],
                "when": [], "where": [], "casualties": [],
            },
        ],
        "claims": [
            claim("C1", 1, mention("hospital", "A1"), "said", ["I1"], ["occurrence", "casualties"],
                  quote("Six people were killed when shells hit the market of Orvan on Sunday"),
                  position="third_party"),
            claim("C2", 2, mention("army of Veluria", "A2"), "said", ["I1"], ["casualties"], quote("four had died"),
                  position="third_party"),
            claim("C3", 3, mention("Colonel Ada Merk", "A4"), "accused", ["I1"], ["initiator"],
                  quote("the Northern Front of firing the shells"), stance="accuses", position="third_party",
                  against=mention("Northern Front", "A3")),
            claim("C4", 4, mention("spokesman of the Front", "A3"), "told", ["I1"], ["initiator"],
                  quote("We fired nothing"), stance="denies", position="initiator_side", via=[mention("Meridian")]),
            claim("C5", 5, mention("the colonel", "A4"), "said", ["I2"], ["occurrence", "time"],
                  quote("The Front will storm the town of Tavesh next week"), position="target_side"),
            claim("C6", 7, mention("@clerk"), "said", ["I4"], ["context"], quote("=HYPERLINK is no name")),
        ],
        "relations": [
            {"a": "C1", "b": "C2", "incident": "I1", "aspect": "casualties", "kind": "contradicts"},
            {"a": "C3", "b": "C4", "incident": "I1", "aspect": "initiator", "kind": "contradicts"},
        ],
        "parties": [
            {"id": "P1", "name": "hospital", "actors": ["A1"], "because": []},
            {"id": "P2", "name": "army of Veluria", "actors": ["A2", "A4"], "because": [quote("of that army")]},
            {"id": "P3", "name": "Northern Front", "actors": ["A3"], "because": []},
        ],
        "disputes": [
            {"incident": "I1", "aspect": "casualties", "kind": "contradicts", "claims": ["C1", "C2"],
             "parties": ["P1", "P2"]},
            {"incident": "I1", "aspect": "initiator", "kind": "contradicts", "claims": ["C3", "C4"],
             "parties": ["P2", "P3"]},
        ],
    }  # fmt: skip


def claim(
    name: str,
    number: int,
    source: dict[str, Any],
    cue: str,
    incidents: list[str],
    aspects: list[str],
    content: dict[str, Any],
    **more: Any,
) -> dict[str, Any]:
    return {
        "id": name, "uid": f"{int(name[1:]):016x}", "sentences": [number], "source": source, "via": [],
        "cue": mention(cue), "against": None, "attribution": "explicit", "content": [content], "stance": "asserts",
        "incidents": incidents, "aspects": aspects, **more,
    }  # fmt: skip


def full(**document: Any) -> Report:
    """The report with everything worked out; its spans are checked against the text."""
    report = Report.model_validate(data(**document))
    report.verify(TEXT)
    return report


def bare() -> Report:
    """The same as a model alone would leave it: no parties, positions, disputes, statuses, uids, countries."""
    report = full()
    report.parties, report.disputes, report.relations = [], [], []
    for actor in report.actors:
        actor.party = actor.country = None
    for incident in report.incidents:
        incident.uid = incident.status = incident.summary = None
        for where in incident.where:
            where.country = where.admin1 = where.lat = where.lon = None
    for each in report.claims:
        each.uid = each.position = None
    return report


def bodiless() -> Report:
    """A report that says nothing of its article."""
    report = full()
    report.document = None
    return report
