"""A report of an Arabic article, written by hand: words run from right to left."""

from __future__ import annotations

from typing import Any

from extractor.document import Document
from extractor.schema import Report

TEXT = "قال الجيش إن سبعة جنود قتلوا في أورفان يوم الأحد. ونفت الجبهة أي دور لها في الهجوم (Reuters)."


def spot(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "match": "exact"}


def mention(words: str, actor: str | None = None, **more: Any) -> dict[str, Any]:
    return {"text": words, "actor": actor, **spot(words), **more}


def report() -> Report:
    document = Document(TEXT, language="ar")
    evidence = [
        {"start": one.start, "end": one.end, "quote": TEXT[one.start : one.end], "sentence": one.number}
        for one in document.sentences
    ]
    army, front = mention("الجيش", "A1"), mention("الجبهة", "A2")

    def claim(number: int, source: dict[str, Any], cue: str, content: str, stance: str) -> dict[str, Any]:
        return {
            "id": f"C{number}", "sentences": [number], "source": source, "via": [], "cue": mention(cue),
            "against": None, "attribution": "explicit", "content": [{"quote": content, **spot(content)}],
            "stance": stance, "incidents": ["I1"], "aspects": ["occurrence", "initiator"],
        }  # fmt: skip

    return Report.model_validate(
        {
            "document": {
                "id": "orfan", "sha256": document.sha256, "title": "سبعة قتلى في أورفان", "publisher": "وكالة ميريديان",
                "date": "2026-03-10", "language": "ar", "characters": len(TEXT), "sentences": len(evidence),
                "text": TEXT,
            },
            "actors": [
                {"id": "A1", "name": "الجيش", "kind": "state_forces", "mentions": [army], "party": "P1"},
                {"id": "A2", "name": "الجبهة", "kind": "non_state_armed", "mentions": [front], "party": "P2"},
            ],
            "incidents": [
                {
                    "id": "I1", "type": "ground_clash", "realis": "actual", "status": "disputed", "evidence": evidence,
                    "initiators": [front], "targets": [mention("سبعة جنود")], "weapons": [],
                    "when": [mention("يوم الأحد", earliest="2026-03-08", latest="2026-03-08", precision="day")],
                    "where": [mention("أورفان", relation="at", level="settlement")],
                    "casualties": [
                        {
                            "who": mention("جنود", claims=["C1"]), "status": "killed", "category": "combatant",
                            "count": mention("سبعة", min=7, max=7),
                        }
                    ],
                    "deaths": {"low": 7, "best": 7, "high": 7},
                }
            ],
            "claims": [
                claim(1, army, "قال", "سبعة جنود قتلوا في أورفان يوم الأحد", "asserts"),
                claim(2, front, "نفت", "أي دور لها في الهجوم", "denies"),
            ],
            "relations": [{"a": "C1", "b": "C2", "incident": "I1", "aspect": "initiator", "kind": "contradicts"}],
            "parties": [
                {"id": "P1", "name": "الجيش", "actors": ["A1"], "because": []},
                {"id": "P2", "name": "الجبهة", "actors": ["A2"], "because": []},
            ],
            "disputes": [
                {
                    "incident": "I1", "aspect": "initiator", "kind": "contradicts", "claims": ["C1", "C2"],
                    "parties": ["P1", "P2"],
                }
            ],
        }
    )  # fmt: skip
