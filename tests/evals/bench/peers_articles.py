"""Articles with labels, what instructor answers for one of them, and a server for this project and for instructor."""

import json
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from evals.bench.peers.task import Answer, SaidCasualty, SaidClaim, SaidIncident
from evals.goldset import Accept, GoldArticle
from extractor.document import Document
from extractor.schema import DocumentInfo, Report
from tests.plans import ostrel

TEXT = ostrel.TEXT
USAGE = {"prompt_tokens": 900, "completion_tokens": 70, "prompt_tokens_details": {"cached_tokens": 300}}


def article(name: str, text: str = TEXT) -> GoldArticle:
    document = Document(text)
    info = DocumentInfo.model_validate(
        {
            "id": name,
            "sha256": document.sha256,
            "characters": len(text),
            "sentences": len(document.sentences),
            "date": ostrel.DATE,
        }
    )
    return GoldArticle(name, text, Report(document=info, actors=[], incidents=[], claims=[]), Accept(), None)


def quoted() -> Answer:
    """A careful answer, but for one quote, one name and one source that are not in the article."""
    return Answer(
        incidents=[
            SaidIncident(
                evidence=["mortar shells hit the bus station in Ostrel", "Nobody had expected it."],
                type="shelling_missile",
                realis="actual",
                initiators=["Red Valley fighters"],
                targets=["the bus station", "the harbour"],
                weapons=["Mortar shells"],
                dates=["on Thursday"],
                places=["Ostrel, Lebanon", "unknown"],
                casualties=[
                    SaidCasualty(who="travellers", number="at least four", status="killed", category="civilian")
                ],
            ),
        ],
        claims=[
            SaidClaim(
                content="Red Valley fighters had fired the shells",
                source="defence ministry",
                cue="said",
                stance="accuses",
                aspects=["initiator"],
            ),
            SaidClaim(
                content="19 people were hurt.",
                source="Dr Amal Rida",
                cue="told",
                stance="asserts",
                aspects=["casualties"],
            ),
            SaidClaim(
                content="the fighters rejected it",
                source="fighters",
                cue="denied",
                stance="denies",
                aspects=["initiator"],
            ),
        ],
    )


class Both:
    """A server that answers this project with a report and instructor with quotes; notes who asked, in turn."""

    def __init__(self, server: HTTPServer) -> None:
        self.asked: list[str] = []
        self.base_url = server.url_for("/v1")
        self.instructors_answer = quoted().model_dump_json()
        server.expect_request("/v1/chat/completions").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        body: dict[str, Any] = json.loads(request.get_data())
        name = body["response_format"]["json_schema"]["name"]
        self.asked.append(name)
        content = self.instructors_answer if name == "Answer" else json.dumps(ostrel.answer())
        said = {
            "id": "1",
            "created": 1,
            "object": "chat.completion",
            "model": "large",
            "choices": [
                {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content}},
            ],
            "usage": USAGE | {"total_tokens": 970},
        }
        return Response(json.dumps(said), content_type="application/json")
