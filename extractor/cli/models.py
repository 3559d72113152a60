"""`extractor models`: the embedded model on this machine."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from extractor.cli.output import write

models = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="The model that runs on this machine: list, pull, serve."
)


@models.command("list")
def list_() -> None:
    """Show the embedded model, where it lies, and whether it is there."""
    from extractor.llm.weights import list_models

    for model in list_models():
        state = "here" if model.present else "not here: extractor models pull fetches it"
        write(f"{model.name}  {model.size / 1e6:,.0f} MB  {model.licence}  {state}\n{model.path}", None)


@models.command()
def pull(
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Take it from this file, with no network.")
    ] = None,
) -> None:
    """Fetch the embedded model, check it and keep it; a broken fetch goes on where it stopped.

    Then the model reads the worked examples of its prompts once, so that the first article does not wait for that.
    """
    from extractor.llm.weights import pull as fetch
    from extractor.progress import on_stderr

    path = fetch(source=source, progress=on_stderr())
    if find_spec("xllamacpp") is not None:
        from extractor.plans.stepwise.beginnings import read_beginnings

        typer.echo("extractor: reading the prompts' worked examples once", err=True)
        read_beginnings()
    write(str(path), None)


@models.command()
def serve(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="On this machine's own interface; 0: any free one.")
    ] = 8080,
) -> None:
    """Keep the embedded model running for others on this machine, until Ctrl-C.

    Callers need the key in EXTRACTOR_API_KEY, or the random one that is shown when that is not set.
    """
    from extractor.llm.embedded import serve as keep_running

    keep_running(port=port, api_key=os.environ.get("EXTRACTOR_API_KEY") or None)
