"""`python -m evals bench long`: does the cost of a report grow as the report does, and no faster?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from evals.cli.options import AsJson, Quiet

if TYPE_CHECKING:
    from evals.bench.long.measuring import Cost

EPILOG = """\
\b
Reports of stories in few forms of sentences, made from a seed; a scripted model behind a local server reads them.
Counted are calls and characters of prompts at the server; processor time and peak memory of the process that extracts,
without the server and without starting up. Columns "per kB" are to stay level as reports grow. On Linux only.
"""


def long(
    sizes: Annotated[str, typer.Option(metavar="KB,...", help="How long the reports are.")] = "10,100,1000,10000",
    plans: Annotated[str, typer.Option(metavar="PLAN,...", help="Which plans.")] = "whole,stepwise",
    seed: Annotated[int, typer.Option(metavar="N", help="Of the reports.")] = 7,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Long reports: calls, characters asked, processor time and memory for each kB, with a scripted model."""
    from evals.bench.long.measuring import measure
    from evals.bench.speed.measured import peak_mb
    from extractor.errors import SettingsError

    peak_mb()  # refuses before the first report where there is none to read
    if not all(size.isdecimal() and int(size) > 0 for size in sizes.split(",")):
        raise SettingsError(f'--sizes must be numbers of kB with commas between, as in 10,100, not "{sizes}"')
    costs: list[Cost] = []
    for plan in plans.split(","):
        for size in sizes.split(","):
            if not quiet:
                typer.echo(f"{plan}, {int(size):,} kB", err=True)
            costs.append(measure(1000 * int(size), plan, seed))
            if not as_json:
                if len(costs) == 1:
                    typer.echo(_HEAD)
                typer.echo(_line(costs[-1]))
    if as_json:
        typer.echo(json.dumps([asdict(cost) for cost in costs], indent=2))


_HEAD = (
    f"{'plan':<9}{'kB':>7}{'calls':>8}{'per kB':>8}{'asked/kB':>10}{'longest':>9}{'CPU ms/kB':>11}"
    f"{'peak MB':>9}{'MB more/kB':>11}{'incidents':>10}{'claims':>8}"
)


def _line(cost: Cost) -> str:
    kilobytes = cost.characters / 1000
    more = cost.megabytes - cost.idle_megabytes
    return (
        f"{cost.plan:<9}{kilobytes:>7,.0f}{cost.calls:>8,}{cost.calls / kilobytes:>8.2f}"
        f"{cost.asked / kilobytes:>10,.0f}{cost.longest:>9,}{1000 * cost.seconds / kilobytes:>11.1f}"
        f"{cost.megabytes:>9,.0f}{more / kilobytes:>11.3f}{cost.incidents:>10,}{cost.claims:>8,}"
    )
