"""Which incidents become one event: what brings them together, what keeps them apart; the order is of no matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor import Dossier, Report, link
from extractor.errors import InputError
from tests.dossiers.reports import incident, report


def groups(reports: Sequence[Report]) -> set[frozenset[str]]:
    """The dossiers as sets of "document incident"."""
    return {frozenset(f"{one.document} {one.incident}" for one in dossier.incidents) for dossier in link(reports)}


def pair(one: dict[str, Any], other: dict[str, Any], **about: Any) -> list[Dossier]:
    return list(link([report("a", one, **about), report("b", other, **about)]))


class TestTogether:
    @pytest.mark.parametrize(
        "other",
        [
            incident(),
            incident(by=("Hill Front",)),
            incident(on=("fish market",), used=("rockets",)),
            incident(type="airstrike"),
            incident(day="2026-03-01", until="2026-03-03"),
            incident(day=None),
            incident(town="Orven"),
            incident(town="town of Orvan"),
            incident(town=None),
            incident(town="Vorlan Hills", level="region", killed=(5, 5)),
            incident(killed=(19, 19)),
            incident(day="2026-03-03", when="early on Tuesday"),
        ],
        ids=[
            "same", "rival initiators", "another part of the target", "kindred type", "several days", "no day",
            "spelt otherwise", "a longer name", "no place", "a region", "a grown toll", "the night between two days",
        ],
    )  # fmt: skip
    def test_one_event(self, other: dict[str, Any]) -> None:
        (dossier,) = pair(incident(killed=(5, 5)), other)
        (held,) = dossier.links
        assert held.score >= 3
        assert held.agree
        assert dossier.alone is None

    def test_a_link_tells_what_agrees_and_what_differs(self) -> None:
        (dossier,) = pair(incident(killed=(5, 5)), incident(type="airstrike", killed=(9, 9), by=("Hill Front",)))
        (held,) = dossier.links
        assert (held.a, held.b) == (("a", "I1"), ("b", "I1"))
        assert 'same day: "on Monday" (2026-03-02)' in held.agree
        assert 'same place: "Orvan"' in held.agree
        assert "tolls that differ: killed 5; killed 9" in held.differ
        assert "kindred types: shelling_missile; airstrike" in held.differ
        assert 'different initiators: "Ostanian army"; "Hill Front"' in held.differ

    def test_places_by_their_coordinates(self) -> None:
        near = incident(town="Upper Mills", level="site", spot=(10.05, 20.0))
        assert len(pair(incident(town="Orvan", spot=(10.0, 20.0)), near)) == 1
        assert len(pair(incident(town="Orvan", spot=(10.0, 20.0)), incident(spot=(12.0, 20.0)))) == 2

    def test_undated_articles_need_more_in_common(self) -> None:
        bare = incident(day=None, by=(), on=(), sentence="It was told in words of its own.")
        dated = report("a", incident(killed=(7, 7)))
        assert len(list(link([dated, report("b", bare, date=None)]))) == 2
        full = incident(day=None, killed=(7, 7))
        assert len(list(link([dated, report("b", full, date=None)]))) == 1


class TestApart:
    @pytest.mark.parametrize(
        "other",
        [
            incident(day="2026-03-03", when="on Tuesday"),
            incident(town="Kesht"),
            incident(type="abduction_detention", on=("teachers",)),
            incident(town=None, on=("bridge",), by=("Hill Front",)),
            incident(day=None, town=None),
            incident(on=("bridge",), by=("Hill Front",), type="ground_clash"),
        ],
        ids=["the next day", "the next town", "another deed", "no place", "neither day nor place", "other sides"],
    )
    def test_two_events(self, other: dict[str, Any]) -> None:
        sentence = {**other, "evidence": [{**other["evidence"][0], "quote": "It was told in words of its own."}]}
        one, two = pair(incident(), sentence)
        assert one.alone
        assert two.alone
        assert one.id != two.id

    def test_one_article_tells_two_events_as_two(self) -> None:
        assert groups([report("a", incident("I1"), incident("I2")), report("b", incident())]) in (
            {frozenset({"a I1", "b I1"}), frozenset({"a I2"})},
            {frozenset({"a I2", "b I1"}), frozenset({"a I1"})},
        )

    def test_an_article_without_a_day_does_not_chain_two_days_together(self) -> None:
        first, second = incident(day="2026-03-02"), incident(day="2026-03-03", when="on Tuesday")
        held = groups([report("a", first), report("b", second, date="2026-03-04"), report("c", incident(day=None))])
        assert not any({"a I1", "b I1"} <= one for one in held)
        assert sum(map(len, held)) == 3

    def test_what_is_like_one_of_an_event_but_not_like_the_rest_says_so(self) -> None:
        def told(number: int, **about: Any) -> dict[str, Any]:
            return incident(**about, sentence=f"It was told in words of its own, for the {number} time.")

        first, second = told(1, killed=(50, 50)), told(2, on=("bridge",))
        undated = report("c", told(3, day=None, by=(), killed=(50, 50)), date=None)
        one, event = sorted(link([report("a", first), report("b", second), undated]), key=lambda d: len(d.incidents))
        assert [held.document for held in event.incidents] == ["a", "b"]
        assert one.alone is not None
        assert "compared with 2, nearest a I1 with 3.5, but not near enough to its whole event" in one.alone

    @pytest.mark.parametrize(
        ("about", "why"),
        [
            ({"day": "2026-03-02"}, "none of about its days shares a place or a side"),
            ({"town": None}, "no place is told for it"),
        ],
    )
    def test_why_it_is_alone(self, about: dict[str, Any], why: str) -> None:
        (dossier,) = link([report("a", incident(**about))])
        assert dossier.alone is not None
        assert why in dossier.alone

    def test_why_an_undated_one_is_alone(self) -> None:
        (dossier,) = link([report("a", incident(day=None), date=None)])
        assert dossier.alone is not None
        assert "neither it nor its article has a date" in dossier.alone
        assert dossier.undated == "no article tells the day in words that give one"


TOLD = st.builds(
    incident,
    type=st.sampled_from(["shelling_missile", "airstrike", "ground_clash"]),
    day=st.sampled_from(["2026-03-01", "2026-03-02", "2026-03-03", None]),
    when=st.sampled_from(["on Monday", "at night"]),
    until=st.sampled_from([None, "2026-03-04"]),
    town=st.sampled_from(["Orvan", "Orven", "Kesht", None]),
    by=st.sampled_from([("Ostanian army",), ("Hill Front",), ()]),
    killed=st.sampled_from([None, (3, 3), (3, None), (9, 9)]),
)


@st.composite
def several(draw: st.DrawFn) -> list[Report]:
    many = draw(st.lists(st.lists(TOLD, min_size=1, max_size=3), min_size=1, max_size=7))
    return [
        report(
            f"d{number}",
            *({**one, "id": f"I{place}"} for place, one in enumerate(told, 1)),
            date=draw(st.sampled_from(["2026-03-03", "2026-03-05", None])),
        )
        for number, told in enumerate(many)
    ]


class TestLaws:
    @settings(max_examples=20, deadline=None)
    @given(several(), st.randoms(use_true_random=False))
    def test_the_order_of_reports_is_of_no_matter(self, reports: list[Report], random: Any) -> None:
        before = [dossier.to_json() for dossier in link(reports)]
        random.shuffle(reports)
        assert [dossier.to_json() for dossier in link(reports)] == before

    @settings(max_examples=20, deadline=None)
    @given(several())
    def test_every_incident_is_in_exactly_one_dossier_and_once_for_each_article(self, reports: list[Report]) -> None:
        dossiers = list(link(reports))
        told = [(one.document, one.incident) for dossier in dossiers for one in dossier.incidents]
        assert sorted(told) == sorted((one.document.id, i.id) for one in reports if one.document for i in one.incidents)
        for dossier in dossiers:
            assert len({one.document for one in dossier.incidents}) == len(dossier.incidents)
            assert len(dossier.links) == len(dossier.incidents) - 1
            assert 1 <= dossier.independent_sources <= len(dossier.articles)

    @settings(max_examples=10, deadline=None)
    @given(several())
    def test_dossiers_are_read_as_they_were_written(self, reports: list[Report]) -> None:
        for dossier in link(reports):
            assert Dossier.model_validate_json(dossier.to_json()) == dossier


class TestRefusals:
    def test_a_document_id_there_twice(self) -> None:
        with pytest.raises(InputError, match=r'document id "a" is there twice, in reports 1 and 3'):
            list(link([report("a", incident()), report("b", incident()), report("a", incident())]))

    def test_an_incident_id_there_twice(self) -> None:
        with pytest.raises(InputError, match=r'report 1, of document "a", holds two incidents "I1"'):
            list(link([report("a", incident(), incident())]))

    def test_a_report_of_no_document(self) -> None:
        with pytest.raises(InputError, match="report 1 does not say which article it is of"):
            list(link([Report(actors=[], incidents=[], claims=[])]))

    def test_nothing_to_link(self) -> None:
        assert list(link([])) == []
        assert list(link([report("a")])) == []
