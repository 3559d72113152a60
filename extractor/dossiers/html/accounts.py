"""Who says what, party by party; what is told in the same words by several articles is shown once, with all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from extractor.dossiers.html.articles import Articles, Numbered
from extractor.dossiers.schema import Account, ClaimTold, Dossier
from extractor.export.html.voices import Voice


@dataclass(frozen=True, slots=True)
class Statement:
    """What one source says in the same words, in one article or several."""

    claim: ClaimTold
    articles: list[Numbered]
    sources: int
    """How many independent sources these are."""


@dataclass(frozen=True, slots=True)
class Side:
    """A party and all that it says of the event."""

    voice: Voice
    account: Account
    statements: list[Statement]
    articles: list[Numbered]
    sources: int


class Sides:
    """The parties that speak, looked up by their ids."""

    def __init__(self, dossier: Dossier, articles: Articles) -> None:
        speaking = [account for account in dossier.parties if account.claims]
        self._articles = articles
        self._voices = {one.id: _voice(one, number) for number, one in enumerate(speaking)}
        self._claims = {
            (claim.document, claim.claim): (one.id, claim) for one in speaking for claim in one.claims
        }  # fmt: skip
        self.all = [self._side(one) for one in speaking]
        self.silent = [account for account in dossier.parties if not account.claims]

    def of(self, parties: Iterable[str]) -> list[Voice]:
        """The voices of parties, each once; a party that is not known, or says nothing, has none."""
        return list(dict.fromkeys(self._voices[party] for party in parties if party in self._voices))

    def said(self, claims: Iterable[tuple[str, str]]) -> dict[Voice, list[Statement]]:
        """What stands in these claims (document and claim), by who says it."""
        held: dict[Voice, list[ClaimTold]] = {}
        for party, claim in (self._claims[key] for key in claims if key in self._claims):
            held.setdefault(self._voices[party], []).append(claim)
        return {voice: self.statements(held[voice]) for voice in sorted(held, key=lambda one: one.number)}

    def statements(self, claims: Iterable[ClaimTold]) -> list[Statement]:
        """Claims, the same words of the same source once."""
        alike: dict[tuple[str, ...], list[ClaimTold]] = {}
        for claim in claims:
            key = (claim.name, claim.stance, *claim.via, "", *(span.quote for span in claim.content))
            alike.setdefault(key, []).append(claim)
        found = ((held[0], self._articles.of(claim.document for claim in held)) for held in alike.values())
        return [Statement(claim, told, self._articles.independent(told)) for claim, told in found]

    def _side(self, account: Account) -> Side:
        told = self._articles.of(claim.document for claim in account.claims)
        return Side(
            self._voices[account.id], account, self.statements(account.claims), told, self._articles.independent(told)
        )


def _voice(account: Account, number: int) -> Voice:
    return Voice(number, account.name or account.id, tuple(name for name in account.names if name != account.name))
