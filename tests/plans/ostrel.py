"""An article, the answer that a careful model gives for it, and a server that gives it."""

import copy
import json
from collections.abc import Callable
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from extractor import Extractor, Report

CHAT = "/v1/chat/completions"
DATE = "2026-03-14"  # a Saturday

TEXT = """\
Shells hit bus station in Ostrel

Mortar shells hit the bus station in Ostrel, Lebanon on Thursday, killing at least four travellers. \
The Defence Ministry said Red Valley fighters had fired the shells. \
The fighters denied it, and a doctor told the Coastal Herald that 19 people were hurt.

On Friday, army drones struck a depot near Vasca. The army said two guards were missing.
"""

_ANSWER: dict[str, Any] = {
    "actors": [
        {"kind": "non_state_armed", "mentions": ["Red Valley fighters", "The fighters"]},
        {"kind": "government", "mentions": ["The Defence Ministry"]},
        {"kind": "civilians", "mentions": ["a doctor"]},
        {"kind": "state_forces", "mentions": ["The army"]},
    ],
    "incidents": [
        {
            "type": "shelling_missile",
            "realis": "actual",
            "evidence": [2, 3],
            "initiators": ["Red Valley fighters"],
            "targets": ["the bus station"],
            "weapons": ["Mortar shells"],
            "when": ["on Thursday"],
            "where": [{"text": "Ostrel, Lebanon", "relation": "at", "level": "settlement"}],
            "casualties": [
                {"who": "travellers", "status": "killed", "category": "civilian", "count": "at least four"},
                {"who": "people", "status": "wounded", "category": "unknown", "count": "19"},
            ],
        },
        {
            "type": "airstrike",
            "realis": "actual",
            "evidence": [5, 6],
            "initiators": ["army drones"],
            "targets": ["a depot"],
            "weapons": [],
            "when": ["On Friday"],
            "where": [{"text": "Vasca", "relation": "near", "level": None}],
            "casualties": [{"who": "guards", "status": "missing", "category": "unknown", "count": "two"}],
        },
    ],
    "claims": [
        {"sentences": [3], "source": {"text": "The Defence Ministry", "actor": 2}, "via": [], "cue": "said"}
        | {"against": None, "attribution": "explicit", "stance": "asserts", "incidents": [1], "aspects": ["initiator"]},
        {"sentences": [4], "source": {"text": "The fighters", "actor": 1}, "via": [], "cue": "denied"}
        | {"against": None, "attribution": "explicit", "stance": "denies", "incidents": [1], "aspects": ["initiator"]},
        {"sentences": [4], "source": {"text": "a doctor", "actor": 3}, "via": ["the Coastal Herald"], "cue": "told"}
        | {
            "against": None,
            "attribution": "explicit",
            "stance": "asserts",
            "incidents": [1],
            "aspects": ["casualties"],
        },
        {"sentences": [6], "source": {"text": "The army", "actor": 4}, "via": [], "cue": "said"}
        | {
            "against": None,
            "attribution": "explicit",
            "stance": "asserts",
            "incidents": [2],
            "aspects": ["casualties"],
        },
    ],
}


def answer() -> dict[str, Any]:
    """The answer, to be changed at will."""
    return copy.deepcopy(_ANSWER)


def claim(sentence: int, source: str, cue: str | None, **more: Any) -> dict[str, Any]:
    """A claim as a model answers it."""
    plain: dict[str, Any] = {"via": [], "against": None, "stance": "asserts", "incidents": [], "aspects": []}
    attribution = "explicit" if cue else "implicit"
    said = {"sentences": [sentence], "source": {"text": source, "actor": None}, "cue": cue, "attribution": attribution}
    return plain | said | more


def completion(content: Any, finish_reason: str = "stop") -> dict[str, Any]:
    """What a server sends."""
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    message = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "prompt_tokens_details": {"cached_tokens": 60}}
    return {"choices": [{"index": 0, "finish_reason": finish_reason, "message": message}], "usage": usage}


def say(server: HTTPServer, *answers: Any, finish_reason: str = "stop") -> None:
    """Let the server give these answers, one after the other."""
    for one in answers:
        server.expect_ordered_request(CHAT, "POST").respond_with_json(completion(one, finish_reason))


def answers_by_form(server: HTTPServer, forms: dict[str, Callable[[str], Any]]) -> None:
    """Let the server answer by the name of the form asked for and the words of the last message."""

    def respond(request: Request) -> Response:
        asked: Any = request.get_json()
        form = asked["response_format"]["json_schema"]["name"]
        reply = forms[form](asked["messages"][-1]["content"])
        return Response(json.dumps(completion(reply)), content_type="application/json")

    server.expect_request(CHAT, "POST").respond_with_handler(respond)


def sent(server: HTTPServer, number: int = -1) -> dict[str, Any]:
    """The body of a request that the server got."""
    return json.loads(server.log[number][0].get_data())


def forms(server: HTTPServer) -> list[str]:
    """The names of the forms asked for, in order."""
    return [sent(server, number)["response_format"]["json_schema"]["name"] for number in range(len(server.log))]


def asking(server: HTTPServer, model: str = "large", **options: Any) -> Extractor[Report]:
    """An extractor that asks the server."""
    return Extractor(model=model, base_url=server.url_for("/v1"), **options)


def extract(server: HTTPServer, text: str = TEXT, date: str | None = DATE, **known: Any) -> Report:
    """The report on the article as the server answers it, every span checked."""
    report = asking(server).extract(text, date=date, **known)
    report.verify(text)
    assert Report.model_validate_json(report.to_json(include_text=True)) == report
    return report
