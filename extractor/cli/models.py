"""`extractor models`: the embedded model on this machine."""

from pathlib import Path
from typing import Annotated

import typer

models = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="The model that runs on this machine: list, pull, serve."
)


@models.command("list")
def list_() -> None:
    """Show the embedded model, where it lies, and whether it is there."""
    from extractor.llm.weights import list_models

    for model in list_models():
        state = "here" if model.present else "not here: extractor models pull fetches it"
        typer.echo(f"{model.name}  {model.size / 1e6:,.0f} MB  {model.licence}  {state}\n{model.path}")


@models.command()
def pull(
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Take it from this file, with no network.")
    ] = None,
) -> None:
    """Fetch the embedded model, check it and keep it; a broken fetch goes on where it stopped."""
    from extractor.llm.weights import pull as fetch
    from extractor.progress import on_stderr

    typer.echo(fetch(source=source, progress=on_stderr()))
