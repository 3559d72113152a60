"""The page, written report by report by Jinja, which escapes every word; its policy forbids all requests."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, BinaryIO

from extractor.export.html.policy import policy
from extractor.export.html.reading import Reading
from extractor.export.html.safe import data_block, shown
from extractor.export.html.vocabulary import called, vocabulary

if TYPE_CHECKING:
    from jinja2 import Environment

    from extractor.schema import Report

_STYLES = ("colours", "page", "text", "parts", "review", "media")
_SCRIPTS = ("words", "places", "reports", "lighting", "filters", "fields", "forms", "review", "saving", "start")


def write_html(reports: Iterable[Report], file: BinaryIO) -> int:
    """Write reports as one page that needs nothing beside it; returns how many there are.

    Only one report is held at a time. Without the text of the article in it, a report shows what it quotes.
    """
    environment = _environment()
    style, script = _joined("style", _STYLES, "css"), _joined("script", _SCRIPTS, "js")
    head = environment.get_template("head.html.jinja")
    file.write(head.render(style=style, policy=policy(style, script)).encode())
    section, count = environment.get_template("report.html.jinja"), 0
    for count, report in enumerate(reports, 1):
        file.write(section.render(r=Reading(report, count - 1)).encode())
    tail = environment.get_template("tail.html.jinja")
    file.write(tail.render(script=script, vocabulary=vocabulary()).encode())
    return count


def _joined(folder: str, names: Iterable[str], ending: str) -> str:
    within = files(__package__ or "extractor.export.html") / folder
    return "\n".join((within / f"{name}.{ending}").read_text(encoding="utf-8") for name in names)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("extractor.export.html"),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"called": called, "data_block": data_block}
    return environment
