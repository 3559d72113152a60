"""Reading what a page is made of: reports, or dossiers, told apart by what they hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Literal, TypeVar

from pydantic import BaseModel

from extractor.dossiers.schema import Dossier
from extractor.errors import InputError
from extractor.export.records import JsonRecord, read_records, validated
from extractor.schema import Report

Kind = Literal["report", "dossier"]
M = TypeVar("M", bound=BaseModel)


Held = tuple[Literal["report"], Iterator[Report]] | tuple[Literal["dossier"], Iterator[Dossier]]


def read_reports_or_dossiers(where: str) -> Held:
    """What a file, or standard input (`-`), holds, and each of it, one after another.

    Raises `InputError`, naming the line, for what is neither, for reports among dossiers or the other way round, and
    when there is nothing at all.
    """
    records = read_records(where, "report and no dossier")
    first = next(records)
    kind = _kind(first)
    if kind is None:
        raise InputError(
            f"{first.file}, line {first.line}: this is neither a report (`extractor extract` and `run` make them) "
            "nor a dossier (`extractor link`)"
        )
    together = chain([first], records)
    if kind == "report":
        return "report", _all(together, Report, "report", "dossier")
    return "dossier", _all(together, Dossier, "dossier", "report")


def _all(records: Iterator[JsonRecord], model: type[M], kind: Kind, other: Kind) -> Iterator[M]:
    for record in records:
        try:
            yield validated(record, model, kind)
        except InputError as error:
            if _kind(record) != other:
                raise
            where = f"{record.file}, line {record.line}"
            raise InputError(f"{where}: a {other} among {kind}s: show each in a page of its own") from error


def _kind(record: JsonRecord) -> Kind | None:
    try:
        held: object = json.loads(record.text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(held, dict):
        return None
    if "dossier_version" in held:
        return "dossier"
    return "report" if {"actors", "incidents", "claims"} <= held.keys() else None
