"""How many attributions were found, by the characters of their content.

Predicted and gold attributions of a document are assigned one to one so that the sum of the intersections over union of
their contents' characters is greatest (where that leaves a choice, by their sources, then by their cues). A pair is
right under

- `content` when the IoU of its contents is at least 0.5;
- `content_source` when that of its sources is so too, or neither has one;
- `content_cue` when that of its cues is so too, or neither has one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from evals.bench.polnear.data import Attribution, Document
from evals.bench.tally import Tally
from evals.scoring.alignment import align
from evals.scoring.spans import SAME, Ranges, iou

Metric = Literal["content", "content_source", "content_cue"]
METRICS: tuple[Metric, ...] = get_args(Metric)

# Too little to weigh against any difference of contents that matters.
_BY_SOURCE = 1e-6
_BY_CUE = 1e-9


def tallies(
    documents: Sequence[Document], predictions: Mapping[str, Sequence[Attribution]]
) -> dict[Metric, list[Tally]]:
    """Under each metric a tally for each document; one without predictions counts as one for which none were made."""
    scored = [score(predictions.get(document.id, ()), document.attributions) for document in documents]
    return {metric: [tallies[metric] for tallies in scored] for metric in METRICS}


def score(predicted: Sequence[Attribution], gold: Sequence[Attribution]) -> dict[Metric, Tally]:
    """The tally of a document under each metric."""
    pairs = [(predicted[p], gold[g]) for p, g, _ in align(predicted, gold, _likeness)]
    right = [(p, g) for p, g in pairs if iou(p.content, g.content) >= SAME]
    counts: dict[Metric, int] = {
        "content": len(right),
        "content_source": sum(_same(p.source, g.source) for p, g in right),
        "content_cue": sum(_same(p.cue, g.cue) for p, g in right),
    }
    return {metric: Tally(count, len(predicted), count, len(gold)) for metric, count in counts.items()}


def _likeness(predicted: Attribution, gold: Attribution) -> float:
    content = iou(predicted.content, gold.content)
    if not content:
        return 0.0
    return content + _BY_SOURCE * iou(predicted.source, gold.source) + _BY_CUE * iou(predicted.cue, gold.cue)


def _same(a: Ranges, b: Ranges) -> bool:
    return iou(a, b) >= SAME or not (a or b)
