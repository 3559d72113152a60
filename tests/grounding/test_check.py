"""What of an answer does not stand is told and taken out, one small thing at a time; the rest is grounded."""

from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extractor import Evidence, Mention
from extractor.document import Document
from extractor.grounding import Pointing, Refused, SentenceNumber, check, misplaced, refusals
from extractor.schema import Report

TEXT = (
    "Dawn raid on Velnik\n\nShells hit the market of Velnik at dawn, the army said. Rebels denied it.\n\n"
    "قال شاهد إن 12 شخصا قتلوا. Naïve “quotes” 💣 fell. 目击者说三人死亡。 The army left Velnik."
)
DOCUMENT = Document(TEXT)


class Toll(BaseModel):
    who: Mention
    count: Mention | None
    status: Literal["killed", "wounded"]


class Raid(BaseModel):
    model_config = ConfigDict(extra="forbid")

    evidence: list[Evidence] = Field(min_length=1)
    place: Mention
    by: list[Mention]
    toll: Toll | None
    note: Mention | int | None = None


class Raids(BaseModel):
    raids: list[Raid]
    index: dict[str, Mention] = Field(default_factory=dict[str, Mention])
    lead: SentenceNumber | None = None
    size: int = 3


def raid(**changes: object) -> dict[str, Any]:
    return {"evidence": [2], "place": "Velnik", "by": ["the army"], "toll": None} | changes


def told(dropped: list[Refused]) -> list[tuple[str, str]]:
    return [(item.what, item.words) for item in dropped]


