"""What a run has come to so far, whichever engine extracts: what is settled, what is spent, and whether to go on."""

from __future__ import annotations

import time
from pathlib import Path

from extractor.corpus.article import Article
from extractor.corpus.budget import Budget
from extractor.corpus.journal import Journal, Outcome
from extractor.corpus.progress import Display
from extractor.corpus.summary import Stopped, Summary
from extractor.errors import (
    ClusterFailed,
    ConnectionFailed,
    ExtractorError,
    KeyRefused,
    ModelError,
    OutputError,
    PromptError,
    QuotaUsedUp,
    RateLimited,
    RequestRefused,
    SchemaError,
    ServerFailed,
    SettingsError,
    WeightsError,
)
from extractor.llm.usage import Usage

OF_ALL = (
    ClusterFailed, KeyRefused, OutputError, PromptError, QuotaUsedUp, SchemaError, SettingsError, WeightsError
)  # fmt: skip
"""Errors that every other article would meet too: they end the run, and no article has failed."""
SHARED = (ConnectionFailed, RateLimited, RequestRefused, ServerFailed)
"""Errors that, coming one after another, are the server's: then the run ends rather than fail all that is left."""

_FEWEST_IN_A_ROW = 20


class Tally:
    """Keeps the journal, the budget and the display in step.

    Args:
        out: The run's folder.
        journal: Where outcomes go.
        display: Where they are shown.
        budget: What may be spent.
        at_once: How many articles are under way at a time.
    """

    def __init__(self, out: Path, journal: Journal, display: Display, budget: Budget, *, at_once: int) -> None:
        self.failure: ExtractorError | None = None
        """What ended the run for all articles."""
        self.stopped: Stopped | None = None
        self.changed = 0
        """Articles that are not as they were when the corpus was read first."""
        self.under_way: dict[str, Usage] = {}
        """By id, with what each has cost up to now."""
        self._out = out
        self._journal = journal
        self._display = display
        self._budget = budget
        self._most_in_a_row = max(_FEWEST_IN_A_ROW, 2 * at_once)
        self._in_a_row = 0
        self._model = journal.settings().get("answered by")
        self._finished, self._spent = journal.spent()
        self._settled = 0
        self._paid = Usage()
        self._began = time.monotonic()

    def over(self) -> bool:
        """Whether nothing more is to be begun."""
        return self.stopped is not None or self.failure is not None

    def affordable(self) -> bool:
        """Whether one more article may be begun, as far as the budget goes; never, once a price is not known."""
        self._check_price()
        return self._budget.allows(self._finished, self._spent, self.under_way.values())

    def affords(self, begun: int, worst: Usage) -> bool:
        """The same for so many articles under way together, which could cost this at most."""
        self._check_price()
        return self._budget.affords(self._finished, self._spent, begun, worst)

    def _check_price(self) -> None:
        if self._budget.max_cost is not None and self._spent.cost_usd is None:
            self.failure = self.failure or SettingsError(
                "--max-cost cannot be kept any longer: the price of a call is not known; use --max-tokens"
            )

    def done(self, article: Article, report: str, paid: Usage) -> None:
        """An article has its report, as a line of JSON.

        Raises:
            OutputError: It cannot be noted; so does `failed`.
        """
        self._in_a_row = 0
        self._settle(Outcome(article.id, article.sha256, report, None, None, paid))

    def failed(self, article: Article, error: Exception, paid: Usage) -> None:
        """An article failed by itself; or all will, when too many have one after another."""
        why = _why(error)
        self._settle(Outcome(article.id, article.sha256, None, type(error).__name__, why, paid))
        shared = isinstance(error, SHARED) or not isinstance(error, ExtractorError)
        self._in_a_row = self._in_a_row + 1 if shared else 0
        if self._in_a_row >= self._most_in_a_row and self.failure is None:
            self.failure = ModelError(
                f"{self._in_a_row} articles failed one after another, so the run was stopped: {why}; when that is "
                "mended, run again with --retry-failed"
            )

    def check_model(self, model: str) -> None:
        """Raises `SettingsError` where another model answers than before: an unnamed one may have been changed."""
        if self._model is None:
            self._journal.keep_settings({"answered by": model})
            self._model = model
        if model != self._model:
            raise SettingsError(
                f"the server offers {model} now, but -o {self._out} was begun with {self._model}: name that one with "
                "--model, or begin anew with --restart"
            )

    def summary(self, served: int) -> Summary:
        """What the run came to; so many answers were from the cache."""
        seconds = time.monotonic() - self._began
        counts = self._journal.counts()
        return Summary(self._out, counts, self._settled, self._paid, served, seconds, self.stopped, self.changed)

    def _settle(self, outcome: Outcome) -> None:
        self._journal.settle(outcome)
        self._finished += 1
        self._settled += 1
        for total in (self._paid, self._spent):
            total.add(outcome.paid)
        self._display.finished(outcome, self._paid)


def _why(error: Exception) -> str:
    if isinstance(error, ExtractorError):
        return str(error)
    return f"this should not happen, please report it: {type(error).__name__}: {' '.join(str(error).split())}"
