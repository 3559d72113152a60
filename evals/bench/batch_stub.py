"""A local server with a Batch API that behaves as OpenAI's documentation says, and as badly as it is told to.

Files are uploaded, listed nowhere and deleted; a batch is validated, worked on, finalized and ends. How far it has come
moves on with each look at it, so that nothing depends on the clock.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from evals.bench.stub import Model, Reply, Stub, completion, response

_ROUTE = re.compile(r"(GET|POST|DELETE) /v1/(files|batches)(?:/([\w-]+))?(/content)?(?:\?\S*)? HTTP")
_STEPS = ("validating", "in_progress", "finalizing")


@dataclass(frozen=True, slots=True)
class Fate:
    """How a batch is to end."""

    status: str = "completed"
    """Or `expired`, `cancelled`, `failed`."""
    answered: int | None = None
    """How many of its requests are answered, the first ones; None: all."""
    code: str | None = None
    """Why it failed."""
    message: str = "no"


@dataclass(slots=True)
class _Job:
    said: dict[str, Any]
    requests: list[dict[str, Any]]
    fate: Fate
    looks: int = 0


@dataclass(slots=True)
class Told:
    """What the server was told to do wrong with one request."""

    reply: Reply | None = None
    """Is answered in place of doing it."""
    lost: bool = False
    """It is done, and the connection closed without a word."""


class BatchStub(Stub):
    """A running server; its model is asked for each request of a batch when that is worked on.

    A model's `Reply` with another status than 200 goes into the error file, one with a `body` that is no JSON becomes a
    line of the output file that is none, one with `drop` is in neither.
    """

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self.files: dict[str, bytes] = {}
        self.jobs: dict[str, _Job] = {}
        self.fates: list[Fate] = []
        """How the next batches end, in their order; those beyond are completed."""
        self.wrong: Callable[[str, str], Told | None] = lambda _method, _kind: None
        """What to do wrong: is given the method and one of `files`, `content`, `batches`, `batch`."""
        self.most_requests = 50_000
        self.most_bytes = 200_000_000
        self.open = True
        """Whether batches are worked on."""
        self.calls: list[str] = []
        """Each request of the API, as `POST files`."""

    async def _answer(self, request: str, body: bytes, writer: asyncio.StreamWriter) -> bool:
        route = _ROUTE.match(request)
        if route is None:
            return await super()._answer(request, body, writer)
        method, kind, name, content = route.groups()
        what = "content" if content else "batch" if kind == "batches" and name else kind
        self.calls.append(f"{method} {what}")
        told = self.wrong(method, what) or Told()
        if told.reply is not None:
            if told.reply.drop:
                return False
            said = completion(told.reply.content) if told.reply.body is None else told.reply.body
            status, headers = told.reply.status, told.reply.headers
        else:
            status, said = self._do(method, what, name or "", body)
            headers = {}
        if told.lost:
            return False
        answer = response(status, said, headers)
        half = told.reply is not None and told.reply.half
        writer.write(answer[: len(answer) - len(said) // 2 - 1] if half else answer)
        await writer.drain()
        return not half

    def _do(self, method: str, what: str, name: str, body: bytes) -> tuple[int, bytes]:
        known = name in (self.jobs if what == "batch" else self.files)
        match method, what, known:
            case "POST", "files", _:
                said = self._upload(body)
            case "POST", "batches", _:
                return self._create(json.loads(body))
            case "GET", "batches", _:
                listed = [job.said for job in reversed(self.jobs.values())]
                said = {"object": "list", "data": listed, "has_more": False}
            case "DELETE", "files", True:
                del self.files[name]
                said = {"id": name, "object": "file", "deleted": True}
            case "GET", "content", True:
                return 200, self.files[name]
            case "GET", "batch", True:
                said = self._look(self.jobs[name])
            case _:
                return _fault(404, f"No such {what}: {name}")
        return 200, json.dumps(said).encode()

    def _upload(self, body: bytes) -> dict[str, Any]:
        boundary = body.partition(b"\r\n")[0]
        parts = {
            found[1].decode(): content.removesuffix(b"\r\n")
            for head, _, content in (part.partition(b"\r\n\r\n") for part in body.split(boundary))
            if (found := re.search(rb'name="(\w+)"', head))
        }
        if parts.get("purpose") != b"batch":
            raise ValueError(f"a file for {parts.get('purpose')!r}")
        return self._keep(parts["file"])

    def _keep(self, content: bytes) -> dict[str, Any]:
        name = f"file-{len(self.files) + len(self.calls)}"
        self.files[name] = content
        return {
            "id": name,
            "object": "file",
            "bytes": len(content),
            "created_at": 0,
            "filename": "x",
            "purpose": "batch",
        }

    def _create(self, asked: dict[str, Any]) -> tuple[int, bytes]:
        content = self.files.get(asked["input_file_id"])
        if content is None or asked["completion_window"] != "24h" or asked["endpoint"] != "/v1/chat/completions":
            return _fault(400, "unusable")
        requests = [json.loads(line) for line in content.splitlines()]
        fate = self.fates.pop(0) if self.fates else Fate()
        names = {request["custom_id"] for request in requests}
        usable = all(
            request["method"] == "POST" and request["url"] == asked["endpoint"] and len(request["custom_id"]) <= 64
            for request in requests
        )
        if len(names) < len(requests) or not usable:
            fate = Fate("failed", code="invalid_json_line", message="a line is unusable")
        if len(requests) > self.most_requests or len(content) > self.most_bytes:
            fate = Fate("failed", code="too_large", message="the file is too large")
        batch = f"batch_{len(self.jobs) + 1}"
        said = {
            "id": batch, "object": "batch", "endpoint": asked["endpoint"], "completion_window": "24h", "created_at": 0,
            "input_file_id": asked["input_file_id"], "status": "validating", "metadata": asked.get("metadata"),
        }  # fmt: skip
        self.jobs[batch] = _Job(said, requests, fate)
        return 200, json.dumps(said).encode()

    def _look(self, job: _Job) -> dict[str, Any]:
        if "errors" in job.said or "output_file_id" in job.said or not self.open:
            return job.said
        steps = _STEPS[:1] if job.fate.status == "failed" else _STEPS
        if job.looks < len(steps):
            job.said["status"] = steps[job.looks]
        elif job.fate.status == "failed":
            fault = {"code": job.fate.code, "message": job.fate.message, "line": None, "param": None}
            job.said |= {"status": "failed", "errors": {"object": "list", "data": [fault]}}
        else:
            self._end(job)
        job.looks += 1
        return job.said

    def _end(self, job: _Job) -> None:
        answered = len(job.requests) if job.fate.answered is None else job.fate.answered
        output: list[bytes] = []
        errors: list[bytes] = []
        for request in job.requests[:answered]:
            reply = self.model(request["body"])
            if reply.drop:
                continue
            said = completion(reply.content) if reply.body is None else reply.body
            try:
                body = json.loads(said)
            except ValueError:
                output.append(said)
                continue
            response = {"status_code": reply.status, "request_id": "r", "body": body}
            line = {"id": "x", "custom_id": request["custom_id"], "response": response, "error": None}
            (output if reply.status == 200 else errors).append(json.dumps(line).encode())
        for request in job.requests[answered:]:
            error = {"code": f"batch_{job.fate.status}", "message": job.fate.message}
            line = {"id": "x", "custom_id": request["custom_id"], "response": None, "error": error}
            errors.append(json.dumps(line).encode())
        output.reverse()  # the order is nobody's promise
        files = {
            name: self._keep(b"\n".join(lines) + b"\n")["id"] if lines else None
            for name, lines in (("output_file_id", output), ("error_file_id", errors))
        }
        counts = {"total": len(job.requests), "completed": len(output), "failed": len(errors)}
        job.said |= files | {"status": job.fate.status, "request_counts": counts}


def _fault(status: int, message: str) -> tuple[int, bytes]:
    return status, json.dumps({"error": {"message": message, "code": None}}).encode()
