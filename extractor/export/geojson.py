"""GeoJSON (RFC 7946): a feature for every incident; those without coordinates have no geometry, and say why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from extractor.export.collection import write_collection
from extractor.export.incident_columns import contested, fingerprint, notes, says, values
from extractor.export.locations import country, geo_precision, located, place, where_precision
from extractor.export.sides import side
from extractor.export.times import span
from extractor.export.tolls import Sides, told, tolls
from extractor.export.view import NOT_WORKED_OUT, View
from extractor.schema import Incident, Report, Where


def write_geojson(reports: Iterable[Report], file: BinaryIO) -> int:
    """Write one feature collection; returns how many features it has."""
    every = (feature for report in reports for feature in features(report))
    return write_collection({"type": "FeatureCollection"}, "features", every, file)


def features(report: Report) -> Iterator[dict[str, Any]]:
    """The features of a report."""
    view = View(report)
    for incident in report.incidents:
        where, why = located(incident, view)
        point = _point(where) if where else None
        if where and not point:
            why = f'the coordinates of "{where.text}" lie outside the world'
        yield {
            "type": "Feature",
            "id": f"{fingerprint(incident, view)}-{incident.id}",
            "geometry": point,
            "properties": _properties(incident, view) | {"geometry_status": "known" if point else f"unresolved: {why}"},
        }


def _point(where: Where) -> dict[str, Any] | None:
    """Longitude first, as RFC 7946 has it."""
    if where.lat is None or where.lon is None or not (math.isfinite(where.lat) and math.isfinite(where.lon)):
        return None
    if not (-90 <= where.lat <= 90 and -180 <= where.lon <= 180):
        return None
    return {"type": "Point", "coordinates": [where.lon, where.lat]}


def _properties(incident: Incident, view: View) -> dict[str, Any]:
    document = view.report.document
    where, no_place = place(incident, view)
    spot, _ = located(incident, view)
    days, no_date = span(incident, view)
    code, _ = country(incident, view)
    first, second = side(incident.initiators, view, "initiator"), side(incident.targets, view, "target")
    deaths = tolls(incident, view, Sides(first.main, second.main)).total()
    return {
        "document_id": document.id if document else None,
        "document_sha256": document.sha256 if document else None,
        "url": document.url if document else None,
        "incident_id": incident.id,
        "incident_uid": incident.uid,
        "type": incident.type,
        "realis": incident.realis,
        "summary": notes(incident, view),
        "occurrence_status": incident.status,
        "contested_aspects": contested(incident, view),
        "disputes_status": "known" if view.disputes_known else f"unresolved: {NOT_WORKED_OUT}",
        "location": where.text if where else None,
        "location_said_by": view.said_by(where.claims) if where else None,
        "location_status": "known" if where else f"unresolved: {no_place}",
        "geometry_of": spot.text if spot else None,
        "country": code,
        "admin1": where.admin1 if where else None,
        "geo_precision": geo_precision(spot or where) if where else None,
        "where_prec": where_precision(spot or where) if where else None,
        "date_start": days.earliest.isoformat() if days else None,
        "date_end": days.latest.isoformat() if days else None,
        "date_said_by": view.said_by(days.claims) if days else None,
        "date_status": "known" if days else f"unresolved: {no_date}",
        "deaths_low": deaths.low,
        "deaths_best": deaths.best,
        "deaths_high": deaths.high,
        "tolls": told(incident, view),
        "says": [says(claim, view) for claim in view.about(incident)],
        "claims": [{"id": claim.id, "uid": claim.uid} for claim in view.about(incident)],
        "evidence": [{"quote": one.quote, "start": one.start, "end": one.end} for one in incident.evidence],
        "values": values(incident),
    }
