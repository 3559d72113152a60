"""What the reports of a run depend on: a run goes on only with the same."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from extractor.errors import SettingsError
from extractor.extraction import Extractor, schema_sha256
from extractor.llm.batches import MOST_BYTES, MOST_REQUESTS
from extractor.plans import PlanName, plan_for
from extractor.schema import Report
from extractor.settings import Embedded, Endpoint, resolve
from extractor.templates import load, prompts_sha256

if TYPE_CHECKING:
    from extractor.llm.limits import RateLimits
    from extractor.llm.tape import Tape


@dataclass(frozen=True, slots=True)
class Choice:
    """What to ask, as for `extractor.Extractor`."""

    model: str | None = None
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    plan: PlanName | None = None
    prompt: str | None = None
    schema: type[BaseModel] | None = None
    """Of your own: the lines of reports.jsonl then hold an `Extraction` of it."""

    def resolved(self) -> Endpoint | Embedded:
        """The model and where it is; raises `SettingsError` as `extractor.settings.resolve` does."""
        return resolve(self.model, self.base_url, self.api_key)


def own_extractor(choice: Choice, tape: Tape | None, limits: RateLimits | None) -> Extractor[Any]:
    """An extractor as it is chosen."""
    common: dict[str, Any] = {
        "model": choice.model, "base_url": choice.base_url, "api_key": choice.api_key, "plan": choice.plan,
        "prompt": choice.prompt, "tape": tape, "limits": limits,
    }  # fmt: skip
    return Extractor(schema=choice.schema, **common) if choice.schema else Extractor(**common)


@dataclass(frozen=True, slots=True)
class Batching:
    """How the Batch API is used."""

    poll: float = 60.0
    """Seconds between looks at what is under way."""
    most_requests: int = MOST_REQUESTS
    """That one batch may hold."""
    most_bytes: int = MOST_BYTES
    """Of its file."""


def batchable(choice: Choice) -> Endpoint:
    """The server that is handed batches; raises `SettingsError` where the Batch API cannot do what is asked for."""
    resolved = choice.resolved()
    if isinstance(resolved, Embedded) or resolved.kind == "embedded":
        raise SettingsError("the embedded model takes no batches: leave --batch out, or name a server's model")
    if resolved.model is None:
        raise SettingsError("--batch needs the model's name: say it with --model")
    plan = "whole" if choice.schema else choice.plan or plan_for(resolved.model, embedded=False)
    if plan == "stepwise":
        raise SettingsError(
            "--batch cannot be used with the stepwise plan: its many small calls wait for each other, up to a day "
            "each; use --plan whole, or leave --batch out"
        )
    return resolved


def settings_of(choice: Choice, *, include_text: bool) -> dict[str, Any]:
    """The settings, by the names that a refusal tells; no key and no address is in it, for a server may move."""
    resolved = choice.resolved()
    embedded = isinstance(resolved, Embedded)
    return {
        "model": "embedded" if embedded else resolved.model,
        "kind of server": "embedded" if embedded else resolved.kind,
        "plan": choice.plan,
        "prompt": _prompt(choice),
        "prompts": prompts_sha256(),
        "schema": schema_sha256(choice.schema or Report),
        "--include-text": include_text,
    }


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What differs, a phrase each: `plan (was whole, is stepwise)`."""
    return [
        f"{name} (was {_shown(before[name])}, is {_shown(value)})"
        for name, value in now.items()
        if name in before and before[name] != value
    ]


def _prompt(choice: Choice) -> str | None:
    if choice.prompt is None:
        return None
    if choice.schema is not None and not choice.prompt.endswith(".md"):  # the instruction itself
        return hashlib.sha256(choice.prompt.encode()).hexdigest()
    prompt = load(choice.prompt)
    return f"{prompt.front.name} {prompt.front.version} {prompt.sha256[:12]}"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "given" if value else "not given"
    if value is None:
        return "not given"
    return str(value)[:12] if len(str(value)) == 64 else str(value)
