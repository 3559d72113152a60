"""Cassettes: what a model was asked and answered, recorded over HTTP and replayed.

Only questions to a model are recorded and replayed; every other request passes as if nothing were there.
"""

# pyright: basic, reportMissingTypeStubs=false
# vcrpy has no types.

import difflib
import json
import os
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from vcr.cassette import Cassette as Tape
from vcr.matchers import body, method, path
from vcr.persisters.filesystem import CassetteNotFoundError
from vcr.record_mode import RecordMode
from vcr.request import Request
from vcr.serialize import deserialize, serialize

from extractor.settings import NO_KEY, OPENAI_URL
from extractor.testing.live import is_openai
from extractor.testing.model import Cassette, Live, Mismatch
from extractor.testing.secrecy import Keys

NOWHERE = "http://recorded.invalid/v1"
"""The server that cassettes name, whatever it was: it can never exist (RFC 2606)."""

# Of an answer, what its reader could use: the rest (ids, times, timings) is new at every recording.
_KEPT = ("model", "choices", "usage", "error", "data")
_ASKED = ("/chat/completions", "/models")
_PASSING = {401, 403, 407, 408, 409, 425, 429}
"""With all from 500 on: a refused key, and what is asked again until it is answered."""
_MOST_LINES = 60


@contextmanager
def cassette_at(
    file: Path, live: Live | None = None, *, shown: str | None = None, again: str = "pytest --record-cassettes"
) -> Generator[Cassette]:
    """Replays `file`; or, where a live model is given, records it from scratch.

    Args:
        file: The recording.
        live: The model to record.
        shown: The file as errors name it.
        again: The command that records it, for errors.

    Raises:
        Mismatch: Nothing is recorded, the recording cannot be read, or it would hold a key.
    """
    shown = shown or file.name
    if live:
        file.unlink(missing_ok=True)
    elif not file.is_file():
        raise Mismatch(f"nothing is recorded for this test ({shown}): {again}")
    keys = Keys([live.api_key, *map(os.environ.get, ("EXTRACTOR_API_KEY", "OPENAI_API_KEY"))] if live else [])
    with _Tape.use(
        path=file,
        serializer=_Json,
        persister=_Files(keys, shown, again),
        record_mode=RecordMode.ALL if live else RecordMode.NONE,
        match_on=(method, path, body),
        before_record_request=_anonymous,
        before_record_response=_keeping(keys),
    ) as tape:
        tape.shown, tape.again, tape.faults = shown, again, []
        model = tape.get_metadata("model", live and live.model)
        openai = tape.get_metadata("openai", live is not None and is_openai(live.base_url))
        where = live.base_url if live else OPENAI_URL if openai else NOWHERE
        yield Cassette(base_url=where, model=model, api_key=live.api_key if live else NO_KEY, faults=tape.faults)
        if not live:
            tape.faults += tape.unasked()


class _Tape(Tape):
    """A tape that says how a request differs from the recorded ones."""

    faults: list[str]
    shown: str
    again: str

    def can_play_response_for(self, request: Request) -> bool:
        """Whether `request` is recorded and not used up; raises where it had to be."""
        playable = super().can_play_response_for(request)
        if not playable and self.write_protected and (asked := _anonymous(request)):
            self.faults.append(self._difference(asked))
            raise Mismatch(self.faults[-1])
        return playable

    def unasked(self) -> list[str]:
        """The recorded requests that were not made."""
        left = [_lines(asked) for asked in self._left()]
        if not left:
            return []
        first = "\n".join(left[0][:_MOST_LINES])
        return [f"{len(left)} of {len(self)} recorded requests were not made; {self._if_meant}. The first:\n{first}"]

    @property
    def _if_meant(self) -> str:
        return f"if that is meant, record anew: {self.again}"

    def _left(self) -> Iterator[Request]:
        return (asked for number, asked in enumerate(self.requests) if not self.play_counts[number])

    def _difference(self, request: Request) -> str:
        asked = _lines(request)
        if any(asked == _lines(recorded) for recorded in self.requests):
            return f"{self.shown} holds this request fewer times than it was made; {self._if_meant}"
        recorded = max(
            (_lines(recorded) for recorded in [*self._left()] or self.requests),
            key=lambda lines: difflib.SequenceMatcher(None, lines, asked, autojunk=False).ratio(),
            default=[],
        )
        diff = [*difflib.unified_diff(recorded, asked, "recorded", "asked now", lineterm="", n=2)]
        cut = [f"... and {len(diff) - _MOST_LINES} lines more"] if len(diff) > _MOST_LINES else []
        lines = "\n".join(diff[:_MOST_LINES] + cut)
        return (
            f"{self.shown} does not hold this request; {self._if_meant}. From the nearest one, it differs in:\n{lines}"
        )


