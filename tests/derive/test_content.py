"""The content of a claim is cut exactly, whatever the order of source, cue and content."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.derive.content import Attribution, Span, cut, run_on


def find(text: str, words: str | None) -> Span | None:
    """The span of the first occurrence of some words."""
    if words is None:
        return None
    start = text.index(words)
    return start, start + len(words)


def contents(text: str, *claims: tuple[str | None, str | None] | tuple[str | None, str | None, str]) -> list[list[str]]:
    """The words cut for claims given as (source, cue) or (source, cue, via); the text is one sentence."""
    attributions: list[Attribution] = []
    for source, cue, *via in claims:
        passed_on = tuple(span for span in (find(text, words) for words in via) if span)
        attributions.append(Attribution(find(text, source), find(text, cue), passed_on))
    return [[text[start:end] for start, end in spans] for spans in cut(text, [(0, len(text))], attributions)]


ONE_CLAIM = [
    ("The ministry said that two bridges were hit.", "The ministry", "said", ["two bridges were hit"]),
    ("The ministry said two bridges were hit.", "The ministry", "said", ["two bridges were hit"]),
    ("According to the mayor, two bridges were hit.", "the mayor", "According to", ["two bridges were hit"]),
    ("Two bridges were hit, according to the mayor.", "the mayor", "according to", ["Two bridges were hit"]),
    ("Two bridges were hit, the mayor said.", "the mayor", "said", ["Two bridges were hit"]),
    ("Two bridges were hit, the mayor said on Sunday.", "the mayor", "said", ["Two bridges were hit"]),
    ("On Sunday, the mayor said two bridges were hit.", "the mayor", "said", ["two bridges were hit"]),
    ("A statement by the navy said the ferry sank.", "A statement by the navy", "said", ["the ferry sank"]),
    ("He said on Sunday at a press conference that the ferry sank.", "He", "said", ["the ferry sank"]),
    ("The navy denied the ferry had been shelled.", "The navy", "denied", ["the ferry had been shelled"]),
    ("Rebels accused the navy of shelling the port.", "Rebels", "accused", ["the navy of shelling the port"]),
    ("The mayor, who visited the port on Monday, said the ferry sank.", "The mayor", "said", ["the ferry sank"]),
    ("But the navy said the ferry sank.", "the navy", "said", ["the ferry sank"]),
    ("Meanwhile, the navy said the ferry sank.", "the navy", "said", ["the ferry sank"]),
    ("But the ferry sank, the navy said.", "the navy", "said", ["the ferry sank"]),
    ("It rained all night, and the navy said the ferry sank.", "the navy", "said", ["the ferry sank"]),
    ("The mayor said: “The ferry sank.”", "The mayor", "said", ["“The ferry sank.”"]),
    ("“The ferry sank,” said the mayor, who was aboard.", "the mayor", "said", ["“The ferry sank,”"]),
    ("“The ferry,” the mayor said, “sank at noon.”", "the mayor", "said", ["“The ferry,”", "“sank at noon.”"]),
    ('"A ferry", he said, "sank".', "he", "said", ['"A ferry"', '"sank"']),
    ("The ferry, the mayor said, sank at noon.", "the mayor", "said", ["The ferry", "sank at noon"]),
    ("The mayor told the court that the navy's ‘drill’ was real.", "The mayor", "told the court",
     ["the navy's ‘drill’ was real"]),
    ("The mayor said on Sunday: “Nobody came.”", "The mayor", "said", ["“Nobody came.”"]),
    ("In March, the mayor said at noon that the ferry sank.", "the mayor", "said", ["the ferry sank"]),
    ("The ferry sank, as the mayor said.", "the mayor", "said", ["The ferry sank"]),
    ("The mayor said, among other things, that the ferry sank.", "The mayor", "said", ["the ferry sank"]),
    # other languages
    ("وقالت الوزارة إن الجسر دمر يوم الأحد.", "الوزارة", "وقالت", ["الجسر دمر يوم الأحد"]),
    ("دمر الجسر، وفق ما ذكرت الوزارة.", "الوزارة", "وفق ما ذكرت", ["دمر الجسر"]),
    ("Министерство сообщило, что мост разрушен.", "Министерство", "сообщило", ["мост разрушен"]),
    ("«Мост разрушен», — заявил мэр.", "мэр", "заявил", ["«Мост разрушен»"]),
    ("El alcalde afirmó que el puente fue destruido.", "El alcalde", "afirmó", ["el puente fue destruido"]),
    ("Según el alcalde, el puente fue destruido.", "el alcalde", "Según", ["el puente fue destruido"]),
    ("周日，市长说在大桥附近发生了爆炸。", "市长", "说", ["在大桥附近发生了爆炸"]),
    ("市长说，大桥被炸毁。", "市长", "说", ["大桥被炸毁"]),
    ("市长表示：“大桥被炸毁。”", "市长", "表示", ["“大桥被炸毁。”"]),
    ("„Die Brücke ist weg“, sagte der Bürgermeister.", "der Bürgermeister", "sagte", ["„Die Brücke ist weg“"]),
    ("Der Minister sagte am Montag, dass die Brücke weg ist.", "Der Minister", "sagte", ["die Brücke weg ist"]),
    ("市長は「橋が壊れた」と述べた。", "市長は", "と述べた", ["「橋が壊れた」"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "source", "cue", "expected"), ONE_CLAIM)
def test_one_claim(text: str, source: str, cue: str, expected: list[str]) -> None:
    assert contents(text, (source, cue)) == [expected]


def test_two_claims_are_split_and_the_conjunction_falls_out() -> None:
    text = "The navy said the ferry hit a mine, but the rebels claim it was shelled."
    assert contents(text, ("the rebels", "claim"), ("The navy", "said")) == [
        ["it was shelled"],
        ["the ferry hit a mine"],
    ]


@pytest.mark.parametrize(
    "text", ["The navy and the mayor said the ferry sank.", "The ferry sank, the navy and the mayor said."]
)
def test_two_sources_with_one_cue(text: str) -> None:
    claims = contents(text, ("navy", "said"), ("the mayor", "said"))
    assert [[words.lower() for words in content] for content in claims] == [["the ferry sank"]] * 2


def test_one_source_with_two_cues() -> None:
    text = "The navy said the ferry hit a mine and denied that it was shelled."
    assert contents(text, ("The navy", "said"), ("The navy", "denied")) == [
        ["the ferry hit a mine"],
        ["it was shelled"],
    ]


def test_a_claim_within_a_claim_stays_in_the_outer_one() -> None:
    text = "The mayor said that the rebels claimed the ferry was shelled."
    assert contents(text, ("The mayor", "said"), ("the rebels", "claimed")) == [
        ["the rebels claimed the ferry was shelled"],
        ["the ferry was shelled"],
    ]


def test_who_passed_it_on_falls_out() -> None:
    text = "A port official told Radio Coast that the ferry sank."
    assert contents(text, ("A port official", "told", "Radio Coast")) == [["the ferry sank"]]
    text = "A port official told Radio Coast the ferry sank."
    assert contents(text, ("A port official", "told", "Radio Coast")) == [["the ferry sank"]]


def spans_of(text: str, *sentences: str) -> list[Span]:
    return [(text.index(sentence), text.index(sentence) + len(sentence)) for sentence in sentences]


def test_a_quotation_runs_on_over_the_sentence_end() -> None:
    text = "It was noon. “The ferry sank,” the mayor said. “We heard a blast. Nobody came.” Then he left."
    sentences = spans_of(
        text,
        "It was noon.",
        "“The ferry sank,” the mayor said.",
        "“We heard a blast.",
        "Nobody came.”",
        "Then he left.",
    )
    along = run_on(text, sentences, 1)
    assert along == range(1, 4)
    own = Attribution(find(text, "the mayor"), find(text, "said"))
    assert [[text[start:end] for start, end in spans] for spans in cut(text, sentences[1:4], [own])] == [
        ["“The ferry sank,”", "“We heard a blast. Nobody came.”"]
    ]


def test_a_quotation_that_opened_earlier_runs_back() -> None:
    text = "It was noon. “We heard a blast. Nobody came,” the mayor said."
    sentences = spans_of(text, "It was noon.", "“We heard a blast.", "Nobody came,” the mayor said.")
    assert run_on(text, sentences, 2) == range(1, 3)
    assert run_on(text, sentences, 0) == range(1)


def test_a_question_ends_its_sentence_before_who_asked_it() -> None:
    text = "It was noon. “Who fired?” the mayor asked. “Nobody knows.”"
    sentences = spans_of(text, "It was noon.", "“Who fired?”", "the mayor asked.", "“Nobody knows.”")
    assert run_on(text, sentences, 2) == range(1, 4)


def test_a_quotation_follows_a_colon() -> None:
    text = "The mayor wrote:\n\n«Nobody came.»\n\nThen he left."
    assert run_on(text, spans_of(text, "The mayor wrote:", "«Nobody came.»", "Then he left."), 0) == range(2)


def test_a_quotation_that_never_closes_stays_in_its_sentence() -> None:
    text = "He said: “Nobody came. Then he left."
    assert run_on(text, spans_of(text, "He said: “Nobody came.", "Then he left."), 0) == range(1)


def test_an_article_or_title_left_out_of_the_source_is_no_content() -> None:
    assert contents("The ferry sank, the mayor said on Sunday.", ("mayor", "said")) == [["The ferry sank"]]
    assert contents("The ferry sank, Port Captain Ines Roth said.", ("Roth", "said")) == [["The ferry sank"]]
    text = "The navy said the ferry hit a mine, but the rebel council claims it was shelled."
    assert contents(text, ("navy", "said"), ("rebel council", "claims")) == [
        ["the ferry hit a mine"],
        ["it was shelled"],
    ]


def test_apostrophes_are_no_quotation_marks() -> None:
    text = "The mayor's office said the rebels' boat hit the ferry's bow."
    assert contents(text, ("The mayor's office", "said")) == [["the rebels' boat hit the ferry's bow"]]


def test_an_implicit_claim_is_the_whole_sentence() -> None:
    assert contents("The ferry sank at noon.", (None, None)) == [["The ferry sank at noon"]]


def test_one_pointer_missing() -> None:
    assert contents("The mayor said the ferry sank.", (None, "said")) == [["the ferry sank"]]
    assert contents("The mayor: the ferry sank.", ("The mayor", None)) == [["the ferry sank"]]


def test_nothing_left_gives_no_span() -> None:
    assert contents("The mayor said.", ("The mayor", "said")) == [[]]


PIECES = (
    "said|the army|The|but|that|,|“|”|\"|'|''|’s|.|:|؛|«|»|「|」|(|)|—|as|on Sunday|told|قال|أن|мост|но|que|市长|说|，"
    "|\n|  |\u00a0|U.S.|!?|👩\u200d🚀|é|\0"
)
WORDS = st.sampled_from(PIECES.split("|"))


@st.composite
def passages(draw: st.DrawFn) -> tuple[str, list[Span], list[Attribution]]:
    """A text, a run of its sentences, and claims with pointers anywhere in the text."""
    text = draw(st.sampled_from(["", " "])).join(draw(st.lists(WORDS, min_size=1, max_size=25)))
    edges = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=4)) | {0, len(text)})
    sentences = [(start, end) for start, end in pairwise(edges) if start < end]
    spans = st.tuples(st.integers(0, len(text)), st.integers(1, 12)).map(lambda s: (s[0], min(s[0] + s[1], len(text))))
    pointer = st.none() | spans
    via = st.lists(spans, max_size=2).map(tuple)
    attributions = draw(st.lists(st.builds(Attribution, pointer, pointer, via, pointer), min_size=1, max_size=4))
    return text, sentences[: draw(st.integers(1, len(sentences)))], attributions


@given(passages())
def test_spans_are_inside_ordered_trimmed_and_beside_their_pointers(
    passage: tuple[str, list[Span], list[Attribution]],
) -> None:
    text, sentences, attributions = passage
    result = cut(text, sentences, attributions)
    assert len(result) == len(attributions)
    for spans, (source, cue, via, _) in zip(result, attributions, strict=True):
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        for start, end in spans:
            assert text[start:end]
            assert text[start:end].strip() == text[start:end]
            covered = {offset for low, high in sentences for offset in range(low, high)}
            assert all(offset in covered or text[offset].isspace() for offset in range(start, end))
            assert not any(start < own[1] and own[0] < end for own in (source, cue, *via) if own and own[0] < own[1])


@given(passages(), st.text(max_size=20))
def test_a_text_in_front_only_shifts_the_offsets(
    passage: tuple[str, list[Span], list[Attribution]], prefix: str
) -> None:
    text, sentences, attributions = passage
    by = len(prefix)

    def shift(span: Span | None) -> Span | None:
        return (span[0] + by, span[1] + by) if span else None

    moved = [
        Attribution(shift(a.source), shift(a.cue), tuple((s + by, e + by) for s, e in a.via), shift(a.against))
        for a in attributions
    ]
    shifted = cut(prefix + text, [(s + by, e + by) for s, e in sentences], moved)
    assert [[(s - by, e - by) for s, e in spans] for spans in shifted] == cut(text, sentences, attributions)


@given(passages())
def test_the_order_of_the_claims_does_not_matter(passage: tuple[str, list[Span], list[Attribution]]) -> None:
    text, sentences, attributions = passage
    assert cut(text, sentences, attributions[::-1]) == cut(text, sentences, attributions)[::-1]


def test_words_between_a_quotation_and_a_name_belong_to_the_source() -> None:
    text = '"We left at dawn," its spokesman, Aro Lind, told the agency by telephone.'
    source, cue = (text.index("Aro"), text.index("Lind") + 4), (text.index("told"), text.index("told") + 4)
    (content,) = cut(text, [(0, len(text))], [Attribution(source, cue)])
    assert [text[start:end] for start, end in content] == ['"We left at dawn,"']
