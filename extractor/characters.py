"""Characters that no file, request or line can hold, wherever they come from."""

import re

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def sound(text: str) -> str:
    """`text` with U+FFFD for each half character (lone surrogate), which UTF-8 cannot say; no offset changes."""
    return text if text.isascii() else _HALF_CHARACTER.sub("\ufffd", text)


def shorten(text: str | bytes, limit: int = 160) -> str:
    """`text` on one line, for an error message: at most `limit` characters, without control characters."""
    if isinstance(text, bytes):
        text = text[: 4 * limit].decode("utf-8", errors="replace")
    words = " ".join("".join(c if c.isprintable() else " " for c in text[: 8 * limit]).split())
    return words if len(words) <= limit else words[: limit - 1] + "…"
