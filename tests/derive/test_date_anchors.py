"""Days told by another day of the article, and days that were still to come when it was written."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.derive.report import work_out
from extractor.document import Document
from extractor.grounding import check
from extractor.schema import Report

WEDNESDAY = date(2021, 6, 16)


def whens(text: str, *told: tuple[int, str], realis: str = "actual", day: date | None = WEDNESDAY) -> list[str]:
    """The days of each (sentence, date words), every one an incident of its own."""
    document = Document(text, date=day, language="en")
    nothing: dict[str, Any] = {name: [] for name in ("initiators", "targets", "weapons", "where", "casualties")}
    incidents = [
        {"type": "other", "realis": realis, "evidence": [number], "when": [words], **nothing} for number, words in told
    ]
    checked = check(Report, {"actors": [], "incidents": incidents, "claims": []}, document)
    assert checked.dropped == []
    report = checked.value
    work_out(report, document)
    report.verify(text)
    return [
        when.unresolved or f"{when.earliest} {when.latest} {when.precision}"
        for incident in report.incidents
        for when in incident.when
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("that night", "2021-05-03 2021-05-03 day"),
        ("on the same day", "2021-05-03 2021-05-03 day"),
        ("the next morning", "2021-05-04 2021-05-04 day"),
        ("the following day", "2021-05-04 2021-05-04 day"),
        ("the day before", "2021-05-02 2021-05-02 day"),
        ("nine days later", "2021-05-12 2021-05-12 day"),
        ("two days earlier", "2021-05-01 2021-05-01 day"),
        ("a day after", "2021-05-04 2021-05-04 day"),
        ("two weeks later", "2021-05-17 2021-05-23 week"),
        ("a month later", "2021-06-01 2021-06-30 month"),
        ("five hours later", "2021-05-03 2021-05-04 days"),
    ],
)
def test_what_counts_from_the_day_told_last(words: str, expected: str) -> None:
    text = f"The mill burned on 3 May. The miller died {words}."
    assert whens(text, (1, "on 3 May"), (2, words)) == ["2021-05-03 2021-05-03 day", expected]


def test_the_event_that_is_named_counts_not_the_day_told_last() -> None:
    text = "On 3 May a raid hit Holm. On 9 May talks were held. The miller fled two days after the raid on Holm."
    found = whens(text, (1, "On 3 May"), (2, "On 9 May"), (3, "two days after the raid on Holm"))
    assert found[2] == "2021-05-05 2021-05-05 day"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The miller fled two days later.", [(1, "two days later")]),
        # The date of the fair is in no incident: it may be the one that is meant.
        ("On 3 May a raid hit Holm. The fair was on Sunday. He fled a day later.", [(1, "3 May"), (3, "a day later")]),
        # Two raids, two days.
        (
            "On 3 May a raid hit Holm. On 9 May a raid hit Sarn. He fled the day after the raid.",
            [(1, "3 May"), (2, "9 May"), (3, "the day after the raid")],
        ),
        ("The mill burned in May. The miller died nine days later.", [(1, "in May"), (2, "nine days later")]),
    ],
)  # fmt: skip
def test_what_counts_from_a_day_that_is_not_clear_stays_unresolved(text: str, told: list[tuple[int, str]]) -> None:
    assert whens(text, *told)[-1] == "counts from another event, not from the document's date"


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(2, 40))
def test_so_many_days_later_is_just_that(day: date, number: int) -> None:
    on = f"on {day.day} {day:%B} {day.year}"
    text = f"The mill burned {on}. The miller died {number} days later."
    later = day + timedelta(days=number)
    assert whens(text, (1, on), (2, f"{number} days later"), day=None)[1] == f"{later} {later} day"


@pytest.mark.parametrize(
    ("text", "realis", "expected"),
    [
        ("The mayor said that the bridge would be closed on Friday.", "actual", "2021-06-18"),
        ("The council will meet on Friday.", "actual", "2021-06-18"),
        ("On Friday, the council will meet.", "actual", "2021-06-18"),
        ("The council may meet on Friday.", "hypothetical", "2021-06-18"),
        ("The council was due to meet on Friday.", "actual", "2021-06-18"),
        ("The gunmen would have fled on Friday.", "hypothetical", "2021-06-11"),
        ("He said on Friday that the bridge would be closed.", "actual", "2021-06-11"),
        ("The bridge that will be closed was hit on Friday.", "actual", "2021-06-11"),
        ("The council met on Friday.", "actual", "2021-06-11"),
    ],
)
def test_a_weekday_lies_ahead_where_its_clause_says_so(text: str, realis: str, expected: str) -> None:
    words = "On Friday" if text.startswith("On") else "on Friday"
    assert whens(text, (1, words), realis=realis) == [f"{expected} {expected} day"]
