"""A peer's answer as a report of this project, so that one scorer scores all.

A quote stands in a report only where its words stand in the text: exactly, or but for case, quotation marks, dashes and
white space. What is nowhere in the text is kept out, listed in `not_in_text`, and costs what it is part of as little as
can be: a claim without a grounded source stays for the sake of its content, an incident without grounded evidence stays
where one of its names stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from extractor.derive.tied import tie_values_to_claims
from extractor.derive.values import read_counts, read_dates
from extractor.derive.whereabouts import settle_places
from extractor.document import Document
from extractor.grounding import Evidence, Mention, Span, locate
from extractor.grounding.locate import fold
from extractor.plans.stepwise.where import read_relations
from extractor.schema import (
    Actor,
    Aspect,
    Casualty,
    CasualtyCategory,
    CasualtyStatus,
    Claim,
    Count,
    DocumentInfo,
    Incident,
    IncidentType,
    Realis,
    Report,
    Source,
    Stance,
    Value,
    When,
    Where,
)

M = TypeVar("M", bound=Mention)

_NOBODY = {"", "unknown", "none", "null", "n/a", "not specified", "unspecified"}
"""What models write where there is nothing to say; it is no quote."""
_AROUND_QUOTES = "\"'“”‘’«».,;: "


class ReportBuilder:
    """Puts a report together from words that a peer quoted."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._report = Report(document=_info(document), actors=[], incidents=[], claims=[])
        self.not_in_text: list[str] = []
        """Quotes and names whose words are nowhere in the text."""
        self.loose: list[str] = []
        """Quotes that the peer itself laid on other words of the text; they stand where it laid them."""

    def quote(self, words: str, near: Sequence[int] = ()) -> Span | None:
        """Where the words stand, nearest to these sentences; None when nowhere."""
        if words.strip().casefold() in _NOBODY:
            return None
        for form in (words.strip(), words.strip(_AROUND_QUOTES)):
            found = locate(self._document, form, near)
            if found is not None and _same_words(self._document.text[found.start : found.end], form):
                return self._span(found.start, found.end)
        self.not_in_text.append(words)
        return None

    def placed(self, words: str, start: int | None, end: int | None) -> Span | None:
        """The span that a peer itself gives for its words; None when it found no place for them."""
        if start is None or end is None or not self._document.text[start:end].strip():
            self.not_in_text.append(words)
            return None
        span = self._span(start, end)
        if not _same_words(span.quote, words):
            self.loose.append(words)
        return span

    def incident(
        self,
        evidence: Sequence[Span],
        type: IncidentType,
        realis: Realis,
        *,
        initiators: Iterable[str],
        targets: Iterable[str],
        weapons: Iterable[str],
        dates: Iterable[str],
        places: Iterable[str],
    ) -> Incident | None:
        """Add an incident; None when nothing of it stands in the text."""
        near = sorted({number for span in evidence for number in self._sentences(span)})
        who, whom = list(self._mentions(Value, initiators, near)), list(self._mentions(Value, targets, near))
        means = list(self._mentions(Value, weapons, near))
        where = list(self._mentions(Where, places, near, relation="at", level=None))
        numbers = near or [self._document.sentence_at(one.start).number for one in (*who, *whom, *means, *where)][:1]
        if not numbers:
            return None
        incident = Incident(
            type=type,
            realis=realis,
            evidence=[self._evidence(number) for number in numbers],
            initiators=who,
            targets=whom,
            weapons=means,
            when=list(self._mentions(When, dates, near)),
            where=where,
            casualties=[],
        )
        self._report.incidents.append(incident)
        return incident

    def casualty(
        self,
        incident: Incident,
        who: str | Span | None,
        number: str | None,
        status: CasualtyStatus,
        category: CasualtyCategory,
    ) -> None:
        """Add people to an incident, as words or as a span; nothing when neither who nor number is in the text."""
        near = self._sentences(who) if isinstance(who, Span) else [one.sentence for one in incident.evidence]
        people = self.quote(who, near) if isinstance(who, str) else who
        count = next(self._mentions(Count, [number or ""], near), None)
        if people is None and count is None:
            return
        start, end = (people.start, people.end) if people else (count.start, count.end) if count else (0, 0)
        value = Value(text=self._document.text[start:end], start=start, end=end)
        incident.casualties.append(Casualty(who=value, status=status, category=category, count=count))

    def claim(self, content: Span, source: str, cue: str | None, stance: Stance, aspects: Sequence[Aspect]) -> None:
        """Add a claim; one whose source is not in the text keeps an empty one, which is right for no scorer."""
        sentences = self._sentences(content)
        empty = Source(text="", start=content.start, end=content.start)
        said = next(self._mentions(Mention, [cue or ""], sentences), None)
        self._report.claims.append(
            Claim(
                sentences=sentences,
                source=next(self._mentions(Source, [source], sentences), empty),
                via=[],
                cue=said,
                against=None,
                attribution="explicit" if said else "implicit",
                content=[content],
                stance=stance,
                incidents=[],
                aspects=list(dict.fromkeys(aspects)),
            )
        )

    def report(self) -> Report:
        """The report with ids and actors, its dates, bounds and places worked out as in reports of this project.

        What is said twice in the same places of the text stands once.
        """
        report, document = self._report, self._document
        report.incidents = list({_key(one): one for one in reversed(report.incidents)}.values())[::-1]
        report.claims = list({_key(one): one for one in reversed(report.claims)}.values())[::-1]
        for number, incident in enumerate(report.incidents, 1):
            incident.id = f"I{number}"
            incident.casualties = list({one.model_dump_json(): one for one in incident.casualties}.values())
            read_counts(incident, document)
        read_relations(document, report.incidents)
        read_dates(report, document)
        settle_places(report, document)
        for number, claim in enumerate(report.claims, 1):
            claim.id = f"C{number}"
        report.actors = _actors(report)
        tie_values_to_claims(report)
        return report

    def _mentions(self, kind: type[M], names: Iterable[str], near: Sequence[int], **fields: str | None) -> Iterator[M]:
        seen: set[int] = set()
        for name in names:
            span = self.quote(name, near)
            if span is not None and span.start not in seen:
                seen.add(span.start)
                yield kind.model_validate({"text": span.quote, "start": span.start, "end": span.end, **fields})

    def _span(self, start: int, end: int) -> Span:
        return Span(start=start, end=end, quote=self._document.text[start:end])

    def _sentences(self, span: Span) -> list[int]:
        first = self._document.sentence_at(span.start).number
        return list(range(first, self._document.sentence_at(span.end - 1).number + 1))

    def _evidence(self, number: int) -> Evidence:
        sentence = self._document.sentence(number)
        quote = self._document.words(number)
        return Evidence(start=sentence.start, end=sentence.end, quote=quote, sentence=number)


