"""Runs in langextract's own environment: a task as JSON on standard input, what came of it on standard output.

It knows nothing of this project, whose libraries are not there.
"""

import json
import logging
import sys
import time
from importlib import import_module
from importlib.metadata import version
from typing import Any


class Lost(logging.Handler):
    """Collects the warnings about chunks whose answer could not be parsed; langextract leaves those out."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what tells of a loss."""
        message = record.getMessage()
        if message.startswith("Chunk omitted"):
            self.told.append(message)


def main() -> None:
    """Extract from one text."""
    task: dict[str, Any] = json.load(sys.stdin)
    lx: Any = import_module("langextract")
    factory: Any = import_module("langextract.factory")
    import_module("openai")
    lost = Lost()
    logging.getLogger("absl").addHandler(lost)
    examples = [
        lx.data.ExampleData(
            text=example["text"], extractions=[lx.data.Extraction(**one) for one in example["extractions"]]
        )
        for example in task["examples"]
    ]
    # The provider is named, since the model's name alone would lead to Ollama.
    config = factory.ModelConfig(model_id=task["model"], provider="openai", provider_kwargs=task["provider"])
    items = [
        lx.schema.extraction_item_schema(kind, attributes=attributes) for kind, attributes in task["attributes"].items()
    ]
    schema = lx.schema.extractions_schema(*items)
    schema["properties"]["extractions"]["maxItems"] = task["most_in_a_chunk"]
    started = time.monotonic()
    extractions: list[Any] = []
    error = None
    try:
        extractions = lx.extract(
            task["text"],
            prompt_description=task["prompt"],
            examples=examples,
            config=config,
            output_schema=schema,
            show_progress=False,
            **task["options"],
        ).extractions
    except Exception as failure:  # noqa: BLE001  whatever langextract raises is told, not swallowed
        error = " ".join(f"{type(failure).__name__}: {failure}".split())
    seconds = time.monotonic() - started
    said: dict[str, Any] = {
        "version": version("langextract"),
        "seconds": seconds,
        "error": error,
        "lost": lost.told,
        "extractions": [
            {
                "class": one.extraction_class,
                "text": one.extraction_text,
                "start": one.char_interval.start_pos if one.char_interval else None,
                "end": one.char_interval.end_pos if one.char_interval else None,
                "alignment": one.alignment_status.value if one.alignment_status else None,
                "attributes": one.attributes or {},
            }
            for one in extractions or []
        ],
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
