"""Tasks as Label Studio imports and exports them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, cast

from evals.goldset.accept import Accept
from evals.goldset.gold import GoldArticle, read_label
from evals.goldset.label_studio.drawing import read, written
from evals.goldset.label_studio.exporting import drawn
from evals.goldset.label_studio.importing import label_from
from evals.goldset.label_studio.vocabulary import TEXT
from extractor.errors import InputError

Json = dict[str, Any]


KNOWN = ("date", "title", "publisher", "language")
"""What may be known of an article beside its text; a task's data hold it, and the label's document then has it."""


def bare_task(name: str, text: str, known: Json | None = None) -> Json:
    """The task of an article that nobody has labelled yet, with what is known of it."""
    return {"data": {"id": name, TEXT: text, **(known or {})}}


def export_tasks(gold: Sequence[GoldArticle]) -> list[Json]:
    """Labelled articles as tasks with one annotation each."""
    return [_task(article) for article in gold]


def import_tasks(tasks: Iterable[Json], note: Callable[[str], None] = lambda _: None) -> list[tuple[str, str, Json]]:
    """The labels of the tasks that were annotated: (id, text, label), the label with its `accept`, checked.

    Args:
        tasks: As Label Studio's JSON export has them; those without an annotation are passed over.
        note: Is told, in a line, what had to be left out.

    Raises:
        InputError: A task or an annotation cannot be made a label: the error names the article and what to mend.
    """
    labels: list[tuple[str, str, Json]] = []
    for number, task in enumerate(tasks, 1):
        name, text, was = _data(task, number)
        try:
            annotation = _annotation(task)
            if annotation is None:
                note(f"{name}: is not annotated yet, and left out")
                continue
            if was is not None:
                _checked(was, text, name)
            label = label_from(read(annotation.get("result") or [], text), text, was, partial(_note, note, name))
            label["document"] |= {field: task["data"][field] for field in KNOWN if task["data"].get(field)}
            labels.append((name, text, _checked(label, text, name)))
        except InputError as error:
            raise InputError(f"{name}: {error}") from error
    return labels


def _task(article: GoldArticle) -> Json:
    task = bare_task(article.id, article.text)
    task["data"]["label"] = _dumped(article.label.model_dump(mode="json"), article.accept)
    return task | {"annotations": [{"result": written(drawn(article.label), article.text)}]}


def _dumped(label: Json, accept: Accept) -> Json:
    return label | {"accept": accept.model_dump(mode="json")}


def _checked(label: Json, text: str, name: str) -> Json:
    report, accept = read_label(json.dumps(label), text, name)
    return _dumped(report.model_dump(mode="json"), accept)


def _data(task: Any, number: int) -> tuple[str, str, Json | None]:
    data: Any = cast(Json, task).get("data") if isinstance(task, dict) else None
    if not isinstance(data, dict) or not isinstance(cast(Json, data).get(TEXT), str):
        raise InputError(f"task {number} has no data.{TEXT}: export the project as JSON (not JSON-MIN)")
    fields = cast(Json, data)
    name = str(fields.get("id") or f"task-{cast(Json, task).get('id', number)}")
    if not re.fullmatch(r"\w[\w.-]*", name):
        raise InputError(f"task {number} has the id {name!r}: use letters, digits, dots, dashes and underscores")
    return name, fields[TEXT], fields.get("label")


def _annotation(task: Json) -> Json | None:
    every: list[Json] = task.get("annotations") or []
    given = [one for one in every if not one.get("was_cancelled")]
    chosen = [one for one in given if one.get("ground_truth")] or given
    if len(chosen) > 1:
        raise InputError(f"has {len(chosen)} annotations: mark the right one as ground truth")
    return chosen[0] if chosen else None


def _note(note: Callable[[str], None], name: str, line: str) -> None:
    note(f"{name}: {line}")
