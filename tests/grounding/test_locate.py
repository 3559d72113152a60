"""Where a model's words stand in the text, and what is never taken for something else."""

import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from extractor.document import Document
from extractor.grounding import Found, locate

TEXT = (
    "US planes struck the western bridge at Velnik on Thursday. The UN mission said 12 people had died. "
    "North Korea and Gambia sent 2 billion in aid, and Australia sent doctors. "
    "Northern Front rebels denied it. Syria's army said its co-ordination office was hit."
)


def found(text: str, words: str, *near: int) -> tuple[str, str] | None:
    """The words that stand at the place found, and the kind of match."""
    place = locate(Document(text), words, near)
    return place and (text[place.start : place.end], place.match)


WORDS = st.sampled_from(
    ["army", "Army", "the", "Velnik", "rebels", "US", "UN", "12", "120", "naïve", "الجيش", "армия", "сказал", "सेना",
     "नहीं", "Ελλάς", "co-op", "Syria’s", "e\u0301tat", "👩\u200d🚒", "İzmir", "straße"]
)  # fmt: skip
GAPS = st.sampled_from([" ", " ", " ", ". ", ", ", "\n", "\r\n\r\n", " “", "” "])


@st.composite
def texts(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """A text, and where its words are."""
    text, places = "", list[tuple[int, int]]()
    for word in draw(st.lists(WORDS, min_size=1, max_size=25)):
        places.append((len(text), len(text) + len(word)))
        text += word + draw(GAPS)
    return text, places


class TestLaws:
    @settings(max_examples=100, deadline=None)
    @given(texts(), st.data())
    def test_whole_words_of_the_text_are_found_nearest_to_the_sentence_asked_for(
        self, made: tuple[str, list[tuple[int, int]]], data: st.DataObject
    ) -> None:
        text, places = made
        first = data.draw(st.integers(0, len(places) - 1))
        last = data.draw(st.integers(first, min(first + 3, len(places) - 1)))
        words = text[places[first][0] : places[last][1]]
        document = Document(text)
        near = data.draw(st.integers(1, len(document.sentences)))

        here = locate(document, words, [near])
        assert here is not None
        assert text[here.start : here.end].split() == words.split() or here.match != "exact"
        assert (text[here.start : here.end] == words) == (here.match == "exact")
        away = abs(document.sentence_at(here.start).number - near)
        exact = [
            abs(document.sentence_at(places[one][0]).number - near)
            for one in range(len(places) - (last - first))
            if text[places[one][0] : places[one + last - first][1]] == words
        ]
        assert away <= min(exact)
        if away == min(exact):
            assert here.match == "exact"

    @settings(max_examples=100, deadline=None)
    @given(texts(), st.text(max_size=12) | st.from_regex(r"[a-zA-Zء-ي0-9 ’-]{1,15}", fullmatch=True))
    def test_what_is_found_lies_in_the_text_and_has_the_digits_asked_for(
        self, made: tuple[str, list[tuple[int, int]]], words: str
    ) -> None:
        text, _ = made
        place = locate(Document(text), words)
        if place is None:
            assert not words.strip() or words.strip() not in text.split()
            return
        assert 0 <= place.start < place.end <= len(text)
        there = text[place.start : place.end]
        assert there == there.strip()
        assert [c for c in there if c.isnumeric()] == [c for c in words if c.isnumeric()]

    @settings(max_examples=100, deadline=None)
    @given(
        st.sampled_from(["Karvesh", "governor", "Обстріляли", "артиллерия", "المتحدثون", "Έλληνες", "hospital"]),
        st.integers(1, 6),
        st.sampled_from("xzжق"),
        st.sampled_from(["left out", "put in", "exchanged", "swapped"]),
    )
    def test_one_typing_error_in_a_long_word_is_forgiven(self, word: str, at: int, letter: str, error: str) -> None:
        text = f"On Sunday the “{word}” was named twice by 3 people.\nNobody else was."
        wrong = {
            "left out": word[:at] + word[at + 1 :],
            "put in": word[:at] + letter + word[at:],
            "exchanged": word[:at] + letter + word[at + 1 :],
            "swapped": word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] if at > 1 else word,
        }[error]
        assume(wrong != word)
        assert found(text, wrong) == (word, "near")
        assert found(text, f"the “{wrong}” was named twice") == (f"the “{word}” was named twice", "near")

    @settings(max_examples=50, deadline=None)
    @given(st.integers(0, 99_999), st.integers(0, 99_999))
    def test_a_number_is_never_taken_for_another(self, asked: int, written: int) -> None:
        assume(asked != written)
        text = f"The ministry said that {written} civilians had been wounded there."
        assert found(text, f"{asked} civilians had been wounded") is None
        assert found(text, f"{written} civilians had been wonded") == (f"{written} civilians had been wounded", "near")


