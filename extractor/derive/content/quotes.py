"""Quoted stretches of a text, in the quotation marks of any script."""

import re

from extractor.derive.content.spans import Span

# Every mark that can open a quotation, and the marks that then can close it: CLDR's delimiters, the typewriter's, and
# the mixtures that are common in news copy (“A", "A”, “A“).
CLOSERS = {
    "“": '”“"',
    "„": '“”"',
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
    '"': '"”',
    "''": "''",
    "‘": "’",
    "‚": "‘’",
    "'": "'",
}
MARKS = frozenset("".join([*CLOSERS, *CLOSERS.values()]))

# Marks that do not tell by themselves whether they open, close or are an apostrophe: what stands around them does.
_AMBIGUOUS = frozenset(["'", "’", "‘", '"', "“", "''"])
_APOSTROPHES = frozenset("'’‘")
_TWO_SIDED = frozenset(["'", "‘", '"', "''", "«", "»", "‹", "›"])
_MARK = re.compile("''|[" + "".join(MARKS) + "]")


def quotations(text: str) -> list[Span]:
    """The outermost quotations, marks included, in order.

    One that is opened and not closed runs to the end of the text; one that is closed without being opened begins with
    the text, since either may have its other half in a neighbouring sentence. An apostrophe is no mark.
    """
    found: list[Span] = []
    opening: re.Match[str] | None = None
    for mark in _MARK.finditer(text):
        if opening:
            if _belong(opening[0], mark[0]) and _closes(text, mark):
                found.append((opening.start(), mark.end()))
                opening = None
        elif mark[0] in CLOSERS and _opens(text, mark):
            opening = mark
        elif not found and mark[0] not in _APOSTROPHES and _closes(text, mark):
            found.append((0, mark.end()))
    if opening and opening[0] not in _APOSTROPHES:
        found.append((opening.start(), len(text)))
    return found


def _belong(opening: str, closing: str) -> bool:
    return closing == opening if "''" in (opening, closing) else closing in CLOSERS[opening]


def _opens(text: str, mark: re.Match[str]) -> bool:
    """A mark opens when no space follows it; one that can stand on both sides also needs no letter before it."""
    if not text[mark.end() : mark.end() + 1].strip():
        return False
    return mark[0] not in _TWO_SIDED or not _before(text, mark).isalnum()


def _closes(text: str, mark: re.Match[str]) -> bool:
    """An ambiguous mark closes when no space is before it and no letter after it."""
    if mark[0] not in _AMBIGUOUS:
        return True
    return not _before(text, mark).isspace() and not text[mark.end() : mark.end() + 1].isalnum()


def _before(text: str, mark: re.Match[str]) -> str:
    return text[mark.start() - 1] if mark.start() else ""
