"""Dossiers: one event as many articles tell it, its accounts side by side. It knows reports, and no models."""

from extractor.dossiers.linking import link
from extractor.dossiers.schema import Dossier

__all__ = ["Dossier", "link"]
