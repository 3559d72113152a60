"""Critical errors: those that make a row say something that its article does not.

Counted apart from F1, each with its article and words. The list follows what the field calls critical: swapped roles, a
wrong source, a claim told as fact, a lost negation, an invented number, date or place, a relay taken as origin,
corroboration within one party, garbled words repaired, a quote that is not in the text or not at its offsets. Numbers,
days, places and roles are judged only in incidents that beyond doubt are one event with their gold partner.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, get_args

from rapidfuzz import fuzz

from evals.scoring.claims import Claims, Match, accepted_source
from evals.scoring.comparators import counts_meet, disjoint, one_in_other
from evals.scoring.incidents import Incidents, Pair
from evals.scoring.sides import Days, Sides
from extractor.grounding import misplaced
from extractor.schema import Count, Status, Value

Kind = Literal[
    "swapped_roles", "wrong_source", "told_as_fact", "lost_negation", "invented_number", "invented_date",
    "invented_place", "relay_as_origin", "corroboration_in_one_party", "repaired_text", "quote_not_in_text",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)

_REPAIRED = 75
"""Likeness (rapidfuzz ratio, of 100) from which words that are not in the text are its own words, mended."""
_SEEN_BY_MORE_THAN_ONE: tuple[Status, ...] = ("corroborated", "acknowledged", "disputed")


class CriticalError(NamedTuple):
    """One critical error of a report."""

    kind: Kind
    where: str
    """The item of the report: an id, or a path."""
    gold: str | None
    """The item of the label."""
    start: int
    end: int
    words: str
    """The words of the report that are wrong."""
    expected: str
    """What the label says instead."""


def critical_errors(sides: Sides, claims: Claims, incidents: Incidents, text: str) -> list[CriticalError]:
    """Every critical error of a report."""
    found = [error for match in claims.matches for error in _claim(sides, match)]
    for pair in incidents.pairs:
        if pair.one_event:
            found += [*_roles(sides, pair), *_numbers(sides, pair), *_dates(sides, pair), *_places(sides, pair)]
            found += _realis(sides, pair)
            found += _corroboration(sides, pair)
    return [*found, *_told_as_fact(sides, incidents), *_spans(sides, text)]


def _claim(sides: Sides, match: Match) -> Iterator[CriticalError]:
    predicted, gold = match.predicted, match.gold
    source = predicted.source
    at = predicted.id, gold.id, source.start, source.end, source.text
    resolved = sides.resolved(source)
    if not match.right:
        relay = any(sides.same(source, via, f"{gold.id}.via[{i}]") for i, via in enumerate(gold.via))
        yield CriticalError("relay_as_origin" if relay else "wrong_source", *at, gold.source.text)
    elif resolved and gold.source.actor not in (None, *resolved) and not accepted_source(sides, source, gold):
        yield CriticalError("wrong_source", *at, sides.gold_actors[gold.source.actor or ""].name)
    if gold.stance == "denies" != predicted.stance and predicted.stance not in sides.either(f"{gold.id}.stance"):
        words = predicted.content[0] if predicted.content else None
        place = (words.start, words.end, words.quote) if words else (source.start, source.end, source.text)
        yield CriticalError("lost_negation", predicted.id, gold.id, *place, f"denies, not {predicted.stance}")


def _roles(sides: Sides, pair: Pair) -> Iterator[CriticalError]:
    """One error an incident, however many of its roles are turned round."""
    gold = pair.gold
    roles = {"initiators": gold.initiators, "targets": gold.targets}

    def has(role: str, value: Value) -> bool:
        return any(sides.same(value, right, f"{gold.id}.{role}[{i}]") for i, right in enumerate(roles[role]))

    said = [("initiators", "targets", value) for value in pair.predicted.initiators]
    said += [("targets", "initiators", value) for value in pair.predicted.targets]
    for role, other, value in said:
        if has(other, value) and not has(role, value):
            expected = f"is of the {other}, not of the {role}"
            yield CriticalError(
                "swapped_roles", pair.predicted.id, gold.id, value.start, value.end, value.text, expected
            )
            return


def _numbers(sides: Sides, pair: Pair) -> Iterator[CriticalError]:
    gold = pair.gold
    for n, entry in enumerate(pair.predicted.casualties):
        count = entry.count
        if count is None or (count.min is None and count.max is None):
            continue
        known: list[Count] = []
        for i, label in enumerate(gold.casualties):
            at = f"{gold.id}.casualties[{i}]"
            if entry.status == label.status or entry.status in sides.either(f"{at}.status"):
                known += [right for right in (label.count, *sides.others(f"{at}.count", Count)) if right is not None]
        if not any(counts_meet(count, right) for right in known if right.min is not None or right.max is not None):
            expected = f"{entry.status}: {', '.join(right.text for right in known) or 'no number'}"
            where = f"{pair.predicted.id}.casualties[{n}]"
            yield CriticalError("invented_number", where, gold.id, count.start, count.end, count.text, expected)


def _dates(sides: Sides, pair: Pair) -> Iterator[CriticalError]:
    gold = pair.gold
    others = [other for i in range(len(gold.when)) for other in sides.others(f"{gold.id}.when[{i}]", Days)]
    rights = [*gold.when, *others]
    for n, when in enumerate(pair.predicted.when):
        if when.earliest is None or any(right.earliest and not disjoint(when, right) for right in rights):
            continue
        expected = ", ".join(str(right.earliest) for right in rights if right.earliest) or "no date"
        words = f"{when.text}: {when.earliest}"
        yield CriticalError(
            "invented_date", f"{pair.predicted.id}.when[{n}]", gold.id, when.start, when.end, words, expected
        )


def _places(sides: Sides, pair: Pair) -> Iterator[CriticalError]:
    gold = pair.gold
    for n, place in enumerate(pair.predicted.where):
        if not any(
            sides.same_where(place, right, f"{gold.id}.where[{i}]") or one_in_other(place, right)
            for i, right in enumerate(gold.where)
        ):
            expected = ", ".join(right.text for right in gold.where) or "no place"
            where = f"{pair.predicted.id}.where[{n}]"
            yield CriticalError("invented_place", where, gold.id, place.start, place.end, place.text, expected)


def _realis(sides: Sides, pair: Pair) -> Iterator[CriticalError]:
    predicted, gold = pair.predicted, pair.gold
    accepted = predicted.realis in sides.either(f"{gold.id}.realis")
    if gold.realis == "negated" and predicted.realis != "negated" and not accepted:
        told = predicted.evidence[0]
        yield CriticalError("lost_negation", predicted.id, gold.id, told.start, told.end, told.quote, "did not happen")


def _corroboration(sides: Sides, pair: Pair) -> Iterator[CriticalError]:
    predicted, gold = pair.predicted, pair.gold
    right = gold.status in (None, *_SEEN_BY_MORE_THAN_ONE) or "corroborated" in sides.either(f"{gold.id}.status")
    if predicted.status == "corroborated" and not right:
        told = predicted.evidence[0]
        yield CriticalError(
            "corroboration_in_one_party", predicted.id, gold.id, told.start, told.end, told.quote, gold.status or ""
        )


def _told_as_fact(sides: Sides, incidents: Incidents) -> Iterator[CriticalError]:
    """Attributed claims of whose words a report makes the article's own. A claim counts once, whatever rests on it."""
    charged: set[str] = set()
    for pair in incidents.pairs:
        for value, claims, place in _values_with_partners(sides, pair):
            if pair.one_event and claims and not value.claims and charged.isdisjoint(claims):
                charged.add(claims[0])
                expected = f"said in {', '.join(claims)}"
                yield CriticalError("told_as_fact", place, claims[0], value.start, value.end, value.text, expected)


