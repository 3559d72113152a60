"""Days, countries and bounds for the words of an incident."""

from __future__ import annotations

from extractor.document import Document
from extractor.schema import Count, Incident, Report


def read_dates(report: Report, document: Document) -> None:
    """The civil days that the date words mean, counted from the document's date or from another day of the article."""
    if not any(incident.when for incident in report.incidents):
        return
    from extractor.derive.date_anchors import count_from_others, lies_ahead
    from extractor.derive.dates import resolve

    for incident in report.incidents:
        for when in incident.when:
            ahead = lies_ahead(incident, when, document)
            days = resolve(when.text, document.date, planned=ahead, language=document.language)
            when.earliest, when.latest, when.precision, when.unresolved = days
    count_from_others(report, document)


def read_counts(incident: Incident, document: Document) -> None:
    """The bounds of each toll. Words that tell no number are no count.

    "The pilot" and "a child" are counts too, where no number stands beside them.
    """
    if not incident.casualties:
        return
    from extractor.derive.counts import bounds, tells_number

    for casualty in incident.casualties:
        who = casualty.who
        if casualty.count is not None and not tells_number(casualty.count.text, document.language):
            casualty.count = None
        if casualty.count is None:
            start = _with_article(document, who.start)
            words = document.text[start : who.end]
            low, high = bounds(words, document.language)
            if (low, high) == (None, None):
                continue
            casualty.count = Count(text=words, start=start, end=who.end)
        casualty.count.min, casualty.count.max = bounds(casualty.count.text, document.language)


def _with_article(document: Document, start: int) -> int:
    """Where the noun phrase begins: at an article or number word right before the mention."""
    sentence = document.sentence_at(start)
    before = document.text[sentence.start : start]
    words = before.split()
    if before.endswith(" ") and words and words[-1].lower() in {"a", "an", "the", "one"}:
        return start - 1 - len(words[-1])
    return start
