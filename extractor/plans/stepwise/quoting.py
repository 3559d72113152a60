"""Who speaks, and who passes it on: "the radio, quoting an officer, said" is the officer's account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from extractor.plans.stepwise.names import group
from extractor.schema import Stance


@dataclass(frozen=True)
class Speaker:
    """Who speaks with a cue."""

    cue: str
    source: str
    via: str | None = None
    """Who passes it on."""
    told: str | None = None
    """To whom it is said."""
    against: str | None = None
    """Whom it accuses."""
    stance: Stance | None = None
    """The speech act, where the model told it; else the cue words it."""


def one_name(name: str, other: str) -> bool:
    """Whether two names are one by their words."""
    return len(group([name, other])) == 1


def in_order(sentence: str, cue: str, source: str, by: str, passive: regex.Pattern[str]) -> tuple[str, str]:
    """Who is quoted, and who quotes: who stands after an active "quoting" is quoted, as is who "was quoted"."""
    at = sentence.find(cue)
    before, after = sentence.rfind(source, 0, at), sentence.find(by, at)
    if before < 0 or after < 0 or passive.search(sentence, 0, at):
        return source, by
    return by, source


def told_by_the_quoted(found: Sequence[Speaker]) -> list[Speaker]:
    """The speakers of a sentence, with those who are quoted in place of those who quote them."""

    def quoted_by(one: Speaker) -> list[str]:
        return [other.source for other in found if other.via is not None and one_name(other.via, one.source)]

    quoted = {one.source: quoted_by(one) for one in found if one.via is None}
    quoting = [name for name, others in quoted.items() if others]
    return [
        replace(one, source=source, via=one.source) if source != one.source else one
        for one in found
        if one.via is None or not any(one_name(one.via, name) for name in quoting)
        for source in (one.via is None and quoted[one.source]) or [one.source]
    ]
