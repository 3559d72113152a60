"""Where an incident was, and how precisely, in the codes of ACLED and UCDP GED."""

from __future__ import annotations

from extractor.export.view import View
from extractor.schema import Incident, PlaceLevel, PlaceRelation, Where

_RELATIONS: list[PlaceRelation] = ["at", "near", "over", "between"]
"""Those that tell where an incident was, the closest first; "from" and "toward" tell where something moved."""

_LEVELS: list[PlaceLevel | None] = [
    "site",
    "settlement",
    "district",
    "province",
    "region",
    "sea",
    "air",
    "country",
    None,
]
"""The finest first."""

_ACLED: dict[PlaceLevel | None, int] = {
    "site": 1, "settlement": 1, "district": 2, "province": 3, "region": 3, "sea": 3,
}  # fmt: skip
_GED: dict[PlaceLevel | None, int] = {
    "site": 1, "settlement": 1, "district": 3, "province": 4, "region": 5, "country": 6, "sea": 7, "air": 7,
}  # fmt: skip


def places(incident: Incident) -> list[Where]:
    """The places that tell where an incident was, the closest and finest first."""
    told = [where for where in incident.where if where.relation in _RELATIONS]
    return sorted(told, key=lambda where: (_RELATIONS.index(where.relation), _LEVELS.index(where.level)))


def place(incident: Incident, view: View) -> tuple[Where | None, str]:
    """The place that an incident is put at; else none and the reason. Places in dispute give none."""
    told = places(incident)
    if not told:
        moved = ", ".join(f'{where.relation} "{where.text}"' for where in incident.where)
        return None, f"the article only tells a direction: {moved}" if moved else "the article names no place for it"
    if any(dispute.aspect == "place" for dispute in view.disputes(incident)):
        rivals = "; ".join(f'"{where.text}", says {view.said_by(where.claims)}' for where in told)
        return None, f"the place is in dispute: {rivals}"
    return told[0], ""


def located(incident: Incident, view: View) -> tuple[Where | None, str]:
    """The closest and finest place that has coordinates; else none and the reason."""
    where, reason = place(incident, view)
    if where is None:
        return None, reason
    known = [each for each in places(incident) if each.lat is not None and each.lon is not None]
    if known:
        return known[0], ""
    why = f": {where.unresolved}" if where.unresolved else ""
    return None, f'the coordinates of "{where.text}" are not known{why}'


def country(incident: Incident, view: View) -> tuple[str | None, str]:
    """The code (ISO 3166-1 alpha-3) of the country that an incident was in; else none and the reason."""
    where, reason = place(incident, view)
    if where and where.country:
        return where.country, ""
    codes = sorted({each.country for each in places(incident) if each.country})
    if len(codes) == 1:
        return codes[0], ""
    if codes:
        return None, f"the places lie in several countries: {', '.join(codes)}"
    return None, f'the country of "{where.text}" is not known' if where else reason


def geo_precision(where: Where) -> int | None:
    """ACLED's code: 1 the place itself, 2 near it or a district, 3 a larger area or the sea; none for a country."""
    code = _ACLED.get(where.level)
    if code is None or where.relation == "at":
        return code
    return max(code, 2 if where.level in {"site", "settlement"} else 3)


def where_precision(where: Where) -> int | None:
    """UCDP GED's code: 1 settlement, 2 near it, 3 district, 4 province, 5 region or line, 6 country, 7 sea or air."""
    code = _GED.get(where.level)
    if code is None or where.relation == "at" or code >= 5:
        return code
    if where.relation == "between":
        return 5
    return 2 if code == 1 else 5


def imprecise(where: Where, scale: str) -> str:
    """Why a place has no code on a scale."""
    if where.level is None:
        return f'what kind of place "{where.text}" is, is not told'
    return f'{scale} has no code for "{where.text}": {where.relation} a place of level {where.level}'
