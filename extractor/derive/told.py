"""The claims on each incident, gathered in one pass."""

from __future__ import annotations

from collections.abc import Mapping

from extractor.schema import Claim, Report


def claims_by_incident(report: Report) -> Mapping[str, list[Claim]]:
    """The claims on each incident that has any, by its id, in the order of the report."""
    claims: dict[str, list[Claim]] = {}
    for claim in report.claims:
        for incident in dict.fromkeys(claim.incidents):
            claims.setdefault(incident, []).append(claim)
    return claims
