"""Numbers as a text writes them: digits of any script, and number words."""

import re
import unicodedata
from typing import Protocol, cast

# The languages of text2num.
SPELLED = frozenset({"en", "fr", "es", "de", "it", "pt", "nl", "da"})


class _Alpha2Digit(Protocol):
    def __call__(self, text: str, lang: str, threshold: float) -> str: ...


def ascii_digits(text: str) -> str:
    """`text` with the decimal digits of every script written 0-9."""
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def spelled_as_digits(text: str, language: str) -> str:
    """`text` with its number words as digits ("twenty-three" is 23, "third" is 3rd).

    Languages that text2num does not know come back unchanged.
    """
    if language not in SPELLED or not re.search(r"[^\W\d_]", text):
        return text
    import text_to_num  # pyright: ignore[reportMissingTypeStubs]

    # threshold 0: a lone small number is converted too. It takes UTF-8, which cannot hold lone surrogates.
    sayable = text.encode("utf-8", "replace").decode("utf-8")
    return cast("_Alpha2Digit", text_to_num.alpha2digit)(sayable, language, 0)  # pyright: ignore[reportUnknownMemberType]
