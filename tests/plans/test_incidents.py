"""Incidents put together from what a model told of each sentence."""

from collections.abc import Mapping, Sequence

import pytest

from extractor.document import Document
from extractor.plans.stepwise.claims import FoundClaim, blame
from extractor.plans.stepwise.cues import cue_list_for
from extractor.plans.stepwise.deeds import Deed, deed_of
from extractor.plans.stepwise.event_words import event_words_for
from extractor.plans.stepwise.incidents import FoundIncident, merge
from extractor.plans.stepwise.kinds import Kind
from extractor.plans.stepwise.sentences import Counted, Told
from extractor.schema import CasualtyStatus


def deed(line: str) -> Deed:
    told = deed_of(line)
    assert told is not None
    return told


def people(number: str, who: str, how: CasualtyStatus = "killed") -> tuple[str, Counted]:
    return number, Counted(who=who, how=how)


def incidents(text: str, told: Sequence[Told], kinds: Mapping[str, Kind] | None = None) -> list[FoundIncident]:
    return merge(Document(text, language="en"), told, kinds or {}, event_words_for("en"))


class TestOneEvent:
    def test_an_event_told_again_further_on_is_one_incident(self) -> None:
        text = "Guns hit the mill at Orvan. A nurse wept. It rained. The road was shut. Guns hit the mill by mistake."
        first, again = deed("did hit: shelling; against mill; at Orvan"), deed("did hit: airstrike; against mill")
        (one,) = incidents(text, [Told(1, deeds=[first]), Told(5, deeds=[again])])
        assert one.sentences == [1, 5]
        assert (one.on, one.where) == (["mill"], ["Orvan"])

    def test_the_same_deed_on_another_day_and_target_is_another_incident(self) -> None:
        text = "On Monday guns hit the mill. On Friday guns hit the port."
        told = [
            Told(1, days=["On Monday"], deeds=[deed("did hit: shelling; against mill")]),
            Told(2, days=["On Friday"], deeds=[deed("did hit: shelling; against port")]),
        ]
        assert [one.when for one in incidents(text, told)] == [["On Monday"], ["On Friday"]]

    def test_what_is_feared_is_not_what_happened(self) -> None:
        text = "Guns hit the mill. Guns could hit the port."
        told = [
            Told(1, deeds=[deed("did hit: shelling; against mill")]),
            Told(2, deeds=[deed("may hit: shelling; against port")]),
        ]
        assert [one.realis for one in incidents(text, told)] == [["actual"], ["hypothetical"]]


class TestTolls:
    def test_a_toll_without_an_event_makes_an_incident(self) -> None:
        (one,) = incidents("It was noon. Four women died.", [Told(1), Told(2, counted=[people("Four", "women")])])
        assert (one.type, one.sentences) == ("other", [2])

    def test_people_who_were_taken_were_so_in_an_event_of_its_own(self) -> None:
        text = "Guns hit the mill. Six men were led away."
        told = [
            Told(1, deeds=[deed("did hit: shelling; against mill")]),
            Told(2, counted=[people("Six", "men", "captured")]),
        ]
        assert [one.type for one in incidents(text, told)] == ["shelling_missile", "abduction_detention"]

    def test_the_words_of_a_sentence_check_what_became_of_people(self) -> None:
        text = "Guns hit the mill. Ten guards were wounded."
        told = [Told(1, deeds=[deed("did hit: shelling; against mill")]), Told(2, counted=[people("Ten", "guards")])]
        (one,) = incidents(text, told)
        assert [toll.status for toll in one.casualties] == ["wounded"]

    def test_an_age_is_no_toll(self) -> None:
        (one,) = incidents("A woman of 71 died in her cellar.", [Told(1, counted=[people("71", "woman")])])
        assert [(toll.who, toll.count) for toll in one.casualties] == [("woman", None)]

    def test_weapons_are_not_counted_as_people(self) -> None:
        told = [Told(1, counted=[people("Two", "drones")], deeds=[deed("did hit: airstrike; against mill")])]
        assert incidents("Two drones hit the mill.", told)[0].casualties == []


