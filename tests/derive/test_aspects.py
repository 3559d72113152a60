"""What a claim speaks of, told by the values that stand in its words."""

from typing import Any

import pytest

from extractor import Report
from tests.derive.test_report import claim, incident, worked_out


def aspects(text: str, said: dict[str, Any], **more: Any) -> list[str]:
    """Of one claim on one incident."""
    report = worked_out(text, incidents=[incident(**more)], claims=[said | {"incidents": [1]}])
    return list(report.claims[0].aspects)


def toll(who: str, count: str | None = None) -> dict[str, Any]:
    return {"who": who, "status": "killed", "category": "unknown", "count": count}


PLACE = {"text": "Sarn", "relation": "at", "level": None}


@pytest.mark.parametrize(
    ("words", "values", "expected"),
    [
        ("rebels did it", {"initiators": ["rebels"]}, ["occurrence", "initiator"]),
        ("the mill was hit", {"targets": ["the mill"]}, ["occurrence", "target"]),
        ("it was in Sarn", {"where": [PLACE]}, ["place"]),
        ("it was on Friday", {"when": ["on Friday"]}, ["time"]),
        ("it was rockets", {"weapons": ["rockets"]}, ["means"]),
        ("six men died", {"casualties": [toll("men", "six")]}, ["casualties"]),
        ("nobody knows more", {}, ["occurrence"]),
    ],
)
def test_each_value_in_the_words_of_a_claim_tells_an_aspect(
    words: str, values: dict[str, Any], expected: list[str]
) -> None:
    assert aspects(f"The mayor said {words}.", claim("The mayor", "said"), **values) == expected


def test_several_aspects_stand_in_the_order_of_the_schema_each_once() -> None:
    values = {"initiators": ["rebels"], "targets": ["the mill", "the bridge"], "where": [PLACE], "weapons": ["rockets"]}
    text = "The mayor said that with rockets rebels hit the bridge and the mill in Sarn."
    assert aspects(text, claim("The mayor", "said"), **values) == [
        "occurrence",
        "initiator",
        "target",
        "place",
        "means",
    ]


def test_a_value_beside_the_words_of_a_claim_is_none_of_its_aspects() -> None:
    text = "Rebels hit the mill. The mayor said six men died."
    said = claim("The mayor", "said", (2,))
    assert aspects(text, said, initiators=["Rebels"], casualties=[toll("men", "six")], evidence=[1, 2]) == [
        "casualties"
    ]


class TestDenials:
    def test_a_denial_is_about_the_values_that_it_holds(self) -> None:
        said = claim("The mayor", "denied", stance="denies")
        assert aspects("The mayor denied that six men died.", said, casualties=[toll("men", "six")]) == ["casualties"]

    def test_a_denial_of_the_side_said_to_have_done_it_is_about_who_did_it(self) -> None:
        text = "Rebels hit the mill. The rebels denied it."
        actors = [["The rebels", "Rebels"]]
        denial = claim("The rebels", "denied", (2,), stance="denies") | {"incidents": [1]}
        told = [incident(initiators=["Rebels"], evidence=[1])]
        report = worked_out(text, actors=actors, incidents=told, claims=[denial])
        assert context(report) == [["initiator"]]

    def test_another_denial_is_about_what_was_said_before_it(self) -> None:
        text = "The mayor said six men died. The guards called that a lie."
        actors = [["The mayor"], ["The guards"]]
        claims = [
            claim("The mayor", "said", (1,)) | {"incidents": [1]},
            claim("The guards", "called", (2,), stance="denies") | {"incidents": [1]},
        ]
        told = [incident(casualties=[toll("men", "six")], evidence=[1])]
        report = worked_out(text, actors=actors, incidents=told, claims=claims)
        assert context(report) == [["casualties"], ["casualties"]]

    def test_a_denial_that_answers_nobody_is_of_the_occurrence(self) -> None:
        assert aspects("The mayor denied it.", claim("The mayor", "denied", stance="denies")) == ["occurrence"]


def context(report: Report) -> list[list[str]]:
    return [list(one.aspects) for one in report.claims]


def test_a_claim_on_no_incident_is_context() -> None:
    text = "Rebels hit the mill. The mayor said rebels were strong."
    report = worked_out(text, incidents=[incident(initiators=["Rebels"])], claims=[claim("The mayor", "said", (2,))])
    assert context(report) == [["context"]]


def test_a_denial_of_no_incident_is_context() -> None:
    report = worked_out("The mayor denied it.", claims=[claim("The mayor", "denied", stance="denies")])
    assert context(report) == [["context"]]


def test_aspects_that_a_model_told_are_kept() -> None:
    said = claim("The mayor", "said", aspects=["reason"])
    assert aspects("The mayor said rebels did it.", said, initiators=["rebels"]) == ["reason"]


def test_a_claim_on_two_incidents_has_the_aspects_of_both() -> None:
    text = "The mayor said rebels hit the mill and rockets fell on Friday."
    report = worked_out(
        text,
        incidents=[incident(initiators=["rebels"]), incident(weapons=["rockets"], when=["on Friday"])],
        claims=[claim("The mayor", "said", incidents=[1, 2])],
    )
    assert context(report) == [["occurrence", "initiator", "time", "means"]]
