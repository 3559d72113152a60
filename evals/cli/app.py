"""The commands of `python -m evals`, put together."""

import logging
import sys
from importlib.util import find_spec

import typer

from evals.cli.bench_faults import EPILOG as FAULTS_EPILOG
from evals.cli.bench_faults import faults
from evals.cli.bench_linking import linking
from evals.cli.bench_long import EPILOG as LONG_EPILOG
from evals.cli.bench_long import long
from evals.cli.bench_muc4 import EPILOG as MUC4_EPILOG
from evals.cli.bench_muc4 import muc4
from evals.cli.bench_peers import EPILOG as PEERS_EPILOG
from evals.cli.bench_peers import peers
from evals.cli.bench_polnear import EPILOG as POLNEAR_EPILOG
from evals.cli.bench_polnear import polnear
from evals.cli.bench_redteam import EPILOG as REDTEAM_EPILOG
from evals.cli.bench_redteam import redteam
from evals.cli.compare import compare
from evals.cli.derive import derive
from evals.cli.gold import gold
from evals.cli.report import report
from evals.cli.run import EPILOG as RUN_EPILOG
from evals.cli.run import run
from evals.cli.score import score
from extractor.cli.failures import Commands

EPILOG = """\
\b
From twenty articles of your own to a score:
  put them into DIR/articles/NAME.txt, a date into NAME.json: {"date": "2026-03-10"}
  python -m evals gold export --gold DIR -o tasks.json --config labelling.xml
  label them in Label Studio and export as JSON
  python -m evals gold import EXPORTED --into DIR
  python -m evals run --gold DIR --out RUN
  python -m evals score --gold DIR --pred RUN
  python -m evals report RUN --gold DIR -o report.html

\b
Exit codes: 0 done, 1 an article failed, 2 the command line or input is unusable, 3 a gate was missed.
"""

app = typer.Typer(
    cls=Commands,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=EPILOG,
)


def main() -> None:
    """Run the command line."""
    logging.getLogger().addHandler(logging.NullHandler())
    if find_spec("scipy") is None or find_spec("numpy") is None:
        sys.exit("python -m evals: scoring needs more packages: pip install 'incident-claim-extractor[evals]'")
    app(prog_name="python -m evals")


@app.callback()
def _about() -> None:
    """How good an extraction is, field by field, how sure that is, and whether one version beats another."""


app.command(epilog=RUN_EPILOG)(run)
app.command()(score)
app.command()(compare)
app.command()(report)
app.command()(derive)
app.add_typer(gold, name="gold")
bench = typer.Typer(
    no_args_is_help=True, help="Public benchmarks, other systems on the same server, faults, hostile articles."
)
bench.command(epilog=MUC4_EPILOG)(muc4)
bench.command(epilog=POLNEAR_EPILOG)(polnear)
bench.command(epilog=PEERS_EPILOG)(peers)
bench.command()(linking)
bench.command(epilog=FAULTS_EPILOG)(faults)
bench.command(epilog=REDTEAM_EPILOG)(redteam)
bench.command(epilog=LONG_EPILOG)(long)
app.add_typer(bench, name="bench")
