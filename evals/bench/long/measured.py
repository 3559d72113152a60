"""The process that is measured: `python -m evals.bench.long.measured URL PLAN SIZE SEED` tells as JSON what it took."""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any

from evals.bench.long.articles import article
from extractor import Extractor

_MEGABYTE = 1024 if sys.platform != "darwin" else 1024**2
"""In the unit of `ru_maxrss`."""


def main() -> None:
    """Extract from two short reports, so that everything is loaded, then from the long one."""
    url, plan, size, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    options: Any = {"model": "scripted", "base_url": url, "plan": plan}
    text = article(size, seed)
    with Extractor(**options) as extractor:
        calls = sum(_calls(extractor.extract(article(600, seed + 1), date="2026-03-14")) for _ in range(2))
        idle = _peak()
        began = time.process_time()
        report: Any = extractor.extract(text, date="2026-03-14")
        seconds = time.process_time() - began
    told = {
        "warming_calls": calls,
        "sentences": report.document.sentences,
        "seconds": seconds,
        "megabytes": _peak(),
        "idle_megabytes": idle,
        "incidents": len(report.incidents),
        "claims": len(report.claims),
        "dropped": len(report.run.dropped),
    }
    sys.stdout.write(json.dumps(told))


def _calls(report: Any) -> int:
    return report.run.calls


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE


if __name__ == "__main__":
    main()
