"""What a dossier says: one event as many articles tell it, every value in its article's own words.

The parts are plain dataclasses, of which a hundred thousand can be held and kept on disk; `Dossier` is the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from extractor.schema import (
    ActorKind,
    Aspect,
    CasualtyCategory,
    CasualtyStatus,
    DatePrecision,
    Deaths,
    IncidentType,
    PlaceLevel,
    PlaceRelation,
    Position,
    Realis,
    RivalKind,
    Stance,
    Status,
    as_json,
)

DOSSIER_VERSION = "1.0"

ValueField = Literal["initiators", "weapons", "type", "when", "where", "killed", "wounded", "missing", "captured"]
"""What accounts may give values of that do not fit together."""


@dataclass(slots=True)
class Article:
    """An article that tells of the event."""

    document: str
    """The id of its document; where it has none, the SHA-256 of its text."""
    sha256: str
    publisher: str | None
    title: str | None
    date: Date | None
    url: str | None


@dataclass(slots=True)
class Quote:
    """Words of an article: code points, half-open."""

    start: int
    end: int
    quote: str


@dataclass(slots=True)
class Member:
    """An incident of a report that is part of the dossier."""

    document: str
    incident: str
    uid: str | None
    type: IncidentType
    realis: Realis
    status: Status | None
    summary: str | None
    evidence: list[Quote]


@dataclass(slots=True)
class Link:
    """Why two incidents are taken for one event."""

    a: tuple[str, str]
    """Document and incident."""
    b: tuple[str, str]
    score: float
    """The sum of the weights of what agrees and what differs; from `ENOUGH` (3) on it speaks for one event."""
    agree: list[str]
    differ: list[str]
    open: list[str]
    """What one of them does not tell."""


@dataclass(slots=True)
class Told:
    """A value in the words of an article, and who says so."""

    document: str
    publisher: str | None
    published: Date | None
    text: str
    start: int
    end: int
    by: list[str]
    """The dossier's parties that say so; none where the article says it in its own voice."""
    claims: list[str]
    """The claims of that article's report in whose words it stands."""
    who: str | None
    """The dossier's party that it names, where it names an actor."""


@dataclass(slots=True)
class WhenTold(Told):
    """Date words, and the days that they mean."""

    earliest: Date | None = None
    latest: Date | None = None
    precision: DatePrecision | None = None
    unresolved: str | None = None


@dataclass(slots=True)
class WhereTold(Told):
    """A place as written."""

    relation: PlaceRelation = "at"
    level: PlaceLevel | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None


@dataclass(slots=True)
class TollTold(Told):
    """People counted: `text` is who, `count` the number words."""

    status: CasualtyStatus = "killed"
    category: CasualtyCategory = "unknown"
    count: str | None = None
    min: int | None = None
    max: int | None = None
    denied: bool = False
    """Whether it stands only where it is denied or questioned: then it counts in no total."""


@dataclass(slots=True)
class TollThen:
    """The dead that an account comes to in an article, and what that changes."""

    published: Date | None
    document: str
    publisher: str | None
    by: str | None
    """The dossier's party; null for the article's own voice."""
    words: list[str]
    min: int | None
    max: int | None
    change: str
    """Against the last toll of the same party published on an earlier day; else of another."""


@dataclass(slots=True)
class ClaimTold:
    """What a source says of the event in an article."""

    document: str
    publisher: str | None
    published: Date | None
    claim: str
    uid: str | None
    source: str
    """In the words of the article."""
    name: str
    """Of the actor meant; else the same words."""
    media: bool
    """Whether the source is a medium itself."""
    via: list[str]
    stance: Stance
    position: Position | None
    aspects: list[Aspect]
    against: str | None
    attribution: Literal["explicit", "implicit"]
    sentences: list[int]
    content: list[Quote]
    main: bool
    """Whether the event is what the claim is about first."""


@dataclass(slots=True)
class PartyOf:
    """A party of a report."""

    document: str
    party: str


@dataclass(slots=True)
class Account:
    """A party over all articles, and all that it says of the event."""

    id: str
    name: str
    names: list[str]
    kinds: list[ActorKind]
    parties: list[PartyOf]
    because: list[str]
    """Why parties of different reports are taken for one."""
    claims: list[ClaimTold]


@dataclass(slots=True)
class ClaimOf:
    """A claim of a report."""

    document: str
    claim: str


@dataclass(slots=True)
class Rivalry:
    """Rival claims of different parties about one aspect of the event."""

    aspect: Aspect
    kind: RivalKind
    parties: list[str]
    claims: list[ClaimOf]
    because: list[str]
    """Who found them rivals: the report of an article, or a rule, and which."""


@dataclass(slots=True)
class Version:
    """One of several values that do not fit together."""

    value: str
    told: list[Told | WhenTold | WhereTold | TollTold]


@dataclass(slots=True)
class Conflict:
    """Values that do not fit together, side by side: none is chosen."""

    field: ValueField
    versions: list[Version]


@dataclass(slots=True)
class Independent:
    """Articles that count as one source, and why."""

    articles: list[str]
    because: list[str]


@dataclass(slots=True)
class Telling:
    """All that one report tells of one incident; what a dossier is put together from."""

    article: Article
    member: Member
    when: list[WhenTold]
    where: list[WhereTold]
    initiators: list[Told]
    targets: list[Told]
    weapons: list[Told]
    tolls: list[TollTold]
    killed: list[tuple[str | None, int | None, int | None]]
    """Of each account (a party of the report; null for its own voice) how many it tells of at least and at most."""
    parties: list[Speaker]
    claims: list[tuple[str, ClaimTold]]
    """With the party of the report that makes them."""
    disputes: list[tuple[Aspect, RivalKind, list[str]]]
    """With the ids of the claims."""


@dataclass(slots=True)
class Speaker:
    """A party of a report as far as it is needed to find it again in another."""

    party: str
    name: str
    names: list[str]
    kinds: list[ActorKind]
    countries: list[str]


class Dossier(BaseModel):
    """One event, as all its articles tell it. Accounts stand side by side; nothing that conflicts is merged."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    dossier_version: str = DOSSIER_VERSION
    id: str
    """The same for the same incidents."""
    type: IncidentType
    """What most incidents are; of several, that of the first."""
    status: Status
    """Over all articles: disputed, acknowledged, corroborated, single_party or narrator_only."""
    earliest: Date | None
    latest: Date | None
    """The days on which all dates agree; where they do not, the first and the last that are told."""
    undated: str | None
    """Why there are no days."""
    when: list[WhenTold]
    where: list[WhereTold]
    incidents: list[Member]
    links: list[Link]
    """The strongest links that hold the incidents together, each incident linked; the strongest first."""
    doubts: list[Link]
    """Pairs that by themselves would not have been linked, the weakest first; at most 20."""
    alone: str | None
    """Of a single incident: why it is linked with no other."""
    articles: list[Article]
    independent_sources: int
    sources: list[Independent]
    parties: list[Account]
    initiators: list[Told]
    targets: list[Told]
    weapons: list[Told]
    disputes: list[Rivalry]
    conflicts: list[Conflict]
    deaths: Deaths | None
    """Over all accounts of all articles."""
    tolls: list[TollTold]
    timeline: list[TollThen]
    """The dead as each account had them, in the order of publication."""

    def to_json(self, *, indent: int | None = None) -> str:
        """The dossier as JSON, on one line unless indented."""
        return as_json(self, indent=indent)
