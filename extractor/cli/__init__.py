"""The command line. JSON goes to standard output, everything else to standard error."""

from extractor.cli.app import app, main

__all__ = ["app", "main"]
