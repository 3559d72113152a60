"""Connecting words by language, as patterns. A language without a list simply has no connecting words."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Literal

Kind = Literal["complementizers", "coordinators", "relatives", "adjuncts", "addressing"]

# Scripts written without spaces, or with a particle joined to the next word, have no boundary after a connecting word.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@cache
def connector(kind: Kind) -> re.Pattern[str]:
    """A pattern for one connecting word of a kind, in any language; it never matches inside a word."""
    data: dict[str, dict[str, list[str]]] = json.loads(
        files("extractor.derive").joinpath("connectors.json").read_text(encoding="utf-8")
    )
    words = sorted({word for group in data[kind].values() for word in group}, key=lambda word: (-len(word), word))
    return re.compile("|".join(_pattern(word) for word in words), re.IGNORECASE)


def _pattern(word: str) -> str:
    if _UNSPACED.search(word):
        return re.escape(word)
    after = "" if word[-1] in "'’" else r"(?!\w)"
    return rf"(?<!\w){re.escape(word)}{after}"
