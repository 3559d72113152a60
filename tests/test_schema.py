"""The report: what a model is shown of it, what is stored, and that no span of it is wrong unnoticed."""

import json
from typing import Any, cast

import pytest
from pydantic import BaseModel, ValidationError

from extractor.document import Document
from extractor.errors import InputError
from extractor.grounding import Span, check, hidden
from extractor.schema import Claim, Count, DocumentInfo, Incident, Party, Report, Run, Source, Value, When, Where

TEXT = (
    "Shells hit Velnik market\n\nShells hit the market of Velnik on Sunday, killing at least 12 people, the army said. "
    "The rebels denied it."
)
ANSWER: dict[str, Any] = {
    "actors": [
        {"kind": "state_forces", "mentions": ["the army"]},
        {"kind": "non_state_armed", "mentions": ["The rebels"]},
    ],
    "incidents": [
        {
            "type": "shelling_missile",
            "realis": "actual",
            "evidence": [2],
            "initiators": [],
            "targets": ["the market"],
            "weapons": ["Shells"],
            "when": ["on Sunday"],
            "where": [{"text": "Velnik", "relation": "at", "level": "settlement"}],
            "casualties": [{"who": "people", "status": "killed", "category": "civilian", "count": "at least 12"}],
        }
    ],
    "claims": [
        {
            "sentences": [2],
            "source": {"text": "the army", "actor": 1},
            "via": [],
            "cue": "said",
            "against": None,
            "attribution": "explicit",
            "stance": "asserts",
            "incidents": [1],
            "aspects": ["occurrence", "casualties"],
        },
        {
            "sentences": [3],
            "source": {"text": "The rebels", "actor": 2},
            "via": [],
            "cue": "denied",
            "against": None,
            "attribution": "explicit",
            "stance": "denies",
            "incidents": [1],
            "aspects": ["occurrence"],
        },
    ],
}


def grounded() -> Report:
    return check(Report, ANSWER, Document(TEXT)).value


def described(*, text: str | None = TEXT, url: str | None = None) -> Report:
    report = grounded()
    report.document = DocumentInfo(sha256=Document(TEXT).sha256, characters=len(TEXT), sentences=3, text=text, url=url)
    return report


class TestGrounded:
    def test_every_value_is_the_texts_own_words(self) -> None:
        report = grounded()
        report.verify(TEXT)
        incident = report.incidents[0]
        assert (incident.where[0].text, incident.where[0].start) == ("Velnik", TEXT.rindex("Velnik"))
        assert incident.weapons[0].start == TEXT.rindex("Shells"), "in the sentence of the evidence, not in the heading"
        count = incident.casualties[0].count
        assert count is not None
        assert TEXT[count.start : count.end] == "at least 12"

    def test_numbers_of_list_items_become_ids(self) -> None:
        report = grounded()
        assert [claim.source.actor for claim in report.claims] == ["A1", "A2"]
        assert [claim.incidents for claim in report.claims] == [["I1"], ["I1"]]

    def test_a_refused_source_drops_its_claim(self) -> None:
        answer = json.loads(json.dumps(ANSWER))
        answer["claims"][0]["source"]["text"] = "the navy"
        checked = check(Report, answer, Document(TEXT))
        assert [claim.source.text for claim in checked.value.claims] == ["The rebels"]
        assert [(item.what, item.words) for item in checked.dropped] == [("claims 1 source", "the navy")]

    def test_a_refused_cue_does_not(self) -> None:
        answer = json.loads(json.dumps(ANSWER))
        answer["claims"][0]["cue"] = "shouted"
        checked = check(Report, answer, Document(TEXT))
        assert [claim.cue and claim.cue.text for claim in checked.value.claims] == [None, "denied"]

    def test_what_code_works_out_is_not_taken_from_an_answer(self) -> None:
        lie = {"start": 0, "end": 5, "quote": "Lies!"}
        answer = json.loads(json.dumps(ANSWER)) | {
            "parties": [{"id": "P1"}],
            "disputes": "all",
            "run": {},
            "document": 3,
        }
        answer["claims"][0] |= {"content": [lie], "id": "C7", "position": "third_party", "confidence": 2}
        answer["incidents"][0] |= {"status": "disputed", "summary": "Lies!", "uid": "x"}
        answer["incidents"][0]["when"] = [{"text": "on Sunday", "earliest": "1999-01-01", "claims": ["C9"], "start": 1}]
        checked = check(Report, answer, Document(TEXT))
        assert checked.value == grounded()
        assert checked.dropped == []


class TestVerify:
    def test_a_text_that_was_changed_is_noticed(self) -> None:
        with pytest.raises(InputError, match=r"^actors\[0\]\.mentions\[0\] of the report .*'the army'$"):
            grounded().verify(" " + TEXT)

    @pytest.mark.parametrize(("start", "end"), [(0, 5), (-1, -1), (5, 2), (10_000, 10_008)])
    def test_a_mention_elsewhere(self, start: int, end: int) -> None:
        report = grounded()
        report.claims[1].source.start, report.claims[1].source.end = start, end
        with pytest.raises(InputError, match=r"^claims\[1\]\.source of the report"):
            report.verify(TEXT)

    def test_offsets_counted_from_the_end_are_none(self) -> None:
        report = grounded()
        source = report.claims[1].source
        source.start, source.end = source.start - len(TEXT), source.end - len(TEXT)
        assert TEXT[source.start : source.end] == source.text
        with pytest.raises(InputError, match=r"^claims\[1\]\.source of the report"):
            report.verify(TEXT)

    def test_spans_deep_inside(self) -> None:
        report = grounded()
        report.parties = [Party(id="P1", name="x", actors=[], because=[Span(start=0, end=6, quote="shells")])]
        with pytest.raises(InputError, match=r"^parties\[0\]\.because\[0\] of the report"):
            report.verify(TEXT)
        report = grounded()
        report.incidents[0].evidence[0].quote += " "
        with pytest.raises(InputError, match=r"^incidents\[0\]\.evidence\[0\] of the report"):
            report.verify(TEXT)

    def test_a_report_that_holds_its_text_is_checked_when_it_is_loaded(self) -> None:
        stored = described().model_dump(mode="json")
        assert Report.model_validate(stored).claims == grounded().claims
        stored["document"]["text"] = "x" + TEXT
        with pytest.raises(InputError, match="does not stand at its offsets"):
            Report.model_validate(stored)

    def test_a_report_without_its_text_loads_and_can_be_checked_later(self) -> None:
        report = Report.model_validate_json(described().to_json())
        assert report.document is not None
        assert report.document.text is None
        report.verify(TEXT)


