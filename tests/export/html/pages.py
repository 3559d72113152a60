"""Pages of reports, as text and as a tree."""

from __future__ import annotations

import io
import json
from typing import Any

from extractor.dossiers import Dossier
from extractor.dossiers.html import write_html as write_dossiers
from extractor.export.html import write_html
from extractor.schema import Report
from tests.dom import Element, parse
from tests.export.articles import gold


def page_of(*shown: Report | Dossier) -> str:
    """A page of reports, or of dossiers."""
    file = io.BytesIO()
    dossiers = [one for one in shown if isinstance(one, Dossier)]
    reports = [one for one in shown if isinstance(one, Report)]
    assert not (dossiers and reports)
    written = write_dossiers(dossiers, file) if dossiers else write_html(reports, file)
    assert written == len(shown)
    return file.getvalue().decode()


def tree_of(*shown: Report | Dossier) -> Element:
    return parse(page_of(*shown))


def labelled(name: str) -> Report:
    """A label of the gold set as a report with its text."""
    [(text, label)] = [(text, label) for text, label in gold() if label.document and label.document.id == name]
    report = label.model_copy(deep=True)
    assert report.document is not None
    report.document.text = text
    return report


def data_of(tree: Element) -> list[dict[str, Any]]:
    """What the page holds for its script, a report each."""
    return [json.loads(block.text) for block in tree.all("script", class_="data")]


def shown_text(tree: Element) -> list[str]:
    """The passages of the article, as a reader sees them."""
    return [passage.text for passage in tree.all("div", class_="passage")]
