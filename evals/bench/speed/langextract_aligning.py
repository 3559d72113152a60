"""Runs in langextract's own environment: lays words on texts with its aligner, as it does with what a model said.

Texts with their items as JSON on standard input; for each, seconds and places on standard output.
"""

import json
import sys
import time
from importlib import import_module
from typing import Any


def main() -> None:
    """Align, and print."""
    texts: list[dict[str, Any]] = json.load(sys.stdin)
    data: Any = import_module("langextract.data")
    resolver: Any = import_module("langextract.resolver")
    said: list[dict[str, Any]] = []
    for one in texts:
        items = [data.Extraction(extraction_class="words", extraction_text=words) for words in one["items"]]
        began = time.process_time()
        found = list(resolver.Resolver().align(items, one["text"], token_offset=0, char_offset=0))
        seconds = time.process_time() - began
        places = [each.char_interval and (each.char_interval.start_pos, each.char_interval.end_pos) for each in found]
        said.append({"seconds": seconds, "places": places})
    print(json.dumps(said))


if __name__ == "__main__":
    main()
