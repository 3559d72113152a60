"""The numbers of a sentence that may count people: candidates, of which the model tells what they count."""

from __future__ import annotations

import regex

from extractor.derive.counts import bounds, tells_number

_TIMES = r"(?:dozen|score|hundred|thousand|million|billion)s?\b"
_WORD = regex.compile(
    rf"(?:half\s+an?|an?)\s+{_TIMES}|no[\s-]one\b|"
    r"(?<![\p{L}\p{N}\-–.,:/$€£'’])[\p{L}\p{N}][\p{L}\p{M}\p{N}]*+(?:[-‐][\p{L}\p{N}]++|[.,]\p{N}++)*+(?!:\p{N})",
    regex.I,
)
_BEFORE = regex.compile(
    r"(?:at least|at most|no fewer than|no less than|not less than|more than|less than|fewer than|up to|as many as|"
    r"over|nearly|almost|about|around|some|an estimated|another|between)\s+$",
    regex.I,
)
_AFTER = regex.compile(rf"(?:\s{_TIMES})+", regex.I)
_JOINT = regex.compile(r"\s+(?:of\s+)?|\s+(?:or|to|and)\s+|\s*[-–]\s*")
_DAY = regex.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\p{L}*\.?\s+$|\b(?:aged?)\s+$", regex.I
)
_MEASURED = regex.compile(r"\s?(?:%|per\s?cent\b|[ap]\.?m\b|GMT\b|o['’]clock\b)", regex.I)
_NEXT = regex.compile(r"\s?\p{L}[\p{L}\p{M}.]*")
_NO_NUMBER = frozenset({
    "un", "una", "uno", "une", "ein", "eine", "einen", "um", "uma", "een", "a", "an", "both", "couple", "few", "first",
    "half", "lots", "majority", "many", "most", "no", "quarter", "second", "third", "unclear", "unknown", "various",
    "dozen", "score", "hundred", "thousand", "million", "billion",
})  # fmt: skip


def numbers_in(sentence: str, language: str | None) -> list[str]:
    """The number phrases of a sentence as they stand in it ("at least 12", "two dozen"), in order, each once."""
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(sentence):
        word = match.group()
        if (
            word.lower() in _NO_NUMBER
            or not (word[0].isnumeric() or tells_number(word, language))
            or (found and match.start() < found[-1][1])
        ):
            continue
        more, before = _AFTER.match(sentence, match.end()), _BEFORE.search(sentence, 0, match.start())
        start, end = before.start() if before else match.start(), more.end() if more else match.end()
        if not _counts(sentence, start, end, language):
            continue
        last = found[-1] if found and _JOINT.fullmatch(sentence, found[-1][1], start) else None
        if last and tells_number(sentence[last[0] : end], language):
            start = found.pop()[0]
        found.append((start, end))
    return list(dict.fromkeys(sentence[start:end] for start, end in found))


def _counts(sentence: str, start: int, end: int, language: str | None) -> bool:
    """Whether the words tell how many: not a year, the day of a month, an age, an hour or the figure of a measure."""
    words = sentence[start:end]
    if not tells_number(words, language):
        return False
    if len(words) == 4 and words.isdecimal() and 1900 <= int(words) <= 2100:
        return False
    if sentence[:start].endswith(", ") and sentence[end : end + 1] == "," and words.isdecimal():
        return False  # an age
    if _DAY.search(sentence, 0, start) or _MEASURED.match(sentence, end):
        return False
    following = _NEXT.match(sentence, end)
    exact = bounds(words, language) != (None, None)
    return not (following and exact and not tells_number(words + following.group(), language))
