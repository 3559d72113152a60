"""What is exported to Label Studio comes back as it was, whatever it was."""

import json
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evals.goldset import GOLD, GoldArticle, load
from evals.goldset.gold import read_label
from evals.goldset.label_studio import export_tasks, import_tasks
from extractor import Report
from tests.evals.label_studio.labels import articles


def as_exported(task: dict[str, Any], order: random.Random) -> dict[str, Any]:
    """The task as Label Studio gives it back: its own fields added, results in another order, through JSON."""
    task = json.loads(json.dumps(task))
    (annotation,) = task["annotations"]
    order.shuffle(annotation["result"])
    for result in annotation["result"]:
        if result["type"] != "relation":
            result["origin"] = "manual"
    annotation |= {"id": 7, "was_cancelled": False, "ground_truth": False, "completed_by": 1, "lead_time": 3.5}
    added: dict[str, Any] = {"id": 3, "predictions": [], "drafts": [], "meta": {}, "project": 1}
    return added | task


def comes_back(article: GoldArticle, order: random.Random) -> None:
    noted: list[str] = []
    ((name, text, label),) = import_tasks([as_exported(task, order) for task in export_tasks([article])], noted.append)
    assert (name, text) == (article.id, article.text)
    report, accept = read_label(json.dumps(label), text, name)
    assert report == article.label
    assert accept == article.accept
    assert noted == []


@given(articles(), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_label_comes_back_as_it_was(article: GoldArticle, order: random.Random) -> None:
    comes_back(article, order)


@pytest.mark.parametrize("article", load(GOLD), ids=lambda article: article.id)
def test_every_label_of_the_gold_set_comes_back_as_it_was(article: GoldArticle) -> None:
    comes_back(article, random.Random(7))


def told(task: dict[str, Any]) -> tuple[list[str], set[Any], set[Any]]:
    """All that is drawn, with the regions' own names left out: regions, relations, and those of values to claims."""
    (annotation,) = task["annotations"]
    regions: dict[str, list[Any]] = {}
    for result in annotation["result"]:
        if result["type"] != "relation":
            said: dict[str, Any] = {
                name: value for name, value in result["value"].items() if not isinstance(value, str)
            }
            regions.setdefault(result["id"], []).append([result["from_name"], sorted(said.items())])
    shown = {name: json.dumps(sorted(parts), sort_keys=True) for name, parts in regions.items()}
    links = {
        (shown[result["from_id"]], shown[result["to_id"]], tuple(sorted(result["labels"])))
        for result in annotation["result"]
        if result["type"] == "relation"
    }
    said_in = {link for link in links if link[2] == ("said in",)}
    ties = {link for link in links if '"Party tie"' in link[0]}  # to any actor of the party
    return sorted(shown.values()), links - said_in - ties, said_in


@pytest.mark.parametrize("article", load(GOLD)[::5], ids=lambda article: article.id)
def test_what_is_drawn_says_the_whole_label(article: GoldArticle) -> None:
    """Without the label that rides along, everything but ids and order is read from the drawing."""
    (task,) = export_tasks([article])
    del task["data"]["label"]
    ((name, text, label),) = import_tasks([task])
    report, accept = read_label(json.dumps(label), text, name)
    (again,) = export_tasks([GoldArticle(name, text, report, accept, None)])
    regions, links, said_in = told(task)
    assert told(again)[:2] == (regions, links)
    assert told(again)[2] >= said_in, "a value that stands in a claim's content is said there unless told otherwise"
    spoken = sorted(
        (claim.source.text, claim.stance, [span.quote for span in claim.content]) for claim in report.claims
    )
    assert spoken == sorted(
        (claim.source.text, claim.stance, [span.quote for span in claim.content]) for claim in article.label.claims
    )
    days = sorted(str(when.earliest) for incident in report.incidents for when in incident.when)
    assert days == sorted(str(when.earliest) for incident in article.label.incidents for when in incident.when)
    assert ties(report) == ties(article.label)
    assert len(report.disputes) == len(article.label.disputes)


def ties(report: Report) -> dict[str, set[str]]:
    return {party.name: {span.quote for span in party.because} for party in report.parties}
