"""Cassettes: what the embedded model was asked and answered, recorded over HTTP and replayed in tests.

A test that wants the fixture `cassette` has its file in tests/cassettes/, named after its module and itself. `make
cassettes` records them all anew from the embedded model; every other run replays them and reaches no model.
"""

# pyright: basic, reportMissingTypeStubs=false
# vcrpy has no types.

import difflib
import json
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from vcr.cassette import Cassette as Tape
from vcr.matchers import body, method, path
from vcr.persisters.filesystem import CassetteNotFoundError
from vcr.record_mode import RecordMode
from vcr.request import Request
from vcr.serialize import deserialize, serialize

from extractor.llm.transport import blanked, secret_forms

TESTS = Path(__file__).parent
FOLDER = TESTS / "cassettes"
NOWHERE = "http://embedded.invalid"
"""The host that cassettes name, whatever the server's was: it can never exist (RFC 2606)."""

HOW_TO_RECORD = "if that is meant, record anew: make cassettes"

# Of an answer, what its reader could use: the rest (ids, times, timings) is new at every recording.
_KEPT = ("model", "choices", "usage", "error", "data")
_MOST_LINES = 60


@dataclass(frozen=True)
class Live:
    """A model that can be recorded."""

    base_url: str
    api_key: str
    model: str


@dataclass(frozen=True)
class Cassette:
    """What a test needs to ask the recorded model: `Extractor(base_url=..., model=...)`."""

    base_url: str
    api_key: str
    model: str
    faults: list[str]
    """What was asked and not on the tape, each with the nearest that is; and what is on the tape and was not asked."""


class Mismatch(AssertionError):
    """A request that no recorded one is like."""


def cassette_of(item: pytest.Item) -> Path:
    """Where the recording of a test is."""
    module = item.path.relative_to(TESTS).with_suffix("")
    return FOLDER / module / (re.sub(r"[^\w.-]+", "-", item.name).strip("-") + ".json")


@contextmanager
def cassette_at(file: Path, live: Live | None = None) -> Generator[Cassette]:
    """Replays `file`; or, where a live model is given, records it from scratch."""
    if live:
        file.unlink(missing_ok=True)
    elif not file.is_file():
        raise Mismatch(f"nothing is recorded for this test ({_shown(file)}): make cassettes")
    faults: list[str] = []

    def kept(response: dict[str, Any]) -> dict[str, Any]:
        return _kept(response, live.api_key if live else "")

    with _Tape.use(
        path=file,
        serializer=_Json,
        persister=_Files,
        record_mode=RecordMode.ALL if live else RecordMode.NONE,
        match_on=(method, path, body),
        before_record_request=_anonymous,
        before_record_response=kept,
    ) as tape:
        tape.faults = faults
        where = live.base_url if live else NOWHERE + "/v1"
        yield Cassette(where, live.api_key if live else "none", tape.get_metadata("model", live and live.model), faults)
        if not live:
            faults += tape.unasked()


class _Tape(Tape):
    """A tape that says how a request differs from the recorded ones."""

    faults: list[str]

    def can_play_response_for(self, request: Request) -> bool:
        """Whether `request` is recorded and not used up; raises where it had to be."""
        playable = super().can_play_response_for(request)
        if not playable and self.write_protected:
            self.faults.append(self._difference(_anonymous(request)))
            raise Mismatch(self.faults[-1])
        return playable

    def unasked(self) -> list[str]:
        """The recorded requests that were not made."""
        left = [_lines(asked) for asked in self._left()]
        if not left:
            return []
        first = "\n".join(left[0][:_MOST_LINES])
        return [f"{len(left)} of {len(self)} recorded requests were not made; {HOW_TO_RECORD}. The first:\n{first}"]

    def _left(self) -> Iterator[Request]:
        return (asked for number, asked in enumerate(self.requests) if not self.play_counts[number])

    def _difference(self, request: Request) -> str:
        file, asked = _shown(Path(self.path)), _lines(request)
        if any(asked == _lines(recorded) for recorded in self.requests):
            return f"{file} holds this request fewer times than it was made; {HOW_TO_RECORD}"
        recorded = max(
            (_lines(recorded) for recorded in [*self._left()] or self.requests),
            key=lambda lines: difflib.SequenceMatcher(None, lines, asked, autojunk=False).ratio(),
            default=[],
        )
        diff = [*difflib.unified_diff(recorded, asked, "recorded", "asked now", lineterm="", n=2)]
        cut = [f"... and {len(diff) - _MOST_LINES} lines more"] if len(diff) > _MOST_LINES else []
        lines = "\n".join(diff[:_MOST_LINES] + cut)
        return f"{file} does not hold this request; {HOW_TO_RECORD}. From the nearest one, it differs in:\n{lines}"


