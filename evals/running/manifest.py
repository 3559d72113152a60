"""What a run was made with, and what it took: run.json."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from pydantic import BaseModel, ConfigDict

import extractor
from evals.running.article import Article
from extractor.plans import PlanName
from extractor.schema import PromptUsed, Report

if TYPE_CHECKING:
    from evals.goldset import GoldArticle
    from extractor.extraction import Extraction

PACKAGES = ("openai", "instructor", "pydantic", "xllamacpp")
"""Those that shape what a model is asked and how its answer is read."""


class Record(BaseModel):
    """Base: unknown keys are refused, so that a manifest of another version is not half read."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Settings(Record):
    """What was chosen on the command line or in the environment; never a key or a path."""

    model: str | None
    """`embedded`, or the name given; null: the one that the server offers."""
    kind: Literal["embedded", "openai", "server"]
    base_url: str | None
    plan: PlanName | None
    """Null: as suits the model."""
    prompt: PromptUsed | None
    """Another prompt than the plan's own."""
    replayed: str | None = None
    """The sha256 of the recorded answers, where no model was asked."""


class Gold(Record):
    """The articles of a run."""

    split: str
    articles: int
    ids: list[str] | None = None
    """The articles, where not the whole split was chosen."""
    sha256: str
    """Of the articles that were chosen and what the extractor is told of them; a score has the hash of the labels."""

    @classmethod
    def of(cls, split: str, articles: Sequence[GoldArticle], *, chosen: bool = False) -> Gold:
        """The articles of a run over a gold folder; `chosen` if they are not the whole split."""
        ids = [article.id for article in articles] if chosen else None
        return cls(split=split, articles=len(articles), ids=ids, sha256=articles_sha256(articles))


class Code(Record):
    """The code that extracts."""

    version: str
    sha256: str
    """Of the files of the package."""
    prompts_sha256: str
    """Of the prompt files."""


class Origin(Record):
    """All that a result depends on but the model's chance: a run goes on only with the same."""

    settings: Settings
    gold: Gold
    code: Code
    schema_sha256: str
    packages: dict[str, str | None]
    """Versions; null: not installed."""


class Totals(Record):
    """Added up over the reports; what articles cost that failed is not in it."""

    calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = 0.0
    """Null as soon as the price of one article is not known."""
    seconds: float = 0.0
    """More than the clock's where several articles were under way at once."""


class Manifest(Origin):
    """run.json."""

    model: str | None = None
    """The model's own name, as the reports have it."""
    plan: str | None = None
    prompts: list[PromptUsed] = []
    """All that were used."""
    reports: int = 0
    failed: int = 0
    finished: bool = False
    """Whether every article was tried."""
    totals: Totals = Totals()


def origin(settings: Settings, gold: Gold, schema: type[BaseModel] = Report) -> Origin:
    """What a run that starts now with these settings is made with."""
    from extractor.extraction import schema_sha256

    return Origin(
        settings=settings,
        gold=gold,
        code=code(),
        schema_sha256=schema_sha256(schema),
        packages=package_versions(),
    )


def manifest(
    made_with: Origin, reports: Iterable[Report | Extraction[Any]], *, failed: int = 0, finished: bool = False
) -> Manifest:
    """The manifest of a run with these reports."""
    runs = [report.run for report in reports if report.run is not None]
    used = {(prompt.name, prompt.version, prompt.sha256): prompt for run in runs for prompt in run.prompts}
    costs = [run.cost_usd for run in runs]
    return Manifest(
        **made_with.model_dump(include=set(Origin.model_fields)),
        model=_common(run.model for run in runs),
        plan=_common(run.plan for run in runs),
        prompts=[used[key] for key in sorted(used)],
        reports=len(runs),
        failed=failed,
        finished=finished,
        totals=Totals(
            calls=sum(run.calls for run in runs),
            input_tokens=sum(run.input_tokens for run in runs),
            cached_tokens=sum(run.cached_tokens for run in runs),
            output_tokens=sum(run.output_tokens for run in runs),
            cost_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
            seconds=round(sum(run.seconds for run in runs), 3),
        ),
    )


def differences(before: Origin, now: Origin) -> list[str]:
    """What differs, a phrase each: `plan (was whole, is stepwise)`."""
    old, new = dict(_leaves(before)), dict(_leaves(now))
    return [
        f"{name} (was {_shown(old.get(name))}, is {_shown(new.get(name))})"
        for name in dict.fromkeys([*old, *new])
        if old.get(name) != new.get(name)
    ]


def code() -> Code:
    """The version of the extractor, and hashes of its files and of the prompts."""
    from extractor.templates import folder_sha256, prompts_sha256

    package = Path(extractor.__file__).parent
    return Code(
        version=extractor.__version__,
        sha256=folder_sha256(package, leave_out="_prompts"),
        prompts_sha256=prompts_sha256(),
    )


def package_versions(packages: Iterable[str] = PACKAGES) -> dict[str, str | None]:
    """The installed versions; None for a package that is not there."""
    return {package: _version(package) for package in packages}


def articles_sha256(articles: Iterable[GoldArticle]) -> str:
    """The sha256 of what an extractor is told of the articles, whatever their order."""
    digest = hashlib.sha256()
    for article in sorted(map(Article.of, articles), key=lambda article: article.id):
        digest.update(json.dumps(astuple(article), default=str).encode())
    return digest.hexdigest()


def _leaves(made_with: Origin) -> Iterator[tuple[str, Any]]:
    for part, value in made_with.model_dump(mode="json", include=set(Origin.model_fields)).items():
        if isinstance(value, dict):
            for name, leaf in cast(dict[str, Any], value).items():
                yield (name if part == "settings" else f"{part} {name}"), leaf
        else:
            yield part, value


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        prompt = cast(dict[str, Any], value)
        return f"{prompt['name']} {prompt['version']} {_shown(prompt['sha256'])}"
    if isinstance(value, list):
        names = [str(name) for name in cast(list[Any], value)]
        return f"{len(names)} from {names[0]} to {names[-1]}" if names else "none"
    if isinstance(value, str) and len(value) == 64:
        return value[:12]
    return "not given" if value is None else str(value)


def _common(names: Iterable[str]) -> str | None:
    return ", ".join(sorted(set(names))) or None


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
