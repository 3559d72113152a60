"""What one report tells of one of its incidents, cut out so that the report itself need not be kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from extractor.derive.positions import parties_by_actor, position
from extractor.dossiers.schema import (
    Article,
    ClaimTold,
    Member,
    Quote,
    Speaker,
    Telling,
    Told,
    TollTold,
    WhenTold,
    WhereTold,
)
from extractor.export.tolls import Sides, tolls
from extractor.export.view import OWN_VOICE, UNDENIED, View
from extractor.schema import ActorKind, Claim, Incident, Report, Value


def article(report: Report, document: str) -> Article:
    """The article of a report."""
    info = report.document
    if info is None:
        return Article(document, "", None, None, None, None)
    return Article(document, info.sha256, info.publisher, info.title, info.date, info.url)


class Teller:
    """A report as it is cut up, incident by incident."""

    def __init__(self, view: View, article: Article) -> None:
        self._view = view
        self._article = article
        self._parties = parties_by_actor(view.report)
        self._speakers: dict[str, Speaker] = {}

    def tell(self, incident: Incident) -> Telling:
        """All that the report tells of an incident."""
        view, claims = self._view, self._view.about(incident)
        by_account = tolls(incident, view, Sides(None, None)).accounts()
        speakers = [view.account(claim) for claim in claims]
        speakers += [actor.party for side in (incident.initiators, incident.targets) for value in side
                     if (actor := view.actor(value)) and actor.party]  # fmt: skip
        return Telling(
            article=self._article,
            member=Member(
                self._article.document, incident.id, incident.uid, incident.type, incident.realis, incident.status,
                incident.summary, [Quote(one.start, one.end, one.quote) for one in incident.evidence],
            ),
            when=[
                WhenTold(
                    **self._words(one), earliest=one.earliest, latest=one.latest, precision=one.precision,
                    unresolved=one.unresolved,
                )
                for one in incident.when
            ],
            where=[
                WhereTold(
                    **self._words(one), relation=one.relation, level=one.level, country=one.country, lat=one.lat,
                    lon=one.lon,
                )
                for one in incident.where
            ],
            initiators=[Told(**self._words(one)) for one in incident.initiators],
            targets=[Told(**self._words(one)) for one in incident.targets],
            weapons=[Told(**self._words(one)) for one in incident.weapons],
            tolls=list(self._tolls(incident)),
            killed=[
                (None if account == OWN_VOICE else account, bounds.low, bounds.high)
                for account, bounds in by_account.items()
            ],
            parties=[self._speaker(party) for party in dict.fromkeys(speakers)],
            claims=[(view.account(claim), self._claim(claim, incident)) for claim in claims],
            disputes=[(one.aspect, one.kind, list(one.claims)) for one in view.disputes(incident)],
        )  # fmt: skip

    def _words(self, value: Value) -> dict[str, Any]:
        known = [name for name in value.claims if name in self._view.claims]
        by = [self._view.account(self._view.claims[name]) for name in known]
        article = self._article
        return {
            "document": article.document, "publisher": article.publisher, "published": article.date,
            "text": value.text, "start": value.start, "end": value.end, "by": list(dict.fromkeys(by)), "claims": known,
            "who": actor.party if (actor := self._view.actor(value)) else None,
        }  # fmt: skip

    def _tolls(self, incident: Incident) -> Iterator[TollTold]:
        for one in incident.casualties:
            said = [self._view.claims[name].stance for name in one.who.claims if name in self._view.claims]
            yield TollTold(
                **self._words(one.who),
                status=one.status,
                category=one.category,
                count=one.count.text if one.count else None,
                min=one.count.min if one.count else None,
                max=one.count.max if one.count else None,
                denied=bool(said) and UNDENIED.isdisjoint(said),
            )

    def _claim(self, claim: Claim, incident: Incident) -> ClaimTold:
        article, view = self._article, self._view
        main = claim.incidents[0] == incident.id
        party = self._parties.get(claim.source.actor or "")
        side = claim.position if main else position(party, incident, view.report.claims, self._parties)
        return ClaimTold(
            document=article.document, publisher=article.publisher, published=article.date,
            claim=claim.id, uid=claim.uid, source=claim.source.text, name=view.name(claim.source),
            media=(actor := view.actor(claim.source)) is not None and actor.kind == "media",
            via=[view.name(one) for one in claim.via], stance=claim.stance, position=side, aspects=list(claim.aspects),
            against=view.name(claim.against) if claim.against else None, attribution=claim.attribution,
            sentences=list(claim.sentences), content=[Quote(one.start, one.end, one.quote) for one in claim.content],
            main=main,
        )  # fmt: skip

    def _speaker(self, account: str) -> Speaker:
        """Who an account is of: a party, an actor without one, or a source that is no actor of the report."""
        if account not in self._speakers:
            self._speakers[account] = self._new_speaker(account)
        return self._speakers[account]

    def _new_speaker(self, account: str) -> Speaker:
        view = self._view
        party = view.parties.get(account)
        wanted = set(party.actors) if party else {account}
        actors = [actor for actor in view.report.actors if actor.id in wanted or actor.party == account]
        names = [text for actor in actors for text in (actor.name, *(mention.text for mention in actor.mentions))]
        if not actors:
            names = [one.source.text for one in view.report.claims if view.account(one) == account]
        told = list(dict.fromkeys(text for text in names if text))
        chief = (party.name if party else "") or max((actor.name for actor in actors), key=len, default=told[0])
        kinds: list[ActorKind] = list(dict.fromkeys(actor.kind for actor in actors))
        countries = list(dict.fromkeys(actor.country for actor in actors if actor.country))
        return Speaker(account, chief or account, told, kinds, countries)