def _lines(request: Request) -> list[str]:
    """A request as lines to compare: messages as they read, everything else as JSON."""
    asked = _parsed(cast(bytes, request.body))
    lines = [f"{request.method} {urlsplit(request.uri).path}"]
    if isinstance(asked, dict):
        for message in cast(dict[str, Any], asked).pop("messages", []):
            lines += [f"[{message['role']}]", *str(message["content"]).splitlines()]
    return [*lines, *json.dumps(asked, ensure_ascii=False, indent=1, sort_keys=True).splitlines()]


def _anonymous(request: Request) -> Request | None:
    """What is kept of a request: no address, query or header; nothing at all of one that asks no model."""
    where = urlsplit(request.uri).path.rstrip("/")
    asked = next((end for end in _ASKED if where.endswith(end)), None)
    if asked is None:
        return None
    headers = {name: value for name, value in request.headers.items() if name.lower() == "content-type"}
    return Request(request.method, NOWHERE + asked, request.body, headers)


def _keeping(keys: Keys) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    """What is kept of an answer; nothing of a failure after which the client asks again."""

    def kept(response: dict[str, Any]) -> dict[str, Any] | None:
        if (status := response["status"]["code"]) >= 500 or status in _PASSING:
            return None
        answer = _parsed(response["body"]["string"])
        if isinstance(answer, dict):
            answer = {name: value for name, value in cast(dict[str, Any], answer).items() if name in _KEPT}
        text = answer if isinstance(answer, str) else _json(answer)
        response["body"]["string"] = keys.mask(text).encode()
        response["status"]["message"] = None
        headers = response["headers"]
        response["headers"] = {name: headers[name] for name in headers if name.lower() == "content-type"}
        return response

    return kept


class _Json:
    """Cassettes as JSON, their bodies too, so that a changed prompt is readable in a commit."""

    @staticmethod
    def serialize(cassette: dict[str, Any]) -> str:
        for interaction in cassette["interactions"]:
            interaction["request"]["body"] = _parsed(interaction["request"]["body"])
            interaction["response"]["body"] = _parsed(interaction["response"]["body"]["string"])
        return _json(cassette, indent=1) + "\n"

    @staticmethod
    def deserialize(text: str) -> dict[str, Any]:
        cassette = json.loads(text)
        for interaction in cassette["interactions"]:
            interaction["request"]["body"] = _unparsed(interaction["request"]["body"])
            interaction["response"]["body"] = {"string": _unparsed(interaction["response"]["body"])}
        return cassette


class _Files:
    """Cassettes in UTF-8 on every machine, and none that holds a key."""

    def __init__(self, keys: Keys, shown: str, again: str) -> None:
        self._keys = keys
        self._shown = shown
        self._again = again

    def load_cassette(self, file: Path, serializer: type[_Json]) -> Any:
        if not file.is_file():
            raise CassetteNotFoundError
        try:
            requests, responses, *metadata = deserialize(file.read_text(encoding="utf-8"), serializer)
            (told,) = metadata
            return requests, responses, {"model": told["model"], "openai": told.get("openai", False)}
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Mismatch(f"{self._shown} is no cassette, or a damaged one; record it anew: {self._again}") from error

    def save_cassette(self, file: Path, cassette: dict[str, Any], serializer: type[_Json]) -> None:
        text = serialize(cassette, serializer)
        if self._keys.found_in(text):
            raise Mismatch(f"{self._shown} was not written: a key stands in what was asked; take it out of the prompt")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")


def _parsed(text: bytes | str | None) -> Any:
    try:
        return json.loads(text or b"null")
    except ValueError:
        return text if isinstance(text, str) else cast(bytes, text).decode("utf-8", errors="replace")


def _unparsed(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return _json(value)


def _json(value: Any, indent: int | None = None) -> str:
    """Readable; half a character, which only an escape can say, keeps its escape."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, indent=indent)
    return text
