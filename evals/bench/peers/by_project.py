"""This project, as a user with a server of their own runs it."""

from __future__ import annotations

import time
from pathlib import Path

from pydantic import JsonValue

import extractor
from evals.bench.peers.building import ReportBuilder
from evals.bench.peers.system import Result, Server, SystemName, document_of, sha256
from evals.bench.peers.task import CALL_SECONDS
from evals.goldset import GoldArticle
from extractor import Extractor, __version__
from extractor.errors import ModelError
from extractor.grounding import misplaced
from extractor.plans import PlanName
from extractor.templates import prompts_folder


class Project:
    """`Extractor(model=..., base_url=...)`.

    Args:
        plan: Left out, the plan that suits the model.
    """

    name: SystemName = "project"

    def __init__(self, plan: PlanName | None = None) -> None:
        self._plan: PlanName | None = plan

    def about(self) -> dict[str, JsonValue]:  # noqa: D102  as in the protocol
        return {
            "version": __version__,
            "code_sha256": _code_sha256(),
            "plan": self._plan,
            "call_seconds": CALL_SECONDS,
        }

    def prepare(self) -> None:  # noqa: D102  as in the protocol
        import instructor
        import openai

        del instructor, openai

    def extract(self, article: GoldArticle, server: Server) -> Result:  # noqa: D102  as in the protocol
        document = document_of(article)
        with Extractor(
            model=server.model, base_url=server.base_url, api_key=server.api_key, plan=self._plan, timeout=CALL_SECONDS
        ) as asking:
            started = time.monotonic()
            try:
                report = asking.extract(
                    article.text,
                    id=article.id,
                    date=document.date,
                    title=document.title,
                    publisher=document.publisher,
                    language=document.language,
                )
            except ModelError as error:
                seconds = time.monotonic() - started
                return Result(ReportBuilder(document).report(), seconds, error=f"{type(error).__name__}: {error}")
            seconds = time.monotonic() - started
        return Result(
            report,
            seconds,
            error=None if report.run is None or report.run.complete else "an answer was cut off or could not be used",
            not_in_text=[words for _, words in misplaced(report, article.text)],
            refused=len(report.run.dropped) if report.run else 0,
            answer=report.run.model_dump(mode="json") if report.run else None,
        )


def _code_sha256() -> str:
    """Of the package and its prompts."""
    folders = {Path(extractor.__file__).parent, prompts_folder()}
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".md", ".json"}]
    return sha256("".join(f"{path.name} {path.read_text(encoding='utf-8')}" for path in sorted(files)))
