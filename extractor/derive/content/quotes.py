"""Quoted stretches of a text, in the quotation marks of any script."""

from extractor.derive.content.spans import Span

# Every mark that can open a quotation, and the marks that then can close it (CLDR's delimiters, plus typewriter ones).
CLOSERS = {
    "“": "”",
    "„": "“”",
    "‟": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "「": "」",
    "『": "』",
    "《": "》",
    "〝": "〞〟",
    "＂": "＂",
    '"': '"',
    "‘": "’",
    "‚": "‘’",
    "'": "'",
}
APOSTROPHES = "'’‘"
MARKS = frozenset("".join([*CLOSERS, *CLOSERS.values()]))


def quotations(text: str) -> list[Span]:
    """The outermost quotations, marks included, in order.

    One that is opened and not closed runs to the end of the text; one that is closed without being opened begins with
    the text, since either may have its other half in a neighbouring sentence. An apostrophe is no mark.
    """
    found: list[Span] = []
    start = -1
    closing = ""
    for offset, mark in enumerate(text):
        if mark not in MARKS:
            continue
        if start >= 0:
            if mark in closing and _closes(text, offset):
                found.append((start, offset + 1))
                start = -1
        elif mark in CLOSERS and _opens(text, offset):
            start, closing = offset, CLOSERS[mark]
        elif not found and mark not in APOSTROPHES and _closes(text, offset):
            found.append((0, offset + 1))
    if start >= 0 and text[start] not in APOSTROPHES:
        found.append((start, len(text)))
    return found


def _opens(text: str, offset: int) -> bool:
    """A mark opens when a letter, not a space, follows it; a straight or single one also needs no letter before it."""
    after = text[offset + 1 : offset + 2]
    if not after or after.isspace():
        return False
    return text[offset] not in "'‘\"«»›‹" or offset == 0 or not text[offset - 1].isalnum()


def _closes(text: str, offset: int) -> bool:
    """A mark closes unless it is an apostrophe: single, with a letter after it."""
    return text[offset] not in APOSTROPHES or not text[offset + 1 : offset + 2].isalnum()
