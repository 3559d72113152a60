"""langextract with its OpenAI provider, in an environment of its own: its dependencies are not this project's."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

from pydantic import JsonValue

from evals.bench.peers import langextract_worker
from evals.bench.peers.building import ReportBuilder
from evals.bench.peers.environment import REQUIREMENTS, langextract_python
from evals.bench.peers.system import Result, Server, SystemName, document_of, sha256
from evals.bench.peers.task import DEFINITIONS, EXAMPLES, MAX_OUTPUT_TOKENS, Answer
from evals.goldset import GoldArticle
from extractor.document import Document
from extractor.errors import SettingsError
from extractor.schema import Aspect, CasualtyCategory, CasualtyStatus, Incident, IncidentType, Realis, Stance

T = TypeVar("T")

PROMPT = f"""\
Extract incidents, casualties and claims from a news report on armed conflict, in order of appearance. Use exact words of the text, never a paraphrase. The text of an incident is its evidence, the text of a claim is its content, the text of a casualty is its who; the rest are attributes. Casualties follow their incident.

{DEFINITIONS}"""  # noqa: E501  a prompt's lines are its paragraphs
OPTIONS: dict[str, JsonValue] = {"max_char_buffer": 500}
"""The default of 1000 characters a chunk makes this model leave claims out, or repeat itself until it is cut off."""
MOST_IN_A_CHUNK = 16
"""Extractions, for the same reason."""
_LONGEST_SECONDS = 3600  # for one article: only a hanging process takes so long


def _choice(values: Any) -> JsonValue:
    return {"type": "string", "enum": list(get_args(values))}


_NAMES: JsonValue = {"type": "array", "items": {"type": "string"}}
_NAME_OR_NULL: JsonValue = {"anyOf": [{"type": "string"}, {"type": "null"}]}
ATTRIBUTES: dict[str, dict[str, JsonValue]] = {
    "incident": {
        "type": _choice(IncidentType),
        "realis": _choice(Realis),
        "initiators": _NAMES,
        "targets": _NAMES,
        "weapons": _NAMES,
        "dates": _NAMES,
        "places": _NAMES,
    },
    "casualty": {"number": _NAME_OR_NULL, "status": _choice(CasualtyStatus), "category": _choice(CasualtyCategory)},
    "claim": {
        "source": {"type": "string"},
        "cue": _NAME_OR_NULL,
        "stance": _choice(Stance),
        "aspects": {"type": "array", "items": _choice(Aspect)},
    },
}
"""The attributes of each class of extractions, as JSON schemas; they constrain what the server writes."""


class LangExtract:
    """`langextract.extract` with worked examples and an output schema."""

    name: SystemName = "langextract"

    def __init__(self, python: Path | None = None) -> None:
        self._python = python
        """The interpreter of an environment that has langextract; left out, one is made."""

    def about(self) -> dict[str, JsonValue]:  # noqa: D102  as in the protocol
        pins = [line.split(" ")[0] for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines()]
        return {
            "version": next(pin.removeprefix("langextract==") for pin in pins if pin.startswith("langextract==")),
            "requirements_sha256": sha256(REQUIREMENTS.read_text(encoding="utf-8")),
            "prompt_sha256": sha256(json.dumps([PROMPT, worked_examples()])),
            "schema_sha256": sha256(json.dumps(ATTRIBUTES, sort_keys=True)),
            "temperature": 0,
            "max_output_tokens": MAX_OUTPUT_TOKENS,
            "most_in_a_chunk": MOST_IN_A_CHUNK,
            **OPTIONS,
        }

    def prepare(self) -> None:  # noqa: D102  as in the protocol
        if self._python is None:
            self._python = langextract_python()

    def extract(self, article: GoldArticle, server: Server) -> Result:  # noqa: D102  as in the protocol
        if self._python is None:
            raise SettingsError("langextract's environment was not prepared")
        task: dict[str, Any] = {
            "text": article.text,
            "prompt": PROMPT,
            "examples": worked_examples(),
            "attributes": ATTRIBUTES,
            "most_in_a_chunk": MOST_IN_A_CHUNK,
            "model": server.model,
            "provider": {
                "api_key": server.api_key,
                "base_url": server.base_url,
                "temperature": 0,
                "max_output_tokens": MAX_OUTPUT_TOKENS,
                "max_workers": server.slots,
            },
            "options": OPTIONS,
        }
        document = document_of(article)
        started = time.monotonic()
        try:
            ran = subprocess.run(
                [self._python, langextract_worker.__file__],
                input=json.dumps(task),
                capture_output=True,
                text=True,
                encoding="utf-8",
                env=_environment(),
                timeout=_LONGEST_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return _failed(document, started, f"no answer after {_LONGEST_SECONDS} s")
        try:
            said: dict[str, Any] = json.loads(ran.stdout)
        except ValueError:
            told = ran.stderr.strip().splitlines()[-1:] or ["it said nothing"]
            return _failed(document, started, f"langextract ended with exit code {ran.returncode}: {told[0]}")
        return converted(said, document)


def converted(said: Mapping[str, Any], document: Document) -> Result:
    """What the worker printed as a report: extractions where langextract laid them, attributes where they stand."""
    builder = ReportBuilder(document)
    extractions = cast(list[dict[str, Any]], said["extractions"])
    incidents = {
        number: incident
        for number, one in enumerate(extractions)
        if one["class"] == "incident" and (incident := _incident(builder, one))
    }
    for number, one in enumerate(extractions):
        span_of = (one["text"], one["start"], one["end"])
        attributes = one["attributes"]
        if one["class"] == "casualty":
            before = [incident for place, incident in incidents.items() if place < number]
            incident = before[-1] if before else next(iter(incidents.values()), None)
            who = builder.placed(*span_of)
            if incident is not None and who is not None:
                status = _one_of(CasualtyStatus, attributes.get("status"), "killed")
                category = _one_of(CasualtyCategory, attributes.get("category"), "unknown")
                builder.casualty(incident, who, _words(attributes.get("number")), status, category)
        elif one["class"] == "claim":
            content = builder.placed(*span_of)
            if content is not None:
                stance = _one_of(Stance, attributes.get("stance"), "asserts")
                known = [aspect for aspect in _list(attributes.get("aspects")) if aspect in get_args(Aspect)]
                source, cue = (_words(attributes.get(name)) or "" for name in ("source", "cue"))
                builder.claim(content, source, cue, stance, cast(list[Aspect], known))
    lost = cast(list[str], said["lost"])
    return Result(
        builder.report(),
        said["seconds"],
        error=said["error"] or (f"{len(lost)} chunks lost: {lost[0][:200]}" if lost else None),
        not_in_text=builder.not_in_text,
        loose=builder.loose,
        answer=cast(JsonValue, said),
    )


def worked_examples() -> list[dict[str, Any]]:
    """The peers' examples as langextract shows them: flat, in order of appearance, casualties after an incident."""
    return [{"text": text, "extractions": flat(text, answer)} for text, answer in EXAMPLES]


