"""Which claims are rivals: what stances and values settle, and what a model is asked about."""

import json
from typing import Any

from pytest_httpserver import HTTPServer

from extractor import Extractor, Report
from tests.plans.ostrel import CHAT, completion, sent

TEXT = """\
Gunmen attacked the customs post at Havel on Monday. The interior ministry said six guards had been killed. \
The Hill Front said that it had counted 11 dead. The front said the guards had robbed its farmers, and the ministry \
said the post had stopped a lorry of arms.
"""


def claim(sentence: int, source: str, actor: int, aspects: list[str]) -> dict[str, Any]:
    return {
        "sentences": [sentence], "source": {"text": source, "actor": actor}, "via": [], "cue": "said", "against": None,
        "attribution": "explicit", "stance": "asserts", "incidents": [1], "aspects": aspects,
    }  # fmt: skip


ANSWER: dict[str, Any] = {
    "actors": [
        {"kind": "government", "mentions": ["The interior ministry", "the ministry"]},
        {"kind": "non_state_armed", "mentions": ["The Hill Front", "The front"]},
        {"kind": "non_state_armed", "mentions": ["Gunmen"]},
    ],
    "incidents": [
        {
            "type": "ground_clash", "realis": "actual", "evidence": [1], "initiators": ["Gunmen"],
            "targets": ["the customs post"], "weapons": [], "when": ["on Monday"],
            "where": [{"text": "Havel", "relation": "at", "level": "settlement"}],
            "casualties": [
                {"who": "guards", "status": "killed", "category": "combatant", "count": "six"},
                {"who": "dead", "status": "killed", "category": "unknown", "count": "11"},
            ],
        }
    ],
    "claims": [
        claim(2, "The interior ministry", 1, ["casualties"]),
        claim(3, "The Hill Front", 2, ["casualties"]),
        claim(4, "The front", 2, ["reason"]),
        claim(4, "the ministry", 1, ["reason"]),
    ],
}  # fmt: skip


def answering(server: HTTPServer, rivals: dict[str, Any]) -> Report:
    server.expect_ordered_request(CHAT).respond_with_json(completion(json.dumps(ANSWER)))
    server.expect_ordered_request(CHAT).respond_with_json(completion(json.dumps(rivals)))
    with Extractor(model="scripted", base_url=server.url_for("/v1"), plan="whole") as extractor:
        return extractor.extract(TEXT, date="2026-03-14")


def relations(report: Report) -> list[tuple[str, str, str, str]]:
    return [(f"{one.a} {one.b}", one.aspect, one.kind, one.by) for one in report.relations or []]


def test_tolls_that_exclude_each_other_are_rivals_and_the_model_tells_the_rest(httpserver: HTTPServer) -> None:
    report = answering(httpserver, {"rivals": [{"pair": 1, "aspect": "reason", "kind": "competes"}]})

    assert relations(report) == [
        ("C1 C2", "casualties", "contradicts", "code"),
        ("C3 C4", "reason", "competes", "model"),
    ]
    assert [(one.aspect, one.kind, one.claims) for one in report.disputes] == [
        ("casualties", "contradicts", ["C1", "C2"]),
        ("reason", "competes", ["C3", "C4"]),
    ]


def test_the_model_is_asked_only_about_what_is_open(httpserver: HTTPServer) -> None:
    report = answering(httpserver, {"rivals": []})

    question = sent(httpserver)["messages"][-1]["content"]
    assert "the guards had robbed its farmers" in question
    assert "six guards" not in question
    assert report.run is not None
    assert report.run.calls == 2


def test_an_answer_about_another_pair_or_aspect_is_dropped_and_listed(httpserver: HTTPServer) -> None:
    rivals = [{"pair": 7, "aspect": "reason", "kind": "contradicts"}, {"pair": 1, "aspect": "time", "kind": "competes"}]
    report = answering(httpserver, {"rivals": rivals})

    assert [one for one in relations(report) if one[3] == "model"] == []
    assert report.run is not None
    assert [(one.what, one.text) for one in report.run.dropped] == [
        ("relation", "pair 7: reason"),
        ("relation", "pair 1: time"),
    ]
