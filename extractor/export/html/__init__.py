"""Reports as one HTML page that stands on its own: to look at, to filter, and to check item by item."""

from extractor.export.html.page import write_html

__all__ = ["write_html"]