class TestDropping:
    def test_an_answer_that_stands_is_left_alone(self) -> None:
        answer = {"raids": [raid()], "index": {"a": "Rebels"}, "lead": 2, "size": 4}
        checked = check(Raids, answer, DOCUMENT)
        assert checked.dropped == []
        assert checked.data == answer
        assert refusals(Raids, answer, DOCUMENT) == []

    def test_an_item_of_a_list_goes_alone(self) -> None:
        checked = check(Raids, {"raids": [raid(by=["the army", "Martians", "Rebels"])]}, DOCUMENT)
        assert [by.text for by in checked.value.raids[0].by] == ["the army", "Rebels"]
        assert told(checked.dropped) == [("raids 1 by 2", "Martians")]
        assert checked.dropped[0].why == "Martians is not in the text"
        assert checked.dropped[0].path == ("raids", 0, "by", 1)
        assert checked.dropped[0].pointer

    def test_several_items_of_one_list(self) -> None:
        checked = check(Raids, {"raids": [raid(by=["Martians", "Rebels", "Elves", "Orcs", "the army"])]}, DOCUMENT)
        assert [by.text for by in checked.value.raids[0].by] == ["Rebels", "the army"]
        assert told(checked.dropped) == [
            ("raids 1 by 1", "Martians"),
            ("raids 1 by 3", "Elves"),
            ("raids 1 by 4", "Orcs"),
        ]

    def test_an_optional_value_becomes_null(self) -> None:
        toll = {"who": "Rebels", "count": "fifty", "status": "killed"}
        checked = check(Raids, {"raids": [raid(toll=toll)]}, DOCUMENT)
        kept = checked.value.raids[0].toll
        assert kept is not None
        assert (kept.who.text, kept.count) == ("Rebels", None)
        assert told(checked.dropped) == [("raids 1 toll count", "fifty")]

    def test_a_needed_value_takes_what_holds_it_along(self) -> None:
        toll = {"who": "Elves", "count": "12", "status": "killed"}
        checked = check(Raids, {"raids": [raid(toll=toll), raid(place="Atlantis")]}, DOCUMENT)
        assert [one.toll for one in checked.value.raids] == [None]
        assert told(checked.dropped) == [("raids 1 toll who", "Elves"), ("raids 2 place", "Atlantis")]

    def test_several_faults_in_one_optional_object_drop_no_more_than_it(self) -> None:
        tolls: list[object] = [{}, {"count": "fifty"}, {"who": "Elves", "count": 5, "status": "eaten"}, "Elves", []]
        for toll in tolls:
            checked = check(Raids, {"raids": [raid(toll=toll)]}, DOCUMENT)
            assert checked.value.raids[0].toll is None
            assert checked.value.raids[0].place.text == "Velnik"
            assert checked.dropped

    def test_what_fits_no_member_of_a_union_drops_no_more_than_the_value(self) -> None:
        checked = check(Raids, {"raids": [raid(note="Elves")]}, DOCUMENT)
        assert checked.value.raids[0].note is None
        assert {item.what for item in checked.dropped} == {"raids 1 note"}

    def test_an_entry_of_a_mapping_goes_alone(self) -> None:
        checked = check(Raids, {"raids": [], "index": {"a": "Rebels", "b": "Elves"}}, DOCUMENT)
        assert {key: value.text for key, value in checked.value.index.items()} == {"a": "Rebels"}
        assert told(checked.dropped) == [("index b", "Elves")]

    def test_a_value_with_a_default_falls_back_to_it(self) -> None:
        checked = check(Raids, {"raids": [], "size": "many"}, DOCUMENT)
        assert checked.value.size == 3
        assert told(checked.dropped) == [("size", "many")]

    def test_a_field_of_no_schema_goes_alone(self) -> None:
        checked = check(Raids, {"raids": [raid(mood="grim")]}, DOCUMENT)
        assert len(checked.value.raids) == 1
        assert told(checked.dropped) == [("raids 1 mood", "grim")]

    def test_a_null_where_none_may_be_is_told(self) -> None:
        checked = check(Raids, {"raids": [raid(place=None), raid()]}, DOCUMENT)
        assert len(checked.value.raids) == 1
        assert [item.what for item in checked.dropped] == ["raids 1 place"]

    def test_what_is_missing_is_named(self) -> None:
        incomplete = raid()
        del incomplete["place"]
        checked = check(Raids, {"raids": [incomplete]}, DOCUMENT)
        assert checked.value.raids == []
        assert [(item.what, item.why, item.pointer) for item in checked.dropped] == [
            ("raids 1", "place is missing", False)
        ]

    def test_evidence_that_is_not_there(self) -> None:
        checked = check(Raids, {"raids": [raid(evidence=[99, 2]), raid(evidence=[99])]}, DOCUMENT)
        assert [[one.sentence for one in event.evidence] for event in checked.value.raids] == [[2]]
        assert told(checked.dropped)[:2] == [("raids 1 evidence 1", "99"), ("raids 2 evidence 1", "99")]
        assert checked.dropped[0].why == "there is no sentence 99"

    def test_the_answer_given_is_not_changed(self) -> None:
        answer = {"raids": [raid(by=["Martians"], place="Atlantis")]}
        checked = check(Raids, answer, DOCUMENT)
        assert answer == {"raids": [raid(by=["Martians"], place="Atlantis")]}
        assert checked.data == {"raids": []}

    @pytest.mark.parametrize("answer", [None, [], "no", 3, {}, {"raids": None}, {"raids": "none"}, {"claims": []}])
    def test_an_answer_of_another_form_does_not_stand(self, answer: object) -> None:
        with pytest.raises(ValidationError):
            check(Raids, answer, DOCUMENT)
        assert refusals(Raids, answer, DOCUMENT)

    def test_its_own_fault_is_told_when_all_of_it_falls(self) -> None:
        class Event(BaseModel):
            place: Mention

        with pytest.raises(ValidationError, match="Atlantis is not in the text"):
            check(Event, {"place": "Atlantis"}, DOCUMENT)

    def test_words_that_no_encoding_holds_are_refused_like_others(self) -> None:
        checked = check(Raids, {"raids": [raid(by=["\ud800", "{words}"])], "lead": "\udfff"}, DOCUMENT)
        assert checked.value.raids[0].by == []
        assert [item.what for item in checked.dropped] == ["raids 1 by 1", "raids 1 by 2", "lead"]


def test_refusals_tell_all_and_change_nothing() -> None:
    answer = {"raids": [raid(by=["Martians", 5], place="Atlantis", evidence=[99])]}
    found = refusals(Raids, answer, DOCUMENT)
    assert [(item.what, item.words, item.pointer) for item in found] == [
        ("raids 1 evidence 1", "99", True),
        ("raids 1 place", "Atlantis", True),
        ("raids 1 by 1", "Martians", True),
        ("raids 1 by 2", "5", False),
    ]
    assert answer == {"raids": [raid(by=["Martians", 5], place="Atlantis", evidence=[99])]}


def test_the_words_of_an_object_are_its_text() -> None:
    class Person(Mention):
        role: str

    class People(Pointing):
        people: list[Person]

    checked = check(People, {"people": [{"text": "Elves", "role": "none"}]}, DOCUMENT)
    assert told(checked.dropped) == [("people 1", "Elves")]


