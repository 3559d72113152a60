"""What a report says: actors, incidents, and who claims what about them.

One vocabulary for everybody: a model fills these classes through the narrower JSON schema that `Derived` and `Given`
fields are left out of; users get them, files store them, scorers compare them. The docstring under a field is what a
model is told about it. Terms follow PolNeAR (source, cue, content), ACLED and UCDP GED (incident types, categories).
"""

from __future__ import annotations

from datetime import date as Date
from typing import Annotated, Any, Literal, Self, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator
from pydantic_core import PydanticSerializationError, to_json

from extractor.characters import sound
from extractor.errors import InputError
from extractor.grounding import Derived, Evidence, Given, Link, Mention, Pointing, SentenceNumber, Span, misplaced

IncidentType = Literal[
    "airstrike", "aircraft_downing", "shelling_missile", "ground_clash", "territory_change", "ied_bombing",
    "suicide_attack", "chemical_attack", "attack_on_civilians", "sexual_violence", "abduction_detention",
    "weapons_disruption", "force_posture", "contact_agreement", "looting_destruction", "displacement", "civil_unrest",
    "other",
]  # fmt: skip
Realis = Literal["actual", "planned", "hypothetical", "negated"]
ActorKind = Literal[
    "state_forces", "government", "coalition", "pro_state_militia", "non_state_armed", "civilians", "media",
    "monitor_ngo", "intergovernmental", "other",
]  # fmt: skip
CasualtyStatus = Literal["killed", "wounded", "missing", "captured", "displaced", "unharmed"]
CasualtyCategory = Literal["combatant", "civilian", "mixed", "unknown"]
PlaceRelation = Literal["at", "near", "toward", "from", "over", "between"]
PlaceLevel = Literal["site", "settlement", "district", "province", "region", "country", "sea", "air"]
DatePrecision = Literal["day", "days", "week", "month", "year", "years"]
Stance = Literal["asserts", "denies", "accuses", "admits", "threatens", "questions"]
Aspect = Literal[
    "occurrence", "initiator", "target", "place", "time", "means", "casualties", "equipment_loss", "outcome", "reason",
    "activity", "context",
]  # fmt: skip
Position = Literal["initiator_side", "target_side", "third_party"]
Status = Literal["disputed", "acknowledged", "corroborated", "single_party", "narrator_only"]
RivalKind = Literal["contradicts", "competes"]

SCHEMA_VERSION = "1.0"


class Record(Pointing):
    """Base of the parts of a report: a field's docstring is its description in the schema."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Value(Mention):
    """A value of an incident, with the claims in whose words it stands (none: the article says it in its own voice)."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    claims: Derived[list[str]] = Field(default_factory=list[str])


class When(Value):
    """Date words as written; the days are worked out from the document's date."""

    earliest: Derived[Date | None] = None
    latest: Derived[Date | None] = None
    precision: Derived[DatePrecision | None] = None
    unresolved: Derived[str | None] = None


class Where(Value):
    """A place as written."""

    relation: PlaceRelation
    """How the incident lies to the place named."""
    level: PlaceLevel | None
    country: Derived[str | None] = None
    admin1: Derived[str | None] = None
    lat: Derived[float | None] = None
    lon: Derived[float | None] = None
    unresolved: Derived[str | None] = None


class Count(Mention):
    """Number words as written; null bounds mean that the text does not bound them."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    min: Derived[int | None] = None
    max: Derived[int | None] = None


class Casualty(Record):
    """People killed, wounded, missing and so on. An absent toll means not reported, never zero."""

    who: Value
    """The people, as the text calls them."""
    status: CasualtyStatus
    category: CasualtyCategory
    count: Count | None
    """Only the number words, such as "at least 12"; null when there are none."""


class Actor(Record):
    """A person, group, force or office that does something, suffers something or says something."""

    id: Given[str] = ""
    name: Given[str] = ""
    kind: ActorKind
    country: Derived[str | None] = None
    mentions: list[Mention] = Field(min_length=1)
    """Every name the text uses for this actor, but no pronouns."""
    party: Derived[str | None] = None


class Deaths(BaseModel):
    """How many were killed, over all accounts; null where no account bounds it."""

    low: int | None = None
    """The lowest number that an account gives at least."""
    best: int | None = None
    """The one number that all accounts agree on."""
    high: int | None = None
    """The highest number that an account gives."""


class Incident(Record):
    """One event: a new one when action, pair of sides, place or day differs; two accounts of one event are one."""

    id: Given[str] = ""
    uid: Derived[str | None] = None
    type: IncidentType
    realis: Realis
    """A denial by somebody does not make an incident negated."""
    summary: Derived[str | None] = None
    evidence: list[Evidence] = Field(min_length=1)
    """The numbers of all sentences that tell of this incident."""
    initiators: list[Value]
    """Who did it."""
    targets: list[Value]
    """Whom or what it hit."""
    weapons: list[Value]
    when: list[When]
    """Words that tell the day, such as "on Sunday"."""
    where: list[Where]
    casualties: list[Casualty]
    deaths: Derived[Deaths | None] = None
    status: Derived[Status | None] = None


class Source(Mention):
    """Who says it, in the words of the claim's own sentence."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    actor: Annotated[str, Link("A")] | None = None
    """Which of your actors, counted from 1, this is; null when it is none of them."""


