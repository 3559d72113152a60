"""What both peers are asked: one schema of verbatim quotes, one set of definitions, the same worked examples.

The definitions are those of this project's own prompts and guidelines, told in the peers' way of answering. A model is
shown no schema by a server that only constrains its answer, so the definitions name every field.
"""

from __future__ import annotations

from pydantic import BaseModel, Field

from extractor.schema import Aspect, CasualtyCategory, CasualtyStatus, IncidentType, Realis, Stance


class SaidCasualty(BaseModel):
    """People killed, wounded and so on, in the words of the article."""

    who: str
    number: str | None
    status: CasualtyStatus
    category: CasualtyCategory


class SaidIncident(BaseModel):
    """An event, in the words of the article."""

    evidence: list[str] = Field(max_length=3)
    type: IncidentType
    realis: Realis
    initiators: list[str] = Field(max_length=6)
    targets: list[str] = Field(max_length=6)
    weapons: list[str] = Field(max_length=6)
    dates: list[str] = Field(max_length=6)
    places: list[str] = Field(max_length=6)
    casualties: list[SaidCasualty] = Field(max_length=8)


class SaidClaim(BaseModel):
    """A statement and its source, in the words of the article."""

    content: str
    source: str
    cue: str | None
    stance: Stance
    aspects: list[Aspect] = Field(max_length=6)


class Answer(BaseModel):
    """What an article tells and who says so; lists are bounded, since a small model may repeat itself without end."""

    incidents: list[SaidIncident] = Field(max_length=12)
    claims: list[SaidClaim] = Field(max_length=40)


DEFINITIONS = """\
Incidents: each event of armed violence, and each agreement, arrest, troop movement or protest that belongs to the conflict. A new incident when the deed, the two sides, the place or the day differs; several accounts of one event are one incident.
- evidence: verbatim, the sentence or clause that tells of it
- type: airstrike, aircraft_downing, shelling_missile, ground_clash, territory_change, ied_bombing, suicide_attack, chemical_attack, attack_on_civilians, sexual_violence, abduction_detention, weapons_disruption, force_posture, contact_agreement, looting_destruction, displacement, civil_unrest or other
- realis: actual (also when somebody denies it), planned, hypothetical, or negated (the article itself says that it did not happen)
- initiators: who did it, also who is only accused of it; targets: whom or what it hit; weapons; dates: the words that tell the day, such as "on Sunday"; places. Names only, copied from the article; an empty list when the article does not say
- casualties: one for each group, status and toll; rival tolls are one each. who: the people, as the article calls them; number: the number words only, such as "at least 12", null when there are none; status: killed, wounded, missing, captured, displaced or unharmed; category: combatant, civilian, mixed or unknown. An absent toll is not zero.

Claims: each statement that the article attributes to a source; one for each source and statement. "A said X, but B denies Y" is two claims. What the article tells in its own voice is no claim, and a heading is none.
- content: verbatim, the words that are attributed, without source, cue and "that"
- source: who says it, copied from the article; for "he" or "it", the name that it stands for
- cue: the reporting word, such as said, denied, according to; null when there is none
- stance: asserts, denies, accuses, admits, threatens or questions
- aspects: what the claim tells about the event: occurrence, initiator, target, place, time, means, casualties, equipment_loss, outcome, reason, activity or context"""  # noqa: E501  a prompt's lines are its paragraphs

_ATTACK_TEXT = """\
Gunmen attacked a police post outside Harlo on Tuesday, killing four officers. The Interior Ministry said the gunmen belonged to the Red Banner movement, but the movement denied that its fighters had been near Harlo. "We fight soldiers, not police," its commander, Oren Dahl, told Radio Lisk. According to a nurse, at least nine people were wounded.

Hours later, army jets bombed two farms in the Kesh hills. The talks that began in March are to resume next week."""  # noqa: E501

_ATTACK = Answer(
    incidents=[
        SaidIncident(
            evidence=["Gunmen attacked a police post outside Harlo on Tuesday"],
            type="ground_clash",
            realis="actual",
            initiators=["Gunmen", "Red Banner movement"],
            targets=["police post"],
            weapons=[],
            dates=["on Tuesday"],
            places=["Harlo"],
            casualties=[
                SaidCasualty(who="officers", number="four", status="killed", category="combatant"),
                SaidCasualty(who="people", number="at least nine", status="wounded", category="unknown"),
            ],
        ),
        SaidIncident(
            evidence=["army jets bombed two farms in the Kesh hills"],
            type="airstrike",
            realis="actual",
            initiators=["army jets"],
            targets=["two farms"],
            weapons=[],
            dates=["Hours later"],
            places=["Kesh hills"],
            casualties=[],
        ),
    ],
    claims=[
        SaidClaim(
            content="the gunmen belonged to the Red Banner movement",
            source="Interior Ministry",
            cue="said",
            stance="accuses",
            aspects=["initiator"],
        ),
        SaidClaim(
            content="its fighters had been near Harlo",
            source="Red Banner movement",
            cue="denied",
            stance="denies",
            aspects=["initiator"],
        ),
        SaidClaim(
            content="We fight soldiers, not police",
            source="Oren Dahl",
            cue="told",
            stance="denies",
            aspects=["target"],
        ),
        SaidClaim(
            content="at least nine people were wounded",
            source="nurse",
            cue="According to",
            stance="asserts",
            aspects=["casualties"],
        ),
    ],
)

_SHELLING_TEXT = """\
The rebels said they had shelled the barracks at Solm in answer to a raid. "Not one shell came near us," said Captain Mira Solt of the garrison. A medic put the dead at three. The governor promised that the road to Solm would reopen on Monday."""  # noqa: E501

_SHELLING = Answer(
    incidents=[
        SaidIncident(
            evidence=["they had shelled the barracks at Solm"],
            type="shelling_missile",
            realis="actual",
            initiators=["rebels"],
            targets=["barracks"],
            weapons=[],
            dates=[],
            places=["Solm"],
            casualties=[SaidCasualty(who="dead", number="three", status="killed", category="unknown")],
        )
    ],
    claims=[
        SaidClaim(
            content="they had shelled the barracks at Solm in answer to a raid",
            source="rebels",
            cue="said",
            stance="admits",
            aspects=["occurrence", "reason"],
        ),
        SaidClaim(
            content="Not one shell came near us",
            source="Captain Mira Solt",
            cue="said",
            stance="denies",
            aspects=["occurrence"],
        ),
        SaidClaim(content="the dead at three", source="medic", cue="put", stance="asserts", aspects=["casualties"]),
        SaidClaim(
            content="the road to Solm would reopen on Monday",
            source="governor",
            cue="promised",
            stance="asserts",
            aspects=["context"],
        ),
    ],
)

EXAMPLES = ((_ATTACK_TEXT, _ATTACK), (_SHELLING_TEXT, _SHELLING))
"""Texts and what is to be answered, the more telling one first."""

MAX_OUTPUT_TOKENS = 4096
"""The longest answer that a peer may give: three times what a long article needs."""
CALL_SECONDS = 600.0
"""How long one call may take; the same for all systems."""
