"""A program run to its end, with what it took."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from extractor.errors import ModelError, SettingsError


@dataclass(frozen=True, slots=True)
class Took:
    """What a process took, from its start to its end."""

    seconds: float
    cpu_seconds: float
    peak_mb: float
    ended: float
    """When, on this machine's monotonic clock."""


def run(command: Sequence[str | Path], *, keep: Path | None = None) -> Took:
    """Run a command in which `TOLD` stands for the file into which it writes what it took.

    Args:
        command: The command.
        keep: A folder for what it keeps between runs; left out, one that is thrown away.

    Raises:
        ModelError: It failed; what it said last is told.
    """
    with TemporaryDirectory() as temporary:
        told = Path(temporary) / "told.json"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("OPENAI_", "EXTRACTOR_"))}
        environment = kept | {"EXTRACTOR_CACHE": str(keep or temporary), "NO_PROXY": "127.0.0.1,localhost"}
        began = time.monotonic()
        ran = subprocess.run(
            [str(told) if part == "TOLD" else part for part in command],
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )
        ended = time.monotonic()
        if ran.returncode:
            said = (ran.stderr or ran.stdout).strip().splitlines()[-1:] or ["it said nothing"]
            raise ModelError(f"{' '.join(map(str, command[:4]))} ended with exit code {ran.returncode}: {said[0]}")
        return Took(seconds=ended - began, ended=ended, **json.loads(told.read_text(encoding="utf-8")))


def peak_mb() -> float:
    """The most memory that this process has held; ru_maxrss would begin with that of the program that started it."""
    status = Path("/proc/self/status")
    if not status.is_file():
        raise SettingsError("the peak of memory is read from /proc/self/status, which this system does not have")
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024
