"""How long the library and the command line take to start: `python -m evals.bench.startup [ROUNDS]`.

Prints the median wall-clock seconds of a fresh process for each, and its ratio to a bare `python -c pass` (also the
startup of the interpreter itself is in every figure). Run it on an idle machine.
"""

import subprocess
import sys
import time
from statistics import median

BARE = "python -c pass"
COMMANDS = {
    BARE: ["-c", "pass"],
    "import extractor": ["-c", "import extractor"],
    "extractor --help": ["-m", "extractor", "--help"],
}


def measure(rounds: int) -> dict[str, float]:
    """Median seconds of each command over this many rounds, the commands taking turns."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, arguments in COMMANDS.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
            seconds[name].append(time.perf_counter() - started)
    return {name: median(values) for name, values in seconds.items()}


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    medians = measure(rounds)
    for name, seconds in medians.items():
        print(f"{name:<18} {seconds:7.3f} s  {seconds / medians[BARE]:5.1f} x bare")


if __name__ == "__main__":
    main()
