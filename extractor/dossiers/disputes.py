"""Rival claims of different parties about one event, within an article and across articles.

Within an article the report says which claims are rivals. Across articles no model is asked: a rule that needs no
reading finds them, and says so. A denial *contradicts* what another party puts forward on the same aspect, and tolls of
one day that exclude each other do; other names for who did it, and tolls of other days, *compete*, for both could hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

from extractor.derive.deaths import exclude
from extractor.dossiers.conflicts import bounds_told, totals
from extractor.dossiers.names import name, one_name
from extractor.dossiers.schema import ClaimOf, ClaimTold, Rivalry, Telling, Told
from extractor.export.view import UNDENIED
from extractor.schema import Aspect, RivalKind

_DENIABLE: tuple[Aspect, ...] = (
    "initiator", "occurrence", "target", "place", "time", "means", "casualties", "equipment_loss", "outcome",
)  # fmt: skip


def rivalries(tellings: Sequence[Telling]) -> list[Rivalry]:
    """The disputes over all articles: one for each aspect and kind, with all their claims and parties."""
    said = {(claim.document, claim.claim): (party, claim) for telling in tellings for party, claim in telling.claims}
    found: dict[tuple[Aspect, RivalKind], Rivalry] = {}
    for aspect, kind, claims, because in (*_of_reports(tellings), *_found(tellings, said)):
        held = found.setdefault((aspect, kind), Rivalry(aspect, kind, [], [], []))
        for key in claims:
            if key in said and ClaimOf(*key) not in held.claims:
                held.claims.append(ClaimOf(*key))
                if said[key][0] not in held.parties:
                    held.parties.append(said[key][0])
        if because not in held.because:
            held.because.append(because)
    return [held for held in found.values() if len(held.parties) > 1]


_Found = tuple[Aspect, RivalKind, list[tuple[str, str]], str]


def _of_reports(tellings: Sequence[Telling]) -> Iterator[_Found]:
    for telling in tellings:
        document = telling.article.document
        for aspect, kind, claims in telling.disputes:
            yield aspect, kind, [(document, claim) for claim in claims], f"the report of {document} says so"


def _found(tellings: Sequence[Telling], said: Mapping[tuple[str, str], tuple[str, ClaimTold]]) -> Iterator[_Found]:
    settled = {frozenset(((telling.article.document, one), (telling.article.document, other)))
               for telling in tellings for _, _, claims in telling.disputes
               for one, other in combinations(claims, 2)}  # fmt: skip
    denials = [(key, party, claim) for key, (party, claim) in said.items() if claim.stance == "denies"]
    for (key, party, one), (other_key, (other_party, other)) in product(denials, said.items()):
        if party != other_party and frozenset((key, other_key)) not in settled:
            for aspect in _denied(one, other):
                because = f"{_told(one)} denies, {_told(other)} {other.stance}: {aspect}"
                yield aspect, "contradicts", [key, other_key], because
    yield from _tolls(tellings)
    yield from _doers(tellings)


def _denied(denial: ClaimTold, claim: ClaimTold) -> list[Aspect]:
    """The aspects that one claim denies and the other puts forward; to deny having done it is not to deny the event."""
    if claim.stance not in UNDENIED or not (denial.main and claim.main):
        return []
    shared: list[Aspect] = [aspect for aspect in _DENIABLE if aspect in denial.aspects and aspect in claim.aspects]
    return [aspect for aspect in shared if aspect == "initiator" or "initiator" not in denial.aspects]


def _tolls(tellings: Sequence[Telling]) -> Iterator[_Found]:
    told = [(telling.article.date, total) for telling in tellings for total in totals(telling) if total.by]
    for (date, one), (other_date, other) in combinations(told, 2):
        if one.status == other.status and one.by != other.by and exclude(one.bounds, other.bounds):
            same_day = date is not None and date == other_date
            kind: RivalKind = "contradicts" if same_day else "competes"
            later = "" if same_day else "; of other days, so one may only be newer"
            numbers = sorted((bounds_told(one.bounds), bounds_told(other.bounds)))
            yield "casualties", kind, _claims(*one.tolls, *other.tolls), f"{one.status}: {' and '.join(numbers)}{later}"


def _doers(tellings: Sequence[Telling]) -> Iterator[_Found]:
    told = [value for telling in tellings for value in telling.initiators if value.claims]
    for one, other in combinations(told, 2):
        if set(one.by).isdisjoint(other.by) and not _may_be_one(one, other):
            names = sorted((f'"{one.text}"', f'"{other.text}"'))
            yield "initiator", "competes", _claims(one, other), f"initiator: {' and '.join(names)}"


def _may_be_one(one: Told, other: Told) -> bool:
    """Whether two names may be of one doer: those of one party, or that share a proper word."""
    if one.who and one.who == other.who:
        return True
    ours, theirs = name(one.text), name(other.text)
    return one_name(ours, theirs) or bool(ours.proper & theirs.proper)


def _claims(*values: Told) -> list[tuple[str, str]]:
    return [(value.document, claim) for value in values for claim in value.claims]


def _told(claim: ClaimTold) -> str:
    return f"{claim.name} ({claim.document} {claim.claim})"
