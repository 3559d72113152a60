"""The MUC-4 metrics: on cases worked out by hand, by laws, and on the predictions that other systems published."""

import itertools
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.bench.muc4 import (
    ROLES,
    Metric,
    Role,
    Template,
    exact,
    load,
    normalised,
    phi3,
    read,
    subset,
    tallies,
    template,
)
from evals.bench.tally import Tally
from extractor.errors import InputError

DATA = Path(os.environ.get("MUC4_DATA", "not there"))


def attack(**roles: list[list[str]]) -> Template:
    return template("attack", {role: roles.get(role, []) for role in ROLES})


def test_words_are_compared_without_case_articles_punctuation_and_extra_space() -> None:
    assert normalised("The  Mayor's car-bomb, a  RED one") == "mayors carbomb red one"


def test_a_mention_in_common_is_a_match_of_one_entity_only() -> None:
    gold = [attack(Victim=[["the mayor", "Ana Ruiz"], ["her driver"]])]
    predicted = [attack(Victim=[["mayor"], ["ana ruiz"], ["a nurse"]])]
    assert phi3(predicted, gold) == Tally(right=1, predicted=3, found=1, gold=2)


def test_under_subset_several_may_name_one_and_recall_counts_it_once() -> None:
    gold = [attack(Victim=[["the mayor", "Ana Ruiz"], ["her driver"]])]
    predicted = [attack(Victim=[["mayor"], ["ana ruiz"], ["a nurse"]])]
    assert subset(predicted, gold) == Tally(right=2, predicted=3, found=1, gold=2)


def test_under_subset_every_mention_must_be_of_the_one_entity() -> None:
    gold = [attack(Victim=[["the mayor"], ["her driver"]])]
    predicted = [attack(Victim=[["mayor", "her driver"]])]
    assert subset(predicted, gold).right == 0
    assert phi3(predicted, gold).right == 1


def test_the_same_words_in_another_role_are_wrong() -> None:
    gold, predicted = [attack(Victim=[["guards"]])], [attack(PerpInd=[["guards"]])]
    assert phi3(predicted, gold).right == subset(predicted, gold).right == 0
    assert exact(predicted, gold) == Tally(right=1, predicted=2, found=1, gold=2)


def test_templates_of_different_types_never_match() -> None:
    entities: dict[Role, list[list[str]]] = {"Victim": [["two clerks"]]}
    gold, predicted = [template("bombing", entities)], [template("arson", entities)]
    assert phi3(predicted, gold) == subset(predicted, gold) == Tally(0, 1, 0, 1)
    assert exact(predicted, gold) == Tally(0, 2, 0, 2)


def test_of_two_types_in_the_key_either_is_right() -> None:
    entities: dict[Role, list[list[str]]] = {"Target": [["the bridge"]]}
    gold = [template("attack / bombing", entities)]
    for name in ("attack", "bombing"):
        assert exact([template(name, entities)], gold) == Tally(2, 2, 2, 2)


def test_a_template_matches_one_other_at_most() -> None:
    gold = [attack(Victim=[["two clerks"]])]
    predicted = [attack(Victim=[["two clerks"]])] * 2
    assert phi3(predicted, gold) == Tally(1, 2, 1, 1)
    assert exact(predicted, gold) == Tally(2, 4, 2, 2)


def test_templates_are_paired_so_that_most_entities_match() -> None:
    gold = [attack(Victim=[["a"]], Target=[["x"]]), attack(Victim=[["b1"]])]
    predicted = [attack(Victim=[["b1"]]), attack(Victim=[["b2"]], Target=[["x"]])]
    assert phi3(predicted, gold) == Tally(2, 3, 2, 3)


def test_nothing_predicted_and_nothing_to_find_earn_nothing() -> None:
    for score in (phi3, subset, exact):
        assert score([], []) == Tally()
        assert score([attack(Victim=[["x1"]])], []).f1 == score([], [attack(Victim=[["x1"]])]).f1 == 0


# Some twenty entities, the mentions of each its own, so that no two of a role are alike.
entity = st.integers(0, 5).flatmap(
    lambda n: st.lists(st.sampled_from([f"name{n} one", f"name{n} two", f"name{n} three"]), min_size=1, unique=True)
)
apart = st.lists(entity, max_size=3, unique_by=lambda mentions: mentions[0].split()[0])
templates = st.lists(
    st.builds(
        template,
        st.sampled_from(["attack", "bombing", "attack / bombing"]),
        st.fixed_dictionaries(dict.fromkeys(ROLES, apart)),
    ),
    max_size=4,
)


few = settings(max_examples=40)


@few
@given(templates)
def test_the_key_itself_scores_1(gold: list[Template]) -> None:
    for score in (phi3, subset, exact):
        tally = score(gold, gold)
        assert tally.right == tally.predicted == tally.found == tally.gold


@few
@given(templates, templates)
def test_what_is_right_is_never_more_than_there_is(predicted: list[Template], gold: list[Template]) -> None:
    for score in (phi3, subset, exact):
        right, values, found, keys = score(predicted, gold)
        assert 0 <= found <= min(right, keys)
        assert right <= values


@few
@given(templates, templates)
def test_phi3_is_the_same_from_either_side(predicted: list[Template], gold: list[Template]) -> None:
    one, other = phi3(predicted, gold), phi3(gold, predicted)
    assert (one.precision, one.recall) == (other.recall, other.precision)


@few
@given(templates, templates)
def test_a_template_too_many_costs_precision_only(predicted: list[Template], gold: list[Template]) -> None:
    more = [*predicted, template("arson", {"Weapon": [["a torch"]]})]
    for score in (phi3, subset, exact):
        before, after = score(predicted, gold), score(more, gold)
        assert (after.right, after.found) == (before.right, before.found)
        assert after.predicted > before.predicted