class Claim(Record):
    """What the article attributes to one source. What it says in its own voice is no claim; headings make none."""

    id: Given[str] = ""
    uid: Derived[str | None] = None
    sentences: list[SentenceNumber] = Field(min_length=1)
    """The numbers of the sentences in which it is said, usually one."""
    source: Source
    via: list[Mention]
    """Who passed it on, as Reuters does in "an official told Reuters"; usually empty."""
    cue: Mention | None
    """The reporting words, such as "said" or "according to"; null when the sentence only carries on an account."""
    against: Mention | None
    """Whom the source accuses, if anybody."""
    attribution: Literal["explicit", "implicit"]
    content: Derived[list[Span]] = Field(default_factory=list[Span])
    stance: Stance
    """The speech act as worded."""
    incidents: list[Annotated[str, Link("I")]]
    """Which of your incidents, counted from 1, it is about."""
    aspects: list[Aspect]
    """What about them."""
    position: Derived[Position | None] = None
    confidence: Given[float | None] = None


class Tie(BaseModel):
    """Two actors that the text itself ties together: one is part of the other, its office, its voice or its ally."""

    a: str
    b: str
    because: list[Span] = []
    """The words that say so."""
    by: Literal["model", "code"] = "model"
    """Who says so: a model that was asked, or code that reads a few fixed forms of words."""


class Relation(BaseModel):
    """Two claims of different parties that are rivals about one aspect of one incident."""

    a: str
    b: str
    incident: str
    aspect: Aspect
    kind: RivalKind
    by: Literal["model", "code"] = "model"
    """Who says so: a model or a labeller, or code, where the claims' stances and values settle it."""


class Party(BaseModel):
    """Actors that the text itself ties together."""

    id: str
    name: str
    actors: list[str]
    because: list[Span]


class Dispute(BaseModel):
    """Rival claims of different parties about one aspect of one incident."""

    incident: str
    aspect: Aspect
    kind: RivalKind
    claims: list[str]
    parties: list[str]


class DocumentInfo(BaseModel):
    """What is known of the article; `text` only when asked for, and always for URLs."""

    id: str | None = None
    sha256: str
    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    date: Date | None = None
    language: str | None = None
    characters: int
    sentences: int
    text: str | None = None
    extra: dict[str, JsonValue] = {}


class PromptUsed(BaseModel):
    """A prompt file that the run was asked with."""

    name: str
    version: str
    sha256: str


class Dropped(BaseModel):
    """Something the model answered that did not stand, and why it is not in the report."""

    what: str
    text: str
    why: str


class Run(BaseModel):
    """How a report came about and what it cost, added up over all calls, retries and questions asked again."""

    extractor_version: str
    model: str
    plan: str
    prompts: list[PromptUsed] = []
    schema_sha256: str
    calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    """Null when the price of the model is not known."""
    seconds: float = 0.0
    complete: bool = True
    """Whether every answer arrived whole."""
    dropped: list[Dropped] = []


def as_json(model: BaseModel, *, indent: int | None, exclude: Any = None) -> str:
    """An object as JSON; half characters (lone surrogates), which JSON in UTF-8 cannot hold, become U+FFFD."""
    try:
        return model.model_dump_json(indent=indent, exclude=exclude)
    except PydanticSerializationError:
        return to_json(_sound(model.model_dump(exclude=exclude)), indent=indent).decode()


def _sound(value: Any) -> Any:
    if isinstance(value, str):
        return sound(value)
    if isinstance(value, list):
        return [_sound(item) for item in cast(list[Any], value)]
    if isinstance(value, dict):
        return {_sound(key): _sound(item) for key, item in cast(dict[Any, Any], value).items()}
    return value


class Report(Record):
    """The incidents and claims of one article. A model fills `actors`, `incidents` and `claims`; code does the rest."""

    schema_version: Given[str] = SCHEMA_VERSION
    document: Given[DocumentInfo | None] = None
    actors: list[Actor]
    incidents: list[Incident]
    claims: list[Claim]
    ties: Given[list[Tie] | None] = None
    """Who belongs together. Null while nobody was asked: code then fills in what it can read for itself."""
    relations: Given[list[Relation] | None] = None
    """Which claims are rivals. Null while nobody was asked: code then fills in what stances and values settle."""
    parties: Derived[list[Party]] = Field(default_factory=list[Party])
    disputes: Derived[list[Dispute]] = Field(default_factory=list[Dispute])
    run: Given[Run | None] = None

    @model_validator(mode="after")
    def _spans_fit_the_text(self) -> Self:
        if self.document is not None and self.document.text is not None:
            self.verify(self.document.text)
        return self

    def verify(self, text: str) -> None:
        """Check that every span of the report is what stands at its offsets in `text`; raises `InputError` if not."""
        for path, span in misplaced(self, text):
            raise InputError(f"{path} of the report does not stand at its offsets in the text: {span!r}")

    def to_json(self, *, include_text: bool = False, indent: int | None = 2) -> str:
        """The report as JSON. The text of the article is left out unless asked for or the report is of a URL."""
        keep = include_text or (self.document is not None and self.document.url is not None)
        return as_json(self, indent=indent, exclude=None if keep else {"document": {"text"}})

    def to_frame(
        self, table: Literal["claims", "acled", "ged"] = "claims", library: Literal["pandas", "polars"] | None = None
    ) -> Any:
        """The report as a data frame: its claims, or its incidents in the columns of ACLED or UCDP GED.

        A frame of pandas where that is installed, else of polars; `library` says which. Raises `SettingsError` when it
        is not installed.
        """
        from extractor.export.frame import frame  # a later room: only this method knows of it

        return frame([self], table, library)
