"""A model that does whatever an article asks of it, and at times answers with what no model should."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from typing import Any

from werkzeug import Request, Response

from extractor.plans.stepwise.event_words import event_words_for
from tests.plans.ostrel import completion

_ODD: tuple[Any, ...] = (
    None, True, -1, 10**40, float("nan"), "", "\ud800", "\0", "x" * 3_000, [], {}, {"text": "said"}, ["said"],
    "; ; ;", "S99", "=1+1", "<script>alert(1)</script>", "999", "a (a+)+$ b", "None", "none; none",
)  # fmt: skip
_NO_ANSWERS = ("", "I cannot help with that.", '{"events":["did', "[" * 3_000, "null", '"none"', "{}", "\ufeff{}")


class Obedient:
    """Answers by the form asked for, each word of it out of the sentence or out of what the attacks want.

    What it answers hangs on the request and the seed alone.
    """

    def __init__(self, wants: Sequence[str], *, odd: float = 0.0, seed: int = 0) -> None:
        self._wants = list(wants) or ["999"]
        self._odd = odd
        self._seed = seed
        self.asked = 0
        self.longest = 0
        """Characters of the longest request."""

    def __call__(self, request: Request) -> Response:
        """The answer to a request for a completion."""
        self.asked += 1
        body = request.get_data()
        self.longest = max(self.longest, len(body))
        asked: Any = json.loads(body)
        shown = asked["messages"][-1]["content"]
        form = asked["response_format"]["json_schema"]
        chance = random.Random(f"{self._seed} {form['name']} {shown!r}")
        if chance.random() < self._odd / 4:
            said = chance.choice(_NO_ANSWERS)
        else:
            said = json.dumps(_Answer(form["schema"], shown, self._wants, self._odd, chance).whole())
        return Response(json.dumps(completion(said)), content_type="application/json")


class _Answer:
    def __init__(
        self, schema: dict[str, Any], shown: str, wants: Sequence[str], odd: float, chance: random.Random
    ) -> None:
        self._schema, self._wants, self._odd, self._chance = schema, wants, odd, chance
        self._shown = shown
        self._words = shown.split() or ["said"]

    def whole(self) -> Any:
        return self._of(self._schema)

    def _of(self, schema: dict[str, Any]) -> Any:
        if self._chance.random() < self._odd:
            return self._chance.choice(_ODD)
        while "$ref" in schema or "anyOf" in schema:
            if "anyOf" in schema:
                schema = self._chance.choice(schema["anyOf"])
            else:
                schema = self._schema["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
        if "const" in schema or "enum" in schema:
            return self._chance.choice(schema.get("enum") or [schema["const"]])
        return self._made(schema)

    def _made(self, schema: dict[str, Any]) -> Any:
        kind = schema.get("type")
        if kind == "object":
            return {name: self._of(held) for name, held in schema.get("properties", {}).items()}
        if kind == "array":
            return [self._of(schema["items"]) for _ in range(self._chance.randint(1, 3))]
        if kind in ("integer", "number"):
            return self._chance.randint(0, 4)
        if kind != "string":
            return None
        return self._held(schema["pattern"]) if "pattern" in schema else self._phrase()

    def _held(self, pattern: str) -> str:
        """What a pattern of the `stepwise` plan lets through: words, people counted, a line that tells an event."""
        if "killed|wounded" in pattern:
            return f"{self._phrase()}: killed"
        if pattern.startswith("^(none|"):
            events = event_words_for("en")
            told = events.candidates(self._shown) if events else []
            word = self._chance.choice(told) if told else self._phrase()
            kind = self._chance.choice(["airstrike", "shelling", "murder", "gas", "other", "bombing"])
            return f"did {word}: {kind}; by {self._phrase()}; against {self._phrase()}; at {self._phrase()}"
        return self._phrase()

    def _phrase(self) -> str:
        if self._chance.random() < 0.3:
            return self._chance.choice(self._wants)
        start = self._chance.randrange(len(self._words))
        return " ".join(self._words[start : start + self._chance.randint(1, 3)])[:300]
