"""The article as numbered sentences: every offset right, nothing altered, in every script."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.document import LONGEST_SENTENCE, Document
from extractor.errors import InputError


def sentences(text: str, *, language: str | None = None, title: str | None = None) -> list[str]:
    document = Document(text, language=language, title=title)
    return [text[sentence.start : sentence.end] for sentence in document.sentences]


def headings(text: str, *, title: str | None = None) -> list[str]:
    document = Document(text, title=title)
    return [document.words(sentence.number) for sentence in document.sentences if sentence.heading]


PIECES = st.sampled_from(
    [
        "Shells fell on Varesh.", "Nobody spoke", "Dr. Amin said so!", "عاد الهدوء إلى المدينة.", "目击者说了。",
        "Их 3 чел.", "กองทัพปฏิเสธ", "तीन लोग मारे गए।", "💣👩\u200d🚒", "\u200b", "e\u0301", "\ufeff", "…", "“", "(1)",
        "- ", " ", "  ", "\n", "\r\n", "\n\n", "\r\n\r\n", "\t", "\u3000", "\xa0", "\u2028", "\x00", "\x85",
        "\r", "a" * 70,
    ]
)  # fmt: skip
TEXTS = (st.lists(PIECES, min_size=1, max_size=40).map("".join) | st.text(min_size=1)).filter(lambda text: text.strip())


class TestLaws:
    @settings(max_examples=60, deadline=None)
    @given(TEXTS, st.sampled_from([None, "en", "ar", "zh", "ru", "th", "hi", "zh-Hans", "xx"]))
    def test_sentences_cover_the_text_in_order_and_leave_out_only_white_space(
        self, text: str, language: str | None
    ) -> None:
        found = Document(text, language=language).sentences
        assert [sentence.number for sentence in found] == list(range(1, len(found) + 1))
        end = 0
        for sentence in found:
            words = text[sentence.start : sentence.end]
            assert words
            assert words == words.strip()
            assert len(words) <= LONGEST_SENTENCE
            assert not text[end : sentence.start].strip()
            end = sentence.end
        assert not text[end:].strip()

    @settings(max_examples=60, deadline=None)
    @given(TEXTS)
    def test_every_offset_belongs_to_the_sentence_that_holds_it(self, text: str) -> None:
        document = Document(text)
        for sentence in document.sentences:
            assert document.sentence(sentence.number) == sentence
            assert document.sentence_at(sentence.start) == sentence
            assert document.sentence_at(sentence.end - 1) == sentence
        for before, after in pairwise(document.sentences):
            assert document.sentence_at(after.start - 1) == before
        assert document.sentence_at(0).number == 1

    @settings(max_examples=30, deadline=None)
    @given(TEXTS)
    def test_a_text_is_never_all_headings(self, text: str) -> None:
        assert not all(sentence.heading for sentence in Document(text, title=text.strip()).sentences)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("ar", ["قصفت الطائرات المدينة.", "من قال إن الجيش يعلم؟", "لا أحد."]),
        ("zh", ["政府军昨日炮击了该镇。", "目击者说：“有三人死亡。”", "军方否认！"]),
        ("ru", ["Артиллерия обстреляла порт.", "Погибли три человека, заявил И. О. Петров.", "Их имена не названы."]),
        ("hi", ["सेना ने शहर पर गोलाबारी की।", "प्रवक्ता ने कहा कि तीन लोग मारे गए।"]),
        ("en", ["Bombs fell 💣💥 on Varesh.", "Three died, Dr. Amin 👩\u200d🚒 said!", "Nobody else spoke."]),
        ("en", ["\u200bShells\u200b fell.", "The naïve cafe\u0301 closed\u200d."]),
    ],
)
def test_sentences_of_many_scripts(language: str, expected: list[str]) -> None:
    assert sentences(" ".join(expected), language=language) == expected
    assert sentences("\n\n".join(expected), language=language) == expected


def test_thai_has_no_full_stops_but_paragraphs() -> None:
    assert sentences("กองทัพปฏิเสธ ชาวบ้านกลับมา\n\nตลาดเปิดแล้ว", language="th") == ["กองทัพปฏิเสธ ชาวบ้านกลับมา", "ตลาดเปิดแล้ว"]


def test_line_ends_of_windows_and_tabs_are_no_part_of_a_sentence() -> None:
    text = "Shells fell.\r\n\tTwo died.\r\n\r\nThree fled.\tFour stayed.\r\n"
    assert sentences(text) == ["Shells fell.", "Two died.", "Three fled.", "Four stayed."]
    assert Document(text).text == text


def test_windows_and_unix_line_ends_give_the_same_sentences() -> None:
    text = (
        "What is known\n\nThe harbour of Varesh was shelled at dawn, and its port\nauthority closed it. No ship left.\n"
    )
    windows = text.replace("\n", "\r\n")
    assert [" ".join(words.split()) for words in sentences(windows)] == [
        " ".join(words.split()) for words in sentences(text)
    ]
    assert headings(windows) == headings(text) == ["What is known"]


def test_a_lone_surrogate_does_not_stop_the_reading() -> None:
    assert sentences("The feed broke \ud800 here. Then it went on.") == [
        "The feed broke \ud800 here.",
        "Then it went on.",
    ]
    assert Document("a \ud800 b").sha256 != Document("a \ud801 b").sha256


class TestLines:
    def test_a_wrapped_paragraph_is_joined(self) -> None:
        first = "The army said on Sunday that it had shot down a drone near\nthe town, and that its two operators had been taken by\nvillagers on the ground."  # noqa: E501
        assert sentences(f"{first} The rebels denied it.") == [first, "The rebels denied it."]

    def test_an_indented_wrapped_paragraph_is_joined(self) -> None:
        text = "    The army said on Sunday that it had shot down a drone\n    near the town, and that its two operators had fled."  # noqa: E501
        assert sentences(text) == [text.strip()]

    def test_short_lines_are_kept_apart(self) -> None:
        assert sentences("Army denies raid\nThe army denied it.") == ["Army denies raid", "The army denied it."]
        assert sentences("Two died\nThree fled\nOne stayed") == ["Two died", "Three fled", "One stayed"]

    def test_long_lines_are_paragraphs(self) -> None:
        paragraph = "The port authority of Varesh closed the harbour to all ships until Monday, and said that pilots would be told by radio when it opens again."  # noqa: E501
        assert sentences(f"Harbour closed\n{paragraph}\n{paragraph}") == ["Harbour closed", paragraph, paragraph]

    def test_a_list_item_starts_anew_in_a_wrapped_paragraph(self) -> None:
        text = "The ministry gave these figures on Monday evening:\n- two soldiers were killed when the bridge was hit\n- one is missing"  # noqa: E501
        assert sentences(text) == text.split("\n")

    def test_a_blank_line_may_hold_spaces(self) -> None:
        assert sentences("Shells fell on the harbour and \n \t \nthe quay") == [
            "Shells fell on the harbour and",
            "the quay",
        ]


class TestHeadings:
    def test_a_line_of_its_own_without_a_full_stop(self) -> None:
        assert headings("Shells hit harbour\n\nThe port was shelled.\n\nWhat is known\n\nLittle.") == [
            "Shells hit harbour",
            "What is known",
        ]

    def test_the_title_repeated_even_with_a_full_stop(self) -> None:
        title = "Shells hit Varesh harbour, rebels deny it."
        assert headings(f"{title}\n\nThe port was shelled.", title=title) == [title]
        assert headings(f"{title}\n\nThe port was shelled.") == []

    def test_the_title_inside_a_sentence_is_no_heading(self) -> None:
        assert headings("Shells hit harbour, the paper wrote. It was wrong.", title="Shells hit harbour") == []

    def test_list_items_are_none(self) -> None:
        assert headings("- Two dead\n\n2. One missing\n\n(3) Four hurt\n\n• A bus burnt\n\nThe ministry said so.") == []

    @pytest.mark.parametrize("ending", [".", "?", "!", "。", "؟", "।", ":", ",", "…", '."', ".”", "!)"])
    def test_what_ends_like_a_sentence_is_none(self, ending: str) -> None:
        assert headings(f"The harbour was shelled{ending}\n\nNobody spoke.") == []

    def test_trailing_lines_stand_above_nothing(self) -> None:
        text = "Shells hit harbour\n\nThe port was shelled.\n\nReporting by the desk\n\nMore soon"
        assert headings(text) == ["Shells hit harbour"]

    def test_a_text_of_nothing_but_short_lines_has_none(self) -> None:
        assert headings("Shells hit harbour") == []
        assert headings("Shells hit harbour\n\nPort closed\n\nMore soon") == []

    def test_ornaments_and_long_lines_are_none(self) -> None:
        assert headings("* * *\n\nThe port was shelled.") == []
        assert headings("so " * 17 + "\n\nThe port was shelled.") == []
        assert headings("a" * 121 + "\n\nThe port was shelled.") == []

    def test_a_heading_in_another_script(self) -> None:
        assert headings("قصف الميناء\n\nقصفت السفن الميناء.\n") == ["قصف الميناء"]


class TestSize:
    def test_what_runs_on_is_cut_at_spaces(self) -> None:
        text = "harbour " * 1_000
        found = sentences(text)
        assert len(found) > 1
        assert all(len(words) <= LONGEST_SENTENCE and set(words.split()) == {"harbour"} for words in found)
        assert " ".join(found) == text.strip()

    @pytest.mark.parametrize(
        ("unit", "times"), [("a", 10**6), ("漢", 10**6), (".", 10**6), ("a\n", 10**5), ("💥. ", 10**5)]
    )
    def test_a_megabyte_of_one_thing_is_quick(self, unit: str, times: int) -> None:
        text = unit * times
        began = time.process_time()
        assert Document(text).sentences
        assert time.process_time() - began < 20


@pytest.mark.parametrize("text", ["", " ", "\n\r\n\t", "\u3000\xa0\u2028"])
def test_no_text_is_an_input_error(text: str) -> None:
    with pytest.raises(InputError, match="the text is empty"):
        Document(text)


@pytest.mark.parametrize("number", [0, -1, 3])
def test_a_sentence_that_is_not_there(number: int) -> None:
    with pytest.raises(IndexError):
        Document("Shells fell. Nobody spoke.").sentence(number)


def test_words_are_those_of_the_text() -> None:
    assert Document("  Shells\tfell.  Nobody\xa0spoke. ").words(2) == "Nobody\xa0spoke."


def test_the_sha256_is_of_the_text_in_utf8() -> None:
    assert Document("abc").sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
