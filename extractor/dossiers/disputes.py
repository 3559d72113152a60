"""Rival claims of different parties about one event, within an article and across articles.

Within an article the report says which claims are rivals. Across articles no model is asked: a rule that needs no
reading finds them, and says so. A denial *contradicts* what another party puts forward on the same aspect, and tolls of
one day that exclude each other do; other names for who did it or with what, and a toll that a later article raises,
*compete*, for both could hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, product

from extractor.dossiers.conflicts import exclude
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
    yield from _named("initiator", [value for telling in tellings for value in telling.initiators])
    yield from _named("means", [value for telling in tellings for value in telling.weapons])


def _denied(denial: ClaimTold, claim: ClaimTold) -> list[Aspect]:
    """The aspects that one claim denies and the other puts forward; to deny having done it is not to deny the event."""
    if claim.stance not in UNDENIED or not (denial.main and claim.main):
        return []
    shared: list[Aspect] = [aspect for aspect in _DENIABLE if aspect in denial.aspects and aspect in claim.aspects]
    return [aspect for aspect in shared if aspect != "occurrence" or "initiator" not in denial.aspects]


def _tolls(tellings: Sequence[Telling]) -> Iterator[_Found]:
    told = [
        (telling.article, toll) for telling in tellings for toll in telling.tolls if toll.claims and not toll.denied
    ]
    for (article, one), (other_article, other) in combinations(told, 2):
        comparable = one.status == other.status and one.category == other.category
        of_one_party = not set(one.by).isdisjoint(other.by)
        if not comparable or of_one_party or not exclude((one.min, one.max), (other.min, other.max)):
            continue
        same_day = article.date is not None and article.date == other_article.date
        kind: RivalKind = "contradicts" if same_day else "competes"
        later = "" if same_day else "; of other days, so one may only be newer"
        yield "casualties", kind, _claims(one, other), f"{one.status}: {one.count} and {other.count}{later}"


def _named(aspect: Aspect, told: Sequence[Told]) -> Iterator[_Found]:
    for one, other in combinations([value for value in told if value.claims], 2):
        same = one.who == other.who if one.who and other.who else one_name(name(one.text), name(other.text))
        if not same and set(one.by).isdisjoint(other.by):
            yield aspect, "competes", _claims(one, other), f'{aspect}: "{one.text}" and "{other.text}"'


def _claims(one: Told, other: Told) -> list[tuple[str, str]]:
    return [(value.document, claim) for value in (one, other) for claim in value.claims]


def _told(claim: ClaimTold) -> str:
    return f"{claim.name} ({claim.document} {claim.claim})"
