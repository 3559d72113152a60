"""What each format must keep to, whatever it was made of."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import date as Date
from typing import Any

from extractor.export import Table, table, unguarded, write
from extractor.export.codes import code_table
from extractor.schema import Report

FORMULA = re.compile(r"[=+\-@\t\r]")
INTERACTION = re.compile(r"([A-Z][\w/ ]+?)(?: only|-([A-Z][\w/ ]+))")


def csv_text(reports: Iterable[Report], to: Any) -> str:
    file = io.BytesIO()
    write(reports, to, file)
    return file.getvalue().decode()


def csv_rows(reports: Iterable[Report], to: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(csv_text(reports, to), newline="")))


def check_rows(rows: list[dict[str, str]], of: Table) -> None:
    """Columns as documented, cells of their kind, a reason for every blank, and no formula."""
    for row in rows:
        assert tuple(row) == of.names
        why = json.loads(row["x_unresolved"])
        blank = [name for name, cell in row.items() if cell == ""]
        assert sorted(why) == sorted(blank)
        assert all(why.values()), why
        for column in of.columns:
            check_cell(row[column.name], column.kind)


def check_cell(cell: str, kind: str) -> None:
    if not cell:
        return
    if kind == "integer":
        int(cell)
    elif kind == "number":
        float(cell)
    elif kind == "date":
        Date.fromisoformat(cell)
    elif kind == "boolean":
        assert cell in {"true", "false"}
    else:
        assert not FORMULA.match(cell), cell


def check_acled(rows: list[dict[str, str]]) -> None:
    check_rows(rows, table("acled"))
    codes = code_table()
    names = [row["event_id_cnty"] for row in rows]
    assert len(set(names)) == len(names)
    for row in rows:
        if row["event_date"]:
            day, precision = Date.fromisoformat(row["event_date"]), row["time_precision"]
            assert precision in {"1", "2", "3"}
            assert int(row["year"]) == day.year
            assert row["x_date_earliest"] <= row["event_date"] <= row["x_date_latest"]
            assert (precision == "1") == (row["x_date_earliest"] == row["x_date_latest"])
        else:
            assert row["x_date_status"].startswith("unresolved: ")
        if row["event_type"]:
            assert row["disorder_type"] == codes["disorder_types"][row["event_type"]]
            assert not row["sub_event_type"] or row["sub_event_type"] in codes["sub_event_types"][row["event_type"]]
        for name in ("inter1", "inter2"):
            assert not row[name] or row[name] in codes["inter_codes"]
        check_interaction(row)
        assert row["civilian_targeting"] in {"", "Civilians targeted"}
        assert row["geo_precision"] in {"", "1", "2", "3"}
        assert not row["iso"] or 1 <= int(row["iso"]) <= 999
        assert row["x_fatalities_reported"] == "true" or row["fatalities"] == "0"
        check_range(row["fatalities"] or row["x_fatalities_low"], row["x_fatalities_best"], row["x_fatalities_high"])


def check_interaction(row: dict[str, str]) -> None:
    if not row["interaction"]:
        return
    found = INTERACTION.fullmatch(row["interaction"])
    assert found
    assert sorted(filter(None, found.groups())) == sorted(filter(None, (row["inter1"], row["inter2"])))


def check_range(low: str, best: str, high: str) -> None:
    numbers = [int(number) for number in (low, best, high) if number]
    assert numbers == sorted(numbers)
    assert all(number >= 0 for number in numbers)


def check_ged(rows: list[dict[str, str]]) -> None:
    check_rows(rows, table("ged"))
    for row in rows:
        assert row["type_of_violence"] in {"", "1", "2", "3"}
        assert row["date_prec"] in {"", "1", "2", "3", "4", "5"}
        assert row["where_prec"] in {"", "1", "2", "3", "4", "5", "6", "7"}
        assert row["event_clarity"] in {"", "1", "2"}
        assert row["number_of_sources"] == "1"
        assert row["date_start"] <= row["date_end"]
        check_range(row["low"], row["best"], row["high"])
        if row["x_ged_eligible"] == "true":
            assert row["type_of_violence"]
            assert int(row["low"]) >= 1
            assert row["x_realis"] == "actual"
        else:
            assert row["x_ged_reason"]
        if row["side_a"] and row["side_b"]:
            assert unguarded(row["dyad_name"]) == f"{unguarded(row['side_a'])} - {unguarded(row['side_b'])}"


def check_claims(rows: list[dict[str, str]]) -> None:
    check_rows(rows, table("claims"))
    for row in rows:
        assert row["stance"] in {"asserts", "denies", "accuses", "admits", "threatens", "questions"}
        assert row["source_position"] in {"", "initiator_side", "target_side", "third_party"}
        if row["start"]:
            assert int(row["start"]) <= int(row["end"])
        assert row["disputed"] == "true" or not row["rivals"]


def check_geojson(collection: dict[str, Any]) -> None:
    """RFC 7946."""
    assert collection["type"] == "FeatureCollection"
    for feature in collection["features"]:
        assert feature.keys() == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        status = feature["properties"]["geometry_status"]
        if feature["geometry"] is None:
            assert status.startswith("unresolved: ")
            continue
        assert status == "known"
        assert feature["geometry"]["type"] == "Point"
        longitude, latitude = feature["geometry"]["coordinates"]
        assert -180 <= longitude <= 180
        assert -90 <= latitude <= 90
