"""No key in a recording: what a server sends back of it is masked, and what still holds one is not written."""

import json
from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import quote

from extractor.settings import NO_KEY

MASK = "***"

_SHORTEST = 6
"""Characters; what is shorter is no secret, and would be found in any text."""


class Keys:
    """The keys that a recording must not hold, in every form in which a server may send them back."""

    def __init__(self, keys: Iterable[str | None]) -> None:
        secret = {key for key in keys if key and key != NO_KEY and len(key) >= _SHORTEST}
        forms = {form for key in secret for form in _forms(key)}
        self._forms = sorted(forms, key=len, reverse=True)

    def mask(self, text: str) -> str:
        """`text` with `***` for each of them."""
        for form in self._forms:
            text = text.replace(form, MASK)
        return text

    def found_in(self, text: str) -> bool:
        """Whether `text` holds one."""
        return any(form in text for form in self._forms)


def _forms(key: str) -> Iterable[str]:
    yield quote(key, safe="")
    yield quote(key, safe="").lower()
    for said in (key, f"Bearer {key}", f":{key}"):
        yield b64encode(said.encode()).decode().rstrip("=")
    for _ in range(4):  # an answer may be JSON in a string of JSON, in a cassette of JSON
        yield key
        key = json.dumps(key)[1:-1]
        yield key.replace("/", "\\/")
