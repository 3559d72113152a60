"""How far an extraction has come: a bar on standard error, where that is a terminal."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

from extractor import logs

Progress = Callable[[int, int, str], None]
"""Is told how many steps are done, of how many, and what the next one is."""


@contextmanager
def bar() -> Generator[Progress | None]:
    """A bar that appears with the first step (the model may have to be fetched before) and is gone at the end."""
    if logs.wanted() or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    )  # fmt: skip
    shown = Bar(*columns, console=Console(stderr=True), transient=True)
    task = shown.add_task("", total=None)

    def report(done: int, total: int, what: str) -> None:
        shown.start()
        shown.update(task, completed=done, total=total, description=what)

    try:
        yield report
    finally:
        shown.stop()
