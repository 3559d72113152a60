"""What a peer answers, as a report: only what stands in the text."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.bench.peers import by_instructor, by_langextract
from evals.bench.peers.task import EXAMPLES, Answer, SaidCasualty, SaidClaim, SaidIncident
from extractor.document import Document
from tests.evals.bench.peers_articles import TEXT, quoted

DOCUMENT = Document(TEXT, id="ostrel", date=date(2026, 3, 14))


def extraction(kind: str, text: str, *, words: str | None = None, **attributes: Any) -> dict[str, Any]:
    """As langextract's worker prints it, laid on `text`, or on `words` of the text instead."""
    start = TEXT.find(words or text)
    found = start >= 0
    return {
        "class": kind,
        "text": text,
        "start": start if found else None,
        "end": start + len(words or text) if found else None,
        "alignment": None,
        "attributes": attributes,
    }


def worker_said(*extractions: dict[str, Any], lost: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"version": "1.7.1", "seconds": 3.5, "error": None, "lost": [*lost], "extractions": [*extractions]}


class TestInstructor:
    def test_quotes_stand_where_their_words_do(self) -> None:
        report = by_instructor.converted(quoted(), DOCUMENT, 1.0).report
        report.verify(TEXT)
        claim = report.claims[0]
        assert (claim.source.text, claim.cue and claim.cue.text) == ("Defence Ministry", "said")
        assert [span.quote for span in claim.content] == ["Red Valley fighters had fired the shells"]
        assert (claim.id, claim.sentences, claim.attribution, claim.aspects) == ("C1", [3], "explicit", ["initiator"])
        assert report.document
        assert (report.document.id, report.document.sha256) == ("ostrel", DOCUMENT.sha256)

    def test_what_is_not_in_the_text_is_kept_out_and_counted(self) -> None:
        result = by_instructor.converted(quoted(), DOCUMENT, 1.0)
        assert result.not_in_text == [
            "Nobody had expected it.",
            "the harbour",
            "Dr Amal Rida",
            "the fighters rejected it",
        ]
        assert [mention.text for mention in result.report.incidents[0].targets] == ["the bus station"]
        assert len(result.report.claims) == 2

    def test_a_claim_keeps_its_content_when_its_source_is_not_in_the_text(self) -> None:
        claim = by_instructor.converted(quoted(), DOCUMENT, 1.0).report.claims[1]
        assert claim.source.text == ""
        assert [span.quote for span in claim.content] == ["19 people were hurt."]

    def test_dates_counts_and_ties_are_worked_out_as_for_our_own_reports(self) -> None:
        incident = by_instructor.converted(quoted(), DOCUMENT, 1.0).report.incidents[0]
        assert (incident.when[0].earliest, incident.when[0].precision) == (date(2026, 3, 12), "day")
        count = incident.casualties[0].count
        assert count
        assert (count.text, count.min, count.max) == ("at least four", 4, None)
        assert incident.where[0].country == "LBN"
        assert incident.evidence[0].quote.endswith("killing at least four travellers.")
        assert [span.sentence for span in incident.evidence] == [2]

    def test_an_incident_stands_nowhere_when_nothing_of_it_does(self) -> None:
        answer = quoted()
        incident = answer.incidents[0]
        incident.evidence, incident.initiators, incident.targets = ["A raid on the port."], ["pirates"], []
        incident.weapons, incident.places = [], ["Port Said"]
        result = by_instructor.converted(answer, DOCUMENT, 1.0)
        assert result.report.incidents == []
        assert {"A raid on the port.", "pirates", "Port Said"} <= set(result.not_in_text)

    def test_what_is_said_twice_stands_once(self) -> None:
        answer = quoted()
        answer.incidents *= 2
        answer.claims *= 3
        report = by_instructor.converted(answer, DOCUMENT, 1.0).report
        assert [one.id for one in report.incidents] == ["I1"]
        assert [one.id for one in report.claims] == ["C1", "C2"]

    @settings(deadline=None)
    @given(
        st.lists(st.sampled_from(["Ostrel", "said", "nowhere at all", "", "a doctor", "“the army”", "19", "Vasca."])),
        st.lists(st.sampled_from([*TEXT.split(". "), "The sea was calm", "  ", "unknown"]), max_size=4),
    )
    def test_every_span_of_a_report_is_in_the_text(self, names: list[str], quotes: list[str]) -> None:
        answer = Answer(
            incidents=[
                SaidIncident(
                    evidence=quotes[:2],
                    type="other",
                    realis="actual",
                    initiators=names[:2],
                    targets=names[2:4],
                    weapons=[],
                    dates=names[:1],
                    places=names[1:3],
                    casualties=[SaidCasualty(who=n, number=n, status="killed", category="mixed") for n in names[:3]],
                )
            ],
            claims=[
                SaidClaim(content=quote, source=name, cue=name, stance="asserts", aspects=["context"])
                for quote, name in zip(quotes, names, strict=False)
            ],
        )
        result = by_instructor.converted(answer, DOCUMENT, 0.0)
        result.report.verify(TEXT)
        assert ("nowhere at all" in result.not_in_text) <= ("nowhere at all" in names)


