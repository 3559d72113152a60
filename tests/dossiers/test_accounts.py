"""What a dossier holds: parties over all articles, disputes and conflicts side by side, tolls over time, sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date
from typing import Any

import pytest

from extractor import Dossier, Report, link
from tests.dossiers.reports import FRONT, claim, incident, report


def one(reports: Sequence[Report]) -> Dossier:
    (dossier,) = link(reports)
    return dossier


def party_names(dossier: Dossier) -> set[frozenset[str]]:
    """The parties as sets of "document party"."""
    return {frozenset(f"{part.document} {part.party}" for part in held.parties) for held in dossier.parties}


class TestParties:
    @pytest.mark.parametrize(
        ("ours", "theirs", "same"),
        [
            (("Northern Resistance Front", "non_state_armed"), ("NRF", "non_state_armed"), True),
            (("Colonel Tavo Renn", "state_forces"), ("Renn", "state_forces"), True),
            (("Ministry of Défence", "government"), ("ministry of defence", "government"), True),
            (("army", "state_forces"), ("army", "state_forces"), True),
            (("residents", "civilians"), ("residents", "civilians"), False),
            (("Northern Front", "non_state_armed"), ("Southern Front", "non_state_armed"), False),
            (("Karsian Guard", "state_forces"), ("Guard", "non_state_armed"), False),
        ],
    )
    def test_the_same_party_in_two_articles(
        self, ours: tuple[str, str], theirs: tuple[str, str], same: bool
    ) -> None:  # fmt: skip
        dossier = one(
            [
                report("a", incident(), claims=(claim("C1", ours[0]),), actors=(ours,)),
                report("b", incident(), claims=(claim("C1", theirs[0]),), actors=(theirs,)),
            ]
        )
        assert (len(dossier.parties) == 1) is same
        if same:
            (held,) = dossier.parties
            assert held.because
            assert [each.document for each in held.claims] == ["a", "b"]

    def test_two_parties_of_one_report_stay_two(self) -> None:
        short, long_ = ("Front", "non_state_armed"), ("Hill Front", "non_state_armed")
        both = (claim("C1", "Hill Front"), claim("C2", "Front"))
        dossier = one(
            [
                report("a", incident(), claims=(claim("C1", "Hill Front"),), actors=(long_,)),
                report("b", incident(), claims=both, actors=(long_, short)),
            ]
        )
        assert party_names(dossier) == {frozenset({"a P1", "b P1"}), frozenset({"b P2"})}

    def test_a_claim_keeps_what_its_report_says_of_it(self) -> None:
        told = claim("C1", "Hill Front", "admits", ("initiator",), via="Free Radio")
        made = report("a", incident(by=("Hill Front",)), claims=(told,), actors=(FRONT, ("Free Radio", "media")))
        (held,) = next(party for party in one([made]).parties if party.claims).claims
        assert (held.claim, held.source, held.stance, held.via) == ("C1", "Hill Front", "admits", ["Free Radio"])
        assert (held.position, held.published, held.publisher) == ("initiator_side", Date(2026, 3, 3), "Paper of a")
        assert held.content[0].quote == "what "


class TestRivals:
    def test_a_denial_in_one_article_contradicts_an_accusation_in_another(self) -> None:
        dossier = one(
            [
                report("a", incident(), claims=(claim("C1", "Ilda Brenko", "accuses", ("initiator",)),)),
                report("b", incident(), claims=(claim("C1", "Ostanian army", "denies", ("initiator", "place")),)),
            ]
        )
        (dispute,) = dossier.disputes
        assert (dispute.aspect, dispute.kind) == ("initiator", "contradicts")
        assert {(each.document, each.claim) for each in dispute.claims} == {("a", "C1"), ("b", "C1")}
        assert len(dispute.parties) == 2
        assert "Ostanian army (b C1) denies, Ilda Brenko (a C1) accuses" in dispute.because[0]
        assert dossier.status == "disputed"

    def test_a_party_is_no_rival_of_itself(self) -> None:
        dossier = one(
            [
                report("a", incident(), claims=(claim("C1", "Ostanian army", "admits", ("initiator",)),)),
                report("b", incident(), claims=(claim("C1", "Ostanian army", "denies", ("initiator",)),)),
            ]
        )
        assert dossier.disputes == []

    @pytest.mark.parametrize(("date", "kind"), [("2026-03-03", "contradicts"), ("2026-03-05", "competes")])
    def test_tolls_of_two_parties_stand_side_by_side(self, date: str, kind: str) -> None:
        ours = incident(killed=(9, 9), killed_by=("C1",))
        theirs = incident(killed=(2, 2), killed_by=("C1",))
        dossier = one(
            [
                report("a", ours, claims=(claim("C1", "Ilda Brenko", aspects=("casualties",)),)),
                report("b", theirs, claims=(claim("C1", "Ostanian army", aspects=("casualties",)),), date=date),
            ]
        )
        (dispute,) = dossier.disputes
        assert (dispute.aspect, dispute.kind) == ("casualties", kind)
        (conflict,) = dossier.conflicts
        assert (conflict.field, [version.value for version in conflict.versions]) == ("killed", ["2", "9"])
        assert [version.told[0].document for version in conflict.versions] == ["b", "a"]
        assert (dossier.deaths and (dossier.deaths.low, dossier.deaths.best, dossier.deaths.high)) == (2, None, 9)

    def test_other_initiators_and_days_are_conflicts(self) -> None:
        dossier = one(
            [
                report("a", incident(killed=(5, 5))),
                report("b", incident(by=("Hill Front",), day="2026-03-03", when="early on Tuesday", killed=(5, 5))),
            ]
        )
        held = {conflict.field: [version.value for version in conflict.versions] for conflict in dossier.conflicts}
        assert held == {"initiators": ["Ostanian army", "Hill Front"], "when": ["2026-03-02", "2026-03-03"]}
        assert (dossier.earliest, dossier.latest) == (Date(2026, 3, 2), Date(2026, 3, 3))

    def test_several_values_of_one_account_are_no_conflict(self) -> None:
        both = incident(by=("Ostanian army", "Hill Front"))
        assert one([report("a", incident()), report("b", both)]).conflicts == []


class TestTolls:
    def test_the_toll_over_time(self) -> None:
        dossier = one(
            [
                report("late", incident(killed=(14, 14)), date="2026-03-06"),
                report("first", incident(killed=(9, 9)), date="2026-03-03"),
                report("same", incident(killed=(14, 14)), date="2026-03-07"),
                report("open", incident(killed=(10, None)), date="2026-03-05"),
                report("undated", incident(killed=(9, 9)), date=None),
            ]
        )
        assert [(each.document, each.min, each.max, each.change) for each in dossier.timeline] == [
            ("first", 9, 9, "the first day of tolls"),
            ("open", 10, None, "up from its own of 2026-03-03"),
            ("late", 14, 14, "up from its own of 2026-03-05"),
            ("same", 14, 14, "as its own of 2026-03-06"),
            ("undated", 9, 9, "the article has no date"),
        ]
        assert dossier.timeline[0].words == ["some people"]

    def test_a_toll_that_is_only_denied_counts_in_no_total(self) -> None:
        told = incident(killed=(9, 9), killed_by=("C1",))
        dossier = one([report("a", told, claims=(claim("C1", "Ostanian army", "denies", ("casualties",)),))])
        assert [toll.denied for toll in dossier.tolls] == [True]
        assert dossier.deaths is None
        assert dossier.timeline == []


class TestSources:
    LONG = "Shells hit the fish market of Orvan on Monday morning, killing five people, the mayor said."
    OTHER = "Five traders died when two rockets came down between the stalls."

    def sources(self, *reports: Report) -> set[frozenset[str]]:
        dossier = one(reports)
        assert dossier.independent_sources == len(dossier.sources)
        return {frozenset(each.articles) for each in dossier.sources}

    def test_a_story_reprinted_is_one_source(self) -> None:
        edited = self.LONG.replace("Monday morning", "Monday")
        dossier = one([report("a", incident(sentence=self.LONG)), report("b", incident(sentence=edited))])
        (source,) = dossier.sources
        assert source.articles == ["a", "b"]
        assert source.because == ["a and b: 100% of the shorter telling stands in the other too"]

    def test_words_of_their_own_are_two_sources(self) -> None:
        told = report("a", incident(sentence=self.LONG)), report("b", incident(sentence=self.OTHER))
        assert self.sources(*told) == {frozenset("a"), frozenset("b")}

    def test_one_outlet_is_one_source(self) -> None:
        first = report("a", incident(sentence=self.LONG), publisher="The Courier")
        second = report("b", incident(sentence=self.OTHER), publisher="Courier")
        assert self.sources(first, second) == {frozenset("ab")}

    def test_who_has_all_from_an_agency_is_one_source_with_it(self) -> None:
        def passed_on(name: str, sentence: str, *claims: dict[str, Any]) -> Report:
            return report(name, incident(sentence=sentence), claims=claims)

        agency = report("wire", incident(sentence="Something else was told here, at length."), publisher="Anchor News")
        relayed = passed_on("a", self.LONG, claim("C1", "Ilda Brenko", via="Anchor News"))
        mixed = passed_on(
            "b", self.OTHER, claim("C1", "Ilda Brenko", via="Anchor News"), claim("C2", "Ostanian army")
        )  # fmt: skip
        assert self.sources(agency, relayed, mixed) == {frozenset({"wire", "a"}), frozenset("b")}


class TestStatus:
    def test_two_parties_in_two_articles_corroborate(self) -> None:
        first = report("a", incident(), claims=(claim("C1", "Ilda Brenko"),))
        second = report("b", incident(), claims=(claim("C1", "Hill Front"),))
        assert one([first, second]).status == "corroborated"
        assert one([first]).status == "single_party"
        assert one([report("c", incident())]).status == "narrator_only"
