"""`python -m evals bench throughput|slow-calls|grounding|memory|output-tokens`: speed and cost beside others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Annotated

import typer

from evals.cli.options import Quiet

Rounds = Annotated[int, typer.Option(min=1, metavar="N", help="How often; medians are told.")]
AtOnce = Annotated[int, typer.Option(min=1, metavar="N", help="Calls at a time.")]


def throughput(
    articles: Annotated[int, typer.Option(min=10, metavar="N", help="For each system, each time.")] = 1000,
    rounds: Rounds = 3,
    concurrency: Annotated[str, typer.Option(metavar="N,N", help="Calls at a time.")] = "16,64",
    systems: Annotated[
        str, typer.Option(metavar="NAME,NAME", help="Of project, bare, instructor, langextract.")
    ] = "project,bare,instructor,langextract",
    latency: Annotated[float, typer.Option(min=0, metavar="SECONDS", help="That an answer takes.")] = 0.2,
    quiet: Quiet = False,
) -> None:
    """Articles a second and processor time of one process, beside the bare openai client, instructor, langextract."""
    from evals.bench.speed.throughput import NAMES, measure
    from evals.cli.options import listed

    names = listed(systems) or []
    if unknown := [name for name in names if name not in NAMES] or "project" not in names:
        raise typer.BadParameter(f"--systems: {unknown or 'project must be among them'}: choose of {', '.join(NAMES)}")
    figures = measure(
        articles=articles,
        rounds=rounds,
        concurrencies=[int(one) for one in listed(concurrency) or []],
        systems=names,
        seconds=latency,
        told=_teller(quiet),
    )
    typer.echo(
        f"{articles:,} articles, {rounds} rounds, {1000 * latency:.0f} ms an answer; the server alone answers "
        f"{figures.server_ceiling:,.0f} requests a second"
    )
    typer.echo(f"{'at once':>7}  {'system':<14}{'articles/s':>11}{'ours to it':>11}{'processor ms':>14}")
    for at_once, lines in figures.lines.items():
        for name, line in lines.items():
            typer.echo(
                f"{at_once:>7}  {NAMES[name]:<14}{median(line.per_second):>11.1f}"
                f"{lines['project'].ratio(line):>11.2f}{median(line.cpu_ms):>14.1f}"
            )


def slow_calls(
    articles: Annotated[int, typer.Option(min=1, metavar="N", help="How many.")] = 1000,
    concurrency: AtOnce = 16,
    slow: Annotated[float, typer.Option(min=0, metavar="SECONDS", help="That one answer in ten takes.")] = 3.0,
    latency: Annotated[float, typer.Option(min=0, metavar="SECONDS", help="That the others take.")] = 0.2,
) -> None:
    """One call in ten takes 3 s: `extractor run` beside the ideal sliding schedule."""
    from evals.bench.speed.server import Latency
    from evals.bench.speed.slow_calls import measure

    of = measure(articles=articles, at_once=concurrency, latency=Latency(latency, slow, 0.1))
    typer.echo(f"{of.articles:,} articles, {of.slow} of them slow, {of.at_once} at a time")
    typer.echo(f"ideal schedule {of.ideal:.2f} s, extractor run {of.taken:.2f} s: {of.of_ideal:.3f} of the ideal")
    typer.echo(f"(in batches that wait for their slowest {of.barrier:.2f} s: {of.ideal / of.barrier:.3f} of the ideal)")


def grounding(
    sizes: Annotated[str, typer.Option(metavar="N,N", help="Of the texts, in bytes.")] = "2000,20000,200000",
    items: Annotated[int, typer.Option(min=1, metavar="N", help="Names and quotes for each text.")] = 50,
    seed: Annotated[int, typer.Option(metavar="N", help="Of what is made up.")] = 1,
    longest: Annotated[float, typer.Option(min=1, metavar="SECONDS", help="For langextract, a text.")] = 600,
    peers: Annotated[bool, typer.Option(help="Whether langextract is measured.")] = True,
    quiet: Quiet = False,
) -> None:
    """Finding names and quotes with a typing error in a text: right edges and time, beside langextract's aligner."""
    from evals.bench.speed.grounding import measure
    from evals.cli.options import listed

    lines = measure(
        [int(one) for one in listed(sizes) or []],
        items=items,
        seed=seed,
        longest=longest,
        peers=peers,
        told=_teller(quiet),
    )
    typer.echo(
        f"{'bytes':>8}{'items':>7}{'right':>7}{'seconds':>10}{'langextract right':>19}{'seconds':>10}{'times':>9}"
    )
    for line in lines:
        ours, theirs = line.ours, line.theirs
        took = ours.seconds or 0.0
        row = f"{line.characters:>8,}{line.items:>7}{ours.right:>7}{took:>10.4f}"
        if theirs is not None and theirs.seconds is not None:
            row += f"{theirs.right:>19}{theirs.seconds:>10.2f}{theirs.seconds / took:>9.0f}"
        elif theirs is not None:
            row += f"{'-':>19}{f'> {longest:.0f}':>10}{f'> {longest / took:.0f}':>9}"
        typer.echo(row)


def memory(
    few: Annotated[int, typer.Option(min=1, metavar="N", help="Articles of the small corpus.")] = 1_000,
    many: Annotated[int, typer.Option(min=1, metavar="N", help="Articles of the large one.")] = 100_000,
    concurrency: AtOnce = 16,
    quiet: Quiet = False,
) -> None:
    """The peak of memory of `extractor run` over 100,000 short articles, beside that over 1,000."""
    from evals.bench.speed.memory import measure

    small, large = measure(few=few, many=many, at_once=concurrency, told=_teller(quiet))
    typer.echo(f"{'articles':>9}{'peak MB':>10}{'seconds':>10}")
    for count, took in ((few, small), (many, large)):
        typer.echo(f"{count:>9,}{took.peak_mb:>10.1f}{took.seconds:>10.1f}")
    typer.echo(f"the peak over {many:,} is {large.peak_mb / small.peak_mb:.2f} times that over {few:,}")


def output_tokens(
    gold: Annotated[Path | None, typer.Option(metavar="DIR", help="Another folder than evals/gold.")] = None,
    weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Weights whose vocabulary counts; else the embedded model's.")
    ] = None,
) -> None:
    """Tokens of the right answers for the labelled articles of dev: pointers beside verbatim quotes."""
    from evals.bench.speed.gguf_tokens import Tokens
    from evals.bench.speed.output_tokens import measure
    from evals.goldset import GOLD, load
    from extractor.llm.weights import weights_path

    tokens = Tokens.of_weights(weights or weights_path())
    of = measure(load(gold or GOLD, "dev"), tokens.count)
    typer.echo(f"{of.articles} articles, {of.claims} claims")
    typer.echo(f"{'':<52}{'tokens':>8}{'of quotes':>11}")
    for name, count, whole in (
        ("claims, verbatim quotes", of.quoted_claims, of.quoted_claims),
        ("claims, the plan stepwise", of.spoken_claims, of.quoted_claims),
        ("claims, the plan whole", of.pointed_claims, of.quoted_claims),
        ("claims and incidents, verbatim quotes", of.quoted, of.quoted),
        ("claims, incidents and actors, the plan whole", of.pointed, of.quoted),
    ):
        typer.echo(f"{name:<52}{count:>8,}{count / whole:>11.3f}")


def _teller(quiet: bool) -> Callable[[str], None]:
    return lambda line: None if quiet else typer.echo(line, err=True)