class TestLangExtract:
    def test_spans_are_its_own(self) -> None:
        said = worker_said(
            extraction(
                "incident", "army drones struck a depot near Vasca", type="airstrike", initiators=["army drones"]
            ),
            extraction("casualty", "guards", number="two", status="missing", category="combatant"),
            extraction("claim", "two guards were missing", source="army", cue="said", stance="asserts", aspects=["x"]),
        )
        result = by_langextract.converted(said, DOCUMENT)
        result.report.verify(TEXT)
        assert (result.seconds, result.error, result.not_in_text, result.loose) == (3.5, None, [], [])
        (incident,), (claim,) = result.report.incidents, result.report.claims
        assert (incident.type, incident.initiators[0].text) == ("airstrike", "army drones")
        assert [(one.who.text, one.status, one.count and one.count.min) for one in incident.casualties] == [
            ("guards", "missing", 2)
        ]
        # The army of the claim's own sentence, not that of the drones before.
        assert claim.source.start == TEXT.index("army said")
        assert incident.casualties[0].who.claims == ["C1"]
        assert claim.aspects == []

    def test_an_extraction_that_it_laid_nowhere_is_kept_out_and_counted(self) -> None:
        said = worker_said(
            extraction("claim", "the guards ran away", source="army", cue=None, stance="asserts", aspects=[]),
            extraction("claim", "two guards were lost", words="two guards were missing", source="army", cue="said"),
        )
        result = by_langextract.converted(said, DOCUMENT)
        assert result.not_in_text == ["the guards ran away"]
        assert result.loose == ["two guards were lost"]
        assert [claim.content[0].quote for claim in result.report.claims] == ["two guards were missing"]

    def test_casualties_go_to_the_incident_before_them(self) -> None:
        said = worker_said(
            extraction("casualty", "travellers", number="four", status="killed", category="civilian"),
            extraction(
                "incident", "Mortar shells hit the bus station", type="shelling_missile", targets=["bus station"]
            ),
            extraction("incident", "army drones struck a depot", type="airstrike", targets=["depot"]),
            extraction("casualty", "guards", number="two", status="missing", category="combatant"),
        )
        first, second = by_langextract.converted(said, DOCUMENT).report.incidents
        assert [one.who.text for one in first.casualties] == ["travellers"]
        assert [one.who.text for one in second.casualties] == ["guards"]

    def test_a_lost_chunk_is_a_failure_with_its_reason(self) -> None:
        result = by_langextract.converted(
            worker_said(lost=("Chunk omitted from results (parse error): cut",)), DOCUMENT
        )
        assert result.error == "1 chunks lost: Chunk omitted from results (parse error): cut"


@pytest.mark.parametrize(("text", "answer"), EXAMPLES)
def test_the_worked_examples_quote_their_own_text(text: str, answer: Answer) -> None:
    result = by_instructor.converted(answer, Document(text), 0.0)
    assert result.not_in_text == []
    assert (len(result.report.incidents), len(result.report.claims)) == (len(answer.incidents), len(answer.claims))
    assert all(claim.source.text for claim in result.report.claims)
