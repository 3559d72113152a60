"""Articles a second through one process, beside the bare client and the peers, when each answer takes 200 ms.

Each system reads the same short articles (`evals.bench.speed.articles`), a call each, from the same server, which has
the right answer ready in the system's own form; so what is measured is waiting and the work of the client.

- `extractor run` with the plan `whole`, which makes one call for each of these articles (the `stepwise` plan, for small
  models, makes dozens); as its user runs it: journal, cache of answers, reports checked, grounded and worked out.
- The bare openai client sends the very requests that `extractor run` sent, and reads the words of the answers.
- Plain instructor asks for the peers' schema of verbatim quotes; it validates, and looks for nothing in the text.
- langextract asks for the peers' output schema, and aligns; its whole corpus is one batch, which spares it waiting for
  the slowest of each ten.

Articles a second are those of the server's clock, from the first request after as many as are made at a time to the
last answer: what is loaded for the first report is not in it. For the processor time a system is run over a few
articles as well; what the many take more, divided by how many more they are, is what an article takes, the writing of
all results at the end included and the start of the process not. Systems take turns, round after round.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from evals.bench.peers.by_langextract import ATTRIBUTES, PROMPT, worked_examples
from evals.bench.peers.environment import langextract_python
from evals.bench.peers.task import MAX_OUTPUT_TOKENS
from evals.bench.speed import langextract_many
from evals.bench.speed.articles import DATE, TEXT
from evals.bench.speed.clients import MODEL
from evals.bench.speed.measured import Took, run
from evals.bench.speed.server import Latency, Seen, Served, ceiling, served
from extractor.errors import ModelError

NAMES = {"project": "extractor run", "bare": "bare openai", "instructor": "instructor", "langextract": "langextract"}
_FORMS = {"project": "whole", "bare": "whole", "instructor": "quoted", "langextract": "listed"}


@dataclass
class Line:
    """What one system takes at one concurrency, a figure a round."""

    per_second: list[float] = field(default_factory=list[float])
    """Articles."""
    cpu_ms: list[float] = field(default_factory=list[float])
    """Of processor time, for an article."""

    def ratio(self, other: Line) -> float:
        """How many articles for each one of the other; the median of the rounds."""
        return median(ours / theirs for ours, theirs in zip(self.per_second, other.per_second, strict=True))


@dataclass
class Figures:
    """All of it."""

    articles: int
    rounds: int
    seconds: float
    """That an answer takes."""
    server_ceiling: float
    """Requests a second that the server answers without that."""
    lines: dict[int, dict[str, Line]] = field(default_factory=dict[int, dict[str, Line]])
    """By concurrency and system."""


def measure(
    *,
    articles: int,
    rounds: int,
    concurrencies: Sequence[int] = (16, 64),
    systems: Sequence[str] = tuple(NAMES),
    seconds: float = 0.2,
    told: Callable[[str], None] = lambda _: None,
) -> Figures:
    """Run all systems.

    Args:
        articles: How many of them, beyond the few.
        rounds: How often.
        concurrencies: Calls at a time.
        systems: Of `NAMES`.
        seconds: That an answer takes.
        told: Is told how it goes.

    Raises:
        ModelError: A system failed, or asked for something more or less than a call an article.
    """
    with TemporaryDirectory() as temporary, served() as server:
        folder = Path(temporary)
        figures = Figures(articles, rounds, seconds, ceiling(server, max(640, 4 * articles)))
        server.slow_down(Latency(seconds))
        for at_once in concurrencies:
            of = figures.lines[at_once] = {name: Line() for name in systems}
            corpora = [_corpora(folder / f"{at_once}-{count}", count) for count in (at_once, at_once + articles)]
            for _ in range(rounds):
                for name in systems:
                    (few, _), (many, seen) = (_took(name, server, corpus, at_once) for corpus in corpora)
                    of[name].per_second.append(articles / (seen.last - seen.came[at_once]))
                    of[name].cpu_ms.append(1000 * (many.cpu_seconds - few.cpu_seconds) / articles)
                    told(
                        f"{at_once} at a time, {NAMES[name]}: {of[name].per_second[-1]:.1f} articles/s, "
                        f"{of[name].cpu_ms[-1]:.1f} ms of processor time each"
                    )
    return figures


@dataclass(frozen=True, slots=True)
class Corpora:
    """The same articles as each system wants them."""

    count: int
    articles: Path
    requests: Path
    task: Path


def _corpora(folder: Path, count: int) -> Corpora:
    folder.mkdir()
    corpora = Corpora(count, folder / "articles.jsonl", folder / "requests.jsonl", folder / "task.json")
    write_articles(corpora.articles, count)
    _write_requests(corpora.requests, count)
    task: Mapping[str, Any] = {
        "corpus": str(corpora.articles), "prompt": PROMPT, "examples": worked_examples(), "attributes": ATTRIBUTES,
        "max_output_tokens": MAX_OUTPUT_TOKENS,
    }  # fmt: skip
    corpora.task.write_text(json.dumps(task), encoding="utf-8")
    return corpora


def write_articles(path: Path, count: int) -> None:
    """A corpus for `extractor run`."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps({"id": f"a{number:06}", "text": TEXT.of(number), "date": DATE}) + "\n")


def _write_requests(path: Path, count: int) -> None:
    """The requests that `extractor run` sends, a line each: what one article's is, with the names of the others."""
    from evals.bench.speed.articles import Template
    from evals.bench.speed.recorded import request_about

    request = Template(json.dumps(request_about(TEXT.words, date=DATE)))
    path.write_text("".join(f"{request.of(number)}\n" for number in range(count)), encoding="utf-8")


def _took(name: str, server: Served, corpus: Corpora, at_once: int) -> tuple[Took, Seen]:
    base_url = server.base_url(_FORMS[name])
    server.seen()
    if name == "project":
        took = run_extractor(corpus.articles, base_url, at_once)
    elif name == "langextract":
        command = [langextract_python(), langextract_many.__file__, "TOLD", base_url, corpus.task, str(at_once)]
        took = run(command)
    else:
        lines = corpus.requests if name == "bare" else corpus.articles
        took = run([*_CLIENT, name, "TOLD", base_url, lines, str(at_once)])
    seen = server.seen()
    if seen.requests != corpus.count:
        raise ModelError(f"{NAMES[name]} made {seen.requests} calls for {corpus.count} articles")
    return took, seen


_CLIENT = [sys.executable, "-m", "evals.bench.speed.clients"]


def run_extractor(corpus: Path, base_url: str, at_once: int, out: Path | None = None) -> Took:
    """`extractor run` over a corpus into a folder of its own, or into `out`."""
    with TemporaryDirectory() if out is None else nullcontext(out) as folder:
        where = ["-o", Path(folder) / "out", "--model", MODEL, "--base-url", base_url, "--plan", "whole"]
        return run([*_CLIENT, "extractor", "TOLD", "run", corpus, *where, "--concurrency", str(at_once), "--quiet"])
