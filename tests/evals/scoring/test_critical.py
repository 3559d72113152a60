"""Each critical error, made once in a gold label, raises its own count by one and no other."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from evals.goldset import GoldArticle, load
from evals.scoring.comparators import one_in_other
from evals.scoring.critical import KINDS
from evals.scoring.document import score_document
from extractor.schema import Claim, Report, Source, Where

GOLD = load()
Spoilt = Iterator[Report]


def copy(article: GoldArticle) -> Report:
    return article.label.model_copy(deep=True)


def swapped_roles(article: GoldArticle) -> Spoilt:
    for n, incident in enumerate(article.label.incidents):
        sides = [{value.actor for value in values} for values in (incident.initiators, incident.targets)]
        either_way = f"{incident.id}.initiators[0]" in article.accept.either
        if all(sides) and None not in sides[0] | sides[1] and sides[0].isdisjoint(sides[1]) and not either_way:
            report = copy(article)
            one = report.incidents[n]
            one.initiators, one.targets = one.targets, one.initiators
            for new, old in ((one.initiators, incident.initiators), (one.targets, incident.targets)):
                for value in new:
                    value.claims = old[0].claims
            yield report


def alone(claim: Claim, article: GoldArticle) -> bool:
    """No other claim has the same words, and no other source is accepted."""
    same = [other for other in article.label.claims if other.content[0].start == claim.content[0].start]
    return same == [claim] and f"{claim.id}.source" not in article.accept.either


def wrong_source(article: GoldArticle) -> Spoilt:
    for n, claim in enumerate(article.label.claims):
        if not alone(claim, article):
            continue
        not_these = {claim.source.actor, *(via.actor for via in claim.via)}
        names = {name.text for actor in article.label.actors if actor.id in not_these for name in actor.mentions}
        for actor in article.label.actors:
            other = actor.mentions[0]
            if actor.id not in not_these and other.text not in names:
                report = copy(article)
                report.claims[n].source = Source(text=other.text, start=other.start, end=other.end, actor=actor.id)
                yield report
                break


def told_as_fact(article: GoldArticle) -> Spoilt:
    for n, incident in enumerate(article.label.incidents):
        for k, value in enumerate(incident.weapons):
            if value.claims and len(incident.weapons) == 1:
                report = copy(article)
                report.incidents[n].weapons[k].claims = []
                yield report


def lost_negation(article: GoldArticle) -> Spoilt:
    for n, claim in enumerate(article.label.claims):
        if claim.stance == "denies" and "asserts" not in article.accept.either.get(f"{claim.id}.stance", []):
            report = copy(article)
            report.claims[n].stance = "asserts"
            yield report


def invented_number(article: GoldArticle) -> Spoilt:
    for n, incident in enumerate(article.label.incidents):
        for k, entry in enumerate(incident.casualties):
            if entry.count is not None and entry.count.max is not None:
                report = copy(article)
                count = report.incidents[n].casualties[k].count
                assert count is not None
                count.min = count.max = 1_000_000
                yield report


def invented_date(article: GoldArticle) -> Spoilt:
    for n, incident in enumerate(article.label.incidents):
        for k, when in enumerate(incident.when):
            if when.earliest is not None and when.latest is not None:
                report = copy(article)
                wrong = report.incidents[n].when[k]
                wrong.earliest, wrong.latest = (day + timedelta(days=4000) for day in (when.earliest, when.latest))
                yield report


def invented_place(article: GoldArticle) -> Spoilt:
    for n, incident in enumerate(article.label.incidents):
        for k, where in enumerate(incident.where):
            claim = article.label.claims[0]
            words = claim.source
            if not any(one_in_other(words, place) for place in incident.where):
                report = copy(article)
                report.incidents[n].where[k] = Where(
                    text=words.text, start=words.start, end=words.end, relation="at", level=None, claims=where.claims
                )
                yield report


def relay_as_origin(article: GoldArticle) -> Spoilt:
    for n, claim in enumerate(article.label.claims):
        if claim.via and claim.via[0].actor != claim.source.actor and alone(claim, article):
            via = claim.via[0]
            report = copy(article)
            report.claims[n].source = Source(text=via.text, start=via.start, end=via.end, actor=via.actor)
            yield report


def corroboration_in_one_party(article: GoldArticle) -> Spoilt:
    for n, incident in enumerate(article.label.incidents):
        if incident.status == "single_party" and f"{incident.id}.status" not in article.accept.either:
            report = copy(article)
            report.incidents[n].status = "corroborated"
            yield report


def repaired_text(article: GoldArticle) -> Spoilt:
    for n, incident in enumerate(article.label.incidents):
        report = copy(article)
        told = report.incidents[n].evidence[0]
        told.quote = told.quote.replace("e", "é", 1)
        if told.quote != incident.evidence[0].quote:
            yield report


def quote_not_in_text(article: GoldArticle) -> Spoilt:
    for n in range(len(article.label.claims)):
        report = copy(article)
        report.claims[n].content[0].quote = "XQZJ 0817 %% ŁŁŁŁ ((__)) 66"
        yield report


WAYS: list[Callable[[GoldArticle], Spoilt]] = [
    swapped_roles, wrong_source, told_as_fact, lost_negation, invented_number, invented_date, invented_place,
    relay_as_origin, corroboration_in_one_party, repaired_text, quote_not_in_text,
]  # fmt: skip


def test_every_kind_is_tried() -> None:
    assert {way.__name__ for way in WAYS} == set(KINDS)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_exactly_this_error_is_counted(way: Callable[[GoldArticle], Spoilt]) -> None:
    made = 0
    for article in GOLD:
        for report in way(article):
            errors = score_document(article, report).errors
            assert Counter(error.kind for error in errors) == {way.__name__: 1}, (article.id, errors)
            made += 1
    assert made >= 3


def test_words_of_the_text_at_other_offsets_are_not_repaired_ones() -> None:
    article = next(article for article in GOLD if article.id == "tolvara-market")
    report = copy(article)
    told = report.claims[2].content[0]
    stood = told.start, told.end
    told.start, told.end = told.start + 1, told.end + 1
    (error,) = score_document(article, report).errors
    assert (error.kind, error.expected) == ("quote_not_in_text", "not at its offsets")
    assert (error.start, error.end, error.words) == (*stood, told.quote)


def test_an_error_tells_where_it_stands_and_what_would_be_right() -> None:
    article = next(article for article in GOLD if article.id == "tolvara-market")
    report = copy(article)
    report.claims[2].stance = "asserts"
    (error,) = score_document(article, report).errors
    assert (error.kind, error.where, error.gold) == ("lost_negation", "C3", "C3")
    assert error.words == article.text[error.start : error.end] == "any part in the attack"
    assert error.expected == "denies, not asserts"


def test_another_name_of_the_same_actor_is_no_wrong_source() -> None:
    article = next(article for article in GOLD if article.id == "tolvara-market")
    report = copy(article)
    start = article.text.index("Northern Resistance Front")
    report.claims[2].source = Source(text="Northern Resistance Front", start=start, end=start + 25, actor="A3")
    scored = score_document(article, report)
    assert not scored.errors
    assert scored.tallies["claims"].f1 == 1


def test_a_pronoun_in_place_but_resolved_to_somebody_else_is_a_wrong_source() -> None:
    article = next(article for article in GOLD if article.id == "tolvara-market")
    report = copy(article)
    said = report.claims[1].source
    report.claims[1].source = Source.model_validate(said.model_dump() | {"actor": "A3"})
    scored = score_document(article, report)
    assert [error.kind for error in scored.errors] == ["wrong_source"]
    assert scored.tallies["claims"].f1 == 1  # the words are the label's; who is meant is not