def _same_words(found: str, words: str) -> bool:
    return fold(" ".join(found.split())) == fold(" ".join(words.split()))


def _key(one: Incident | Claim) -> tuple[object, ...]:
    if isinstance(one, Claim):
        return (one.content[0].start, one.content[0].end, one.source.start)
    names = (*one.initiators, *one.targets, *one.where)
    return (one.type, *(span.sentence for span in one.evidence), *(name.start for name in names))


def _actors(report: Report) -> list[Actor]:
    """One for each name, so that a source or a side is somebody; peers are not asked of what kind."""
    actors: dict[str, Actor] = {}
    named: list[Mention] = [claim.source for claim in report.claims if claim.source.text]
    named += [one for incident in report.incidents for one in (*incident.initiators, *incident.targets)]
    for mention in named:
        name = mention.text.casefold()
        if name not in actors:
            actor = Actor(id=f"A{len(actors) + 1}", name=mention.text, kind="other", mentions=[mention.model_copy()])
            actors[name] = actor
        mention.actor = actors[name].id
    return list(actors.values())


def _info(document: Document) -> DocumentInfo:
    return DocumentInfo(
        id=document.id,
        sha256=document.sha256,
        title=document.title,
        publisher=document.publisher,
        date=document.date,
        language=document.language,
        characters=len(document.text),
        sentences=len(document.sentences),
    )
