"""The page of dossiers, written one by one. It stands here and not beside that of reports: exports know no dossiers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from extractor.dossiers.html.reading import Reading
from extractor.dossiers.schema import Dossier
from extractor.export.html.shell import HERE, Shell

_STYLES = ("colours", "page", "parts", "review", "dossier", "media", "dossier-media")
_SCRIPTS = ("words", "picker", "judging", "links")


def write_html(dossiers: Iterable[Dossier], file: BinaryIO) -> int:
    """Write dossiers as one page that needs nothing beside it; returns how many there are."""
    shell = Shell((__package__ or "extractor.dossiers.html", HERE), _STYLES, _SCRIPTS)
    sections = (shell.rendered("dossier", d=Reading(dossier, number)) for number, dossier in enumerate(dossiers))
    return shell.write(file, "Events and their accounts", "dossier", sections, shell.rendered("closing"))
