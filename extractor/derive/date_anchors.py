"""Days that are told by another day of the article: "that night", "nine days later", "two days after the raid".

English words only. The day counted from is one that the article gives, and that the report resolved to a single day:
of the event that the words name ("after the raid"), else the one last told before the words. Where another date may
stand between the two, or two days come into question, nothing is worked out.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date as Date
from typing import NamedTuple

from extractor.derive.civil_days import DAY, MONTHS, WEEKDAYS, Resolved, one_day, stretch
from extractor.derive.date_grammar import Reading
from extractor.derive.date_words import plain
from extractor.derive.numerals import spelled_as_digits
from extractor.document import Document
from extractor.schema import Incident, Report, When

_PART = r"(?:day|morning|afternoon|evening|night)"
_UNIT = r"(?P<unit>minute|hour|day|week|month|year)s?"
_AFTER, _BEFORE = r"(?:later|after|afterwards?|following)", r"(?:earlier|before|previously)"
_EVENT = r"(?: (?:the|that|this|his|her|its|their) (?:\w+ ){0,2}?(?P<event>\w+)(?: (?:of|on|in|at|near|against) .+)?)?"
_FORMS = (
    (0, re.compile(rf"(?:later |earlier |early |late |on |in |at |during )*(?:that|the same) (?:very |same )?{_PART}")),
    (0, re.compile(r"(?:later|earlier) (?:on|in) (?:the|that) day")),
    (1, re.compile(rf"(?:on |during |early |late )*(?:the )?(?:next|following) {_PART}")),
    (1, re.compile(rf"(?:on )?the {_PART} after{_EVENT}")),
    (-1, re.compile(rf"(?:on )?the (?:previous {_PART}|{_PART} before{_EVENT})")),
    (None, re.compile(rf"(?:only |just )?(?P<number>\d+|an?) {_UNIT} (?:{_AFTER}|(?P<back>{_BEFORE})){_EVENT}")),
)  # fmt: skip
_NAMES_A_DAY = re.compile(
    rf"\b(?:{'|'.join((*WEEKDAYS, *MONTHS[:4], *MONTHS[5:]))}|May|today|tonight|yesterday|tomorrow|last night)\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"(?:\b(?:will|won't|shall|going to|(?:is|are|was|were|be) (?:to|due|set|scheduled|expected|supposed)\b"
    r"|(?:would|may|might)(?! have\b)(?! later\b)|plan(?:s|ned)? to|intend(?:s|ed)? to)\b|(?<=\w)['’]ll\b)"
    r"(?!.*\b(?:was|were|had|has|have)\b)"
)
_SUPPOSED = re.compile(r"\b(?:could|can|if|once|expect|fear|warn|threat|prepar|promis|vow|risk|unless)", re.IGNORECASE)
_BEHIND = re.compile(r"\b(?:may|might|could|would|must|should) have\b|\bhad\b")
_A_WORD = re.compile(r"\w+")
_CLAUSE = re.compile(r"[,;:()\"“”—–]|\b(?:that|which|who|whom|when|while|after|before|because|since|but|and)\b")


class _Step(NamedTuple):
    days: int | None
    number: int
    unit: str
    event: str | None


def lies_ahead(incident: Incident, when: When, document: Document) -> bool:
    """Whether the words date what was still to come: by the incident's realis, or "will" or "would" in their clause."""
    if incident.realis == "planned":
        return True
    sentence = document.sentence_at(when.start)
    told = document.text[sentence.start : when.start]
    before = _CLAUSE.split(told)[-1]
    after = "" if told.strip(" \"“'‘") else _CLAUSE.split(document.text[when.end : sentence.end].lstrip(" ,"))[0]
    if _AHEAD.search(before) or _AHEAD.search(after):
        return True
    supposed = incident.realis == "hypothetical" and _SUPPOSED.search(document.words(sentence.number))
    return bool(supposed) and not _BEHIND.search(before)


def count_from_others(report: Report, document: Document) -> None:
    """Resolve, in place, what counts from another day; to be called when all other dates are resolved."""
    if document.language and re.split(r"[-_]", document.language.lower())[0] != "en":
        return
    dated = [(incident, when) for incident in report.incidents for when in incident.when]
    all_dates = sorted((when for _, when in dated), key=lambda one: one.end)
    events: _Events | None = None
    for incident, when in sorted(dated, key=lambda one: one[1].start):
        step = _step(when.text) if when.unresolved else None
        if step is None:
            continue
        if step.event:
            events = events or _Events(report, document)
            day = events.day(step.event, incident)
        else:
            day = _day_told_last(when, all_dates, document)
        if day is not None and (found := _counted(day, step)):
            when.earliest, when.latest, when.precision, when.unresolved = found


def _step(words: str) -> _Step | None:
    text = spelled_as_digits(plain(words), "en")
    for days, form in _FORMS:
        if not (found := form.fullmatch(text)):
            continue
        parts = found.groupdict()
        number = int(parts["number"]) if str(parts.get("number", "")).isdigit() else 1
        return _Step(days, -number if parts.get("back") else number, parts.get("unit") or "day", parts.get("event"))
    return None


def _counted(day: Date, step: _Step) -> Resolved | None:
    try:
        if step.days is not None:
            return one_day(day + DAY * step.days)
        if step.unit in {"minute", "hour"}:  # the hour of the day is not known
            whole = 1 if step.unit == "minute" else -(-abs(step.number) // 24)
            far = day + DAY * (whole if step.number > 0 else -whole)
            return stretch(min(day, far), max(day, far))
        words = f"in {step.number} {step.unit}" if step.number > 0 else f"{-step.number} {step.unit} ago"
        return Reading(day, planned=False, day_first=False).read(words)
    except OverflowError:
        return None


def _single(when: When) -> Date | None:
    return when.earliest if when.earliest is not None and when.earliest == when.latest else None


class _Events:
    """The words of the sentences that tell of each incident."""

    def __init__(self, report: Report, document: Document) -> None:
        told: dict[str, dict[int, Incident]] = {}
        for number, incident in enumerate(report.incidents):
            for span in incident.evidence:
                for word in _A_WORD.findall(document.text[span.start : span.end].casefold()):
                    told.setdefault(word, {})[number] = incident
        self._told = sorted(told.items(), key=lambda one: one[0])

    def day(self, event: str, own: Incident) -> Date | None:
        """The one day of other incidents in whose sentences the word stands that names the event."""
        word = event.removesuffix("s").casefold()
        days: set[Date] = set()
        for at in range(bisect_left(self._told, word, key=lambda one: one[0]), len(self._told)):
            if not self._told[at][0].startswith(word):
                break
            for other in self._told[at][1].values():
                if other is not own:
                    days |= {day for when in other.when if (day := _single(when))}
                if len(days) > 1:
                    return None
        return days.pop() if days else None


def _day_told_last(when: When, all_dates: Sequence[When], document: Document) -> Date | None:
    """The day of the nearest date words before, of all in the order of their ends.

    None when they give no single day, or a date unread may be nearer.
    """
    count = bisect_right(all_dates, when.start, key=lambda one: one.end)
    if not count:
        return None
    last = all_dates[count - 1]
    first = bisect_left(all_dates, last.end, key=lambda one: one.end)
    between = document.text[last.end : when.start]
    days = {_single(one) for one in all_dates[first:count]}
    return days.pop() if len(days) == 1 and not _NAMES_A_DAY.search(between) else None
