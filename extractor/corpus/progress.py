"""How far a run has come, on standard error: a bar where that is a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

from extractor.corpus.summary import count, dollars, duration

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from extractor.llm.usage import Usage

_SECONDS_BETWEEN_LINES = 10.0
_FAILURES_SHOWN = 5


class Display:
    """Shows a run over `total` articles, of which `done` are finished before it; `quiet`: nothing at all."""

    def __init__(self, total: int, done: int, *, quiet: bool = False) -> None:
        self._total = total
        self._before = done
        self._done = done
        self._failed = 0
        self._quiet = quiet
        self._began = self._told = time.monotonic()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty():
            self._bar = _bar()
            self._task = self._bar.add_task("", total=self._total, completed=self._done, state="")
            self._bar.start()
        return self

    def __exit__(self, *exc: object) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def finished(self, spent: Usage, failure: str | None = None) -> None:
        """An article is finished, or has failed for the reason given; this is what the run has cost up to now."""
        self._done += 1
        if failure is not None:
            self._failed += 1
            if self._failed <= _FAILURES_SHOWN:
                self.note(failure + (" (further failures are only counted)" * (self._failed == _FAILURES_SHOWN)))
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done, state=self._state(spent))
        elif (now := time.monotonic()) - self._told >= _SECONDS_BETWEEN_LINES:
            self._told = now
            self.note(f"{self._done:,} of {self._total:,}: {self._state(spent)}")

    def note(self, line: str) -> None:
        """Tell something in one line."""
        if self._quiet:
            return
        line = " ".join(f"extractor: {line}".split())
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            print(line, file=sys.stderr, flush=True)  # noqa: T201  this is where it is shown

    def _state(self, spent: Usage) -> str:
        rate = (self._done - self._before) / max(time.monotonic() - self._began, 0.001)
        left = duration((self._total - self._done) / rate)
        parts = (f"{rate:,.1f} articles/s", dollars(spent.cost_usd), count(self._failed, "error"), f"{left} left")
        return ", ".join(parts)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[state]}", markup=False))
    return Progress(*columns, console=Console(stderr=True), transient=True)
