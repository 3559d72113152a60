"""Lines about events: what a sentence allows to be said, and what is read from it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from extractor.errors import PromptError
from extractor.plans.stepwise.deeds import NONE, TYPES, deed_of, line_of
from extractor.plans.stepwise.event_words import EventWords, event_words_for
from extractor.schema import IncidentType

ENGLISH = event_words_for("en")
assert ENGLISH is not None
WORDS: EventWords = ENGLISH


def allowed(sentence: str, words: EventWords | None = WORDS) -> Callable[[str], bool]:
    """A check whether a line may be answered about the sentence."""
    adapter: TypeAdapter[Any] = TypeAdapter(line_of(sentence, words))
    pattern = adapter.json_schema()["pattern"]
    return lambda line: re.match(pattern, line) is not None


class TestLines:
    def test_an_event_is_told_by_a_word_of_the_sentence(self) -> None:
        fits = allowed("Gunmen opened fire on a bus near Velnik.")
        assert fits("did opened fire: fighting; by Gunmen; against bus; at Velnik")
        assert fits(NONE)
        assert not fits("did shelled: shelling; by ?; against bus")
        assert not fits("did opened fire")
        assert not fits("did opened fire: fighting; against bus"), "who did it is always asked"

    def test_a_word_stands_for_some_types_only(self) -> None:
        fits = allowed("Two men were arrested.")
        assert fits("did arrested: arrest; by ?; against men")
        assert not fits("did arrested: airstrike; by ?; against men")

    @pytest.mark.parametrize(
        ("sentence", "may"),
        [
            ("The army shelled the port.", ["did"]),
            ("The army will shell the port.", ["will", "may"]),
            ("The army could soon have to shell the port.", ["will", "may"]),
            ("The army, which will not yield, shelled the port.", ["did", "will", "may"]),
        ],
    )
    def test_what_is_not_yet_needs_a_word_that_says_so(self, sentence: str, may: list[str]) -> None:
        fits = allowed(sentence)
        word = "shelled" if "shelled" in sentence else "shell"
        assert [real for real in ("did", "will", "may") if fits(f"{real} {word}: shelling; by ?; against port")] == may

    def test_a_weapon_is_one_that_the_sentence_names(self) -> None:
        fits = allowed("Katyusha rockets hit the barracks.")
        assert fits("did hit: shelling; by ?; against barracks; with Katyusha rockets")
        assert not fits("did hit: shelling; by ?; against barracks; with grenades")
        assert not allowed("Two men were arrested.")("did arrested: arrest; by ?; against ?; with rifles")

    def test_without_a_list_any_word_and_type_will_do(self) -> None:
        fits = allowed("Una bomba mató a dos agentes.", None)
        assert fits("did mató: bombing; by ?; against dos agentes; with bomba")

    def test_values_are_few_words(self) -> None:
        fits = allowed("Two men were arrested.")
        assert not fits("did arrested: arrest; by ?; against " + " ".join(["men"] * 11))

    def test_every_type_has_a_plain_word(self) -> None:
        assert sorted(TYPES.values()) == sorted(get_args(IncidentType))


VALUE = st.from_regex(r"[a-zé'+-]+( [a-zé'+-]+){0,3}", fullmatch=True)


@given(
    real=st.sampled_from(["did", "will", "may"]),
    kind=st.sampled_from(sorted(TYPES)),
    told=st.dictionaries(st.sampled_from(["by", "against", "at", "with"]), VALUE),
)
def test_what_a_line_tells_is_read_as_it_stands(real: str, kind: str, told: dict[str, str]) -> None:
    values = "".join(f"; {name} {told[name]}" for name in ("by", "against", "at", "with") if name in told)
    deed = deed_of(f"{real} opened fire: {kind}{values}")
    assert deed is not None
    assert (deed.what, deed.type) == ("opened fire", TYPES[kind])
    assert [deed.by, deed.on, deed.where, deed.weapon] == [
        told.get(name, "") for name in ("by", "against", "at", "with")
    ]


@given(st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text())))
def test_what_is_no_line_is_no_event(line: Any) -> None:
    deed = deed_of(line)
    assert deed is None or isinstance(line, str)


class TestWords:
    def test_they_are_found_as_they_stand_the_longest_first(self) -> None:
        assert WORDS.candidates("Rebels Attacked; two were shot dead, and shot again.") == [
            "Attacked",
            "shot dead",
            "shot",
        ]

    def test_a_part_of_a_word_is_none(self) -> None:
        assert WORDS.candidates("The skilled bombardier chit-chatted.") == []

    def test_they_tell_what_became_of_people(self) -> None:
        assert WORDS.statuses_in("Nine were killed and a guard was taken prisoner.") == {"killed", "captured"}

    def test_a_language_without_a_list_has_none(self) -> None:
        assert event_words_for("eo") is None

    def test_a_list_of_another_form_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "events").mkdir()
        (tmp_path / "events" / "xx.yaml").write_text("name: events/xx", encoding="utf-8")
        monkeypatch.setattr("extractor.plans.stepwise.event_words.prompts_folder", lambda: tmp_path)
        with pytest.raises(PromptError, match=r"xx\.yaml is no list of words of events"):
            event_words_for("xx")
