"""`extractor models`: the embedded model on this machine."""

import typer

models = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="The embedded model: list, pull, serve.")
