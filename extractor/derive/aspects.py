"""What a claim speaks of, told by the values of its incidents that stand in its words."""

from __future__ import annotations

from extractor.schema import Aspect, Claim, Incident, Report


def read_aspects(report: Report) -> None:
    """Fill in the aspects of claims that have none, from the values tied to them; in the order of `Aspect`.

    A claim on an incident that names who did it or whom it hit, or denies it, says whether it happened; one that holds
    nothing of any incident is context.
    """
    incidents = {incident.id: incident for incident in report.incidents}
    for claim in report.claims:
        if not claim.aspects:
            claim.aspects = _aspects(claim, [incidents[name] for name in claim.incidents if name in incidents])


def _aspects(claim: Claim, incidents: list[Incident]) -> list[Aspect]:
    held: list[Aspect] = []
    lists: list[tuple[Aspect, list[list[str]]]]
    for incident in incidents:
        lists = [
            ("initiator", [value.claims for value in incident.initiators]),
            ("target", [value.claims for value in incident.targets]),
            ("place", [value.claims for value in incident.where]),
            ("time", [value.claims for value in incident.when]),
            ("means", [value.claims for value in incident.weapons]),
            ("casualties", [casualty.who.claims for casualty in incident.casualties]),
        ]
        held.extend(aspect for aspect, values in lists if any(claim.id in names for names in values))
    if incidents and (claim.stance == "denies" or not held or {"initiator", "target"} & set(held)):
        held.insert(0, "occurrence")
    if not held:
        held.append("context")
    return list(dict.fromkeys(held))