def flat(text: str, answer: Answer) -> list[dict[str, Any]]:
    """An answer as langextract has extractions: flat, in order of appearance."""
    said = [
        *((one.evidence[0], "incident", one) for one in answer.incidents),
        *((casualty.who, "casualty", casualty) for one in answer.incidents for casualty in one.casualties),
        *((one.content, "claim", one) for one in answer.claims),
    ]
    return [
        {
            "extraction_class": kind,
            "extraction_text": words,
            "attributes": one.model_dump(include=set(ATTRIBUTES[kind])),
        }
        for words, kind, one in sorted(said, key=lambda item: text.index(item[0]))
    ]


def _incident(builder: ReportBuilder, one: Mapping[str, Any]) -> Incident | None:
    span = builder.placed(one["text"], one["start"], one["end"])
    attributes = one["attributes"]
    return builder.incident(
        [span] if span else [],
        _one_of(IncidentType, attributes.get("type"), "other"),
        _one_of(Realis, attributes.get("realis"), "actual"),
        initiators=_list(attributes.get("initiators")),
        targets=_list(attributes.get("targets")),
        weapons=_list(attributes.get("weapons")),
        dates=_list(attributes.get("dates")),
        places=_list(attributes.get("places")),
    )


def _one_of(values: Any, value: Any, otherwise: Any) -> Any:
    return value if value in get_args(values) else otherwise


def _words(value: Any) -> str | None:
    return None if value is None else str(value)


def _list(value: Any) -> Sequence[str]:
    items: list[Any] = cast(list[Any], value) if isinstance(value, list) else [value]
    return [str(item) for item in items if item is not None]


def _environment() -> dict[str, str]:
    """The worker is to reach the server alone: no keys, no proxies."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "LANGEXTRACT_"))}
    return kept | {"NO_PROXY": "127.0.0.1,localhost", "PYTHONIOENCODING": "utf-8"}


def _failed(document: Document, started: float, why: str) -> Result:
    return Result(ReportBuilder(document).report(), time.monotonic() - started, error=why)