@few
@given(templates, templates)
def test_the_exact_score_is_that_of_the_best_of_all_mappings(predicted: list[Template], gold: list[Template]) -> None:
    assert exact(predicted, gold).f1 == pytest.approx(best_of_all(predicted, gold))


def best_of_all(predicted: Sequence[Template], gold: Sequence[Template]) -> float:
    """Try every mapping, as GTT's own evaluation does."""
    values = sum(1 + one.size for one in predicted)
    keys = sum(1 + one.size for one in gold)
    best = 0.0
    for mapping in itertools.product([*gold, None], repeat=len(predicted)):
        taken = [id(one) for one in mapping if one is not None]
        if len(taken) > len(set(taken)):
            continue
        right = found = 0
        for p, g in zip(predicted, mapping, strict=True):
            if g is None or not p.types & g.types:
                continue
            right, found = right + 1, found + 1
            for role in ROLES:
                right += sum(any(e <= key for key in g.entities[role]) for e in p.entities[role])
                found += sum(any(e <= key for e in p.entities[role]) for key in g.entities[role])
        if right:
            best = max(best, 2 / (values / right + keys / found))
    return best


def test_lines_of_one_document_are_put_together(tmp_path: Path) -> None:
    file = tmp_path / "predictions.jsonl"
    lines: list[object] = [
        {"A-1": [{"incident_type": "attack", "Victim": [["two clerks"]]}]},
        {"A-1": []},
        {"A-1": [{"incident_type": "arson"}]},
        {"A-2": []},
    ]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert read(file) == {"A-1": [attack(Victim=[["two clerks"]]), template("arson", {})], "A-2": []}


def test_numbers_of_documents_become_their_names(tmp_path: Path) -> None:
    file = tmp_path / "predictions.out"
    one = {"doctext": "", "pred_templates": [{"incident_type": "attack", "Victim": [["two clerks"]]}]}
    file.write_text(json.dumps({"30012": one, "10001": {"pred_templates": []}}), encoding="utf-8")
    assert read(file) == {"TST3-MUC4-0012": [attack(Victim=[["two clerks"]])], "TST1-MUC3-0001": []}


@pytest.mark.parametrize("content", ["not JSON", '{"A-1": [{"Victim": []}]}', '{"A-1": {"templates": []}}'])
def test_a_file_of_neither_format_is_told_with_its_line(tmp_path: Path, content: str) -> None:
    file = tmp_path / "predictions"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"predictions:1 is neither GTT's format .* nor IterX's"):
        read(file)


def test_templates_that_differ_in_offsets_only_are_one(tmp_path: Path) -> None:
    keys = [
        {"incident_type": "arson", **{role: [] for role in ROLES}, "Target": [[["the mill", at]]]} for at in (1, 30, 30)
    ]
    line = {"docid": "A-1", "doctext": "the mill burnt.", "templates": keys}
    (tmp_path / "dev.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    [document] = load(tmp_path, "dev")
    assert document.templates == (template("arson", {"Target": [["mill"]]}),)


def test_a_line_separator_within_a_text_ends_no_line(tmp_path: Path) -> None:
    texts = ["fog.\u2028rain.\x85snow.", "calm."]
    lines: list[dict[str, Any]] = [
        {"docid": f"A-{number}", "doctext": text, "templates": []} for number, text in enumerate(texts)
    ]
    written = "\n\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    (tmp_path / "test.jsonl").write_text(written, encoding="utf-8")
    assert [document.text for document in load(tmp_path)] == texts
    predicted: list[dict[str, Any]] = [
        {"A-1": [{"incident_type": "attack", "Victim": [["two\u2028clerks"]]}]},
        {"A-2": []},
    ]
    file = tmp_path / "predictions"
    file.write_text("".join(f"{json.dumps(line, ensure_ascii=False)}\n\n" for line in predicted), encoding="utf-8")
    assert read(file) == {"A-1": [attack(Victim=[["two clerks"]])], "A-2": []}


def test_a_folder_without_the_split_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"test\.jsonl cannot be read .*--data"):
        load(tmp_path)


def test_a_line_of_something_else_is_told(tmp_path: Path) -> None:
    (tmp_path / "test.jsonl").write_text('{"docid": "A-1", "templates": []}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"test\.jsonl:1 is no MUC-4 document: doctext"):
        load(tmp_path)


PUBLISHED: dict[str, dict[Metric, float]] = {
    "iterx_t5-large-enc.preds.test.jsonlines": {"phi3": 44.81, "subset": 48.17},
    "iterx_bart-large.preds.test.jsonlines": {"phi3": 43.93, "subset": 47.27},
    "iterx_bert-base.preds.test.jsonlines": {"phi3": 43.21, "subset": 46.10},
    "iterx_bart-base.preds.test.jsonlines": {"phi3": 39.74, "subset": 42.33},
    "preds_gtt.out": {"phi3": 44.14, "subset": 44.10, "exact": 50.23},
}


@pytest.mark.skipif(not (DATA / "test.jsonl").is_file(), reason="MUC4_DATA names no folder that holds MUC-4's data")
@pytest.mark.parametrize("name", PUBLISHED)
def test_published_figures_are_reproduced(name: str) -> None:
    scored = tallies(load(DATA), read(DATA / "reference_predictions" / name))
    figures = {metric: round(100 * sum(counts, Tally()).f1, 2) for metric, counts in scored.items()}
    assert figures | PUBLISHED[name] == figures
    if "exact" in PUBLISHED[name]:
        exactly = sum(scored["exact"], Tally())
        assert (round(100 * exactly.precision, 2), round(100 * exactly.recall, 2)) == (61.69, 42.36)
