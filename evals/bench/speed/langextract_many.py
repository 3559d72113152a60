"""Runs in langextract's own environment, as `evals.bench.peers.langextract_worker`: many articles in one process.

    python langextract_many.py TOLD BASE_URL TASK CONCURRENCY

TASK is a file of JSON: prompt, examples, attributes and where the articles are. Its own progress is off; a batch is as
long as all articles, so that it waits for no batch to end.
"""

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any


def main(told: str, base_url: str, task_file: str, concurrency: str) -> None:
    """Extract from each article, and write what it took."""
    task: dict[str, Any] = json.loads(Path(task_file).read_text(encoding="utf-8"))
    lx: Any = import_module("langextract")
    factory: Any = import_module("langextract.factory")
    with Path(task["corpus"]).open(encoding="utf-8") as file:
        articles = [json.loads(line) for line in file]
    examples = [
        lx.data.ExampleData(
            text=example["text"], extractions=[lx.data.Extraction(**one) for one in example["extractions"]]
        )
        for example in task["examples"]
    ]
    provider = {
        "api_key": "no-key", "base_url": base_url, "temperature": 0, "max_output_tokens": task["max_output_tokens"],
        "max_workers": int(concurrency),
    }  # fmt: skip
    items = [
        lx.schema.extraction_item_schema(kind, attributes=attributes) for kind, attributes in task["attributes"].items()
    ]
    found = lx.extract(
        [lx.data.Document(text=one["text"], document_id=one["id"]) for one in articles],
        prompt_description=task["prompt"],
        examples=examples,
        config=factory.ModelConfig(model_id="stub", provider="openai", provider_kwargs=provider),
        output_schema=lx.schema.extractions_schema(*items),
        show_progress=False,
        max_workers=int(concurrency),
        batch_length=max(len(articles), int(concurrency)),
    )
    for one in found:
        if not one.extractions:
            raise ValueError(f"{one.document_id}: nothing was extracted")
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    took = {"cpu_seconds": time.process_time(), "peak_mb": int(line.split()[1]) / 1024}
    Path(told).write_text(json.dumps(took), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
