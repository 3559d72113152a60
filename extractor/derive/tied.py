"""What ties claims and values together: the words of a claim, and the values that stand in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator

from extractor.derive.overlaps import Overlaps
from extractor.document import Document
from extractor.grounding import Mention, Span
from extractor.schema import Claim, Incident, Report, Value


def write_contents(report: Report, document: Document) -> None:
    """Cut the content of each claim out of its sentences, all claims of the same sentences together."""
    from extractor.derive.content import Attribution, cut, run_on

    spans = [(sentence.start, sentence.end) for sentence in document.sentences]
    claimed = {number for claim in report.claims for number in claim.sentences}
    groups: dict[tuple[int, ...], list[Claim]] = defaultdict(list)
    for claim in report.claims:
        if len(claim.sentences) == 1 and claim.cue is not None:
            along = run_on(document.text, spans, claim.sentences[0] - 1)
            claim_sentences = _free(along, claim.sentences[0], claimed)
        else:
            claim_sentences = tuple(claim.sentences)
        groups[claim_sentences].append(claim)
    for numbers, claims in groups.items():
        attributions = [
            Attribution(
                source=_span(claim.source) if claim.cue is not None or _is_label(claim, document) else None,
                cue=_span(claim.cue),
                via=tuple((via.start, via.end) for via in claim.via),
                against=_span(claim.against),
            )
            for claim in claims
        ]
        contents = cut(document.text, [spans[number - 1] for number in numbers], attributions)
        for claim, content in zip(claims, contents, strict=True):
            claim.content = [Span(start=start, end=end, quote=document.text[start:end]) for start, end in content]


def _is_label(claim: Claim, document: Document) -> bool:
    """Whether the source of a claim without a cue stands before a colon: "The army, by radio: ..."."""
    from extractor.derive.content import label_end

    sentences = [document.sentences[number - 1] for number in claim.sentences]
    ends = [s.end for s in sentences if s.start <= claim.source.start and claim.source.end <= s.end]
    return any(label_end(document.text, (claim.source.end, end)) is not None for end in ends)


def _free(along: range, own: int, claimed: Container[int]) -> tuple[int, ...]:
    """The sentence of a claim and those around it that its quotation runs over, up to one with a claim of its own."""
    first = last = own
    while first > along.start + 1 and first - 1 not in claimed:
        first -= 1
    while last < along.stop and last + 1 not in claimed:
        last += 1
    return tuple(range(first, last + 1))


def tie_values_to_claims(report: Report) -> None:
    """Tell each value the claims in whose content it stands: those of the claims that hold all of its words.

    Who did it is also told by a claim of his own on the incident: "the Front" in "the Front claimed the attack".
    """
    contents = Overlaps((span.start, span.end, claim.id) for claim in report.claims for span in claim.content)
    sources = Overlaps((claim.source.start, claim.source.end, claim) for claim in report.claims)
    for incident in report.incidents:
        for value in values(incident):
            holding = contents.of(value.start, value.end)
            value.claims = list(
                dict.fromkeys(name for start, end, name in holding if start <= value.start and value.end <= end)
            )
        for value in incident.initiators:
            value.claims = value.claims or [
                claim.id for _, _, claim in sources.of(value.start, value.end) if incident.id in claim.incidents
            ]


def values(incident: Incident) -> Iterator[Value]:
    """Every value of an incident that can be somebody's claim."""
    yield from incident.initiators
    yield from incident.targets
    yield from incident.weapons
    yield from incident.when
    yield from incident.where
    for casualty in incident.casualties:
        yield casualty.who


def _span(mention: Mention | None) -> tuple[int, int] | None:
    return (mention.start, mention.end) if mention is not None else None
