"""What a claim speaks of, told by its words, its stance and the values of its incidents that stand in its words."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extractor.schema import Aspect, Claim, Incident, Mention, Report

_REASON = regex.compile(
    r"\b(?:because|so that|in order to|in (?:answer|response|reply|revenge|retaliation)|revenge|retaliat\w+|due to|"
    r"owing to|aimed (?:at|to)|as punishment|to avenge|by (?:mistake|accident))\b",
    regex.I,
)
"""English words that give a reason."""


def read_aspects(report: Report) -> None:
    """Fill in the aspects of claims that have none; in the order of `Aspect`.

    A claim speaks of a value of its incidents that is tied to it or whose words it holds. Who accuses or admits
    tells who did it. A claim on an incident that names who did it or whom it hit, or denies it, says
    whether it happened; one without an incident is context.
    """
    incidents = {incident.id: incident for incident in report.incidents}
    for claim in report.claims:
        if not claim.aspects:
            claim.aspects = _aspects(claim, [incidents[name] for name in claim.incidents if name in incidents])


def _aspects(claim: Claim, incidents: list[Incident]) -> list[Aspect]:
    words = " ".join(span.quote for span in claim.content)
    held: list[Aspect] = []
    for incident in incidents:
        lists: list[tuple[Aspect, Sequence[Mention]]] = [
            ("initiator", incident.initiators),
            ("target", incident.targets),
            ("place", incident.where),
            ("time", incident.when),
            ("means", incident.weapons),
            ("casualties", [one.who for one in incident.casualties]),
        ]
        held.extend(aspect for aspect, values in lists if any(_speaks_of(claim, words, value) for value in values))
    if incidents and claim.stance in ("accuses", "admits"):
        held.append("initiator")
    if incidents and (claim.stance == "denies" or not held or {"initiator", "target"} & set(held)):
        held.insert(0, "occurrence")
    if _REASON.search(words):
        held.append("reason")
    if not held:
        held.append("context")
    return list(dict.fromkeys(held))


def _speaks_of(claim: Claim, words: str, value: Mention) -> bool:
    tied: list[str] = getattr(value, "claims", [])
    return claim.id in tied or regex.search(rf"\b{regex.escape(value.text)}\b", words, regex.I) is not None
