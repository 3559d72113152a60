"""How far a long fetch has come, shown on standard error."""

import sys
from typing import TYPE_CHECKING, Protocol

from extractor import logs

if TYPE_CHECKING:
    from rich.progress import TaskID


class Progress(Protocol):
    """Is told how far a fetch has come."""

    def start(self, total: int, done: int = 0) -> None:
        """Begin, or begin again, at `done` of `total` bytes."""
        ...

    def advance(self, n: int) -> None:
        """`n` more bytes are there."""
        ...

    def note(self, text: str) -> None:
        """Tell the user something in one line."""
        ...

    def finish(self) -> None:
        """End the display; harmless when nothing was started."""
        ...


def on_stderr() -> Progress:
    """Events where they are logged; else a bar where standard error is a terminal, or plain lines now and then."""
    if logs.wanted():
        return LoggedProgress()
    return BarProgress() if sys.stderr.isatty() else LineProgress()


class LineProgress:
    """Writes a line at each tenth of the way, for logs and pipes."""

    def __init__(self) -> None:
        self._total = 0
        self._done = 0

    def start(self, total: int, done: int = 0) -> None:  # noqa: D102  as in the protocol
        self._total, self._done = total, done

    def advance(self, n: int) -> None:  # noqa: D102  as in the protocol
        tenths = self._tenths()
        self._done += n
        if self._tenths() > tenths:
            self.note(f"{self._tenths() * 10} % of {self._total / 1e6:,.0f} MB")

    def note(self, text: str) -> None:  # noqa: D102  as in the protocol
        print(text, file=sys.stderr, flush=True)  # noqa: T201  this is where it is shown

    def finish(self) -> None:  # noqa: D102  as in the protocol
        self._total = self._done = 0

    def _tenths(self) -> int:
        return self._done * 10 // self._total if self._total else 0


class LoggedProgress(LineProgress):
    """The same lines, as events."""

    def note(self, text: str) -> None:  # noqa: D102  as in the protocol
        logs.log("note", text)


class BarProgress:
    """A bar with the bytes, the speed and the time left."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, TimeRemainingColumn, TransferSpeedColumn
        from rich.progress import Progress as RichProgress

        columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
        self._bar = RichProgress(*columns, console=Console(stderr=True))
        self._task: TaskID | None = None

    def start(self, total: int, done: int = 0) -> None:  # noqa: D102  as in the protocol
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._task = self._bar.add_task("", total=total, completed=done)
        self._bar.start()

    def advance(self, n: int) -> None:  # noqa: D102  as in the protocol
        if self._task is not None:
            self._bar.advance(self._task, n)

    def note(self, text: str) -> None:  # noqa: D102  as in the protocol
        self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def finish(self) -> None:  # noqa: D102  as in the protocol
        self._bar.stop()
