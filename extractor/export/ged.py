"""Rows of incidents in the columns of UCDP GED, as far as a report tells them.

Columns without "x_" are UCDP's, in name, code and meaning: deaths as low, best and high; in state-based violence side a
is the state; in one-sided violence side b is "Civilians". Names of actors and places are the article's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from extractor.derive.places import country_name
from extractor.export.codes import STATE, UNARMED, Acting, armed_force
from extractor.export.columns import UNRESOLVED, Cells, Column, Row, Table
from extractor.export.incident_columns import INCIDENT_COLUMNS, incident_cells, notes
from extractor.export.locations import country, imprecise, located, place, where_precision
from extractor.export.sides import side
from extractor.export.times import ged_precision, span
from extractor.export.tolls import Side, Sides, Tolls, tolls
from extractor.export.view import UNDENIED, View
from extractor.schema import Incident, Report

_COLUMNS = (
    Column("type_of_violence", "integer", "1 state-based, 2 non-state, 3 one-sided: against civilians"),
    Column(
        "side_a", "text", "in state-based violence the state, else the initiator, by its fullest name in the article"
    ),
    Column("side_b", "text", "the other side; in one-sided violence 'Civilians'"),
    Column("dyad_name", "text", "side_a - side_b"),
    Column("date_start", "date", "first day that it may have been"),
    Column("date_end", "date", "last day that it may have been"),
    Column("date_prec", "integer", "1 a day, 2 two to six days, 3 a week, 4 a month, 5 a year"),
    Column(
        "where_prec", "integer", "1 settlement, 2 near it, 3 district, 4 province, 5 region, 6 country, 7 sea or air"
    ),
    Column("where_coordinates", "text", "the closest and finest place, in the article's words"),
    Column("deaths_a", "integer", "dead of side a: the one number that all accounts agree on"),
    Column("deaths_b", "integer", "dead of side b, likewise"),
    Column("deaths_civilians", "integer", "dead civilians, likewise"),
    Column("deaths_unknown", "integer", "dead of no known side, likewise"),
    Column("low", "integer", "lowest minimum of all deaths over all accounts"),
    Column("best", "integer", "all deaths, likewise"),
    Column("high", "integer", "highest number of deaths that an account names"),
    Column("event_clarity", "integer", "1 where the day and the place, at least its district, are told"),
    Column("number_of_sources", "integer", "articles that the row is from: always 1"),
    Column("source_original", "texts", "who says so, according to the article"),
    Column(
        "x_ged_eligible", "boolean", "whether it is an event in UCDP's sense: actual, armed force, a death, known type"
    ),
)
_MORE = (
    Column("x_ged_reason", "text", "why it is none"),
    Column("x_independent_sources", "integer", "parties (where unknown: sources) that put it forward"),
    Column("x_side_a_said_by", "text", "whose words side_a is from"),
    Column("x_side_b_said_by", "text", "whose words side_b is from"),
    Column("x_side_b_words", "text", "side b by its name in the article"),
    Column("x_rivals", "texts", "whom other accounts name as initiator or target instead or besides"),
    Column("x_date_said_by", "text", "whose words the dates are from"),
    Column("x_location_said_by", "text", "whose words the place is from"),
    Column("x_country", "text", "short English name of the country"),
    Column("x_admin1", "text", "its largest administrative region"),
    Column("x_latitude", "number", "degrees north, WGS 84, of the closest place that has coordinates"),
    Column("x_longitude", "number", "degrees east, WGS 84"),
    Column("x_coordinates_of", "text", "the place that the coordinates are of, in the article's words"),
    Column("x_source", "text", "who published the article"),
    Column("x_notes", "text", "summary with its attribution: whose account it is"),
)

_AGAINST_CIVILIANS = {"attack_on_civilians", "sexual_violence"}
_NON_STATE = {"non_state_armed"}


def rows(report: Report) -> Iterator[Row]:
    """A row for every incident of a report; `x_ged_eligible` tells which are events in UCDP's sense."""
    view = View(report)
    for incident in report.incidents:
        cells = Cells()
        acting, kind = _put_sides(cells, incident, view)
        _put_time_and_place(cells, incident, view)
        toll = tolls(incident, view, Sides(acting.first, acting.second))
        _put_deaths(cells, toll)
        _put_eligible(cells, incident, kind, toll)
        _put_sources(cells, incident, view)
        cells.put_all(incident_cells(incident, view))
        yield cells.row(TABLE.columns)


def type_of_violence(acting: Acting) -> tuple[int | None, str]:
    """UCDP's type of organised violence; else none and the reason.

    3 when the target is civilian, 1 when either side acts for a state, 2 when both are armed groups of no state.
    """
    if not armed_force(acting.incident):
        return None, f"{acting.incident.type} is no use of armed force"
    one, two = acting.kind(acting.first), acting.kind(acting.second)
    if two in UNARMED or acting.incident.type in _AGAINST_CIVILIANS:
        return 3, ""
    if one is None or two is None:
        return None, f"what kind of actor the {'initiator' if one is None else 'target'} is, is not told"
    if one in STATE or two in STATE:
        return 1, ""
    if one in _NON_STATE and two in _NON_STATE:
        return 2, ""
    return None, f"{one} against {two} may be state-based or not"