def _lines(request: Request) -> list[str]:
    """A request as lines to compare: messages as they read, everything else as JSON."""
    asked = _parsed(cast(bytes, request.body))
    lines = [f"{request.method} {urlsplit(request.uri).path}"]
    if isinstance(asked, dict):
        for message in cast(dict[str, Any], asked).pop("messages", []):
            lines += [f"[{message['role']}]", *str(message["content"]).splitlines()]
    return [*lines, *json.dumps(asked, ensure_ascii=False, indent=1, sort_keys=True).splitlines()]


def _anonymous(request: Request) -> Request:
    address = urlsplit(request.uri)
    headers = {name: value for name, value in request.headers.items() if name.lower() == "content-type"}
    return Request(request.method, NOWHERE + address.path, request.body, headers)


def _kept(response: dict[str, Any], key: str) -> dict[str, Any]:
    if isinstance(said := response["body"]["string"], bytes):
        response["body"]["string"] = blanked(said, secret_forms(key))  # a server may send the key back
    answer = _parsed(response["body"]["string"])
    if isinstance(answer, dict):
        answer = {name: value for name, value in cast(dict[str, Any], answer).items() if name in _KEPT}
        response["body"]["string"] = json.dumps(answer, ensure_ascii=False).encode()
    headers = response["headers"]
    response["headers"] = {name: headers[name] for name in headers if name.lower() == "content-type"}
    return response


class _Json:
    """Cassettes as JSON, their bodies too, so that a changed prompt is readable in a commit."""

    @staticmethod
    def serialize(cassette: dict[str, Any]) -> str:
        for interaction in cassette["interactions"]:
            interaction["request"]["body"] = _parsed(interaction["request"]["body"])
            interaction["response"]["body"] = _parsed(interaction["response"]["body"]["string"])
        return json.dumps(cassette, ensure_ascii=False, indent=1) + "\n"

    @staticmethod
    def deserialize(text: str) -> dict[str, Any]:
        cassette = json.loads(text)
        for interaction in cassette["interactions"]:
            interaction["request"]["body"] = _unparsed(interaction["request"]["body"])
            interaction["response"]["body"] = {"string": _unparsed(interaction["response"]["body"])}
        return cassette


class _Files:
    """Cassettes in UTF-8 on every machine."""

    @staticmethod
    def load_cassette(file: Path, serializer: type[_Json]) -> Any:
        if not file.is_file():
            raise CassetteNotFoundError
        return deserialize(file.read_text(encoding="utf-8"), serializer)

    @staticmethod
    def save_cassette(file: Path, cassette: dict[str, Any], serializer: type[_Json]) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(serialize(cassette, serializer), encoding="utf-8", newline="\n")


def _parsed(text: bytes | str | None) -> Any:
    try:
        return json.loads(text or b"null")
    except ValueError:
        return text if isinstance(text, str) else cast(bytes, text).decode("utf-8", errors="replace")


def _unparsed(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _shown(file: Path) -> str:
    return str(file.relative_to(TESTS.parent)) if file.is_relative_to(TESTS) else file.name
