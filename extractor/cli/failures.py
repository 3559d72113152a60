"""What ends a command early, and with which exit code."""

import logging
import os
from typing import Any

import typer
from typer.core import TyperGroup

from extractor.cli.logs import say
from extractor.cli.output import silence
from extractor.errors import ExtractorError

INTERRUPTED = 130
CUT_OFF = 141
"""As a shell reports a command whose reader went away."""


class Commands(TyperGroup):
    """Commands whose failures are one line on standard error; `EXTRACTOR_DEBUG` shows where they came from."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was chosen."""
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except KeyboardInterrupt:
            _stop("interrupted", INTERRUPTED)
        except ExtractorError as error:
            _stop(str(error), error.exit_code, type(error).__name__)
        except BrokenPipeError as error:
            silence()
            raise typer.Exit(CUT_OFF) from error
        except Exception as error:  # noqa: BLE001  the last stop: told in one line, not swallowed
            _stop_unexpected(error)


def _stop_unexpected(error: Exception) -> None:
    told = " ".join(f"{type(error).__name__}: {error}".split())
    _stop(f"this should not happen, please report it: {told} (EXTRACTOR_DEBUG=1 shows where)", 1, type(error).__name__)


def _stop(line: str, exit_code: int, kind: str | None = None) -> None:
    if os.environ.get("EXTRACTOR_DEBUG"):
        raise  # noqa: PLE0704  called from the handlers above only
    say(f"extractor: {' '.join(line.split())}", "error", level=logging.ERROR, kind=kind, exit_code=exit_code)
    raise typer.Exit(exit_code)
