"""How far a run has come, on standard error: a bar where that is a terminal, else a line an article."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Display:
    """Shows a run of `total` articles; `quiet`: nothing at all."""

    def __init__(self, total: int, *, quiet: bool = False) -> None:
        self._total = total
        self._done = 0
        self._quiet = quiet
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty():
            self._bar = _bar()
            self._task = self._bar.add_task("", total=self._total, score="")
            self._bar.start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def step(self, article: str, done: int, total: int, what: str) -> None:
        """An article has come to the next of its steps."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=f"{article}: {what} ({done}/{total})")

    def article(self, name: str, what: str, score: str, *, failed: bool = False) -> None:
        """An article is finished: what came of it, and the score and cost so far."""
        self._done += 1
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done, description=name, score=score)
            if failed:
                self._bar.console.print(f"{name}: {what}", markup=False, highlight=False, soft_wrap=True)
        else:
            self.note(f"[{self._done}/{self._total}] {name}: {what}" + (f" | {score}" if score else ""))

    def note(self, line: str) -> None:
        """Tell something in one line."""
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        elif not self._quiet:
            print(line, file=sys.stderr, flush=True)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[score]}", markup=False),
        TextColumn("{task.description}", markup=False),
    )  # fmt: skip
    return Progress(*columns, console=Console(stderr=True), transient=True)
