"""Incidents and attributed claims from news reports, every value traceable to the article's own words."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from extractor.dossiers import Dossier, link
    from extractor.errors import ExtractorError
    from extractor.extraction import Extraction, Extractor, aextract, extract
    from extractor.grounding import Evidence, Mention
    from extractor.schema import Actor, Claim, Incident, Report

__version__ = "0.1.0"
__all__ = [
    "Actor",
    "Claim",
    "Dossier",
    "Evidence",
    "Extraction",
    "Extractor",
    "ExtractorError",
    "Incident",
    "Mention",
    "Report",
    "aextract",
    "extract",
    "link",
]

_HOMES = {
    "extractor.dossiers": ("Dossier", "link"),
    "extractor.errors": ("ExtractorError",),
    "extractor.extraction": ("Extraction", "Extractor", "aextract", "extract"),
    "extractor.grounding": ("Evidence", "Mention"),
    "extractor.schema": ("Actor", "Claim", "Incident", "Report"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for: importing everything at once would take seconds."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'extractor' has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
