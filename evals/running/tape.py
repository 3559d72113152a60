"""Recording what a model answers, and answering from such a recording.

A recording is a folder: recorded.json tells which model it is of, ARTICLE.jsonl holds the article's answers, a line
each: {"request": the sha256 of what was asked, "form": the schema's name, "answer": of the server's answer what its
reader uses}. A request made again is answered again in the order recorded. No key, header or address is in it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol, cast
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from extractor.errors import ModelError, OutputError, SettingsError
from extractor.llm.tape import Tape
from extractor.plans import PlanName
from extractor.settings import NO_KEY, Endpoint

HEADER = "recorded.json"
NOWHERE = "http://recorded.invalid/v1"
"""The address of a recorded model: it can never exist (RFC 2606)."""

_file: ContextVar[BinaryIO] = ContextVar("_file")
_recorded: ContextVar[_Recorded] = ContextVar("_recorded")

# Of an answer, what its reader uses: ids, times and timings are new each time.
_KEPT = ("model", "choices", "usage", "error")


class ArticleTape(Tape, Protocol):
    """A tape that knows which article is being extracted."""

    def article(self, name: str) -> Any:
        """A context in which the answers are of this article."""
        ...


class Header(BaseModel):
    """Which model a recording is of, and how it was asked."""

    model_config = ConfigDict(extra="forbid")

    model: str
    kind: Literal["embedded", "openai", "server"]
    plan: PlanName | None
    prompt: str | None
    """The name of another prompt than the plan's own."""
    prompt_sha256: str | None
    """That prompt's; without a name, it was a file of the user's."""


class Recorder:
    """Lets every request through, and writes down what is answered.

    Args:
        folder: Where to; it is made when there is something to write.
        header: Makes the header, from the name of the model that was asked.
        secret: The key, in case that a server sends it back.
    """

    endpoint = None

    def __init__(self, folder: Path, header: Callable[[str], Header], *, secret: str | None = None) -> None:
        self._folder = folder
        self._header = header
        self._secret = secret
        self._model: str | None = None

    @contextmanager
    def article(self, name: str) -> Generator[None]:
        """While open, answers are this article's; what was recorded of it before is given up."""
        try:
            self._folder.mkdir(exist_ok=True)
            file = _answers_of(self._folder, name).open("wb")
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        with file:
            token = _file.set(file)
            try:
                yield
            finally:
                _file.reset(token)
            os.fsync(file.fileno())  # before the journal says that the article is done

    async def answer(self, request: Mapping[str, Any], ask: Callable[[], Awaitable[bytes]]) -> bytes:
        """The server's answer, written down."""
        self._check_model(request["model"])
        body = await ask()
        line = {"request": digest(request), "form": _form(request), "answer": self._kept(body)}
        file = _file.get()
        try:
            file.write(_json(line) + b"\n")
            file.flush()
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        return body

    def _check_model(self, model: str) -> None:
        """A server that was asked which model it offers may offer another one by now."""
        if self._model is None:
            path = self._folder / HEADER
            if path.is_file():
                self._model = _read_header(path).model
            else:
                from extractor.cli.output import write

                write(self._header(model).model_dump_json(indent=2), path)
                self._model = model
        if model != self._model:
            raise SettingsError(
                f"the server offers {model} now, but the run was begun with {self._model}: "
                "name that one with --model, or begin anew with --restart"
            )

    def _kept(self, body: bytes) -> Any:
        text = body.decode("utf-8", errors="replace")
        if self._secret and self._secret != NO_KEY:
            text = text.replace(self._secret, "***")
        try:
            answer = json.loads(text)
        except ValueError:
            return text
        if not isinstance(answer, dict):
            return text
        fields = cast(dict[str, Any], answer)
        return {name: fields[name] for name in _KEPT if name in fields}


@dataclass
class _Recorded:
    """What is recorded of the article under way."""

    name: str
    answers: dict[str, deque[bytes]]


class Player:
    """Answers from a recording, and asks nobody.

    Args:
        where: The folder of the recording, or of the run that made it.

    Raises:
        SettingsError: There is no recording.
    """

    def __init__(self, where: Path) -> None:
        folder = next((path for path in (where, where / "answers") if (path / HEADER).is_file()), None)
        if folder is None:
            raise SettingsError(f"--replay {where} holds no recorded answers: name a folder that `run` wrote")
        self.folder = folder
        self.header = _read_header(folder / HEADER)
        self.endpoint = Endpoint(self.header.model, NOWHERE, SecretStr(NO_KEY), self.header.kind)

    @property
    def sha256(self) -> str:
        """Of all that is recorded."""
        whole = hashlib.sha256()
        for path in sorted(self.folder.glob("*.json*")):
            whole.update(f"{path.name} ".encode() + hashlib.sha256(path.read_bytes()).digest())
        return whole.hexdigest()

    @contextmanager
    def article(self, name: str) -> Generator[None]:
        """While open, answers are this article's."""
        path = _answers_of(self.folder, name)
        if not path.is_file():
            raise ModelError(f"nothing was recorded of {name}: run it with its model, or leave it out")
        token = _recorded.set(_Recorded(name, _read_answers(path)))
        try:
            yield
        finally:
            _recorded.reset(token)

    async def answer(self, request: Mapping[str, Any], ask: Callable[[], Awaitable[bytes]]) -> bytes:  # noqa: ARG002
        """The recorded answer.

        Raises:
            ModelError: There is none.
        """
        recorded = _recorded.get()
        answers = recorded.answers.get(digest(request))
        if answers:
            return answers.popleft()
        often = "was recorded fewer times than it is asked now" if answers is not None else "was not recorded"
        raise ModelError(
            f"a request of {recorded.name} (for {_form(request)}) {often}: its text, prompts, schema or plan have "
            "changed since, or it was cut short; run it with its model"
        )


def digest(request: Mapping[str, Any]) -> str:
    """The sha256 of what a model is asked: messages, schema and parameters."""
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()


def _answers_of(folder: Path, name: str) -> Path:
    return folder / f"{quote(name, safe=' ')}.jsonl"


def _json(value: Any) -> bytes:
    """In UTF-8, readable; half a character, which only an escape can say, keeps its escape."""
    try:
        return json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(value).encode()


def _form(request: Mapping[str, Any]) -> str:
    return request["response_format"]["json_schema"]["name"]


def _read_answers(path: Path) -> dict[str, deque[bytes]]:
    answers: defaultdict[str, deque[bytes]] = defaultdict(deque)
    for line in path.read_bytes().split(b"\n"):
        try:
            recorded = json.loads(line)
        except ValueError:  # empty, or cut off by a kill: then the request is not there when it is asked
            continue
        answer = recorded["answer"]
        answers[recorded["request"]].append((answer if isinstance(answer, str) else json.dumps(answer)).encode())
    return dict(answers)


def _read_header(path: Path) -> Header:
    try:
        return Header.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise SettingsError(f"{path} cannot be read: it is no recording, or of another version") from error


def _unwritable(folder: Path, error: OSError) -> OutputError:
    return OutputError(f"{folder} cannot be written: {error.strerror or error}")
