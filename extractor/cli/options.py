"""Options that several commands have: which model, where, and how it is asked."""

from typing import Annotated, Literal

import typer

Model = Annotated[
    str | None, typer.Option(metavar="NAME", help="openai/NAME, or a server's own name; else the embedded model.")
]
BaseUrl = Annotated[str | None, typer.Option(metavar="URL", help="An OpenAI-compatible server.")]
Plan = Annotated[
    Literal["whole", "stepwise"] | None, typer.Option(help="One call, or many small ones; else as suits the model.")
]
PromptName = Annotated[str | None, typer.Option(metavar="NAME", help="Another prompt than the plan's own.")]