def test_misplaced_spans_are_found_wherever_they_stand() -> None:
    value = check(Raids, {"raids": [raid()], "index": {"a": "Rebels"}}, DOCUMENT).value
    assert list(misplaced(value, TEXT)) == []
    assert list(misplaced(value, "x" + TEXT)) == [
        ("raids[0].evidence[0]", "Shells hit the market of Velnik at dawn, the army said."),
        ("raids[0].place", "Velnik"),
        ("raids[0].by[0]", "the army"),
        ("index['a']", "Rebels"),
    ]


WORDS = st.sampled_from(
    ["Velnik", "velnik", "the army", "The  army", "Rebels", "12", "目击者", "“quotes”", '"quotes"', "قال شاهد", "💣",
     "Elves", "Velnki", "killed", "other", "said", "at dawn", "actual"]
)  # fmt: skip
SCALARS = st.none() | st.booleans() | st.integers(-2, 9) | st.floats() | WORDS | st.text(max_size=5)
KEYS = st.sampled_from(
    ["raids", "index", "evidence", "place", "by", "toll", "who", "count", "text", "start", "actor", "0"]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)
NUMBERS = st.integers(1, 7) | st.sampled_from(["2", [3, 4], 0, 99]) | JSON
TOLLS = st.fixed_dictionaries(
    {"who": WORDS, "count": WORDS | JSON, "status": st.sampled_from(["killed", "wounded", "eaten"])}
)
RAIDS = st.fixed_dictionaries(
    {
        "evidence": st.lists(NUMBERS, max_size=3) | JSON,
        "place": WORDS | JSON,
        "by": st.lists(WORDS | JSON, max_size=4) | JSON,
        "toll": st.none() | TOLLS | JSON,
    },
    optional={"note": WORDS | JSON, "other": JSON},
)
ANSWERS = JSON | st.fixed_dictionaries(
    {"raids": st.lists(RAIDS, max_size=3)},
    optional={"index": st.dictionaries(KEYS, WORDS | JSON, max_size=3), "lead": NUMBERS},
)
CLAIMS = st.fixed_dictionaries(
    {
        "sentences": st.lists(NUMBERS, max_size=2),
        "source": st.fixed_dictionaries({"text": WORDS, "actor": st.integers(0, 3) | JSON}) | JSON,
        "via": st.lists(WORDS, max_size=2),
        "cue": WORDS | JSON,
        "against": st.none() | WORDS,
        "attribution": st.sampled_from(["explicit", "implicit", "both"]),
        "stance": st.just("asserts"),
        "incidents": st.lists(st.integers(0, 3) | JSON, max_size=2),
        "aspects": st.just([]),
    },
    optional={"content": JSON, "id": JSON},
)
REPORTS = st.fixed_dictionaries(
    {
        "actors": st.lists(
            st.fixed_dictionaries({"kind": st.just("other"), "mentions": st.lists(WORDS | JSON)}), max_size=3
        ),
        "incidents": st.just([]),
        "claims": st.lists(CLAIMS | JSON, max_size=4),
    },
    optional={"document": JSON, "run": JSON, "parties": JSON},
)


@settings(max_examples=150, deadline=None)
@given(ANSWERS)
def test_whatever_a_model_answers_is_refused_or_lies_in_the_text(answer: Any) -> None:
    try:
        checked = check(Raids, answer, DOCUMENT)
    except ValidationError:
        return
    assert list(misplaced(checked.value, TEXT)) == []
    for event in checked.value.raids:
        for place in [event.place, *event.by]:
            assert 0 <= place.start < place.end <= len(TEXT)
        assert event.evidence
    assert Raids.model_validate_json(checked.value.model_dump_json()) == checked.value
    assert refusals(Raids, checked.data, DOCUMENT) == []
    assert all(item.why and item.what for item in checked.dropped)
    assert bool(checked.dropped) == (refusals(Raids, answer, DOCUMENT) != [])


@settings(max_examples=100, deadline=None)
@given(REPORTS)
def test_a_report_of_whatever_answer_survives_being_stored(answer: Any) -> None:
    report = check(Report, answer, DOCUMENT).value
    report.verify(TEXT)
    again = Report.model_validate_json(report.model_dump_json())
    assert again == report
    again.verify(TEXT)
    assert (report.document, report.run, report.parties) == (None, None, [])
    assert all(claim.content == [] and claim.id == "" for claim in report.claims)
