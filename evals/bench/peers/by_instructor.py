"""Plain instructor: one call with a schema of verbatim quotes, asked again with what was wrong."""

from __future__ import annotations

import json
import time
from importlib.metadata import version
from typing import Any

from pydantic import JsonValue

from evals.bench.peers.building import ReportBuilder
from evals.bench.peers.system import Result, Server, SystemName, document_of, sha256
from evals.bench.peers.task import CALL_SECONDS, DEFINITIONS, EXAMPLES, MAX_OUTPUT_TOKENS, Answer
from evals.goldset import GoldArticle
from extractor.document import Document

SYSTEM_PROMPT = f"""\
You record armed conflict from news, as an analyst does who must be trusted line by line: what happened, and who says so. Every quote and every name is copied word for word from the article. Answer with one line of compact JSON: {{"incidents": [...], "claims": [...]}}.

{DEFINITIONS}"""  # noqa: E501  a prompt's lines are its paragraphs
MAX_RETRIES = 2


class PlainInstructor:
    """`instructor.from_openai(client, mode=JSON_SCHEMA)` with `max_retries=2`."""

    name: SystemName = "instructor"

    def about(self) -> dict[str, JsonValue]:  # noqa: D102  as in the protocol
        return {
            "version": version("instructor"),
            "openai_version": version("openai"),
            "prompt_sha256": sha256(json.dumps(messages(""))),
            "schema_sha256": sha256(json.dumps(Answer.model_json_schema(), sort_keys=True)),
            "mode": "JSON_SCHEMA",
            "max_retries": MAX_RETRIES,
            "temperature": 0,
            "max_tokens": MAX_OUTPUT_TOKENS,
            "call_seconds": CALL_SECONDS,
        }

    def prepare(self) -> None:  # noqa: D102  as in the protocol
        import instructor
        import openai

        del instructor, openai

    def extract(self, article: GoldArticle, server: Server) -> Result:  # noqa: D102  as in the protocol
        import instructor
        from instructor.core.exceptions import InstructorError
        from openai import DefaultHttpxClient, OpenAI, OpenAIError

        document = document_of(article)
        with OpenAI(
            base_url=server.base_url,
            api_key=server.api_key,
            timeout=CALL_SECONDS,
            http_client=DefaultHttpxClient(trust_env=False),  # no proxy stands between this machine and itself
        ) as client:
            asking = instructor.from_openai(client, mode=instructor.Mode.JSON_SCHEMA)
            said: Any = messages(article.text)
            started = time.monotonic()
            try:
                answer = asking.chat.completions.create(
                    model=server.model,
                    response_model=Answer,
                    max_retries=MAX_RETRIES,
                    messages=said,
                    temperature=0,
                    max_tokens=MAX_OUTPUT_TOKENS,
                )
            except (InstructorError, OpenAIError) as error:
                told = " ".join(f"{type(error).__name__}: {error}".split())[:300]
                return Result(ReportBuilder(document).report(), time.monotonic() - started, error=told)
            seconds = time.monotonic() - started
        return converted(answer, document, seconds)


def converted(answer: Answer, document: Document, seconds: float) -> Result:
    """The answer as a report: each quote where it stands in the text, and kept out where it stands nowhere."""
    builder = ReportBuilder(document)
    for said in answer.incidents:
        evidence = [span for words in said.evidence if (span := builder.quote(words))]
        incident = builder.incident(
            evidence,
            said.type,
            said.realis,
            initiators=said.initiators,
            targets=said.targets,
            weapons=said.weapons,
            dates=said.dates,
            places=said.places,
        )
        if incident is None:
            continue
        for one in said.casualties:
            builder.casualty(incident, one.who, one.number, one.status, one.category)
    for said in answer.claims:
        content = builder.quote(said.content)
        if content is not None:
            builder.claim(content, said.source, said.cue, said.stance, said.aspects)
    return Result(
        builder.report(),
        seconds,
        not_in_text=builder.not_in_text,
        loose=builder.loose,
        answer=answer.model_dump(mode="json"),
    )


def messages(text: str) -> list[dict[str, str]]:
    """What plain instructor sends about an article."""
    shown = [
        {"role": role, "content": content}
        for example, answer in EXAMPLES[:1]  # the second makes it slower and no better
        for role, content in (("user", example), ("assistant", answer.model_dump_json()))
    ]
    return [{"role": "system", "content": SYSTEM_PROMPT}, *shown, {"role": "user", "content": text}]
