"""Claims of a report against those of a label.

Claims are paired one to one on the characters of their contents; a pair is a match when these overlap by half (IoU,
the measure used with PolNeAR). A matched claim is right when its source is right too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, cast

from pydantic import JsonValue, TypeAdapter, ValidationError

from evals.scoring.alignment import align, pairs
from evals.scoring.sides import Sides
from evals.scoring.spans import SAME, Ranges, iou, ranges, same_span
from evals.scoring.tally import Counts
from extractor.errors import InputError
from extractor.grounding import Span
from extractor.schema import Claim, Mention

_SPANS = TypeAdapter(list[Span])
_A_TOUCH = 1e-6
"""Added to the overlap for a right source: of two claims with the same words, each meets the one of its own source."""


class Gold(NamedTuple):
    """A claim of the label, or several told as one, with every accepted cut of its content."""

    claim: Claim
    contents: list[Ranges]


class Match(NamedTuple):
    """A predicted claim and the gold claim whose words it has."""

    predicted: Claim
    gold: Claim
    right: bool
    """Whether the source is right too."""


class Claims(NamedTuple):
    """The claims of both sides, paired."""

    matches: list[Match]
    missed: list[Claim]
    """Gold claims without a match; those that may be left out are not among them."""
    false: list[Claim]
    """Predicted claims without a match."""


def pair_claims(sides: Sides) -> Claims:
    """Pair the claims by the words of their contents."""
    predicted = sides.predicted.claims
    contents = [ranges(claim.content) for claim in predicted]
    gold = _gold(sides, contents)
    overlaps = [[max(iou(words, cut) for cut in g.contents) for g in gold] for words in contents]
    weights = [
        [overlap and overlap + _A_TOUCH * _nearness(sides, p, gold[j].claim) for j, overlap in enumerate(overlaps[i])]
        for i, p in enumerate(predicted)
    ]
    matches = [
        Match(predicted[i], gold[j].claim, source_right(sides, predicted[i], gold[j].claim))
        for i, j, _ in pairs(weights)
        if overlaps[i][j] >= SAME
    ]
    found, right = {id(match.gold) for match in matches}, {id(match.predicted) for match in matches}
    missed = [g.claim for g in gold if id(g.claim) not in found and not sides.optional(g.claim.id)]
    return Claims(matches, missed, [claim for claim in predicted if id(claim) not in right])


def _nearness(sides: Sides, predicted: Claim, gold: Claim) -> float:
    """How near the sources are, from 0 to 2: "both capitals" may be the words of two claims of different actors."""
    return source_right(sides, predicted, gold) + (gold.source.actor in sides.resolved(predicted.source))


def source_right(sides: Sides, predicted: Claim, gold: Claim) -> bool:
    """Whether a claim has the gold claim's source: by any name of its actor, or in the same words of the text."""
    return sides.same(predicted.source, gold.source, f"{gold.id}.source")


def accepted_source(sides: Sides, source: Mention, gold: Claim) -> bool:
    """Whether the source is one that the label accepts beside its own."""
    path = f"{gold.id}.source"
    others = sides.others(path, Mention)
    actors = {other for other in sides.either(path) if isinstance(other, str)} | {one.actor for one in others}
    return not actors.isdisjoint(sides.resolved(source)) or any(same_span(source, other) for other in others)


def count_claims(sides: Sides, claims: Claims, incidents: dict[str, str], counts: Counts) -> None:
    """Count the claims and their fields; `incidents` tells which gold incident each predicted one is."""
    found = len(claims.matches)
    predicted, gold = found + len(claims.false), found + len(claims.missed)
    spared = sum(not match.right and sides.optional(match.gold.id) for match in claims.matches)
    counts.add("claims", sum(match.right for match in claims.matches), predicted, gold - spared)
    counts.add("claims.content", found, predicted, gold)
    for match in claims.matches:
        for name, (credit, said, true) in _fields(sides, match, incidents).items():
            counts.add(f"claims.{name}", credit, said, true)
            counts.add(f"claims.{name}.matched", credit, said, true)
    for claim in claims.false:
        for name, many in _sizes(claim).items():
            counts.add(f"claims.{name}", 0, many, 0)
    for claim in claims.missed:
        for name, many in _sizes(claim).items():
            counts.add(f"claims.{name}", 0, 0, many)


def _gold(sides: Sides, predicted: Sequence[Ranges]) -> list[Gold]:
    """The gold claims; those that may be told as one are one where a predicted content fits all of them best.

    Of groups that share a claim, the one that fits best takes it.
    """
    golds = {claim.id: Gold(claim, _contents(sides, claim)) for claim in sides.gold.claims}
    fitting: list[tuple[float, list[Claim], Ranges]] = []
    for group in sides.accept.together:
        members = [golds[name] for name in dict.fromkeys(group) if name in golds]
        if len(members) < 2:
            continue
        whole = ranges(span for member in members for span in member.claim.content)
        best = max((iou(words, whole) for words in predicted), default=0.0)
        apart = max((iou(words, cut) for words in predicted for m in members for cut in m.contents), default=0.0)
        if best > apart:
            fitting.append((best, [member.claim for member in members], whole))
    taken: set[str] = set()
    for _, claims, whole in sorted(fitting, key=lambda fit: -fit[0]):
        if taken.isdisjoint(claim.id for claim in claims):
            taken.update(claim.id for claim in claims)
            for claim in claims:
                del golds[claim.id]
            golds[claims[0].id] = Gold(_merged(claims), [whole])
    return list(golds.values())