def _put_sides(cells: Cells, incident: Incident, view: View) -> tuple[Acting, int | None]:
    """Who is side a and who side b, as UCDP orders them."""
    first, second = side(incident.initiators, view, "initiator"), side(incident.targets, view, "target")
    acting = Acting(incident, view, first.main, second.main, None)
    kind, why = type_of_violence(acting)
    a, b = first.main, second.main
    if kind == 1 and acting.kind(a) not in STATE:
        a, b = b, a
    no_a, no_b = (first.reason, second.reason) if a is first.main else (second.reason, first.reason)
    name_a = view.name(a) if a else None
    name_b = "Civilians" if kind == 3 else view.name(b) if b else None
    cells.put("type_of_violence", kind, why)
    cells.put("side_a", name_a, no_a)
    cells.put("side_b", name_b, no_b)
    cells.put("dyad_name", f"{name_a} - {name_b}" if name_a and name_b else None, no_a or no_b)
    cells.put("x_side_a_said_by", view.said_by(a.claims) if a else None, no_a)
    cells.put("x_side_b_said_by", view.said_by(b.claims) if b else None, no_b)
    cells.put("x_side_b_words", view.name(b) if b else None, no_b)
    others = [*first.rivals, *second.rivals]
    rivals = [f"{view.name(value)} [{view.said_by(value.claims)}]" for value in others]
    cells.put("x_rivals", rivals, "no other account names another")
    return Acting(incident, view, a, b, None), kind


def _put_time_and_place(cells: Cells, incident: Incident, view: View) -> None:
    days, no_date = span(incident, view)
    cells.put("date_start", days.earliest if days else None, no_date)
    cells.put("date_end", days.latest if days else None, no_date)
    cells.put(
        "date_prec", ged_precision(days) if days else None, no_date or "longer than a year, for which UCDP has no code"
    )
    cells.put("x_date_said_by", view.said_by(days.claims) if days else None, no_date)
    where, no_place = place(incident, view)
    spot, nowhere = located(incident, view)
    coded = spot or where
    precision = where_precision(coded) if coded else None
    cells.put("where_prec", precision, imprecise(coded, "UCDP") if coded else no_place)
    cells.put("where_coordinates", where.text if where else None, no_place)
    cells.put("x_location_said_by", view.said_by(where.claims) if where else None, no_place)
    code, no_country = country(incident, view)
    cells.put("x_country", country_name(code) if code else None, no_country)
    cells.put("x_admin1", where.admin1 if where else None, no_place or "it is not known in which one the place lies")
    cells.put("x_coordinates_of", spot.text if spot else None, nowhere)
    cells.put("x_latitude", spot.lat if spot else None, nowhere)
    cells.put("x_longitude", spot.lon if spot else None, nowhere)
    clear = days is not None and days.days == 1 and precision is not None and precision <= 3
    cells.put(
        "event_clarity",
        1 if clear else None,
        "one event or a summary of several: the day or the place is not told closely",
    )


def _put_deaths(cells: Cells, toll: Tolls) -> None:
    none = "nobody tells of deaths"
    deaths = toll.total()
    cells.put("low", deaths.low, "deaths are told, but no number that they are at least" if toll.told else none)
    cells.put("best", deaths.best, "the accounts do not agree on one number" if toll.told else none)
    cells.put("high", deaths.high, "deaths are told, but no number" if toll.told else none)
    for group in get_args(Side):
        why = "the accounts do not agree on one number" if toll.tell_of(group) else "nobody tells of such deaths"
        cells.put(f"deaths_{group}", toll.of(group).best, why)


def _put_eligible(cells: Cells, incident: Incident, kind: int | None, toll: Tolls) -> None:
    """UCDP takes an actual use of armed force by an organised actor that led to at least one death."""
    low = toll.total().low
    why = [
        reason
        for reason, holds in (
            (f"it is {incident.realis}", incident.realis != "actual"),
            ("the type of violence is not resolved", kind is None),
            ("nobody tells of at least one death", not low),
        )
        if holds
    ]
    cells.put("x_ged_eligible", not why, None)
    cells.put("x_ged_reason", "; ".join(why), "it is eligible")


def _put_sources(cells: Cells, incident: Incident, view: View) -> None:
    claims = view.about(incident)
    document = view.report.document
    no_claims = "no claim speaks of it: the article itself tells it"
    cells.put("number_of_sources", 1, None)
    cells.put("source_original", list(dict.fromkeys(view.name(claim.source) for claim in claims)), no_claims)
    telling = {view.account(claim) for claim in claims if claim.stance in UNDENIED}
    cells.put("x_independent_sources", len(telling), None)
    cells.put("x_source", document.publisher if document else None, "the publisher of the article is not given")
    cells.put("x_notes", notes(incident, view), None)


TABLE = Table("ged", (*_COLUMNS, *_MORE, *INCIDENT_COLUMNS, UNRESOLVED), rows)
"""UCDP's columns, then those of our own."""
