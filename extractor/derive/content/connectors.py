"""Connecting words by language, and where they stand. A language without a list simply has no connecting words."""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Literal

import regex

from extractor.derive.content.spans import Span, drop_loose, skip_loose

Kind = Literal[
    "complementizers", "coordinators", "parentheticals", "manners", "determiners", "relatives", "adjuncts", "documents",
    "addressing", "addressees", "contrasts", "reports",
]  # fmt: skip
"""Words that open a content clause (that), join clauses (but), insert an attribution (as he said; by his count), open a
name (the) or what is told of it (who), or a time or place (on Sunday); nouns for what is said in (statement); verbs
that take an addressee before "that" (told), and addressees (us); words that set a clause against another (while), and
participles that open a further report (citing)."""

# Scripts written without spaces: no boundary after a word, and each character counts as one.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_WORD = re.compile(rf"{_UNSPACED.pattern}|(?:(?!{_UNSPACED.pattern})[\w'’.-])+")


@cache
def connector(kind: Kind) -> re.Pattern[str]:
    """A pattern for one connecting word of a kind, in any language; it never matches a part of a word."""
    return re.compile(_any(kind), re.IGNORECASE)


@cache
def last_connector(kind: Kind) -> regex.Pattern[str]:
    """The same, searching backwards from the end of a stretch."""
    return regex.compile(f"(?r){_any(kind)}", regex.IGNORECASE)


def leading(text: str, span: Span, kind: Kind) -> int | None:
    """Where the connecting word ends with which a stretch begins, loose punctuation aside."""
    match = connector(kind).match(text, skip_loose(text, *span), span[1])
    return match.end() if match else None


def trailing(text: str, span: Span, kind: Kind) -> int | None:
    """Where the connecting word begins with which a stretch ends, loose punctuation aside."""
    match = last_connector(kind).match(text, span[0], drop_loose(text, *span))
    return match.start() if match else None


def is_bare(text: str, span: Span) -> bool:
    """Whether a stretch holds nothing but punctuation and words that join clauses."""
    start, end = span
    while True:
        after = leading(text, (start, end), "complementizers") or leading(text, (start, end), "coordinators")
        if after is None:
            return not any(character.isalnum() for character in text[start:end])
        start = after


def count_words(text: str) -> int:
    """The number of words; in a script without spaces, of characters."""
    return len(_WORD.findall(text))


def _any(kind: Kind) -> str:
    path = files("extractor.derive").joinpath("connectors.json")
    words_by_language: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))[kind]
    words = sorted({word for words in words_by_language.values() for word in words}, key=len, reverse=True)
    spaced, elided, unspaced = list[str](), list[str](), list[str]()
    for word in words:
        (unspaced if _UNSPACED.search(word) else elided if word[-1] in "'’" else spaced).append(re.escape(word))
    # The boundary is looked for once, and not for each word.
    forms = ((r"(?<!\w)", spaced, r"(?!\w)"), (r"(?<!\w)", elided, ""), ("", unspaced, ""))
    return "|".join(f"{before}(?:{'|'.join(some)}){after}" for before, some, after in forms if some)
