"""What the calls of each step have in common, read by the embedded model ahead of the first article."""

from extractor.llm.embedded import start
from extractor.llm.prefix import load_prefix
from extractor.plans.stepwise import kinds, sentences
from extractor.templates import load


def read_beginnings() -> None:
    """Make the embedded model read the worked examples of the stepwise plan and keep their state on disk.

    Raises:
        SettingsError, ModelError: The model cannot be run here.
    """
    running = start()
    for name in (sentences.PROMPT, kinds.PROMPT):
        load_prefix(running, load(name).beginning())
