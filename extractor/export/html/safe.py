"""Words of articles and answers of models on their way into the page: always text, never markup or script."""

from __future__ import annotations

import json
from typing import Any

import regex
from markupsafe import Markup, escape

_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"} | {0x7F: 0x2421}
"""Control characters, as the signs that stand for them: HTML cannot hold them all."""
_LONE_SURROGATE = regex.compile(r"[\ud800-\udfff]")
_NOT_AS_IT_IS = regex.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_UNSEEN = regex.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u202a-\u202e\u2060\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)
"""Control characters, overrides of the direction of writing, what has no width; but nothing that scripts need."""
_IN_SCRIPT = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def shown(value: Any) -> Any:
    """A value of a template, fit to be written: a string is escaped, one code point of it staying one in the page."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    if not _NOT_AS_IT_IS.search(value):
        return escape(value)
    words = _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value.translate(_PICTURES))
    return Markup(str(escape(words)).replace("\r", "&#13;"))  # noqa: S704  a bare one would become a line feed


def data_block(value: Any) -> Markup:
    """JSON that may stand in a script element: no sign of markup is left in it, and no lone surrogate."""
    words = json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_IN_SCRIPT)
    return Markup(_LONE_SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", words))  # noqa: S704  escaped above


def unseen(text: str) -> dict[str, int]:
    """Which characters that a reader does not see a text holds, such as `U+202E`, and how often."""
    counts: dict[str, int] = {}
    for sign in _UNSEEN.findall(text):
        name = f"U+{ord(sign):04X}"
        counts[name] = counts.get(name, 0) + 1
    return counts
