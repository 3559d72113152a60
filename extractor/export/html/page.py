"""The page of reports, written one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, BinaryIO

from extractor.export.html.reading import Reading
from extractor.export.html.shell import HERE, Shell
from extractor.export.html.vocabulary import vocabulary

if TYPE_CHECKING:
    from extractor.schema import Report

_STYLES = ("colours", "page", "text", "parts", "review", "media")
_SCRIPTS = (
    "words", "picker", "places", "reports", "lighting", "filters", "fields", "forms", "judging", "review", "saving",
    "start",
)  # fmt: skip


def write_html(reports: Iterable[Report], file: BinaryIO) -> int:
    """Write reports as one page that needs nothing beside it; returns how many there are.

    Only one report is held at a time. Without the text of the article in it, a report shows what it quotes.
    """
    shell = Shell((HERE,), _STYLES, _SCRIPTS)
    sections = (shell.rendered("report", r=Reading(report, number)) for number, report in enumerate(reports))
    tail = shell.rendered("tail", vocabulary=vocabulary())
    return shell.write(file, "Incidents and claims", "report", sections, tail)