@pytest.mark.parametrize(
    "words",
    [
        "eastern bridge", "East Korea", "South Korea", "Southern Front", "Southern Front rebels", "UN planes",
        "US mission", "UN planes struck the western bridge at Velnik", "on Tuesday", "at Velnik on Tuesday", "Zambia",
        "2 million", "2 million in aid", "Austria", "Austria sent doctors", "13 people", "1 people", "120 people", "UK",
        "Velni bridge", "Northern Front rebels denied that", "the Front", "plan",
    ],
)  # fmt: skip
def test_other_words_are_not_taken_for_those_of_the_text(words: str) -> None:
    assert found(TEXT, words) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("东部战区司令部发言人昨日在北京表示", "西部战区司令部发言人昨日在北京表示"),
        ("三十二名平民在昨天的袭击中丧生", "五十二名平民在昨天的袭击中丧生"),
        ("กองทัพภาคตะวันออกปฏิเสธข้อกล่าวหาทั้งหมด", "กองทัพภาคตะวันตกปฏิเสธข้อกล่าวหาทั้งหมด"),
        ("Западный фронт отступил", "Восточный фронт отступил"),
        ("الجبهة الشرقية", "الجبهة الغربية"),
        ("the Gambian envoy", "the Zambian envoy"),
        ("an unlawful raid on the town", "a lawful raid on the town"),
    ],
)
def test_opposites_in_other_scripts(text: str, words: str) -> None:
    assert found(text, words) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("US planes", ("US planes", "exact")),
        ("  US planes\n", ("US planes", "exact")),
        ("us PLANES", ("US planes", "case")),
        ("US  planes", ("US planes", "near")),
        ("Syria", ("Syria", "exact")),
        ("syria", ("Syria", "case")),
        ("Syria's army", ("Syria's army", "exact")),
        ("Syria’s army", ("Syria's army", "near")),
        ("co‑ordination office", ("co-ordination office", "near")),
        ("coordination office", ("co-ordination office", "near")),
        ("Vel nik", ("Velnik", "near")),
        ("bridge atVelnik", ("bridge at Velnik", "near")),
        ("Thurdsay", ("Thursday", "near")),
        ("Australa", ("Australia", "near")),
        ("Velnik on Thursday.", ("Velnik on Thursday.", "exact")),
    ],
)
def test_case_typography_and_typing_errors(words: str, expected: tuple[str, str]) -> None:
    assert found(TEXT, words) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("He said: “we  left\nVelnik” – at last.", 'He said: "we left Velnik" - at last.'),
        ("He said: „we left Velnik“ — at last.", "He said: «we left Velnik» - at last."),
        ("l’armée\xa0: trois morts", "l'armée : trois morts"),
        ("ΟΔΟΣ Ἀθηνῶν", "οδος Ἀθηνῶν"),
    ],
)
def test_quotes_dashes_and_spaces_may_differ(text: str, words: str) -> None:
    place = locate(Document(text), words)
    assert place is not None
    assert text[place.start : place.end].casefold() == text.strip().casefold()
    assert place.match in {"case", "near"}


@pytest.mark.parametrize("name", ["Bogotá", "Đà Nẵng", "Żółkiewski", "Йошкар-Ола", "서울", "ガザ地区", "Ἀθηνῶν"])
def test_accents_may_be_encoded_in_either_way(name: str) -> None:
    one, other = (unicodedata.normalize(form, name) for form in ("NFC", "NFD"))
    assert found(f"In {one} it rained.", one) == (one, "exact")
    assert found(f"In {one} it rained.", other) == (one, "near")
    assert found(f"In {other} it rained.", one) == (other, "near")