class TestJson:
    def test_the_text_is_left_out(self) -> None:
        stored = json.loads(described().to_json())
        assert "text" not in stored["document"]
        assert stored["document"]["characters"] == len(TEXT)

    def test_the_text_is_kept_when_asked_for_and_for_a_url(self) -> None:
        assert json.loads(described().to_json(include_text=True))["document"]["text"] == TEXT
        url = "https://news.example/velnik"
        assert json.loads(described(url=url).to_json())["document"]["text"] == TEXT

    def test_one_line_or_many(self) -> None:
        assert "\n" not in described().to_json(indent=None)
        assert json.loads(described().to_json(indent=None)) == json.loads(described().to_json())

    def test_what_is_stored_is_what_is_loaded(self) -> None:
        report = described()
        report.run = Run(extractor_version="0", model="m", plan="whole", schema_sha256="0" * 64)
        assert Report.model_validate_json(report.to_json(include_text=True)) == report

    def test_the_names_that_other_tools_read(self) -> None:
        stored = json.loads(described().to_json())
        assert list(stored) == [
            "schema_version", "document", "actors", "incidents", "claims", "ties", "relations", "parties", "disputes",
            "run",
        ]  # fmt: skip
        assert stored["schema_version"] == "1.0"
        assert set(stored["claims"][0]) == {
            "id", "uid", "sentences", "source", "via", "cue", "against", "attribution", "content", "stance",
            "incidents", "aspects", "position", "confidence",
        }  # fmt: skip
        assert set(stored["incidents"][0]) == {
            "id", "uid", "type", "realis", "summary", "evidence", "initiators", "targets", "weapons", "when", "where",
            "casualties", "deaths", "status",
        }  # fmt: skip
        assert set(stored["incidents"][0]["evidence"][0]) == {"start", "end", "quote", "match", "sentence"}
        assert set(stored["claims"][0]["source"]) == {"text", "start", "end", "match", "actor"}
        assert set(stored["incidents"][0]["when"][0]) == {
            "text", "start", "end", "match", "actor", "claims", "earliest", "latest", "precision", "unresolved",
        }  # fmt: skip


class TestShownToAModel:
    SHOWN = Report.model_json_schema()
    PARTS = cast(dict[str, Any], SHOWN["$defs"])

    def test_only_what_a_model_can_tell(self) -> None:
        assert set(self.SHOWN["properties"]) == {"actors", "incidents", "claims"}
        assert set(self.PARTS["Actor"]["properties"]) == {"kind", "mentions"}
        assert set(self.PARTS["Where"]["properties"]) == {"text", "relation", "level"}
        assert set(self.PARTS["Source"]["properties"]) == {"text", "actor"}
        assert set(self.PARTS["Claim"]["properties"]) == {
            "sentences", "source", "via", "cue", "against", "attribution", "stance", "incidents", "aspects",
        }  # fmt: skip
        assert not {"Run", "DocumentInfo", "Party", "Dispute", "Relation", "Span"} & set(self.PARTS)

    @pytest.mark.parametrize("name", ["Value", "When", "Count", "Mention"])
    def test_values_are_plain_strings(self, name: str) -> None:
        assert self.PARTS[name]["type"] == "string"

    def test_links_and_sentences_are_numbers(self) -> None:
        claim = self.PARTS["Claim"]["properties"]
        assert claim["incidents"]["items"]["type"] == "integer"
        assert claim["sentences"]["items"]["type"] == "integer"
        assert self.PARTS["Evidence"]["type"] == "integer"
        assert {one["type"] for one in self.PARTS["Source"]["properties"]["actor"]["anyOf"]} == {"integer", "null"}

    def test_the_fields_are_described(self) -> None:
        assert self.PARTS["Claim"]["properties"]["stance"]["description"] == "The speech act as worded."
        assert self.PARTS["Incident"]["description"].startswith("One event")

    @pytest.mark.parametrize("part", [Report, Incident, Claim, Value, When, Where, Count, Source])
    def test_everything_that_code_fills_has_a_default(self, part: type[BaseModel]) -> None:
        required = [name for name in hidden.hidden_fields(part) if part.model_fields[name].is_required()]
        assert required == []

    def test_stored_schema_has_everything(self) -> None:
        stored = Report.model_json_schema(mode="serialization")
        assert {"document", "run", "disputes"} <= set(stored["properties"])
        assert {"start", "end", "match", "lat", "country"} <= set(stored["$defs"]["Where"]["properties"])


@pytest.mark.parametrize(
    "change",
    [{"actors": None}, {"claims": {}}, {"incidents": "none"}],
)
def test_a_report_without_its_lists_does_not_stand(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        check(Report, ANSWER | change, Document(TEXT))
