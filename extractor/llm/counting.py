"""What one answer cost."""

from extractor.llm.answers import Answer, TokenCounts
from extractor.llm.prices import cost
from extractor.llm.usage import Usage
from extractor.settings import Endpoint


def count_answer(answer: Answer, endpoint: Endpoint, model: str | None, usage: Usage) -> None:
    """Add an answer to what was used.

    Args:
        answer: What the server said, its count of tokens among it.
        endpoint: Where it was asked.
        model: What was asked for, should the answer not tell who gave it.
        usage: Where it is added.
    """
    said = answer.usage or TokenCounts()
    usage.add_call(
        input_tokens=said.prompt_tokens,
        cached_tokens=said.cached,
        output_tokens=said.completion_tokens,
        cost_usd=price(answer, endpoint, model),
    )


def price(answer: Answer, endpoint: Endpoint, model: str | None) -> float | None:
    """US dollars for an answer; None where nobody knows. The arguments as for `count_answer`."""
    if endpoint.kind == "embedded":
        return 0.0
    if endpoint.kind != "openai" or not answer.usage:
        return None
    said = answer.usage
    return cost(
        answer.model or model or "",
        input_tokens=said.prompt_tokens,
        cached_tokens=said.cached,
        written_tokens=said.written,
        output_tokens=said.completion_tokens,
        batch=answer.processing == "batch",
    )
