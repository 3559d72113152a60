"""How far a run has come: a bar where standard error is a terminal, else a line now and then, or events for a log."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING, Any, Self

from extractor import logs
from extractor.corpus.summary import count, dollars, duration

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from extractor.corpus.journal import Outcome
    from extractor.llm.usage import Usage

_SECONDS_BETWEEN_LINES = 10.0
_FAILURES_SHOWN = 5


def display_of(total: int, done: int, *, quiet: bool = False) -> Display:
    """The display that is wanted here; `quiet`: nothing is shown at all."""
    return LoggedDisplay(total, done) if logs.wanted() and not quiet else Display(total, done, quiet=quiet)


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

    def finished(self, outcome: Outcome, spent: Usage) -> None:
        """An article is finished, or has failed; this is what the run has cost up to now."""
        self._done += 1
        self._failed += outcome.error is not None
        self._settled(outcome)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._done, state=self._state(spent))
        elif (now := time.monotonic()) - self._told >= _SECONDS_BETWEEN_LINES:
            self._told = now
            far = {"done": self._done, "articles": self._total, "failed": self._failed, "cost_usd": spent.cost_usd}
            self.note(f"{self._done:,} of {self._total:,}: {self._state(spent)}", "progress", **far)

    def _settled(self, outcome: Outcome) -> None:
        if outcome.error is not None and self._failed <= _FAILURES_SHOWN:
            last = " (further failures are only counted)" * (self._failed == _FAILURES_SHOWN)
            self.note(f"{outcome.id}: {outcome.error}{last}")

    def note(self, line: str, event: str = "note", **fields: Any) -> None:  # noqa: ARG002  for a log
        """Tell something in one line; a log gets the event's kind and fields too."""
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


class LoggedDisplay(Display):
    """Logs each article that is settled, and all else that the others show."""

    def __enter__(self) -> Self:
        return self

    def _settled(self, outcome: Outcome) -> None:
        paid = outcome.paid
        fields: dict[str, Any] = {"id": outcome.id, "calls": paid.calls, "retries": paid.retries}
        fields |= {"input_tokens": paid.input_tokens, "output_tokens": paid.output_tokens, "cost_usd": paid.cost_usd}
        if outcome.error is None:
            logs.log("done", f"{outcome.id}: done", **fields)
        else:
            fields |= {"kind": outcome.kind, "error": outcome.error}
            logs.log("failed", f"{outcome.id}: {outcome.error}", level=logging.WARNING, **fields)

    def note(self, line: str, event: str = "note", **fields: Any) -> None:
        """Log it."""
        logs.log(event, " ".join(line.split()), **fields)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[state]}", markup=False))
    return Progress(*columns, console=Console(stderr=True), transient=True)
