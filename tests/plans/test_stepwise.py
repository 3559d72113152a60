"""Small steps: what each call is about, and what code makes of a careless model's answers."""

import json
import re
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from extractor import Report
from extractor.errors import KeyRefused
from extractor.plans.stepwise.actors import group
from tests.plans.ostrel import CHAT, DATE, TEXT, answers_by_form, asking, completion, forms, sent

SHELLS: dict[str, Any] = {
    "sentence": 2,
    "type": "shelling_missile",
    "by": ["Red Valley fighters"],
    "on": ["the bus station"],
    "where": ["Ostrel, Lebanon"],
    "when": ["on Thursday"],
    "weapons": ["Mortar shells"],
    "casualties": [{"who": "travellers", "status": "killed", "category": "civilian", "count": "at least four"}],
}
DRONES = SHELLS | {
    "sentence": 5,
    "type": "airstrike",
    "by": ["army drones"],
    "on": ["a depot"],
    "where": ["Vasca"],
    "when": ["On Friday"],
    "weapons": [],
    "casualties": [],
}


def said(cue: str, source: str, incident: int = 1, about: str = "initiator") -> dict[str, Any]:
    return {"cue": cue, "source": source, "incident": incident, "about": about}


SAID = {
    "The Defence Ministry said": [said("said", "The Defence Ministry")],
    "The fighters denied": [said("denied", "The fighters"), said("told", "a doctor", about="casualties")],
    "The army said": [said("said", "The army", 2, "casualties")],
}


