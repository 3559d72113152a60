"""The commands, put together."""

import logging
from typing import Annotated

import typer

import extractor
from extractor.cli.export import export
from extractor.cli.extract import EPILOG, extract
from extractor.cli.failures import Commands
from extractor.cli.link import link
from extractor.cli.models import models
from extractor.cli.run import EPILOG as RUN_EPILOG
from extractor.cli.run import run
from extractor.cli.show import show

app = typer.Typer(
    cls=Commands,
    rich_markup_mode=None,  # starts in a quarter of the time
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line."""
    logging.getLogger().addHandler(logging.NullHandler())  # no library may write past our one line an error
    app(prog_name="extractor")


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"extractor {extractor.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Incidents and attributed claims from news reports, every value traceable to the article's own words."""


app.command(epilog=EPILOG)(extract)
app.command(epilog=RUN_EPILOG)(run)
app.command()(export)
app.command()(link)
app.command()(show)
app.add_typer(models, name="models")
