"""Rows of incidents in the columns of ACLED, as far as a report tells them.

Columns without "x_" are ACLED's, in name, code and meaning (ACLED codebook: actors in either order, lowest of rival
tolls, the middle day for a week or a month). Names of actors and places are the article's own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pycountry

from extractor.derive.places import country_name
from extractor.export.codes import UNARMED, Acting, EventType, event_type, inter, interaction
from extractor.export.columns import UNRESOLVED, Cells, Column, Row, Table
from extractor.export.incident_columns import INCIDENT_COLUMNS, fingerprint, incident_cells, notes
from extractor.export.locations import country, geo_precision, imprecise, located, place
from extractor.export.sides import Side, side
from extractor.export.times import acled_date, span
from extractor.export.tolls import Sides, tolls
from extractor.export.view import View
from extractor.schema import Incident, Report

_COLUMNS = (
    Column("event_id_cnty", "text", "ISO 3166-1 alpha-3 code of the country, where known, and the incident's uid"),
    Column("event_date", "date", "the day; of a week or a month the middle one"),
    Column("year", "integer", "the year"),
    Column("time_precision", "integer", "1 day, 2 up to a week, 3 up to a month"),
    Column("disorder_type", "text", "ACLED's disorder type"),
    Column("event_type", "text", "ACLED's event type"),
    Column("sub_event_type", "text", "ACLED's sub-event type"),
    Column("actor1", "text", "the first initiator that is an actor, by its fullest name in the article"),
    Column("actor2", "text", "the first target that is an actor, by its fullest name in the article"),
    Column("assoc_actor_1", "texts", "other initiators that the same account names, or of the same party"),
    Column("assoc_actor_2", "texts", "other targets that the same account names, or of the same party"),
    Column("inter1", "text", "ACLED's type of actor1"),
    Column("inter2", "text", "ACLED's type of actor2"),
    Column("interaction", "text", "the two types in ACLED's order; '... only' where the article names no target"),
    Column("civilian_targeting", "text", "'Civilians targeted' where they are the first or only target"),
    Column("country", "text", "short English name of the country"),
    Column("iso", "integer", "its ISO 3166-1 numeric code"),
    Column("admin1", "text", "its largest administrative region"),
    Column("location", "text", "the closest and finest place, in the article's words"),
    Column("geo_precision", "integer", "1 the place itself, 2 near it or a district, 3 a larger area or the sea"),
    Column("source", "text", "who published the article"),
    Column("notes", "text", "summary with its attribution: whose account it is"),
    Column("fatalities", "integer", "the lowest number of deaths that any account gives; 0 when none tells of deaths"),
)
_MORE = (
    Column("x_fatalities_reported", "boolean", "whether anybody tells of deaths, with a number or without"),
    Column("x_fatalities_low", "integer", "lowest minimum over all accounts"),
    Column("x_fatalities_best", "integer", "the one number that all accounts agree on"),
    Column("x_fatalities_high", "integer", "highest number that an account names"),
    Column("x_date_status", "text", "day; middle of a longer time, which it gives; or unresolved, and why"),
    Column("x_date_earliest", "date", "first day that it may have been"),
    Column("x_date_latest", "date", "last day that it may have been"),
    Column("x_date_said_by", "text", "whose words the date is from"),
    Column("x_actor1_said_by", "text", "whose words actor1 is from"),
    Column("x_actor2_said_by", "text", "whose words actor2 is from"),
    Column("x_rivals_1", "texts", "whom other accounts name as initiator instead or besides"),
    Column("x_rivals_2", "texts", "whom or what other accounts name as target instead or besides"),
    Column("x_location_said_by", "text", "whose words the location is from"),
    Column("x_latitude", "number", "degrees north, WGS 84, of the closest place that has coordinates"),
    Column("x_longitude", "number", "degrees east, WGS 84"),
    Column("x_coordinates_of", "text", "the place that the coordinates are of, in the article's words"),
)


def rows(report: Report) -> Iterator[Row]:
    """A row for every incident of a report, whatever its realis."""
    view = View(report)
    seen: set[str] = set()
    for incident in report.incidents:
        cells = Cells()
        code, _ = country(incident, view)
        name = f"{code or ''}{fingerprint(incident, view)}"
        cells.put("event_id_cnty", name if name not in seen else f"{name}-{incident.id}", None)
        seen.add(name)
        first, second = side(incident.initiators, view, "initiator"), side(incident.targets, view, "target")
        acting = Acting(incident, view, first.main, second.main, code)
        _put_time(cells, incident, view)
        _put_types(cells, acting, event_type(acting))
        _put_actors(cells, acting, first, second)
        _put_place(cells, incident, view)
        _put_deaths(cells, incident, view, first, second)
        publisher = report.document.publisher if report.document else None
        cells.put("source", publisher, "the publisher of the article is not given")
        cells.put("notes", notes(incident, view), None)
        cells.put_all(incident_cells(incident, view))
        yield cells.row(TABLE.columns)


def _put_time(cells: Cells, incident: Incident, view: View) -> None:
    days, why = span(incident, view)
    day, precision, too_long = acled_date(days) if days else (None, None, why)
    if day is None:
        status = f"unresolved: {too_long}"
    else:
        status = "day" if precision == 1 or days is None else f"middle of {days.earliest} to {days.latest}"
    whole_year = days.earliest.year if days and days.earliest.year == days.latest.year else None
    year = day.year if day else whole_year
    cells.put("event_date", day, too_long)
    cells.put("time_precision", precision, too_long)
    cells.put("year", year, too_long)
    cells.put("x_date_status", status, None)
    cells.put("x_date_earliest", days.earliest if days else None, why)
    cells.put("x_date_latest", days.latest if days else None, why)
    cells.put("x_date_said_by", view.said_by(days.claims) if days else None, why)


def _put_types(cells: Cells, acting: Acting, types: EventType) -> None:
    cells.put("disorder_type", types.disorder_type, types.reason)
    cells.put("event_type", types.event_type, types.reason)
    cells.put("sub_event_type", types.sub_event_type, types.reason)
    cells.put("civilian_targeting", *_civilian_targeting(acting, types))


def _civilian_targeting(acting: Acting, types: EventType) -> tuple[str | None, str]:
    if types.event_type == "Violence against civilians":
        return "Civilians targeted", ""
    if types.event_type is None:
        return None, f"the event type is not resolved: {types.reason}"
    if types.event_type != "Explosions/Remote violence":
        return None, f"ACLED marks none in {types.event_type}"
    if acting.second is None:
        return None, "the article names no target"
    kind = acting.kind(acting.second)
    if kind is None:
        return None, f'what kind of actor "{acting.second.text}" is, is not told'
    return ("Civilians targeted", "") if kind in UNARMED else (None, "the first target is no civilian")


def _put_actors(cells: Cells, acting: Acting, first: Side, second: Side) -> None:
    view = acting.view
    types: list[str | None] = []
    for number, one in (("1", first), ("2", second)):
        cells.put(f"actor{number}", view.name(one.main) if one.main else None, one.reason)
        none = "no other of the same account" if one.main else one.reason
        cells.put(f"assoc_actor_{number}", [view.name(value) for value in one.associates], none)
        cells.put(f"x_actor{number}_said_by", view.said_by(one.main.claims) if one.main else None, one.reason)
        rivals = [f"{view.name(value)} [{view.said_by(value.claims)}]" for value in one.rivals]
        cells.put(f"x_rivals_{number}", rivals, "no other account names another" if one.main else one.reason)
        kind, why = inter(acting, one.main) if one.main else (None, one.reason)
        cells.put(f"inter{number}", kind, why)
        types.append(kind)
    one, two = types
    known = one is not None and (two is not None or second.main is None)
    missing = "the type of actor1 is not resolved" if one is None else "the type of actor2 is not resolved"
    cells.put("interaction", interaction(one, two) if one is not None and known else None, missing)


def _put_place(cells: Cells, incident: Incident, view: View) -> None:
    code, no_country = country(incident, view)
    cells.put("country", country_name(code) if code else None, no_country)
    listed = pycountry.countries.get(alpha_3=code) if code else None
    cells.put("iso", int(listed.numeric) if listed else None, no_country or f"ISO 3166 has no number for {code}")
    where, why = place(incident, view)
    cells.put("location", where.text if where else None, why)
    cells.put("x_location_said_by", view.said_by(where.claims) if where else None, why)
    cells.put("admin1", where.admin1 if where else None, why or "it is not known in which one the place lies")
    spot, nowhere = located(incident, view)
    coded = spot or where
    cells.put("geo_precision", geo_precision(coded) if coded else None, imprecise(coded, "ACLED") if coded else why)
    cells.put("x_coordinates_of", spot.text if spot else None, nowhere)
    cells.put("x_latitude", spot.lat if spot else None, nowhere)
    cells.put("x_longitude", spot.lon if spot else None, nowhere)


def _put_deaths(cells: Cells, incident: Incident, view: View, first: Side, second: Side) -> None:
    toll = tolls(incident, view, Sides(first.main, second.main))
    deaths = toll.total()
    none = "deaths are told, but no number" if toll.told else "nobody tells of deaths"
    at_least = "deaths are told, but no number that they are at least" if toll.told else none
    cells.put("fatalities", deaths.low if toll.told else 0, at_least)
    cells.put("x_fatalities_reported", toll.told, None)
    cells.put("x_fatalities_low", deaths.low, at_least)
    cells.put("x_fatalities_best", deaths.best, "the accounts do not agree on one number" if toll.told else none)
    cells.put("x_fatalities_high", deaths.high, none)


TABLE = Table("acled", (*_COLUMNS, *_MORE, *INCIDENT_COLUMNS, UNRESOLVED), rows)
"""ACLED's columns, then those of our own."""
