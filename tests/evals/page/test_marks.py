"""Marks may lie over one another as they like: the text stays what it is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from evals.goldset import GoldArticle, load
from evals.page.article import view
from evals.page.incidents import incident_items
from evals.page.marks import Mark, cut
from evals.scoring.document import compare_document
from evals.scoring.incidents import FIELDS
from evals.scoring.sides import Sides
from extractor.schema import Report
from tests.evals.label_studio.labels import articles

GOLD = {article.id: article for article in load()}
TOLVARA = GOLD["tolvara-market"]

texts = st.text(max_size=40)
marks = st.lists(
    st.builds(
        Mark,
        start=st.integers(-3, 45),
        end=st.integers(-3, 45),
        item=st.sampled_from(["c0", "c1", "i0"]),
        part=st.sampled_from(["content", "source", "cue", "value", "evidence", "critical"]),
        verdict=st.sampled_from(["right", "partly", "missed", "wrong"]),
        told=st.just("told"),
    ),
    max_size=12,
)


@given(texts, marks)
def test_the_pieces_are_the_text_and_every_mark_covers_its_own_words(text: str, given_marks: list[Mark]) -> None:
    pieces = cut(text, given_marks)
    assert "".join(piece.text for piece in pieces) == text
    for mark in given_marks:
        covered = "".join(piece.text for piece in pieces if mark in piece.marks)
        assert covered == (text[mark.start : mark.end] if mark.start >= 0 and mark.end > mark.start else "")


@settings(max_examples=40)
@given(articles(), articles())
def test_an_article_stays_its_text_whatever_is_marked(article: GoldArticle, other: GoldArticle) -> None:
    shown = view(article, other.label)  # a report with spans of quite another text
    assert "".join(piece.text for piece in shown.pieces) == article.text
    shown = view(article, None)
    assert "".join(piece.text for piece in shown.pieces) == article.text


def test_a_perfect_report_has_nothing_wrong() -> None:
    for article in GOLD.values():
        shown = view(article, article.label)
        assert not shown.has_errors
        classes = {name for piece in shown.pieces for name in piece.classes.split()} - {"opens", "closes"}
        assert all(name.endswith("-right") for name in classes)


def test_what_no_report_has_is_missed() -> None:
    shown = view(TOLVARA, None)
    assert {item.verdict for item in (*shown.claims, *shown.incidents)} == {"missed"}
    named = {item.label for item in shown.claims}
    assert named == {claim.id for claim in TOLVARA.label.claims} - set(TOLVARA.accept.optional)


def test_a_false_claim_is_marked_as_of_the_report_only() -> None:
    report = TOLVARA.label.model_copy(deep=True)
    false = report.claims[0].model_copy(deep=True, update={"id": "C99", "content": [report.incidents[0].evidence[0]]})
    report.claims.append(false)
    shown = view(TOLVARA, report)
    [item] = [item for item in shown.claims if item.said == "C99"]
    assert (item.verdict, item.label) == ("wrong", None)
    start = false.content[0].start
    [piece] = [piece for piece in shown.pieces if piece.start == start]
    assert "content-wrong" in piece.classes.split()


def test_a_matched_claim_lists_what_differs_with_both_values() -> None:
    report = TOLVARA.label.model_copy(deep=True)
    right, claim = report.claims[0].stance, report.claims[0]
    claim.stance, claim.cue = "questions", None
    [item] = [item for item in view(TOLVARA, report).claims if item.said == claim.id]
    assert item.verdict == "partly"
    told = {d.field: ([v.words for v in d.said], [v.words for v in d.label]) for d in item.differences}
    cue = TOLVARA.label.claims[0].cue
    assert cue is not None
    assert told == {"stance": (["questions"], [right]), "cue": ([], [cue.text])}


def test_content_of_another_length_is_marked_where_it_differs() -> None:
    report = TOLVARA.label.model_copy(deep=True)
    span = report.claims[0].content[0]
    cut_at = span.end - 6
    span.end, span.quote = cut_at, span.quote[:-6]
    [piece] = [piece for piece in view(TOLVARA, report).pieces if piece.start == cut_at]
    assert "content-missed" in piece.classes.split()


def test_the_values_shown_are_wrong_just_where_the_score_says_so() -> None:
    fields = 0
    for article in GOLD.values():
        report = spoilt(article)
        sides = Sides(article.label, article.accept, report)
        incidents = compare_document(article, report).incidents
        items = {item.said: item for item in incident_items(sides, incidents) if item.said and item.label}
        for pair in incidents.pairs:
            off = {name for name in FIELDS if (s := pair.scored[name]).credit < max(s.predicted, s.gold)}
            shown = items[pair.predicted.id].differences
            assert {difference.field for difference in shown} == off
            assert all(any(v.verdict != "right" for v in (*d.said, *d.label)) for d in shown)
            fields += len(off)
    assert fields > 200


def spoilt(article: GoldArticle) -> Report:
    """The label with something wrong in every incident."""
    report = article.label.model_copy(deep=True)
    for n, incident in enumerate(report.incidents):
        if n % 3 == 0:
            incident.initiators, incident.targets = incident.targets, incident.initiators[:1]
            incident.weapons = []
        elif n % 3 == 1:
            for when in incident.when:
                when.precision = "year"
            for casualty in incident.casualties:
                casualty.status = "missing"
            incident.where = [*incident.where[1:], *report.incidents[0].where]
        else:
            incident.type, incident.when = "airstrike", []
            for casualty in incident.casualties[1:]:
                casualty.count = incident.casualties[0].count
    return report
