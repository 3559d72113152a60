"""What a score says: perfect is 1, nothing is 0, and each figure counts what its name says."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.goldset import GoldArticle, load
from evals.scoring import Score, score_reports
from evals.scoring.document import compare_document, score_document
from evals.scoring.figures import FIGURES
from extractor.document import Document
from extractor.schema import Report

GOLD = load()
TOLVARA = next(article for article in GOLD if article.id == "tolvara-market")


def scored(report: Report, article: GoldArticle = TOLVARA) -> Score:
    return score_reports([article], {article.id: report}, resamples=20)


def copy(article: GoldArticle = TOLVARA) -> Report:
    return article.label.model_copy(deep=True)


def test_perfect_reports_score_1_everywhere() -> None:
    score = score_reports(GOLD, {article.id: article.label for article in GOLD}, resamples=20)
    assert {name: score[name] for name in FIGURES.names if score[name] != 1} == {"critical_per_100_claims": 0}
    assert score.intervals["claims.f1"] == (1, 1)


def test_empty_reports_score_0_everywhere() -> None:
    score = score_reports(GOLD, {}, resamples=20)
    assert set(score.figures.values()) == {0}
    assert score.missing == [article.id for article in GOLD]


def test_a_missed_claim_costs_recall_and_a_false_one_precision() -> None:
    report = copy()
    report.claims.pop(0)
    score = scored(report)
    assert score["claims.precision"] == 1
    assert score["claims.recall"] == pytest.approx(13 / 14)
    extra = copy()
    false = extra.claims[0].model_copy(deep=True)
    false.content = [TOLVARA.label.incidents[0].evidence[0]]
    extra.claims.append(false)
    score = scored(extra)
    assert score["claims.recall"] == 1
    assert score["claims.precision"] == pytest.approx(14 / 15)


def test_an_article_with_nothing_in_it_earns_nothing_for_silence() -> None:
    quiet = [article for article in GOLD if not article.label.incidents]
    assert quiet
    score = score_reports(quiet, {article.id: article.label for article in quiet}, resamples=20)
    assert score["incidents.f1"] == 0
    assert score["incidents.fields.type.f1"] == 0


def test_the_source_counts_apart_from_the_content() -> None:
    report = copy()
    for claim in report.claims:
        claim.source = report.claims[-1].source
    score = scored(report)
    assert score["claims.content_f1"] == 1
    assert score["claims.f1"] < 0.2


def test_half_credit_for_another_actor_of_the_same_party() -> None:
    report = copy()
    army = report.claims[8].source.model_copy()  # the army speaks for the ministry
    report.claims[0].source = army
    score = scored(report)
    assert score["claims.fields.source.recall"] == pytest.approx(13.5 / 14)


def test_half_credit_for_a_type_of_the_same_acled_event_type() -> None:
    report = copy()
    report.incidents[0].type = "airstrike"
    assert scored(report)["incidents.fields.type.f1"] == pytest.approx(2.5 / 3)
    report.incidents[0].type = "displacement"
    assert scored(report)["incidents.fields.type.f1"] == pytest.approx(2 / 3)


def test_an_actual_incident_earns_nothing_for_being_actual() -> None:
    report = copy()
    for incident in report.incidents:
        incident.realis = "actual"
    score = scored(report)
    assert score["incidents.fields.realis.recall"] == 0
    assert score["incidents.fields.realis.precision"] == 0
    assert scored(copy())["incidents.fields.realis.f1"] == 1


def test_naming_a_side_twice_is_no_error() -> None:
    report = copy()
    again = report.incidents[0].initiators[1].model_copy()
    report.incidents[0].initiators.append(again)
    assert scored(report)["incidents.fields.initiators.precision"] == 1


def test_splits_and_merges_are_counted() -> None:
    split = copy()
    half = split.incidents[0].model_copy(deep=True)
    half.id = "I9"
    split.incidents.append(half)
    told = scored(split).to_dict()
    assert (told["incidents"]["splits"], told["incidents"]["merges"]) == (1, 0)
    merged = copy()
    merged.incidents[0].evidence += merged.incidents[1].evidence
    del merged.incidents[1]
    told = scored(merged).to_dict()
    assert (told["incidents"]["splits"], told["incidents"]["merges"]) == (0, 1)


def test_claims_that_may_be_told_as_one_are_right_either_way() -> None:
    report = copy()
    first, second = report.claims[7], report.claims[8]
    assert [first.id, second.id] in TOLVARA.accept.together
    first.content = [*first.content, *second.content]
    first.aspects = ["equipment_loss", "reason", "casualties"]
    report.claims.remove(second)
    assert scored(report)["claims.f1"] == 1


@pytest.mark.parametrize(
    ("groups", "missed"), [([[3, 4], [4, 5]], 3), ([[4, 5], [3, 4]], 3), ([[3, 4], [3, 5]], 4), ([[3, 5], [3, 4]], 4)]
)
def test_of_groups_that_share_a_claim_the_one_that_fits_best_is_told_as_one(
    groups: list[list[int]], missed: int
) -> None:
    article = next(article for article in GOLD if article.id == "mir-ali-house-blast")
    claims = article.label.claims
    together = [[claims[number].id for number in group] for group in groups]
    report = copy(article)
    report.claims[3].content = [span for claim in claims[3:6] for span in claim.content]
    del report.claims[4:6]
    accept = article.accept.model_copy(update={"together": together})
    found = compare_document(replace(article, accept=accept), report).claims
    assert found.missed == [claims[missed]]
    assert not found.false


def test_what_may_be_left_out_costs_nothing() -> None:
    report = copy()
    report.claims = [claim for claim in report.claims if claim.id not in TOLVARA.accept.optional]
    report.incidents = [incident for incident in report.incidents if incident.id not in TOLVARA.accept.optional]
    score = scored(report)
    assert score["claims.f1"] == 1
    assert score["incidents.f1"] == 1


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_dropping_items_never_raises_recall_nor_lowers_precision_of_a_label(data: st.DataObject) -> None:
    article = data.draw(st.sampled_from(GOLD))
    report = copy(article)
    report.claims = [claim for claim in report.claims if data.draw(st.booleans())]
    report.incidents = [incident for incident in report.incidents if data.draw(st.booleans())]
    tallies = score_document(article, report).tallies
    for name in ("claims", "claims.content", "incidents"):
        tally = tallies.get(name)
        if tally is not None and tally.predicted:
            assert tally.precision == pytest.approx(1)
            assert tally.recall <= 1 + 1e-9


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_order_of_items_does_not_matter(data: st.DataObject) -> None:
    article, other = data.draw(st.sampled_from(GOLD)), data.draw(st.randoms(use_true_random=False))
    report = copy(article)
    for claim in report.claims:
        claim.stance = data.draw(st.sampled_from(["asserts", "denies"]))
    before = score_document(article, report).tallies
    other.shuffle(report.claims)
    other.shuffle(report.incidents)
    after = score_document(article, report).tallies
    assert {name: pytest.approx(tuple(tally)) for name, tally in before.items()} == {
        name: tuple(tally) for name, tally in after.items()
    }


def test_one_actor_with_every_name_is_not_everybody() -> None:
    report = copy()
    everybody = report.actors[0]
    everybody.mentions = [mention for actor in report.actors for mention in actor.mentions]
    report.actors = [everybody]
    for claim in report.claims:
        claim.source = report.claims[-1].source.model_copy(update={"actor": everybody.id})
    apart = copy()
    for claim in apart.claims:
        claim.source = apart.claims[-1].source
    assert scored(report)["claims.f1"] < 0.5
    assert scored(report)["critical_per_100_claims"] > 50
    assert scored(apart)["claims.f1"] < 0.5


def test_a_pronoun_is_no_name() -> None:
    tried = 0
    for article in GOLD:
        for n, claim in enumerate(article.label.claims):
            for other in article.label.claims:
                same = claim.source.text.lower() == other.source.text.lower() in ("he", "she", "it")
                if same and claim.source.actor != other.source.actor:
                    report = copy(article)
                    report.claims[n].source = other.source
                    assert score_document(article, report).tallies["claims"].precision < 1
                    tried += 1
    assert tried


def test_incidents_told_twice_without_ids_cost_precision() -> None:
    report = copy()
    report.incidents += [incident.model_copy() for incident in report.incidents]
    for incident in report.incidents:
        incident.id = ""
    assert scored(report)["incidents.precision"] == pytest.approx(0.5)


def test_an_incident_left_out_is_missed_not_merged() -> None:
    reports = {article.id: copy(article) for article in GOLD}
    for report in reports.values():
        del report.incidents[1:]
    score = score_reports(GOLD, reports, resamples=1)
    assert score["incidents.recall"] < 0.5
    assert score.to_dict()["incidents"]["merges"] == 0


def test_an_unrelated_incident_of_the_same_type_is_not_found() -> None:
    report = copy()
    only = report.incidents[0]
    told = {span.start for incident in TOLVARA.label.incidents for span in incident.evidence}
    elsewhere = next(s for s in Document(TOLVARA.text).sentences if s.start not in told)
    only.evidence[:] = [only.evidence[0].model_copy(update={"start": elsewhere.start, "end": elsewhere.end})]
    only.initiators, only.targets, only.weapons, only.when, only.where, only.casualties = [], [], [], [], [], []
    report.incidents = [only]
    score = scored(report)
    assert score["incidents.precision"] == 1  # its type earns its credit
    assert score["incidents.found_precision"] == 0


def test_a_wrong_source_of_a_claim_that_may_be_left_out_costs_precision_only() -> None:
    article = next(article for article in GOLD if article.id == "tovuz-border-group")
    assert "C11" in article.accept.optional
    report = copy(article)
    claim = next(claim for claim in report.claims if claim.id == "C11")
    claim.source = next(other.source for other in report.claims if other.source.actor != claim.source.actor)
    score = scored(report, article)
    assert score["claims.recall"] == 1
    assert score["claims.precision"] < 1


def test_none_is_right_where_the_label_accepts_none() -> None:
    article = next(article for article in GOLD if [] in article.accept.either.get("C3.incidents", []))
    report = copy(article)
    report.claims[2].incidents = []
    assert report.claims[2].id == "C3"
    assert scored(report, article)["claims.fields.incidents.f1"] == 1


def test_an_accepted_actor_is_right_where_the_label_has_none() -> None:
    number = next(n for n, claim in enumerate(TOLVARA.label.claims) if claim.against is None)
    actor = TOLVARA.label.actors[0]
    accept = TOLVARA.accept.model_copy(
        update={"either": TOLVARA.accept.either | {f"{TOLVARA.label.claims[number].id}.against": [actor.id]}}
    )
    report = copy()
    report.claims[number].against = actor.mentions[0]
    assert scored(report, replace(TOLVARA, accept=accept))["claims.fields.against.f1"] == 1
    assert scored(report)["claims.fields.against.precision"] < 1


@pytest.mark.parametrize("article", GOLD, ids=lambda article: article.id)
def test_copies_of_claims_do_not_dilute_critical_errors(article: GoldArticle) -> None:
    report = copy(article)
    for claim in report.claims:
        claim.source = report.claims[-1].source
        claim.stance = "denies"
    once = scored(report, article)["critical_per_100_claims"]
    for n, claim in enumerate([claim.model_copy(deep=True) for claim in report.claims]):
        claim.id, claim.content = f"C{900 + n}", claim.content[::-1]
        report.claims.append(claim)
    assert scored(report, article)["critical_per_100_claims"] >= once
    assert once or not report.claims


def test_claims_of_other_sources_with_the_same_words_are_not_copies() -> None:
    report = copy()
    other = report.claims[0].model_copy(deep=True)
    other.source = next(claim.source for claim in report.claims if claim.source.start != other.source.start)
    report.claims.append(other)
    report.claims.append(other)
    assert score_document(TOLVARA, report).tallies["critical"].predicted == len(TOLVARA.label.claims) + 1
