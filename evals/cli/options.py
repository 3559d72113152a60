"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Ids = Annotated[str | None, typer.Option(metavar="ID,ID", help="Only these.")]
Limit = Annotated[int | None, typer.Option(min=1, metavar="N", help="Only the first N.")]
Model = Annotated[
    str | None, typer.Option(metavar="NAME", help="openai/NAME, or a server's own name; else the embedded model.")
]
BaseUrl = Annotated[str | None, typer.Option(metavar="URL", help="An OpenAI-compatible server.")]
Plan = Annotated[
    Literal["whole", "stepwise"] | None, typer.Option(help="One call, or many small ones; else as suits the model.")
]
Concurrency = Annotated[
    int, typer.Option(min=1, metavar="N", help="Articles under way at once; one for the embedded model.")
]
Replay = Annotated[
    Path | None, typer.Option(metavar="RUN", help="Ask no model: take the answers that this run recorded.")
]
Restart = Annotated[bool, typer.Option("--restart", help="Give up what is in the run folder.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print all figures as JSON.")]


def listed(names: str | None) -> list[str] | None:
    """The names of an option that holds several, with commas between them."""
    return [name.strip() for name in names.split(",")] if names is not None else None