class TestNames:
    def test_the_weapon_is_not_who_used_it(self) -> None:
        told = [Told(1, deeds=[deed("did bombed: airstrike; by army jet; against wedding")])]
        (one,) = incidents("An army jet bombed a wedding at Vasca.", told, {"army": "state_forces"})
        assert (one.by, one.weapons) == (["army"], ["jet"])

    def test_people_hit_are_told_without_their_number(self) -> None:
        told = [
            Told(
                1,
                counted=[people("two", "farmers")],
                deeds=[deed("did killing: bombing; against two farmers; at Orvan")],
            )
        ]
        assert incidents("A bomb went off at Orvan, killing two farmers.", told)[0].on == ["farmers"]

    def test_who_was_killed_was_hit_unless_nothing_is_said_of_who_he_was(self) -> None:
        text = "A bomb went off at Orvan, killing two farmers. A bomb went off at Vasca, killing six people."
        told = [
            Told(1, counted=[people("two", "farmers")], deeds=[deed("did bomb: bombing; at Orvan")]),
            Told(2, counted=[people("six", "people")], deeds=[deed("did bomb: bombing; at Vasca")]),
        ]
        found = incidents(text, told, {"farmers": "civilians", "people": "people"})
        assert [one.on for one in found] == [["farmers"], []]

    def test_troops_move_to_a_place_and_hit_none(self) -> None:
        told = [Told(1, deeds=[deed("will deployed: troops; by army; against Vasca; at Vasca")])]
        (one,) = incidents("The army will be deployed to Vasca.", told, {"Vasca": "place"})
        assert (one.on, one.where) == ([], ["Vasca"])

    @pytest.mark.parametrize("at", ["same operation", "Red Valley"])
    def test_what_is_no_place_is_none(self, at: str) -> None:
        told = [Told(1, deeds=[deed(f"did hit: shelling; against mill; at {at}")])]
        text = "Red Valley guns hit the mill in the same operation."
        assert incidents(text, told, {"Red Valley": "non_state_armed"})[0].where == []

    def test_an_attack_on_soldiers_is_none_on_civilians(self) -> None:
        told = [Told(1, deeds=[deed("did attacked: murder; by Gunmen; against police post")])]
        (one,) = incidents("Gunmen attacked a police post.", told, {"police post": "state_forces"})
        assert one.type == "ground_clash"


class TestDays:
    def test_a_day_told_before_the_event_is_its_day(self) -> None:
        told = [Told(1, days=["on 14 October"]), Told(2, deeds=[deed("did hit: shelling; against mill")])]
        assert incidents("That was on 14 October. Guns hit the mill.", told)[0].when == ["on 14 October"]

    def test_the_day_of_a_dateline_and_the_number_of_a_battalion_are_no_days(self) -> None:
        text = "ORVAN, May 3 (Nordpress) - Men of the 14th Battalion shelled the mill on Friday."
        told = [Told(1, days=["May 3", "the 14th", "on Friday"], deeds=[deed("did shelled: shelling; against mill")])]
        assert incidents(text, told)[0].when == ["on Friday"]


class TestBlame:
    @pytest.mark.parametrize(
        ("cue", "against", "by"),
        [("accused", "the Front", ["the Front"]), ("claimed responsibility", None, ["The mayor"]), ("said", None, [])],
    )
    def test_who_is_accused_or_claims_it_did_it(self, cue: str, against: str | None, by: list[str]) -> None:
        cues = cue_list_for(Document("It burned.", language="en"))
        found = [FoundIncident(sentences=[1])]
        claims = [FoundClaim(2, "The mayor", cue, "asserts", [1], against=against)]
        blame(found, claims, {}, cues)
        assert found[0].by == by
