"""What follows from parties and claims: positions, comparable pairs, disputes, statuses, deaths."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.derive.deaths import Toll, deaths
from extractor.derive.disputes import comparable_pairs, settle_disputes
from extractor.derive.positions import place_sources
from extractor.derive.report import weigh_accounts
from extractor.derive.status import read_status
from extractor.document import Document
from extractor.grounding import Evidence, Mention
from extractor.schema import (
    Actor,
    Aspect,
    Casualty,
    Claim,
    Count,
    Deaths,
    Incident,
    Relation,
    Report,
    Source,
    Stance,
    Value,
)

ARMY, SPOKESMAN, REBELS, MONITOR = "A1", "A2", "A3", "A4"
PARTIES = {ARMY: "P1", SPOKESMAN: "P1", REBELS: "P2", MONITOR: "P3"}


def claim(
    id: str, actor: str | None, *aspects: Aspect, stance: Stance = "asserts", about: tuple[str, ...] = ("I1",)
) -> Claim:
    return Claim(
        id=id,
        sentences=[1],
        source=Source(text="x", actor=actor),
        via=[],
        cue=None,
        against=None,
        attribution="implicit",
        stance=stance,
        incidents=list(about),
        aspects=list(aspects or ("occurrence",)),
    )


def value(actor: str | None = None, text: str = "x", start: int = 0, **more: Any) -> Value:
    return Value(text=text, start=start, end=start + len(text), actor=actor, **more)


def incident(id: str = "I1", by: str | None = ARMY, on: str | None = REBELS, **more: Any) -> Incident:
    plain: dict[str, Any] = {
        "type": "airstrike",
        "realis": "actual",
        "weapons": [],
        "when": [],
        "where": [],
        "casualties": [],
    }
    told = Evidence(start=0, end=1, quote="x", sentence=1)
    sides: dict[str, Any] = {"initiators": [value(by)] if by else [], "targets": [value(on)] if on else []}
    return Incident(id=id, evidence=[told], **(plain | sides | more))


def report(*claims: Claim, incidents: list[Incident] | None = None, relations: tuple[Relation, ...] = ()) -> Report:
    actors = [
        Actor(id=name, name=name, kind="other", mentions=[Mention(text="x", start=0, end=1)], party=party)
        for name, party in PARTIES.items()
    ]
    held = incidents if incidents is not None else [incident()]
    return Report(actors=actors, incidents=held, claims=list(claims), relations=list(relations))


def rivals(a: str, b: str, aspect: Aspect = "initiator", kind: Any = "contradicts", about: str = "I1") -> Relation:
    return Relation(a=a, b=b, incident=about, aspect=aspect, kind=kind)


def positions(made: Report) -> list[str | None]:
    place_sources(made)
    return [one.position for one in made.claims]


def status(*claims: Claim, relations: tuple[Relation, ...] = (), **more: Any) -> str | None:
    made = report(*claims, incidents=[incident(**more)], relations=relations)
    settle_disputes(made)
    read_status(made)
    return made.incidents[0].status


class TestPositions:
    def test_a_side_is_that_of_the_party_not_of_the_actor_alone(self) -> None:
        made = report(claim("C1", SPOKESMAN), claim("C2", REBELS), claim("C3", MONITOR), claim("C4", None))
        assert positions(made) == ["initiator_side", "target_side", "third_party", "third_party"]

    def test_who_is_on_both_sides_counts_as_initiator(self) -> None:
        assert positions(report(claim("C1", ARMY), incidents=[incident(on=SPOKESMAN)])) == ["initiator_side"]

    def test_the_first_incident_decides_and_without_one_there_is_no_position(self) -> None:
        two = [incident("I1"), incident("I2", by=REBELS, on=ARMY)]
        made = report(claim("C1", ARMY, about=("I2", "I1")), claim("C2", ARMY, about=()), incidents=two)
        assert positions(made) == ["target_side", None]

    def test_who_admits_a_loss_was_hit_though_the_target_names_nobody(self) -> None:
        made = report(
            claim("C1", REBELS, "equipment_loss", stance="admits"),
            claim("C2", REBELS, "reason"),
            claim("C3", MONITOR, "casualties"),
            incidents=[incident(on=None)],
        )
        assert positions(made) == ["target_side", "target_side", "third_party"]


class TestComparablePairs:
    def test_pairs_are_of_different_parties_on_one_incident_and_aspect(self) -> None:
        made = report(
            claim("C1", ARMY, "casualties", "place"),
            claim("C2", SPOKESMAN, "casualties"),
            claim("C3", REBELS, "casualties"),
            claim("C4", MONITOR, "reason"),
            claim("C5", MONITOR, "casualties", about=("I2",)),
            claim("C6", None, "casualties"),
            claim("C7", REBELS, "context"),
            claim("C8", MONITOR, "context"),
            incidents=[incident("I1"), incident("I2")],
        )
        found = {(pair.a.id, pair.b.id, pair.incident, pair.aspects) for pair in comparable_pairs(made)}
        assert found == {("C1", "C3", "I1", ("casualties",)), ("C2", "C3", "I1", ("casualties",))}


class TestDisputes:
    def test_one_for_each_incident_aspect_and_kind(self) -> None:
        claims = [claim("C1", ARMY), claim("C2", REBELS), claim("C3", MONITOR), claim("C4", SPOKESMAN)]
        relations = rivals("C2", "C1"), rivals("C3", "C1"), rivals("C1", "C2", "reason", "competes")
        made = report(*claims, relations=relations)
        settle_disputes(made)
        assert [(one.aspect, one.kind, one.claims, one.parties) for one in made.disputes] == [
            ("initiator", "contradicts", ["C1", "C2", "C3"], ["P1", "P2", "P3"]),
            ("reason", "competes", ["C1", "C2"], ["P1", "P2"]),
        ]

    @pytest.mark.parametrize(
        "relation", [rivals("C1", "C4"), rivals("C1", "C9"), rivals("C1", "C2", about="I9"), rivals("C1", "C5")]
    )
    def test_none_within_a_party_or_of_what_is_not_there(self, relation: Relation) -> None:
        claims = [claim("C1", ARMY), claim("C2", REBELS), claim("C4", SPOKESMAN), claim("C5", None)]
        made = report(*claims, relations=(relation,))
        settle_disputes(made)
        assert made.disputes == []


class TestStatus:
    def test_without_a_claim_it_is_the_narrator_s_alone(self) -> None:
        assert status() == "narrator_only"

    def test_one_party_however_many_of_it_speak_corroborates_nothing(self) -> None:
        assert status(claim("C1", REBELS)) == "single_party"
        assert status(claim("C1", ARMY), claim("C2", SPOKESMAN), by=MONITOR) == "single_party"

    def test_two_parties_corroborate(self) -> None:
        assert status(claim("C1", REBELS), claim("C2", MONITOR)) == "corroborated"

    def test_a_question_background_and_a_claim_about_another_incident_first_corroborate_nothing(self) -> None:
        silent = (
            claim("C2", MONITOR, stance="questions"),
            claim("C3", MONITOR, "context"),
            claim("C4", MONITOR, about=("I2", "I1")),
        )
        assert status(claim("C1", REBELS), *silent) == "single_party"

    def test_the_initiator_s_side_acknowledges(self) -> None:
        assert status(claim("C1", REBELS), claim("C2", SPOKESMAN, stance="admits")) == "acknowledged"
        assert status(claim("C1", ARMY, "reason")) == "acknowledged"

    def test_telling_that_it_happened_is_not_owning_up(self) -> None:
        assert status(claim("C1", ARMY, "occurrence", "casualties")) == "single_party"
        assert status(claim("C1", ARMY, "occurrence", "initiator")) == "acknowledged"
        assert status(claim("C1", ARMY, "occurrence"), realis="planned") == "acknowledged"

    def test_a_denial_makes_it_disputed_also_beside_an_admission_of_the_same_side(self) -> None:
        admitted = claim("C1", ARMY, "initiator", stance="admits")
        assert status(admitted, claim("C2", SPOKESMAN, "initiator", stance="denies")) == "disputed"

    def test_rival_tolls_alone_do_not(self) -> None:
        told = claim("C1", REBELS, "casualties"), claim("C2", MONITOR, "casualties")
        assert status(*told, relations=(rivals("C1", "C2", "casualties"),)) == "corroborated"

    def test_a_contradiction_about_who_did_it_does(self) -> None:
        told = claim("C1", REBELS, "initiator"), claim("C2", MONITOR, "initiator")
        assert status(*told, relations=(rivals("C1", "C2", kind="competes"),)) == "corroborated"
        assert status(*told, relations=(rivals("C1", "C2"),)) == "disputed"

    def test_a_contradiction_that_stands_in_no_two_parties_is_none(self) -> None:
        told = claim("C1", REBELS, "initiator"), claim("C2", REBELS, "initiator")
        assert status(*told, relations=(rivals("C1", "C2"),)) == "single_party"


CLAIMS = st.lists(
    st.tuples(
        st.sampled_from([ARMY, SPOKESMAN, REBELS, MONITOR, None]),
        st.sampled_from(["occurrence", "initiator", "casualties", "context"]),
        st.sampled_from(["asserts", "denies", "admits", "questions"]),
        st.sampled_from([("I1",), ("I2",), ("I1", "I2")]),
    ),
    max_size=6,
)


@given(CLAIMS, st.randoms(use_true_random=False))
def test_the_order_of_claims_and_relations_changes_nothing(told: list[tuple[Any, ...]], random: Any) -> None:
    claims = [
        claim(f"C{number}", actor, aspect, stance=stance, about=about)
        for number, (actor, aspect, stance, about) in enumerate(told, 1)
    ]
    made = report(*claims, incidents=[incident("I1"), incident("I2", by=REBELS, on=ARMY)])
    made.relations = [
        Relation(a=pair.a.id, b=pair.b.id, incident=pair.incident, aspect=pair.aspects[0], kind="contradicts")
        for pair in comparable_pairs(made)
    ]
    other = made.model_copy(deep=True)
    random.shuffle(other.claims)
    random.shuffle(other.relations)
    for one in (made, other):
        place_sources(one)
        settle_disputes(one)
        read_status(one)
    assert {one.id: one.position for one in made.claims} == {one.id: one.position for one in other.claims}
    assert [one.status for one in made.incidents] == [one.status for one in other.incidents]
    assert told_by(made) == told_by(other)


def told_by(made: Report) -> set[tuple[object, ...]]:
    return {
        (one.incident, one.aspect, one.kind, frozenset(one.claims), frozenset(one.parties)) for one in made.disputes
    }


TEXT = (
    "Eleven people died, among them three guards and a driver. The army said six had died. "
    "Rebels spoke of four soldiers and two clerks. Some said dozens. Later the army spoke of nine dead."
)


def killed(words: str, who: str, low: int | None, high: int | None, *claims: str) -> Casualty:
    start = TEXT.index(words)
    at = TEXT.index(who, start)
    count = Count(text=words, start=start, end=start + len(words), min=low, max=high)
    who_value = Value(text=who, start=at, end=at + len(who), claims=list(claims))
    return Casualty(who=who_value, status="killed", category="unknown", count=count)


class TestDeaths:
    def test_accounts_that_differ_make_a_range_without_a_best(self) -> None:
        tolls = [Toll(14, 14), Toll(17, None), Toll(19, 19)]
        assert deaths(tolls) == Deaths(low=14, best=None, high=19)

    def test_best_is_what_one_tells_exactly_and_nobody_rules_out(self) -> None:
        assert deaths([Toll(19, 19), Toll(17, None), Toll(None, 20)]) == Deaths(low=17, best=19, high=20)
        assert deaths([Toll(17, None)]) == Deaths(low=17, best=None, high=17)

    def test_no_number_is_no_deaths(self) -> None:
        assert deaths([]) is None
        assert deaths([Toll(0, 0)]) == Deaths(low=0, best=0, high=0)

    @given(
        st.lists(
            st.integers(0, 99).flatmap(lambda low: st.integers(low, 99).map(lambda high: Toll(low, high))), min_size=1
        )
    )
    def test_the_range_holds_every_account(self, tolls: list[Toll]) -> None:
        made = deaths(tolls)
        assert made is not None
        assert made.low is not None
        assert made.high is not None
        assert all(made.low <= low and high <= made.high for low, high in tolls if low is not None and high is not None)
        assert made.best is None or made.low <= made.best <= made.high

    def test_parts_are_not_added_groups_are_and_a_party_counts_once(self) -> None:
        tolls = [
            killed("Eleven", "people", 11, 11),
            killed("three", "guards", 3, 3),
            killed("a driver", "driver", 1, 1),
            killed("six", "six", 6, 6, "C1"),
            killed("four", "soldiers", 4, 4, "C2"),
            killed("two", "clerks", 2, 2, "C2"),
            killed("dozens", "dozens", None, None, "C3"),
            killed("nine", "dead", 9, 9, "C4"),
        ]
        claims = [claim("C1", ARMY), claim("C2", REBELS), claim("C3", MONITOR), claim("C4", SPOKESMAN)]
        made = report(*claims, incidents=[incident(casualties=tolls)])
        weigh_accounts(made, Document(TEXT, language="en"))
        # the actors are tied by nothing here, so the spokesman's nine is an account of its own
        assert made.incidents[0].deaths == Deaths(low=6, best=None, high=11)

    def test_the_wounded_are_no_deaths(self) -> None:
        wounded = killed("six", "six", 6, 6).model_copy(update={"status": "wounded"})
        made = report(incidents=[incident(casualties=[wounded])])
        weigh_accounts(made, Document(TEXT, language="en"))
        assert made.incidents[0].deaths is None
