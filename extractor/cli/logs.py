"""What commands say on standard error: plain lines, or with `--log-format json` a line of JSON an event.

The standard library's logging with a formatter of a few lines: a library for it would be one more dependency for all.
"""

import json
import logging
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from extractor import logs


class JsonLines(logging.Formatter):
    """`{"time", "level", "event", "message", ...}` with the event's own fields, in one line.

    The user's own folder is written `~`: log lines are collected and kept, and its name is the user's.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        event: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", record.name),
            "message": record.getMessage(),
        }
        line = json.dumps(event | getattr(record, "fields", {}), ensure_ascii=False, default=str)
        home = json.dumps(str(Path.home()), ensure_ascii=False)[1:-1]
        return line.replace(home, "~") if len(home) > 1 else line


def _choose(ctx: typer.Context, chosen: str) -> str:
    if chosen == "json":
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonLines())
        ctx.find_root().with_resource(logs.logged_to(handler))
    return chosen


LogFormat = Annotated[
    Literal["text", "json"], typer.Option(callback=_choose, help="What standard error gets; json: a line an event.")
]
Otel = Annotated[
    bool, typer.Option("--otel", help="Send OpenTelemetry spans and metrics, as the OTEL_* variables say.")
]


def say(line: str, event: str = "note", *, level: int = logging.INFO, **fields: Any) -> None:
    """Tell the user a line, or log it as an event with its fields."""
    if logs.wanted():
        logs.log(event, line.removeprefix("extractor: "), level=level, **fields)
    else:
        typer.echo(line, err=True)


@contextmanager
def telling(otel: bool) -> Generator[None]:
    """Within, spans and metrics are sent, if they are asked for."""
    if not otel:
        yield
        return
    from extractor.telemetry.exporting import exporting

    with exporting(lambda line: say(f"extractor: {line}", level=logging.WARNING)):
        yield
