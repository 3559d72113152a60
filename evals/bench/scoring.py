"""How long scoring takes: many labelled documents read, scored and drawn anew.

    python -m evals.bench.scoring 10000

Writes the gold set's articles and labels over and over under new ids into a temporary folder, with reports that have
lost every third claim and incident, and times `score` on it with 10,000 resamples, in a process of its own.
"""

import json
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

from evals.goldset import GOLD, load


def main() -> None:
    """Write the folder, score it, print the seconds."""
    documents = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _write(folder, documents)
        command = [sys.executable, "-m", "evals", "score", "--gold", temporary, "--pred", f"{temporary}/reports.jsonl"]
        started = time.monotonic()
        shown = subprocess.run([*command, "--json"], check=True, capture_output=True, text=True).stdout
        seconds = time.monotonic() - started
    score = json.loads(shown)
    print(f"documents {score['counts']['documents']}, resamples {score['resamples']}: {seconds:.1f} s")
    print(f"claims F1 {score['claims']['f1']:.3f} {score['intervals']['claims.f1']}")


def _write(folder: Path, documents: int) -> None:
    for part in ("articles", "labels"):
        (folder / part).mkdir()
    gold = load(GOLD)
    labels = {article.id: (GOLD / "labels" / f"{article.id}.json").read_bytes() for article in gold}
    texts = {article.id: (GOLD / "articles" / f"{article.id}.txt").read_bytes() for article in gold}
    lines: dict[str, str] = {}
    for article in gold:
        report = article.label.model_copy(deep=True)
        del report.claims[::3], report.incidents[::3]
        lines[article.id] = report.to_json(indent=None)
    with (folder / "reports.jsonl").open("w", encoding="utf-8") as reports:
        for number, article in enumerate(islice(cycle(gold), documents)):
            name = f"{article.id}-{number}"
            (folder / "articles" / f"{name}.txt").write_bytes(texts[article.id])
            (folder / "labels" / f"{name}.json").write_bytes(labels[article.id])
            reports.write(lines[article.id].replace(f'"id":"{article.id}"', f'"id":"{name}"', 1) + "\n")


if __name__ == "__main__":
    main()
