"""The PolNeAR metric: on cases worked out by hand, and by laws."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.bench.polnear import Attribution, load, score
from evals.bench.tally import Tally
from evals.scoring.spans import Ranges
from extractor.errors import InputError


def said(start: int, end: int, source: Ranges = ((0, 4),), cue: Ranges = ((5, 9),)) -> Attribution:
    return Attribution(source, cue, ((start, end),))


def tally(right: int, predicted: int, gold: int) -> Tally:
    return Tally(right, predicted, right, gold)


@pytest.mark.parametrize(("end", "right"), [(120, 1), (119, 0)])
def test_half_of_the_characters_in_common_are_enough(end: int, right: int) -> None:
    assert score([said(100, end)], [said(100, 140)])["content"] == tally(right, 1, 1)


def test_the_pieces_of_an_interrupted_content_count_together() -> None:
    gold = [Attribution(((0, 4),), ((60, 64),), ((10, 50), (70, 110)))]
    assert score([said(10, 50)], gold)["content"].right == 1
    assert score([said(10, 49)], gold)["content"].right == 0


def test_a_wrong_source_leaves_content_and_cue_right() -> None:
    scores = score([said(10, 50, source=((80, 90),))], [said(10, 50)])
    assert [one.right for one in scores.values()] == [1, 0, 1]


def test_a_missing_cue_leaves_content_and_source_right() -> None:
    scores = score([said(10, 50, cue=())], [said(10, 50)])
    assert [one.right for one in scores.values()] == [1, 1, 0]


def test_no_source_on_either_side_is_right() -> None:
    assert score([said(10, 50, source=())], [said(10, 50, source=())])["content_source"].right == 1


def test_one_attribution_is_found_once() -> None:
    assert score([said(10, 50), said(10, 51)], [said(10, 50)])["content"] == tally(1, 2, 1)


def test_the_assignment_as_a_whole_counts_and_not_the_best_pair_first() -> None:
    gold = [said(0, 100), said(100, 180)]
    predicted = [said(40, 180), said(0, 160)]  # the first likes the second gold best, the second the first
    assert score(predicted, gold)["content"] == tally(2, 2, 2)
    assert score(predicted[::-1], gold)["content"] == tally(2, 2, 2)


def test_of_two_with_the_same_words_each_meets_the_one_of_its_own_source_and_cue() -> None:
    gold = [said(10, 50, source=((0, 4),)), said(10, 50, source=((60, 66),))]
    assert score(gold[::-1], gold)["content_source"].right == 2
    gold = [said(10, 50, cue=((0, 4),)), said(10, 50, cue=((60, 66),))]
    assert score(gold[::-1], gold)["content_cue"].right == 2


def test_no_documents_words_are_no_credit() -> None:
    assert score([], [said(0, 9)])["content"] == tally(0, 0, 1)
    assert score([said(0, 9)], [])["content"] == tally(0, 1, 0)


lengths = st.lists(st.integers(1, 40), min_size=1, max_size=8)


def in_a_row(lengths: list[int]) -> list[Attribution]:
    """Attributions one after the other, each with its source and cue before its content."""
    found: list[Attribution] = []
    at = 0
    for length in lengths:
        found.append(Attribution(((at, at + 3),), ((at + 3, at + 5),), ((at + 5, at + 5 + length),)))
        at += length + 6
    return found


@given(lengths, st.randoms(use_true_random=False))
def test_the_gold_attributions_score_1_in_any_order(lengths: list[int], chance: random.Random) -> None:
    gold = in_a_row(lengths)
    predicted = chance.sample(gold, len(gold))
    assert set(score(predicted, gold).values()) == {tally(len(gold), len(gold), len(gold))}


@given(lengths, st.sets(st.integers(0, 7)))
def test_what_is_left_out_costs_recall_alone(lengths: list[int], left_out: set[int]) -> None:
    gold = in_a_row(lengths)
    predicted = [one for number, one in enumerate(gold) if number not in left_out]
    assert set(score(predicted, gold).values()) == {tally(len(predicted), len(predicted), len(gold))}


spans = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda span: ((span[0], sum(span)),))
attributions = st.lists(st.builds(Attribution, spans, spans, spans), max_size=6)


@given(attributions, attributions, st.integers(1, 1000))
def test_only_where_things_stand_towards_each_other_matters(
    predicted: list[Attribution], gold: list[Attribution], by: int
) -> None:
    def moved(found: list[Attribution]) -> list[Attribution]:
        return [Attribution(*(tuple((a + by, b + by) for a, b in part) for part in one)) for one in found]

    assert score(moved(predicted), moved(gold)) == score(predicted, gold)


@given(attributions, attributions)
def test_source_and_cue_are_asked_of_right_contents_only(predicted: list[Attribution], gold: list[Attribution]) -> None:
    scores = score(predicted, gold)
    assert scores["content"].right <= min(len(predicted), len(gold))
    assert max(scores["content_source"].right, scores["content_cue"].right) <= scores["content"].right


def test_a_file_is_read_with_its_offsets(tmp_path: Path) -> None:
    text = "Ruiz said: go."
    claim = {"source": [[0, 4]], "cue": [[5, 9]], "content": [[11, 13]]}
    line = {"id": "one", "text": text, "claims": [claim, {**claim, "source": []}]}
    (tmp_path / "dev.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    [document] = load(tmp_path)
    assert document.attributions == (said(11, 13), said(11, 13, source=()))


def test_a_line_of_something_else_is_told(tmp_path: Path) -> None:
    (tmp_path / "dev.jsonl").write_text('{"id": "one", "text": "", "claims": [{}]}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"dev\.jsonl:1 is no PolNeAR document: claims\.0\.source"):
        load(tmp_path)
    with pytest.raises(InputError, match=r"train\.jsonl cannot be read .*--data"):
        load(tmp_path, "train")
    (tmp_path / "train.jsonl").write_bytes(b'{"id": "\xff"}\n')
    with pytest.raises(InputError, match=r"train\.jsonl cannot be read: it is no UTF-8 .* at byte 8"):
        load(tmp_path, "train")
