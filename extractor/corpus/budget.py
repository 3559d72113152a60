"""How much a run may cost: begun is only what, as far as can be told, will not go beyond it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from extractor.errors import SettingsError
from extractor.llm.usage import Usage
from extractor.settings import Embedded, Endpoint


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits on all that a journal's runs cost, earlier ones and failed articles included; None: no limit."""

    max_cost: float | None = None
    """US dollars."""
    max_tokens: int | None = None
    """Read and written."""

    def check(self, model: Endpoint | Embedded) -> None:
        """Raises `SettingsError` where a limit in dollars could never be kept, for nobody knows the price."""
        if self.max_cost is None or isinstance(model, Embedded) or model.kind == "embedded":
            return
        from extractor.llm.prices import is_priced

        if model.kind != "openai" or not is_priced(model.model or ""):
            raise SettingsError(
                f"--max-cost cannot be kept: the price of {model.model or 'the model'} at {model.where} is not known; "
                "use --max-tokens"
            )

    def allows(self, articles: int, spent: Usage, under_way: Iterable[Usage]) -> bool:
        """Whether one more article may be begun.

        Each that is under way is taken to cost what an article did on average so far. While there is no average, one
        goes alone.

        Args:
            articles: How many are finished.
            spent: On those.
            under_way: What each of the others has cost up to now.
        """
        if self.max_cost is None and self.max_tokens is None:
            return True
        if spent.cost_usd is None and self.max_cost is not None:
            return False
        going = list(under_way)
        if not articles:
            return not going
        limits = ((self.max_cost, _dollars), (self.max_tokens, _tokens))
        for limit, of in limits:
            if limit is not None:
                mean = of(spent) / articles
                if of(spent) + sum(max(of(one), mean) for one in going) + mean > limit:
                    return False
        return True

    def affords(self, articles: int, spent: Usage, begun: int, worst: Usage) -> bool:
        """Whether so many more articles may be under way together, where none can be waited for before the next.

        Each is taken to cost what an article did on average so far; while there is no average, all of them `worst`,
        and one may go alone.

        Args:
            articles: How many are finished.
            spent: On those.
            begun: How many would be under way.
            worst: What those could cost at most, as far as can be told.
        """
        if self.max_cost is not None and spent.cost_usd is None:
            return False
        if not articles and begun == 1:
            return True
        return all(
            of(spent) + (of(spent) / articles * begun if articles else of(worst)) <= limit
            for limit, of in ((self.max_cost, _dollars), (self.max_tokens, _tokens))
            if limit is not None
        )

    def __str__(self) -> str:
        parts = (
            self.max_cost is not None and f"--max-cost {self.max_cost:g}",
            self.max_tokens is not None and f"--max-tokens {self.max_tokens}",
        )
        return " and ".join(part for part in parts if part)


def _dollars(usage: Usage) -> float:
    return usage.cost_usd or 0.0


def _tokens(usage: Usage) -> float:
    return usage.input_tokens + usage.output_tokens