def _values_with_partners(sides: Sides, pair: Pair) -> Iterator[tuple[Value, list[str], str]]:
    """Predicted values with the claims of the gold value they are, if it is in no claim-free gold value too."""
    predicted, gold = pair.predicted, pair.gold
    lists = (
        ("initiators", predicted.initiators, gold.initiators, sides.same),
        ("targets", predicted.targets, gold.targets, sides.same),
        ("weapons", predicted.weapons, gold.weapons, sides.same),
        ("where", predicted.where, gold.where, sides.same_where),
    )
    for name, said, labelled, same in lists:
        for n, value in enumerate(said):
            partners = [g for i, g in enumerate(labelled) if same(value, g, f"{gold.id}.{name}[{i}]")]
            yield value, _claims(partners), f"{predicted.id}.{name}[{n}]"
    for n, when in enumerate(predicted.when):
        partners = [g for g in gold.when if g.earliest == when.earliest and g.latest == when.latest]
        yield when, _claims(partners), f"{predicted.id}.when[{n}]"
    for n, entry in enumerate(predicted.casualties):
        partners = [
            g.who
            for g in gold.casualties
            if g.status == entry.status
            and (g.count is None) == (entry.count is None)
            and (
                g.count is None
                or entry.count is None
                or (g.count.min, g.count.max) == (entry.count.min, entry.count.max)
            )
        ]
        yield entry.who, _claims(partners), f"{predicted.id}.casualties[{n}]"


def _claims(partners: Sequence[Value]) -> list[str]:
    """The claims that gold values stand in; none if the article says one of them itself, or there is no partner."""
    if any(not partner.claims for partner in partners):
        return []
    return list(dict.fromkeys(name for partner in partners for name in partner.claims))


def _spans(sides: Sides, text: str) -> Iterator[CriticalError]:
    """Words that do not stand where the report says: elsewhere in the text, there in a like form only, or nowhere."""
    for path, words in misplaced(sides.predicted, text):
        elsewhere = text.find(words)
        if elsewhere >= 0:
            end = elsewhere + len(words)
            yield CriticalError("quote_not_in_text", path, None, elsewhere, end, words, "not at its offsets")
            continue
        near = fuzz.partial_ratio_alignment(words, text)
        score, start, end = (near.score, near.dest_start, near.dest_end) if near else (0.0, 0, 0)
        kind: Kind = "repaired_text" if score >= _REPAIRED else "quote_not_in_text"
        yield CriticalError(kind, path, None, start, end, words, text[start:end] if score >= _REPAIRED else "not there")
