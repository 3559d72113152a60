"""The two sides of a comparison: a label with what it accepts, and the report held against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date as Date
from functools import cached_property
from typing import TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from evals.goldset import Accept
from evals.scoring.comparators import same_one, same_place
from evals.scoring.spans import same_span
from evals.scoring.words import Names, called, names_of, normal, told_apart
from extractor.errors import InputError
from extractor.schema import Actor, Mention, Report

M = TypeVar("M", bound=BaseModel)


class Days(BaseModel):
    """Another right reading of date words."""

    earliest: Date | None = None
    latest: Date | None = None
    precision: str | None = None


@dataclass(frozen=True)
class Sides:
    """A gold label, what it accepts, and a predicted report."""

    gold: Report
    accept: Accept
    predicted: Report

    @cached_property
    def gold_names(self) -> Names:
        """The names of the label's actors."""
        return names_of(self.gold)

    @cached_property
    def predicted_names(self) -> Names:
        """The names of the report's actors, none of them with names of two actors of the label."""
        return told_apart(self._every_name, self.gold_names)

    @cached_property
    def _every_name(self) -> Names:
        return names_of(self.predicted)

    @cached_property
    def gold_actors(self) -> dict[str, Actor]:
        """The label's actors by their ids."""
        return {actor.id: actor for actor in self.gold.actors}

    @cached_property
    def _optional(self) -> frozenset[str]:
        return frozenset(self.accept.optional)

    def optional(self, path: str) -> bool:
        """Whether the label says that this may be left out."""
        return path in self._optional

    def either(self, path: str) -> list[JsonValue]:
        """What the label accepts there besides."""
        return self.accept.either.get(path, [])

    def others(self, path: str, kind: type[M]) -> list[M]:
        """What the label accepts there besides, of the things written as objects; `InputError` if one is malformed."""
        try:
            return [kind.model_validate(other) for other in self.either(path) if isinstance(other, dict)]
        except ValidationError as error:
            raise InputError(f"accept: {path} holds what is no {kind.__name__.lower()}: {error.errors()[0]}") from error

    def same(self, predicted: Mention, gold: Mention, path: str) -> bool:
        """Whether a predicted mention is the gold one at that path of the label, or one accepted there."""
        if same_one(predicted, gold, self.predicted_names, self.gold_names):
            return True
        return self.accepted(predicted, path)

    def accepted(self, predicted: Mention, path: str) -> bool:
        """Whether a predicted mention is one that the label accepts at that path besides its own."""
        if path not in self.accept.either:
            return False
        return any(
            same_one(predicted, right, self.predicted_names, self.gold_names) for right in self.others(path, Mention)
        ) or any(isinstance(other, str) and self.is_actor(predicted, other) for other in self.either(path))

    def same_where(self, predicted: Mention, gold: Mention, path: str) -> bool:
        """As `same`, for places."""
        return any(same_place(predicted, right) for right in (gold, *self.others(path, Mention)))

    def is_actor(self, predicted: Mention, actor: str) -> bool:
        """Whether a predicted mention has a name of that actor of the label, or lies on one of its mentions."""
        if not called(predicted, self.predicted_names).isdisjoint(self.gold_names.get(actor, frozenset())):
            return True
        held = self.gold_actors.get(actor)
        return held is not None and any(same_span(predicted, mention) for mention in held.mentions)

    def resolved(self, mention: Mention) -> set[str]:
        """The actors of the label that the predicted mention's actor has a name of; none when it has no actor."""
        actor = mention.actor or ""
        names = self.predicted_names.get(actor, frozenset())
        names |= self._every_name.get(actor, frozenset()) & {normal(mention.text)}
        return {actor for actor, known in self.gold_names.items() if not names.isdisjoint(known)}

    def party(self, actor: str | None) -> str | None:
        """The party of an actor of the label."""
        held = self.gold_actors.get(actor or "")
        return held.party if held else None
