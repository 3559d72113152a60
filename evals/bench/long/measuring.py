"""What a long report costs: calls, characters of prompts, processor time and memory of a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from evals.bench.long.articles import article, scripted
from evals.bench.stub import Reply, serving


@dataclass(frozen=True)
class Cost:
    """What extracting from one report took."""

    plan: str
    characters: int
    sentences: int
    calls: int
    asked: int
    """Characters of all prompts together."""
    longest: int
    """Characters of the longest prompt."""
    seconds: float
    """Of processor time, the server's and that of starting up left out."""
    megabytes: float
    """At the peak."""
    idle_megabytes: float
    """Before the article."""
    incidents: int
    claims: int
    dropped: int


def measure(size: int, plan: str, seed: int = 7) -> Cost:
    """Make a report of about `size` bytes and extract from it in a process of its own, the model being scripted.

    Raises:
        subprocess.CalledProcessError: The extraction failed.
    """
    sizes: list[int] = []

    def model(request: dict[str, Any]) -> Reply:
        sizes.append(sum(len(message["content"]) for message in request["messages"]))
        return scripted(request)

    with serving(model) as stub:
        command = [sys.executable, "-m", "evals.bench.long.measured", stub.base_url, plan, str(size), str(seed)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(done.stdout)
    warming = told.pop("warming_calls")
    sizes = sizes[warming:]
    return Cost(
        plan=plan,
        characters=len(article(size, seed)),
        calls=len(sizes),
        asked=sum(sizes),
        longest=max(sizes),
        **told,
    )
