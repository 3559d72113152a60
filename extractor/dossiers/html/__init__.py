"""Dossiers as one HTML page that stands on its own: the accounts side by side, and each link to be checked."""

from extractor.dossiers.html.page import write_html

__all__ = ["write_html"]