def claims_of(shown: str, answers: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    sentence = shown.splitlines()[-1]
    return {"claims": [claim for start, claims in answers.items() if sentence.startswith(start) for claim in claims]}


def kinds_of(shown: str) -> dict[str, str]:
    return {name: "state_forces" if "army" in name else "other" for name in shown.split("; ")}


def read(
    server: HTTPServer,
    text: str = TEXT,
    incidents: Any = (SHELLS, DRONES),
    claims: dict[str, list[dict[str, Any]]] = SAID,
    correction: Any = None,
    who: str = "",
    **known: Any,
) -> Report:
    answers_by_form(
        server,
        {
            "Incidents": lambda _: {"incidents": list(incidents)},
            "SentenceClaims": lambda shown: claims_of(shown, claims),
            "Kinds": kinds_of,
            "Corrections": lambda _: correction or {},
            "Referent": lambda _: {"who": who},
        },
    )
    report = asking(server, plan="stepwise").extract(text, date=DATE, **known)
    report.verify(text)
    return report


def spoken(report: Report) -> list[tuple[int, str, str | None]]:
    return [(one.sentences[0], one.source.text, one.cue and one.cue.text) for one in report.claims]


def whys(report: Report) -> list[str]:
    assert report.run
    return [item.why for item in report.run.dropped]


def asked_about(server: HTTPServer, form: str) -> list[str]:
    return [
        sent(server, number)["messages"][-1]["content"] for number, name in enumerate(forms(server)) if name == form
    ]


def test_steps_add_up_to_a_report(httpserver: HTTPServer) -> None:
    report = read(httpserver)
    assert [(one.id, one.type, [span.sentence for span in one.evidence]) for one in report.incidents] == [
        ("I1", "shelling_missile", [2, 3, 4]),
        ("I2", "airstrike", [5, 6]),
    ]
    assert spoken(report) == [
        (3, "The Defence Ministry", "said"),
        (4, "The fighters", "denied"),
        (4, "a doctor", "told"),
        (6, "The army", "said"),
    ]
    assert [(one.stance, one.incidents) for one in report.claims] == [
        ("asserts", ["I1"]),
        ("denies", ["I1"]),
        ("asserts", ["I1"]),
        ("asserts", ["I2"]),
    ]
    names = {actor.id: {one.text for one in actor.mentions} for actor in report.actors}
    assert {"Red Valley fighters", "The fighters"} in names.values(), "the fighters are those named before"
    assert names[report.claims[3].source.actor or ""] == {"The army"}
    assert {actor.name: actor.kind for actor in report.actors}["The army"] == "state_forces"
    assert report.incidents[0].initiators[0].claims == ["C1"]
    assert report.run
    assert (report.run.plan, report.run.complete, report.run.dropped) == ("stepwise", True, [])
    assert report.run.calls == len(httpserver.log) == 5


def test_only_sentences_that_may_hold_a_claim_are_asked_about(httpserver: HTTPServer) -> None:
    read(httpserver)
    asked = [shown.splitlines()[-1] for shown in asked_about(httpserver, "SentenceClaims")]
    assert sorted(shown[:12] for shown in asked) == ["The Defence ", "The army sai", "The fighters"]


def test_the_cues_to_choose_from_are_those_of_the_sentence(httpserver: HTTPServer) -> None:
    read(httpserver)
    for number, form in enumerate(forms(httpserver)):
        asked = sent(httpserver, number)
        if form == "SentenceClaims" and "The fighters denied" in asked["messages"][-1]["content"]:
            fields = json.dumps(asked["response_format"])
            assert '["denied", "told"]' in fields
            break
    else:
        pytest.fail("the sentence was not asked about")


def test_calls_of_a_step_begin_alike(httpserver: HTTPServer) -> None:
    read(httpserver)
    numbers = [number for number, form in enumerate(forms(httpserver)) if form == "SentenceClaims"]
    beginnings = [sent(httpserver, number)["messages"][:-1] for number in numbers]
    assert len(beginnings) == 3
    assert all(beginning == beginnings[0] for beginning in beginnings)


def test_where_no_cues_are_listed_every_sentence_is_asked_about(httpserver: HTTPServer) -> None:
    text = "Explota una bomba\n\nUna bomba mató a dos agentes. El Gobierno acusó al Frente. Llovía."
    found = {"El Gobierno": [said("acusó", "El Gobierno", 0) | {"act": "accuses"}]}
    report = read(httpserver, text, [], found, language="es")
    assert len(asked_about(httpserver, "SentenceClaims")) == 3
    assert [(one.stance, one.source.text) for one in report.claims] == [("accuses", "El Gobierno")]


def test_a_quotation_carries_on_the_account_before_it(httpserver: HTTPServer) -> None:
    text = "Raid\n\nThe mayor said nobody slept. “We heard three blasts.” It rained. “Nobody came.”"
    report = read(httpserver, text, [], {"The mayor": [said("said", "The mayor", 0)]}, language="en")
    assert [(*claim, one.attribution) for claim, one in zip(spoken(report), report.claims, strict=True)] == [
        (2, "The mayor", "said", "explicit"),
        (3, "The mayor", None, "implicit"),
    ]
    assert [span.quote.strip("“”.") for span in report.claims[1].content] == ["We heard three blasts"]


def test_a_pronoun_is_asked_about_with_the_names_before_it(httpserver: HTTPServer) -> None:
    text = "Raid\n\nThe police said six men were held. The union denied it. It said two had fled."
    claims = {
        "The police": [said("said", "The police", 0)],
        "The union": [said("denied", "The union", 0)],
        "It said": [said("said", "It", 0)],
    }
    report = read(httpserver, text, [], claims, who="The union")
    names = {actor.id: actor.name for actor in report.actors}
    assert [names[one.source.actor or ""] for one in report.claims] == ["The police", "The union", "The union"]
    (asked,) = asked_about(httpserver, "Referent")
    assert "The police" in asked
    assert "# Raid" not in asked
    assert all(actor.name != "It" for actor in report.actors)


class TestCarelessAnswers:
    def test_names_that_are_not_in_the_text_are_dropped(self, httpserver: HTTPServer) -> None:
        odd = SHELLS | {"by": ["Blue Hill brigade"], "where": ["Taburin"]}
        report = read(httpserver, incidents=[odd])
        assert report.incidents[0].initiators == report.incidents[0].where == []
        assert "Blue Hill" not in report.to_json().split('"run"')[0]
        assert len(whys(report)) == 2
        assert len(asked_about(httpserver, "Corrections")) == 1

    def test_words_for_nothing_are_no_names(self, httpserver: HTTPServer) -> None:
        report = read(httpserver, incidents=[SHELLS | {"by": ["unknown"], "when": [" None "], "where": [""]}])
        first = report.incidents[0]
        assert first.initiators == first.when == first.where == []
        assert "Corrections" not in forms(httpserver)

    def test_an_incident_in_no_sentence_or_told_twice_is_dropped(self, httpserver: HTTPServer) -> None:
        report = read(httpserver, incidents=[SHELLS | {"sentence": 40}, DRONES, DRONES | {"sentence": 6}])
        assert [one.type for one in report.incidents] == ["airstrike"]
        assert whys(report) == ["there is no sentence 40 in what was shown", "it repeats another one"]

    def test_one_cue_makes_one_claim(self, httpserver: HTTPServer) -> None:
        twice = SAID | {"The army said": [said("said", "The army", 2), said("said", "two guards", 2)]}
        report = read(httpserver, claims=twice)
        assert len(report.claims) == 4
        assert whys(report) == ["the cue 'said' belongs to another source"]

    def test_sources_named_in_one_breath_make_a_claim_each(self, httpserver: HTTPServer) -> None:
        text = "Raid\n\nMoravia and Tessal said the truce was over."
        claims = {"Moravia": [said("said", "Moravia", 0), said("said", "Tessal", 0)]}
        report = read(httpserver, text, [], claims)
        assert [source for _, source, _ in spoken(report)] == ["Moravia", "Tessal"]
        assert {tuple(span.quote for span in one.content) for one in report.claims} == {("the truce was over",)}

    def test_a_source_from_another_sentence_drops_the_claim(self, httpserver: HTTPServer) -> None:
        report = read(httpserver, claims=SAID | {"The army said": [said("said", "a doctor", 2)]})
        assert (6, "a doctor", "said") not in spoken(report)
        assert whys(report) == ["its source 'a doctor' is not in its sentence"]

    def test_a_source_that_is_nowhere_drops_the_claim(self, httpserver: HTTPServer) -> None:
        report = read(httpserver, claims=SAID | {"The army said": [said("said", "The navy chief", 2)]})
        assert [sentence for sentence, _, _ in spoken(report)] == [3, 4, 4]
        assert len(whys(report)) == 1

    def test_nothing_found_is_an_empty_report(self, httpserver: HTTPServer) -> None:
        report = read(httpserver, incidents=[], claims={})
        assert report.incidents == report.claims == report.actors == []


def test_a_small_call_without_an_answer_costs_only_what_it_was_about(httpserver: HTTPServer) -> None:
    def respond(request: Request) -> Response:
        asked: Any = request.get_json()
        form, shown = asked["response_format"]["json_schema"]["name"], asked["messages"][-1]["content"]
        reply: Any = {"incidents": [SHELLS]} if form == "Incidents" else "Well, it is hard to say."
        if form == "SentenceClaims" and "The army said" in shown:
            reply = claims_of(shown, {"The army": [said("said", "The army")]})
        return Response(json.dumps(completion(reply)), content_type="application/json")

    httpserver.expect_request(CHAT, "POST").respond_with_handler(respond)
    report = asking(httpserver, plan="stepwise").extract(TEXT)
    assert spoken(report) == [(6, "The army", "said")]
    assert {actor.kind for actor in report.actors} == {"other"}
    assert report.run
    assert report.run.complete is False
    assert len([why for why in whys(report) if "was no JSON, twice" in why]) == 3


def test_a_small_call_that_is_cut_off_keeps_what_is_whole(httpserver: HTTPServer) -> None:
    text = "Raid\n\nMoravia and Tessal said the truce was over."
    cut = json.dumps({"claims": [said("said", "Moravia", 0), said("said", "Tessal", 0)]})[:-20]
    httpserver.expect_ordered_request(CHAT, "POST").respond_with_json(completion({"incidents": []}))
    httpserver.expect_ordered_request(CHAT, "POST").respond_with_json(completion(cut, "length"))
    httpserver.expect_ordered_request(CHAT, "POST").respond_with_json(completion({"Moravia": "government"}))
    report = asking(httpserver, plan="stepwise").extract(text, language="en")
    assert [source for _, source, _ in spoken(report)] == ["Moravia"]
    assert report.run
    assert report.run.complete is False


def test_an_error_in_calls_that_run_together_is_one_of_ours(httpserver: HTTPServer) -> None:
    httpserver.expect_ordered_request(CHAT, "POST").respond_with_json(completion({"incidents": []}))
    for _ in range(3):
        httpserver.expect_ordered_request(CHAT, "POST").respond_with_data("no", status=403)
    with pytest.raises(KeyRefused):
        asking(httpserver, plan="stepwise").extract(TEXT)
    assert forms(httpserver)[:2] == ["Incidents", "SentenceClaims"]


def test_a_long_article_is_read_in_parts(httpserver: HTTPServer) -> None:
    line = "A convoy of trucks passed the bridge at Nestor on its way to the southern plain without any trouble at all."
    text = "\n".join(f"{line} {number}." for number in range(200))
    report = read(httpserver, text, [], {})
    shown = asked_about(httpserver, "Incidents")
    assert len(shown) > 1
    numbers = [int(number) for part in shown for number in re.findall(r"^\[(\d+)\]", part, re.MULTILINE)]
    assert report.document
    assert numbers == list(range(1, report.document.sentences + 1))


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        (["the army", "The army", "the Syrian army"], [{"the army", "The army", "the Syrian army"}]),
        (["forces", "rebel forces", "allied forces"], [{"rebel forces"}, {"allied forces"}, {"forces"}]),
        (["the US", "us"], [{"the US", "us"}]),
        (["the ministry", "its ministry’s"], [{"the ministry", "its ministry’s"}]),
        (["!", "Nordpress"], [{"Nordpress"}]),
        (["الجيش", "الحكومة"], [{"الجيش"}, {"الحكومة"}]),
    ],
)
def test_names_are_grouped_by_their_words(names: list[str], groups: list[set[str]]) -> None:
    assert sorted(map(sorted, group(names))) == sorted(map(sorted, groups))