def test_a_letter_is_never_found_without_its_accent() -> None:
    assert found("The cafe\u0301 closed.", "cafe") == ("cafe\u0301", "near")
    assert found("A re\u0301 was sung.", "re") is None


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("政府军昨日炮击了该镇。", "昨日炮击", "昨日炮击"),
        ("ガザ地区\nで停戦", "地区で停戦", "地区\nで停戦"),
        ("政府军昨日\n炮击了该镇。", "昨日炮击", "昨日\n炮击"),
        ("政府军昨日炮击了该镇。", "昨日 炮击", "昨日炮击"),
        ("กองทัพปฏิเสธข่าว", "ปฏิเสธ", "ปฏิเสธ"),
        ("日本のテレビ局NHKが伝えた", "NHK", "NHK"),
        ("日本のテレビ局NHKが伝えた", "テレビ局", "テレビ局"),
    ],
)
def test_scripts_without_spaces(text: str, words: str, expected: str) -> None:
    place = found(text, words)
    assert place is not None
    assert place[0] == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Syrians left.", "Syri"),
        ("Omanis", "Oma"),
        ("A120 road", "120"),
        ("1200 men", "120"),
        ("सेनापति", "सेना"),
        ("Niger_ia", "Niger"),
    ],
)
def test_part_of_a_word_is_not_the_word(text: str, words: str) -> None:
    assert found(text, words) is None


class TestNearest:
    @pytest.mark.parametrize(("near", "sentence"), [((), 1), ((1,), 1), ((4,), 4), ((5,), 5), ((3,), 4), ((5, 4), 4)])
    def test_exact_before_near_among_the_equally_near(self, near: tuple[int, ...], sentence: int) -> None:
        document = Document("The army left. It slept. The ARMY stayed. The army woke. So the army ate.")
        place = locate(document, "army", near)
        assert place is not None
        expected = 3 if near == (3,) else sentence
        assert document.sentence_at(place.start).number == expected
        assert place.match == ("case" if expected == 3 else "exact")

    def test_in_one_sentence_the_exact_one_goes_first(self) -> None:
        assert locate(Document("ARMY and army."), "army", [1]) == Found(9, 13, "exact")

    def test_a_near_match_is_looked_for_in_the_sentence_first(self) -> None:
        text = "The governnor spoke. Rain fell. The goveernor left."
        place = locate(Document(text), "governor", [3])
        assert place is not None
        assert text[place.start : place.end] == "goveernor"


@pytest.mark.parametrize("words", ["", " ", "\n", ".*", "(", "\\", "[a-z]+", "x" * 5_000, "\ud800", "\x00"])
def test_what_is_no_words_of_the_text_is_not_found(words: str) -> None:
    assert locate(Document("Shells fell on Varesh."), words) is None


def test_signs_of_patterns_are_taken_as_they_are() -> None:
    assert found("The T-72 (two of them) cost $3.5m [sic].", "(two of them) cost $3.5m [sic]") == (
        "(two of them) cost $3.5m [sic]",
        "exact",
    )


def test_occurrences_that_overlap_are_all_found() -> None:
    document = Document("Aro. Aro. Aro Lind left.")
    found = locate(document, "Aro. Aro", [2])
    assert found is not None
    assert (found.start, found.match) == (5, "exact")


@pytest.mark.parametrize("words", ["Varesch", "the Varesch Bridge", "Vare sh", "theVaresh bridge"])
def test_typing_errors_are_found_in_a_text_of_any_length(words: str) -> None:
    text = "Rain fell on the hills. " * 40_000 + "Shells hit the Varesh bridge. " + "Snow fell on the plain. " * 40_000
    place = locate(Document(text), words)
    assert place is not None
    assert text[place.start : place.end].lower() in {"varesh", "the varesh bridge"}
    assert place.match == "near"


def test_of_many_places_of_a_mistyped_word_the_nearest_is_found() -> None:
    document = Document("The governor slept. " * 500)
    place = locate(document, "governnor", [377])
    assert place is not None
    assert document.sentence_at(place.start).number == 377
