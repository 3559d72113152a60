"""Who speaks in a report: each party, or source without one, with a letter and a colour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_uppercase

from extractor.export.view import View
from extractor.schema import Claim

COLOURS = 7
"""That people with any kind of colour vision tell apart, each with an underline of its own; then they begin anew."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A teller of accounts."""

    number: int
    """Counted from 0, in the order in which the article lets them speak."""
    name: str
    members: tuple[str, ...]
    """The names of the actors that the text ties together."""

    @property
    def letter(self) -> str:
        """A to Z, then A1, B1 and so on."""
        again, place = divmod(self.number, len(ascii_uppercase))
        return ascii_uppercase[place] + (str(again) if again else "")

    @property
    def colour(self) -> int:
        """The number of its colour."""
        return self.number % COLOURS


class Voices:
    """The voices of a report, looked up by what they say."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._by_account: dict[str, Voice] = {}
        for claim in sorted(view.report.claims, key=_first_word):
            account = view.account(claim)
            if account not in self._by_account:
                self._by_account[account] = self._voice(claim, len(self._by_account))

    @property
    def all(self) -> list[Voice]:
        """In the order in which they speak."""
        return list(self._by_account.values())

    def of(self, claim: Claim) -> Voice:
        """Who makes a claim."""
        return self._by_account[self._view.account(claim)]

    def saying(self, claims: Iterable[str]) -> list[Voice]:
        """Who says what stands in these claims, each once; nobody for what the article says in its own voice."""
        found = [self.of(self._view.claims[name]) for name in claims if name in self._view.claims]
        return list(dict.fromkeys(found))

    def _voice(self, claim: Claim, number: int) -> Voice:
        party = self._view.parties.get(self._view.party(claim) or "")
        if party is None:
            return Voice(number, self._view.name(claim.source), ())
        names = [self._view.actors[name].name for name in party.actors if name in self._view.actors]
        return Voice(number, party.name or party.id, tuple(filter(None, names)))


def _first_word(claim: Claim) -> int:
    return min([span.start for span in claim.content] or [claim.source.start])
