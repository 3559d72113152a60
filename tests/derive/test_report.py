"""What is worked out from a report that points rightly: names, ties, days, bounds, contents, summaries."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor import Incident, Report
from extractor.derive.report import work_out
from extractor.document import Document
from extractor.grounding import check
from extractor.schema import Casualty

DAY = date(2026, 3, 14)  # a Saturday


def incident(**more: Any) -> dict[str, Any]:
    empty: dict[str, Any] = {name: [] for name in ("initiators", "targets", "weapons", "when", "where", "casualties")}
    return {"type": "ground_clash", "realis": "actual", "evidence": [1]} | empty | more


def claim(source: str, cue: str | None, sentences: tuple[int, ...] = (1,), **more: Any) -> dict[str, Any]:
    plain: dict[str, Any] = {"via": [], "against": None, "stance": "asserts", "incidents": [], "aspects": []}
    attribution = "explicit" if cue else "implicit"
    said = {"sentences": list(sentences), "source": {"text": source}, "cue": cue, "attribution": attribution}
    return plain | said | more


def worked_out(text: str, day: date | None = DAY, language: str | None = "en", **parts: list[Any]) -> Report:
    """The report of these actors (lists of names), incidents and claims, all of them pointing into `text`."""
    document = Document(text, date=day, language=language)
    actors = [{"kind": "other", "mentions": names} for names in parts.get("actors", [])]
    answer = {"actors": actors, "incidents": parts.get("incidents", []), "claims": parts.get("claims", [])}
    checked = check(Report, answer, document)
    assert checked.dropped == []
    report = checked.value
    for prefix, things in (("A", report.actors), ("I", report.incidents), ("C", report.claims)):
        for number, thing in enumerate(things, 1):
            thing.id = f"{prefix}{number}"
    work_out(report, document)
    report.verify(text)
    return report


def only_incident(text: str, day: date | None = DAY, language: str | None = "en", **more: Any) -> Incident:
    (one,) = worked_out(text, day, language, incidents=[incident(**more)]).incidents
    return one


def contents(report: Report) -> list[list[str]]:
    return [[span.quote for span in one.content] for one in report.claims]


class TestActors:
    def test_the_fullest_name_is_the_name(self) -> None:
        report = worked_out("The army, or Royal Moravian Army, fled.", actors=[["The army", "Royal Moravian Army"]])
        (actor,) = report.actors
        assert actor.name == "Royal Moravian Army"
        assert {mention.actor for mention in actor.mentions} == {"A1"}

    def test_a_country_is_one_that_the_names_agree_on(self) -> None:
        text = "The Syrian army, Damascus, Russia and Turkey met the Navy of Russia and Turkey."
        names = [["The Syrian army"], ["Russia", "Navy of Russia"], ["Russia", "Turkey"], ["Damascus"]]
        countries = [actor.country for actor in worked_out(text, actors=names).actors]
        assert countries[:3] == ["SYR", "RUS", None]

    def test_mentions_are_tied_to_actors_by_their_words(self) -> None:
        text = "The army shelled the rebels. The Army said the rebels of Sarn had fled. Both army doctors left."
        report = worked_out(
            text,
            actors=[["The army"], ["the rebels of Sarn"]],
            incidents=[incident(initiators=["The army"], targets=["the rebels"], evidence=[1])],
            claims=[claim("The Army", "said", (2,), against="the rebels of Sarn", via=["the rebels"])],
        )
        (one,) = report.incidents
        assert one.initiators[0].actor == "A1"
        assert one.targets[0].actor is None, "other words at another place name nobody for sure"
        (said,) = report.claims
        assert said.source.actor == "A1"
        assert said.against
        assert said.against.actor == "A2"
        assert said.via[0].actor == "A2", "these words lie within a name of the actor"

    def test_a_tie_that_was_given_is_kept(self) -> None:
        document = Document("The army said it. The army fled.")
        answer = {"actors": [], "incidents": [], "claims": [claim("The army", "said")]}
        report = check(Report, answer, document).value
        report.claims[0].source.actor = "A7"
        work_out(report, document)
        assert report.claims[0].source.actor == "A7"


class TestDates:
    def test_are_read_from_the_day_of_the_article(self) -> None:
        (when,) = only_incident("They fought on Sunday.", when=["on Sunday"]).when
        assert (when.earliest, when.latest, when.precision, when.unresolved) == (
            date(2026, 3, 8),
            date(2026, 3, 8),
            "day",
            None,
        )

    def test_of_what_is_planned_lie_ahead(self) -> None:
        (when,) = only_incident("They will fight on Sunday.", when=["on Sunday"], realis="planned").when
        assert when.earliest == date(2026, 3, 15)

    def test_that_need_the_day_of_the_article_stay_open_without_it(self) -> None:
        first, second = only_incident(
            "They fought on Sunday and on 3 May 2025.", day=None, when=["on Sunday", "on 3 May 2025"]
        ).when
        assert (first.earliest, first.latest) == (None, None)
        assert first.unresolved
        assert (second.earliest, second.unresolved) == (date(2025, 5, 3), None)


class TestCounts:
    @pytest.mark.parametrize(
        ("text", "who", "count", "words", "bounds"),
        [
            ("At least 12 villagers died.", "villagers", "At least 12", "At least 12", (12, None)),
            ("Dozens of villagers died.", "villagers", "Dozens", "Dozens", (None, None)),
            ("The blast killed six soldiers.", "six soldiers", None, "six soldiers", (6, 6)),
            ("The blast killed a child.", "child", None, "a child", (1, 1)),
            ("The blast hurt the pilot.", "pilot", None, "the pilot", (1, 1)),
            ("The blast hurt villagers.", "villagers", None, None, None),
        ],
    )
    def test_bounds(
        self, text: str, who: str, count: str | None, words: str | None, bounds: tuple[int | None, int | None] | None
    ) -> None:
        toll = {"who": who, "status": "killed", "category": "civilian", "count": count}
        (casualty,) = only_incident(text, casualties=[toll]).casualties
        found = casualty.count
        assert (found and found.text) == words
        assert (found and (found.min, found.max)) == bounds
        assert found is None or text[found.start : found.end] == found.text

    def test_unknown_is_not_zero(self) -> None:
        toll = {"who": "villagers", "status": "killed", "category": "civilian", "count": None}
        one: Casualty = only_incident("The blast killed villagers.", casualties=[toll]).casualties[0]
        assert one.count is None


def test_the_country_of_a_place_is_what_its_words_name() -> None:
    text = "They fought at Tyre, Lebanon. They fought at Sarn, the Syrians said."
    places = [{"text": words, "relation": "at", "level": None} for words in ("Tyre, Lebanon", "Sarn")]
    first, second = (incident(evidence=[number], where=[place]) for number, place in enumerate(places, 1))
    found = [place.country for one in worked_out(text, incidents=[first, second]).incidents for place in one.where]
    assert found == ["LBN", None]


class TestContents:
    def test_are_cut_by_code(self) -> None:
        text = "The mayor said two men fled. “We saw them,” a nurse said, “by the river.” The raid failed."
        report = worked_out(text, claims=[claim("The mayor", "said"), claim("a nurse", "said", (2,))])
        first, second = contents(report)
        assert first == ["two men fled"]
        assert [words.strip("“”,. ") for words in second] == ["We saw them", "by the river"]

    def test_two_claims_of_one_sentence_are_told_apart(self) -> None:
        text = "The army said the rebels fled, but the mayor denied that anybody had lost."
        report = worked_out(text, claims=[claim("The army", "said"), claim("the mayor", "denied")])
        assert contents(report) == [["the rebels fled"], ["anybody had lost"]]

    def test_a_sentence_that_carries_on_is_all_content(self) -> None:
        text = "The mayor said two men fled. They left a cart."
        report = worked_out(text, claims=[claim("The mayor", "said"), claim("The mayor", None, (2,))])
        assert contents(report)[1] == ["They left a cart"]


class TestValuesAndClaims:
    TEXT = "Gunmen shot at a bus near Sarn. The army said rebels killed six men. The rebels said nine men died."

    def report(self) -> Report:
        tolls = [
            {"who": who, "status": "killed", "category": "civilian", "count": None} for who in ("six men", "nine men")
        ]
        parts: dict[str, Any] = {"targets": ["a bus"], "initiators": ["Gunmen", "rebels"], "casualties": tolls}
        claims = [claim("The army", "said", (2,), incidents=[1]), claim("The rebels", "said", (3,), incidents=[1])]
        return worked_out(self.TEXT, incidents=[incident(evidence=[1, 2, 3], **parts)], claims=claims)

    def test_rival_tolls_are_told_apart(self) -> None:
        (one,) = self.report().incidents
        assert [toll.who.claims for toll in one.casualties] == [["C1"], ["C2"]]

    def test_what_the_article_says_itself_is_nobodys_claim(self) -> None:
        (one,) = self.report().incidents
        assert one.targets[0].claims == []
        assert [value.claims for value in one.initiators] == [[], ["C1"]]

    def test_the_summary_names_whose_account_it_is(self) -> None:
        (one,) = self.report().incidents
        assert one.summary == (
            "ground clash by Gunmen, rebels on a bus; killed: six men, killed: nine men [The army; The rebels]"
        )

    def test_an_incident_of_no_claim_is_the_articles_own(self) -> None:
        place = {"text": "Sarn", "relation": "near", "level": None}
        text = "Gunmen fought near Sarn on Friday."
        one = only_incident(text, initiators=["Gunmen"], where=[place], when=["on Friday"], realis="hypothetical")
        assert one.summary == (
            "hypothetical ground clash by Gunmen near Sarn (on Friday, 2026-03-13) [the article itself]"
        )


class TestUids:
    def test_depend_on_the_spans_alone(self) -> None:
        text = "Gunmen fought near Sarn. Gunmen said so."
        first = worked_out(text, incidents=[incident(initiators=["Gunmen"])], claims=[claim("Gunmen", "said", (2,))])
        other = worked_out(
            text,
            actors=[["Gunmen"]],
            incidents=[incident(evidence=[2], weapons=["Sarn"]), incident(initiators=["Gunmen"])],
            claims=[claim("Gunmen", "said", (2,), stance="denies")],
        )
        assert other.incidents[1].uid == first.incidents[0].uid != other.incidents[0].uid
        assert other.claims[0].uid == first.claims[0].uid

    def test_differ_between_texts(self) -> None:
        texts = ("Gunmen fought.", "Gunmen fought. ")
        one, other = (worked_out(text, incidents=[incident(initiators=["Gunmen"])]) for text in texts)
        assert one.incidents[0].uid != other.incidents[0].uid


@given(
    names=st.lists(
        st.text(st.characters(categories=["L"], exclude_characters="ſ"), min_size=1, max_size=8), min_size=1, max_size=4
    ),
    separator=st.sampled_from([" ", ", ", "; ", " \u00a0", "\n"]),
)
def test_every_span_stands_at_its_offsets_in_any_script(names: list[str], separator: str) -> None:
    text = f"{separator.join(names)} said: {names[0]}"
    last = len(Document(text).sentences)
    report = worked_out(
        text, language=None, actors=[names], claims=[claim(names[-1], "said", tuple(range(1, last + 1)))]
    )
    assert Report.model_validate(report.model_dump()) == report
