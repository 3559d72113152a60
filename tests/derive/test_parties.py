"""Who is with whom: parties from ties, and the ties that code reads in the words of the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.derive.parties import group_actors, parties
from extractor.derive.ties import read_ties
from extractor.document import Document
from extractor.grounding import Mention, Span
from extractor.schema import Actor, ActorKind, Claim, Report, Source, Tie

NAMES = [f"A{number}" for number in range(1, 9)]
TIES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=12)


def actor(name: str, *, kind: ActorKind = "other", id: str = "") -> Actor:
    return Actor(id=id or name, name=name, kind=kind, mentions=[Mention(text=name, start=0, end=len(name))])


def grouped(pairs: list[tuple[str, str]]) -> set[frozenset[str]]:
    made = parties([actor(name) for name in NAMES], [Tie(a=a, b=b) for a, b in pairs])
    return {frozenset(party.actors) for party in made}


class TestGrouping:
    @given(TIES)
    def test_every_actor_is_of_just_one_party(self, pairs: list[tuple[str, str]]) -> None:
        assert sorted(name for group in grouped(pairs) for name in group) == sorted(NAMES)

    @given(TIES)
    def test_tied_actors_and_what_they_are_tied_to_are_of_one_party(self, pairs: list[tuple[str, str]]) -> None:
        of = {name: group for group in grouped(pairs) for name in group}
        assert all(of[a] == of[b] for a, b in pairs)

    @given(TIES)
    def test_no_more_are_joined_than_ties_join(self, pairs: list[tuple[str, str]]) -> None:
        joined = len(NAMES) - len(grouped(pairs))
        assert joined <= len({frozenset(pair) for pair in pairs if pair[0] != pair[1]})

    @given(TIES, st.randoms())
    def test_neither_order_nor_direction_nor_repetition_matters(
        self, pairs: list[tuple[str, str]], random: st.DataObject
    ) -> None:
        other = [(b, a) for a, b in pairs] + pairs[:1]
        random.shuffle(other)  # type: ignore[attr-defined]
        assert grouped(other) == grouped(pairs)

    def test_a_party_is_called_by_the_actor_with_the_most_ties(self) -> None:
        ties = [Tie(a="spokesman", b="army"), Tie(a="army", b="navy")]
        made = parties([actor("spokesman"), actor("army"), actor("navy"), actor("rebels")], ties)
        assert [(party.id, party.name) for party in made] == [("P1", "army"), ("P2", "rebels")]

    def test_the_words_of_all_ties_stand_in_because_once_in_the_order_of_the_text(self) -> None:
        first, second = Span(start=3, end=8, quote="words"), Span(start=20, end=25, quote="words")
        ties = [Tie(a="a", b="b", because=[second]), Tie(a="b", b="c", because=[first, second])]
        (party,) = parties([actor("a"), actor("b"), actor("c")], ties)
        assert party.because == [first, second]

    def test_a_tie_to_nobody_ties_nobody(self) -> None:
        assert [party.actors for party in parties([actor("a")], [Tie(a="a", b="Z9"), Tie(a="a", b="a")])] == [["a"]]


def read(
    text: str, *actors: tuple[str, ActorKind], language: str | None = "en", blames: str = ""
) -> set[frozenset[str]]:
    """The pairs of actors, by their names, that code ties in the text; `blames`: "X>Y"."""
    things = [
        Actor(
            id=f"A{number}",
            name=name,
            kind=kind,
            mentions=[Mention(text=name, start=text.index(name), end=text.index(name) + len(name))],
        )
        for number, (name, kind) in enumerate(actors, 1)
    ]
    ids = {one.name: one.id for one in things}
    claims: list[Claim] = []
    if blames:
        source, against = blames.split(">")
        claims.append(
            Claim(
                sentences=[1],
                source=Source(text=source, actor=ids[source]),
                via=[],
                cue=None,
                against=Mention(text=against, actor=ids[against]),
                attribution="implicit",
                stance="accuses",
                incidents=[],
                aspects=["initiator"],
            )
        )
    report = Report(actors=things, incidents=[], claims=claims)
    named = {one.id: one.name for one in things}
    ties = read_ties(report, Document(text, language=language))
    for tie in ties:
        assert tie.by == "code"
        assert all(text[span.start : span.end] == span.quote for span in tie.because)
        assert tie.because
    return {frozenset((named[tie.a], named[tie.b])) for tie in ties}


class TestReadTies:
    @pytest.mark.parametrize(
        ("text", "one", "other"),
        [
            ("A spokeswoman for the Velnik Guard spoke. The Velnik Guard left.", "spokeswoman for the Velnik Guard",
             "Velnik Guard"),
            ("A Velnik Guard negotiator spoke. The Velnik Guard left.", "Velnik Guard negotiator", "Velnik Guard"),
            ("The Velnik Guard denied it. Its director, Ona Brask, laughed.", "Ona Brask", "Velnik Guard"),
            ('The Velnik Guard denied it. "The rebels did it," its spokesman Ona Brask said.', "Ona Brask",
             "Velnik Guard"),
            ("The Velnik Guard's media wing, Radio Ostrel, denied it.", "Radio Ostrel", "Velnik Guard"),
            ("Velnik Guard commander Ona Brask denied it.", "Ona Brask", "Velnik Guard"),
            ("Ona Brask, who speaks for the Velnik Guard, denied it.", "Ona Brask", "Velnik Guard"),
            ("Ona Brask of the exiled Velnik Guard denied it.", "Ona Brask", "Velnik Guard"),
            ("Ona Brask, a spokeswoman of the Velnik Guard, denied it.", "Ona Brask", "Velnik Guard"),
            ("The Velnik Guard, to which Red Ford belongs, denied it.", "Red Ford", "Velnik Guard"),
            ("Radio Ostrel, run by the Velnik Guard, denied it.", "Radio Ostrel", "Velnik Guard"),
        ],
    )  # fmt: skip
    def test_words_that_tie(self, text: str, one: str, other: str) -> None:
        assert read(text, (one, "other"), (other, "other")) == {frozenset((one, other))}

    @pytest.mark.parametrize(
        "text",
        [
            "The Velnik Guard fought Ona Brask.",
            "The Velnik Guard accused Ona Brask of murder.",
            "Red Ford fired first. Its men were seen. Ona Brask said the Velnik Guard lied.",
            "Ona Brask said fighters of the Velnik Guard had fired.",
        ],
    )
    def test_words_that_do_not(self, text: str) -> None:
        assert read(text, ("Ona Brask", "other"), ("Velnik Guard", "other")) == set()

    def test_a_former_member_is_no_member(self) -> None:
        text = "A former Velnik Guard officer spoke. The Velnik Guard left."
        assert read(text, ("former Velnik Guard officer", "other"), ("Velnik Guard", "other")) == set()

    def test_its_means_no_plural_and_nobody_in_a_quotation(self) -> None:
        text = 'The Guard denied it. "The rebels lied," its spokesman Ona Brask said.'
        ties = read(text, ("Guard", "other"), ("rebels", "other"), ("Ona Brask", "other"))
        assert ties == {frozenset(("Ona Brask", "Guard"))}

    def test_forces_of_one_state_are_one_party(self) -> None:
        text = "The army and the navy met the Ministry of Defence and the mayor."
        forces: list[tuple[str, ActorKind]] = [("army", "state_forces"), ("navy", "state_forces")]
        ties = read(text, *forces, ("Ministry of Defence", "government"), ("mayor", "government"))
        assert ties == {frozenset(("army", "navy")), frozenset(("army", "Ministry of Defence"))}

    def test_forces_of_one_state_that_blame_each_other_are_two(self) -> None:
        text = "The army blamed the police."
        assert read(text, ("army", "state_forces"), ("police", "state_forces"), blames="army>police") == set()

    def test_nor_does_a_third_hold_them_together(self) -> None:
        forces: list[tuple[str, ActorKind]] = [(name, "state_forces") for name in ("army", "police", "navy")]
        ties = read("The army blamed the police. The navy watched.", *forces, blames="army>police")
        assert ties == {frozenset(("army", "navy"))}

    def test_their_ties_are_as_many_as_they_are(self) -> None:
        names = [f"{letter}{other}an army" for letter in "KLMNPRST" for other in "aeiou"]
        forces: list[tuple[str, ActorKind]] = [(name, "state_forces") for name in names]
        assert len(read(" ".join(f"The {name} waited." for name in names), *forces)) == len(names) - 1

    def test_a_language_without_words_has_no_ties(self) -> None:
        text = "Ona Brask, who speaks for the Velnik Guard, denied it."
        assert read(text, ("Ona Brask", "other"), ("Velnik Guard", "other"), language="fi") == set()


def test_what_a_model_said_of_ties_stands_alone() -> None:
    report = Report(actors=[actor("a"), actor("b")], incidents=[], claims=[], ties=[])
    group_actors(report)
    assert [one.party for one in report.actors] == ["P1", "P2"]
