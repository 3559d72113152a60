"""The process that is measured: `python -m evals.bench.long.measured URL PLAN SIZE SEED` tells as JSON what it took."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from evals.bench.long.articles import article
from evals.bench.speed.measured import peak_mb
from extractor import Extractor


def main() -> None:
    """Extract from two short reports, so that everything is loaded, then from the long one."""
    url, plan, size, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    options: Any = {"model": "scripted", "base_url": url, "plan": plan}
    text = article(size, seed)
    with Extractor(**options) as extractor:
        calls = sum(_calls(extractor.extract(article(600, seed + 1), date="2026-03-14")) for _ in range(2))
        idle = peak_mb()
        began = time.process_time()
        report: Any = extractor.extract(text, date="2026-03-14")
        seconds = time.process_time() - began
    told = {
        "warming_calls": calls,
        "sentences": report.document.sentences,
        "seconds": seconds,
        "megabytes": peak_mb(),
        "idle_megabytes": idle,
        "incidents": len(report.incidents),
        "claims": len(report.claims),
        "dropped": len(report.run.dropped),
    }
    sys.stdout.write(json.dumps(told))


def _calls(report: Any) -> int:
    return report.run.calls


if __name__ == "__main__":
    main()