def _merged(claims: Sequence[Claim]) -> Claim:
    return claims[0].model_copy(
        update={
            "content": [span for claim in claims for span in claim.content],
            "aspects": sorted({aspect for claim in claims for aspect in claim.aspects}),
            "incidents": list(dict.fromkeys(name for claim in claims for name in claim.incidents)),
        }
    )


def _contents(sides: Sides, claim: Claim) -> list[Ranges]:
    path = f"{claim.id}.content"
    try:
        others = [ranges(_SPANS.validate_python(cut)) for cut in sides.either(path)]
    except ValidationError as error:
        raise InputError(f"accept: {path} holds what is no list of spans: {error.errors()[0]['msg']}") from error
    return [ranges(claim.content), *others]


Scored = tuple[float, int, int]


def _fields(sides: Sides, match: Match, incidents: dict[str, str]) -> dict[str, Scored]:
    predicted, gold = match.predicted, match.gold
    path = gold.id
    fields: dict[str, Scored] = {
        "source": (_source_credit(sides, match), 1, 1),
        "actor": _one(
            predicted.source.actor is not None,
            gold.source.actor is not None,
            right=gold.source.actor in sides.resolved(predicted.source)
            or accepted_source(sides, predicted.source, gold),
        ),
        "attribution": (float(predicted.attribution == gold.attribution), 1, 1),
        "stance": (float(predicted.stance == gold.stance or predicted.stance in sides.either(f"{path}.stance")), 1, 1),
        "cue": _mentioned(sides, predicted.cue, gold.cue, f"{path}.cue"),
        "against": _mentioned(sides, predicted.against, gold.against, f"{path}.against"),
        "via": _many(predicted.via, gold.via, f"{path}.via", sides, lambda p, g, where: float(sides.same(p, g, where))),
        "aspects": _best_set(set(predicted.aspects), set(gold.aspects), sides.either(f"{path}.aspects")),
        "incidents": _best_set(
            {incidents.get(name, name) for name in predicted.incidents},
            {f"gold {name}" for name in gold.incidents},
            [[f"gold {name}" for name in cast(list[str], other)] for other in sides.either(f"{path}.incidents")],
            optional=sides.optional(f"{path}.incidents"),
        ),
        "position": _position(sides, match),
    }
    return fields


def _sizes(claim: Claim) -> dict[str, int]:
    """How many values each field of a claim has."""
    return {
        "source": 1,
        "actor": int(claim.source.actor is not None),
        "attribution": 1,
        "stance": 1,
        "cue": int(claim.cue is not None),
        "against": int(claim.against is not None),
        "via": len(claim.via),
        "aspects": len(set(claim.aspects)),
        "incidents": len(set(claim.incidents)),
        "position": int(claim.position is not None),
    }


def _source_credit(sides: Sides, match: Match) -> float:
    """1 for the right source, a half for another actor of its party."""
    if match.right:
        return 1.0
    party = sides.party(match.gold.source.actor)
    others = {actor for actor in sides.gold_actors if sides.party(actor) == party} if party else set[str]()
    return 0.5 if any(sides.is_actor(match.predicted.source, actor) for actor in others) else 0.0


def _position(sides: Sides, match: Match) -> Scored:
    said, true = match.predicted.position, match.gold.position
    others = sides.either(f"{match.gold.id}.position")
    if said == true or said in others:  # whatever is right, none at all included
        return _one(said is not None, said is not None, right=True)
    return _one(said is not None, true is not None, right=False)


def _one(said: bool, true: bool, *, right: bool) -> Scored:
    return float(said and true and right), int(said), int(true)


def _mentioned(sides: Sides, predicted: Mention | None, gold: Mention | None, path: str) -> Scored:
    if predicted is None:
        spared = gold is None or None in sides.either(path) or sides.optional(path)
        return 0.0, 0, int(not spared)
    if gold is None:
        return 0.0, int(not sides.accepted(predicted, path)), 0
    return float(sides.same(predicted, gold, path)), 1, 1


def _many(
    predicted: Sequence[Mention],
    gold: Sequence[Mention],
    path: str,
    sides: Sides,
    credit: Callable[[Mention, Mention, str], float],
) -> Scored:
    """Lists of mentions, paired one to one; gold ones that may be left out count only when found."""
    numbers = range(len(gold))
    found = align(predicted, numbers, lambda p, j: credit(p, gold[j], f"{path}[{j}]"))
    hit = {j for _, j, _ in found}
    spared = sum(j not in hit and sides.optional(f"{path}[{j}]") for j in numbers)
    return sum(score for *_, score in found), len(predicted), len(gold) - spared


def _best_set(predicted: set[str], gold: set[str], others: Sequence[JsonValue], *, optional: bool = False) -> Scored:
    """A set against the accepted one nearest to it; when it may be left out, an empty one costs nothing."""
    if optional and not predicted:
        return 0.0, 0, 0
    accepted = [gold, *(set(cast(list[str], other)) for other in others if isinstance(other, list))]
    if predicted in accepted:
        return float(len(predicted)), len(predicted), len(predicted)
    best = max(accepted, key=lambda right: 2 * len(predicted & right) / max(1, len(predicted) + len(right)))
    return float(len(predicted & best)), len(predicted), len(best)
