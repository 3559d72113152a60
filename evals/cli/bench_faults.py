"""`python -m evals bench faults`: runs that are killed, refused and out of disk; nothing may be lost."""

from __future__ import annotations

import random
import sys
import time
from typing import Annotated

import typer

from evals.cli.options import Quiet

EPILOG = """\
\b
A trial is a small corpus, run over into one folder up to four times while things
go wrong, then until it is done; one in three goes through the Batch API, one in
three keeps answers. Things that go wrong: the process is killed (kill -9), the
disk is full (RLIMIT_FSIZE: a file may not grow beyond some 20 to 120 kB), the
connection breaks, and the server answers 429, 500, garbage, half an answer or
nothing; a batch expires, is cancelled, or the word that it was made gets lost.
After each run the journal must be sound and hold what it held before, no
finished article may have been asked for again, no more good answers may have got
lost than were under way at kills and full disks (none, through the Batch API),
and reports.jsonl must be whole with each article at most once; in the end it has
each exactly once, and right.
Waits between attempts are shortened. Not on Windows.

\b
Exit codes: 0 all is well, 2 the command line is unusable, 3 something was lost, there twice, or unreadable.
"""


def faults(
    trials: Annotated[int, typer.Option(min=1, metavar="N", help="How many.")] = 200,
    seed: Annotated[int | None, typer.Option(metavar="N", help="Of all that is drawn; else one by chance.")] = None,
    quiet: Quiet = False,
) -> None:
    """Faults: whether a run over a corpus loses, doubles or damages anything, whatever befalls it."""
    from evals.bench.faults import Figures, run_trials
    from extractor.errors import GateMissed, SettingsError

    if sys.platform == "win32":
        raise SettingsError("bench faults needs the signals and limits of Unix")
    seed = random.randrange(1_000_000) if seed is None else seed  # noqa: S311
    if not quiet:
        typer.echo(f"seed {seed}", err=True)
    began = time.monotonic()

    def told(figures: Figures) -> None:
        if not quiet and figures.trials % 10 == 0:
            typer.echo(f"{figures.trials} of {trials} trials, {time.monotonic() - began:.0f} s", err=True)

    figures = run_trials(trials, seed, told)
    typer.echo(f"{figures.trials} trials ({figures.batch} through the Batch API), {figures.runs} runs, seed {seed}")
    for fault, times in figures.met.most_common():
        typer.echo(f"{times:6,}  {fault}")
    typer.echo(
        f"{len(figures.broken):6,}  trials with an article lost, there twice or asked for again, or a file damaged"
    )
    if figures.broken:
        raise GateMissed("; ".join(figures.broken))
