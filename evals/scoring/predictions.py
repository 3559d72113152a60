"""Reading reports to be scored, and scoring many of them on all cores."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.goldset import Split, names
from evals.goldset.gold import each, read_text
from evals.scoring.document import Scored, empty_report, score_document
from extractor.document import Document
from extractor.errors import InputError
from extractor.schema import Report

_ONE_PROCESS_UP_TO = 500
"""Articles; below, starting more processes takes longer than it saves."""

Lines = Mapping[str, str]
"""Reports as JSON by the id of their article."""


class _Head(BaseModel):
    """What a line is recognised by."""

    model_config = ConfigDict(extra="ignore")

    class Info(BaseModel):
        """Its document."""

        model_config = ConfigDict(extra="ignore")
        id: str | None = None
        sha256: str | None = None

    document: Info | None = None


def read_lines(path: Path, folder: Path, ids: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The lines of a reports.jsonl by the id of their article, and the ids of those that are of no article asked for.

    A report is known by its document's id, else by the sha256 of its text. `InputError` names the first bad line: it is
    no report, one of an article that has a report already, or of another version of the article's text.
    """
    path = path / "reports.jsonl" if path.is_dir() else path
    wanted, lines, others = set(ids), dict[str, str](), list[str]()
    by_text: dict[str, str] | None = None
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            head = _Head.model_validate_json(line).document or _Head.Info()
        except ValidationError as error:
            raise InputError(f"{path}, line {number}: this is no report: {error.errors()[0]['msg']}") from error
        name = head.id
        if name not in wanted:
            by_text = by_text or {_sha256(folder, i): i for i in ids}
            name = by_text.get(head.sha256 or "", name)
        if name is None or name not in wanted:
            others.append(name or f"line {number}")
        elif name in lines:
            raise InputError(f"{path}, line {number}: a second report of {name}: keep one of them")
        elif head.sha256 is not None and head.sha256 != _sha256(folder, name):
            raise InputError(
                f"{path}, line {number}: the report of {name} is of another version of the text: its sha256 is not "
                f"that of {_text(folder, name)}: extract that again"
            )
        else:
            lines[name] = line
    return lines, others


def _sha256(folder: Path, name: str) -> str:
    return Document(read_text(_text(folder, name))).sha256


def _text(folder: Path, name: str) -> Path:
    return folder / "articles" / f"{name}.txt"


def read_reports(path: Path, lines: Lines) -> dict[str, Report]:
    """The reports of these lines; `InputError` says which is not one."""
    return {name: _read_report(path, name, line) for name, line in lines.items()}


def _read_report(path: Path, name: str, line: str) -> Report:
    try:
        return Report.model_validate_json(line)
    except (ValidationError, InputError) as error:
        told = error.errors()[0] if isinstance(error, ValidationError) else None
        why = f"{'.'.join(map(str, told['loc']))}: {told['msg']}" if told else str(error)
        raise InputError(f"{path}: the report of {name} is none: {why}") from error


def score_folder(
    folder: Path, path: Path, *, split: Split | None = None, ids: Sequence[str] | None = None
) -> tuple[list[Scored], list[str], list[str]]:
    """Score a file of reports against a gold folder.

    Returns the documents, the articles without a report (scored as empty) and the reports of no article asked for.
    Raises `InputError` when no article is asked for.
    """
    chosen = names(folder, split, ids)
    if not chosen:
        raise InputError(f"{folder} has no article to score{f' in its {split} split' if split else ''}")
    lines, others = read_lines(path, folder, chosen)
    parts = [chosen]
    if len(chosen) > _ONE_PROCESS_UP_TO:
        cores = os.cpu_count() or 1
        parts = [chosen[start::cores] for start in range(cores)]
    work = partial(_score_part, folder, path)
    given = [{name: lines[name] for name in part if name in lines} for part in parts]
    if len(parts) == 1:
        scored = work(parts[0], given[0])
    else:
        with ProcessPoolExecutor(len(parts)) as pool:
            scored = [document for part in pool.map(work, parts, given) for document in part]
    scored.sort(key=lambda document: document.id)
    return scored, [name for name in chosen if name not in lines], others


def _score_part(folder: Path, path: Path, ids: Sequence[str], lines: Lines) -> list[Scored]:
    """One article after another: held all at once, they cost more in memory and collecting than in scoring."""

    def report(name: str) -> Report:
        return _read_report(path, name, lines[name]) if name in lines else empty_report()

    return [score_document(article, report(article.id)) for article in each(folder, ids=ids)]
