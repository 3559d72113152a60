"""One report, made ready for its template."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import regex

from extractor.export.html.cards import Card, cards
from extractor.export.html.passages import Passage, Piece, marked, passages_of
from extractor.export.html.rivals import Rivals, rivals
from extractor.export.html.safe import unseen
from extractor.export.html.vocabulary import called
from extractor.export.html.voices import Voice, Voices
from extractor.export.view import View
from extractor.schema import Claim, Report

_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim to look at."""

    key: str
    claim: Claim
    voice: Voice
    about: list[str]
    """The keys of its incidents."""
    rivals: list[str]
    """The ids of the claims that it is in dispute with."""


class Reading:
    """A report as the page shows it."""

    def __init__(self, report: Report, number: int) -> None:
        self.report = report
        self.number = number
        self.view = View(report)
        self.voices = Voices(self.view)

    @property
    def name(self) -> str:
        """What the report is called: the title of its article, its id, or its number."""
        info = self.report.document
        return (info and (info.title or info.id or info.url)) or f"Report {self.number + 1}"

    @property
    def link(self) -> str | None:
        """The address of the article where that may be followed: a web page, never a script."""
        url = self.report.document.url if self.report.document else None
        try:
            return url if url and urlsplit(url).scheme.lower() in ("http", "https") else None
        except ValueError:
            return None

    @property
    def language(self) -> str | None:
        """The article's language where it is told as browsers know languages (BCP 47)."""
        told = self.report.document.language if self.report.document else None
        return told if told and _LANGUAGE.fullmatch(told) else None

    @property
    def with_text(self) -> bool:
        """Whether the report holds the article's text."""
        return self.report.document is not None and self.report.document.text is not None

    @cached_property
    def cards(self) -> list[Card]:  # noqa: D102
        return cards(self.view, self.voices)

    @cached_property
    def rivals(self) -> list[Rivals]:  # noqa: D102
        return rivals(self.view, self.voices)

    @cached_property
    def passages(self) -> list[Passage]:  # noqa: D102
        return passages_of(self.report)

    @property
    def pieces(self) -> list[list[list[Piece]]]:
        """The passages in paragraphs, marked."""
        return marked(self.report, self.voices, self.passages)

    @property
    def statements(self) -> list[Statement]:
        """Every claim."""
        return [self._statement(claim, f"c{n}") for n, claim in enumerate(self.report.claims)]

    @property
    def gaps(self) -> list[int]:
        """How many code points of the article lie unquoted before each passage."""
        ends = [0, *(passage.end for passage in self.passages)]
        return [passage.start - end for passage, end in zip(self.passages, ends, strict=False)]

    @property
    def is_long(self) -> bool:
        """Whether there is more than a browser should lay out at once."""
        items = len(self.report.claims) + len(self.report.incidents)
        return items > 150 or sum(len(passage.text) for passage in self.passages) > 30_000

    @property
    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """What each filter offers: values that occur, with what they are called."""
        stances = sorted({claim.stance for claim in self.report.claims})
        aspects = sorted({aspect for claim in self.report.claims for aspect in claim.aspects})
        return {
            "voice": [(str(voice.number), f"{voice.letter}  {voice.name}") for voice in self.voices.all],
            "aspect": [(aspect, called(aspect)) for aspect in aspects],
            "stance": [(stance, called(stance)) for stance in stances],
            "about": [(card.key, f"{card.incident.id}  {called(card.incident.type)}") for card in self.cards],
        }

    @property
    def unseen(self) -> dict[str, int]:
        """The characters of the text that a reader does not see."""
        return unseen("".join(passage.text for passage in self.passages))

    @property
    def data(self) -> dict[str, Any]:
        """What the page's script needs to save a checked report."""
        passages = [] if self.with_text else [[passage.start, passage.text] for passage in self.passages]
        return {"report": self.report.model_dump(mode="json"), "passages": passages}

    @cached_property
    def keys(self) -> dict[str, str]:
        """The key of each claim and incident by its id."""
        claims = {claim.id: f"c{n}" for n, claim in enumerate(self.report.claims)}
        return claims | {incident.id: f"i{n}" for n, incident in enumerate(self.report.incidents)}

    @cached_property
    def _rivals(self) -> dict[str, list[str]]:
        """By the id of a claim, those of other voices that it is in dispute with."""
        found: dict[str, dict[str, None]] = {}
        for dispute in self.report.disputes:
            claims = [self.view.claims[name] for name in dispute.claims if name in self.view.claims]
            for claim in claims:
                others = (other.id for other in claims if self.voices.of(other) != self.voices.of(claim))
                found.setdefault(claim.id, {}).update(dict.fromkeys(others))
        return {name: list(others) for name, others in found.items()}

    def _statement(self, claim: Claim, key: str) -> Statement:
        about = [self.keys[name] for name in claim.incidents if name in self.keys]
        return Statement(key, claim, self.voices.of(claim), about, self._rivals.get(claim.id, []))
