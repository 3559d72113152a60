"""The worked examples of the MUC-4 profile are answers that the extractor would take as they are."""

import json

import pytest

from evals.bench.muc4.schema import FIELDS, TYPES, MucIncident, MucIncidents, templates
from extractor.document import Document
from extractor.grounding import check
from extractor.plans.asking import numbered
from extractor.templates import load

_TURNS = load("muc4").turns[1:-1]
WORKED = [(question, json.loads(answer)) for (_, question), (_, answer) in zip(_TURNS[::2], _TURNS[1::2], strict=True)]


@pytest.mark.parametrize(("question", "answer"), WORKED)
def test_an_example_stands_in_its_own_text(question: str, answer: dict[str, list[dict[str, object]]]) -> None:
    document = Document("\n\n".join(line.split("] ", 1)[1] for line in question.splitlines()))
    assert numbered(document) == question
    checked = check(MucIncidents, answer, document)
    assert checked.dropped == []
    mentions = [m for one in checked.value.incidents for name in FIELDS.values() for m in getattr(one, name)]
    assert all(mention.match == "exact" for mention in mentions)
    assert all(list(one) == list(MucIncident.model_fields) for one in answer["incidents"])
    told = templates(checked.value)
    assert len(told) == sum(one["kind"] in TYPES for one in answer["incidents"])
    assert all(template.size for template in told)
