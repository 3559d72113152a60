"""What a claim speaks of, told by its words, its stance and the values of its incidents that stand in its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import regex

from extractor.derive.positions import initiated, parties_by_actor, party_of
from extractor.schema import Aspect, Claim, Incident, Report, Value

_REASON = regex.compile(
    r"\b(?:because|so that|in order to|in (?:answer|response|reply|revenge|retaliation)|revenge|retaliat\w+|due to|"
    r"owing to|aimed (?:at|to)|as punishment|to avenge|by (?:mistake|accident))\b",
    regex.I,
)
"""English words that give a reason."""


def read_aspects(report: Report) -> None:
    """Fill in the aspects of claims that have none; in the order of `Aspect`.

    A claim speaks of a value of its incidents that is tied to it or whose words it holds. Who accuses or admits
    tells who did it. A claim on an incident that names who did it or whom it hit says whether it happened; one without
    an incident is context. A denial that holds no value is about who did it when it comes from the side that is said
    to have done it; else about what the claim of another side before it says. Needs parties.
    """
    incidents = {incident.id: incident for incident in report.incidents}
    parties = parties_by_actor(report)
    before: dict[str, list[Claim]] = {}
    for claim in report.claims:
        if not claim.aspects:
            about = [incidents[name] for name in claim.incidents if name in incidents]
            claim.aspects = _aspects(claim, about)
            if claim.stance == "denies" and about and _AT_ISSUE.isdisjoint(claim.aspects):
                claim.aspects = _denied(claim, about[0], before.get(about[0].id, ()), parties)
        for name in claim.incidents:
            before.setdefault(name, []).append(claim)


_AT_ISSUE: frozenset[Aspect] = frozenset({"initiator", "target", "means", "casualties", "reason", "outcome"})


def _denied(claim: Claim, incident: Incident, before: Sequence[Claim], parties: Mapping[str, str]) -> list[Aspect]:
    party = party_of(claim, parties)
    others = [one for one in before if party_of(one, parties) != party]
    accused = {parties.get(one.against.actor or "") for one in others if one.against}
    if party is not None and (initiated(party, incident, parties) or party in accused):
        return ["initiator"]
    told: list[Aspect] = [aspect for one in others[-1:] for aspect in one.aspects if aspect in _AT_ISSUE]
    return told or ["occurrence"]


def _aspects(claim: Claim, incidents: list[Incident]) -> list[Aspect]:
    words = " ".join(span.quote for span in claim.content)
    held: list[Aspect] = []
    for incident in incidents:
        lists: list[tuple[Aspect, Sequence[Value]]] = [
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
    told_there = any(one.sentence in claim.sentences for incident in incidents for one in incident.evidence)
    if (not held and told_there) or (claim.stance != "denies" and {"initiator", "target"} & set(held)):
        held.insert(0, "occurrence")
    if _REASON.search(words):
        held.append("reason")
    if not held:
        held.append("context")
    return list(dict.fromkeys(held))


def _speaks_of(claim: Claim, words: str, value: Value) -> bool:
    return claim.id in value.claims or regex.search(rf"\b{regex.escape(value.text)}\b", words, regex.I) is not None
