"""Running the extractor over the documents of a benchmark, in a run folder as `python -m evals run` makes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from evals.bench.lines import lines
from evals.bench.tally import Tally, told
from extractor.cli.output import write
from extractor.errors import InputError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from evals.running import Choice


class Text(Protocol):
    """A document of a benchmark."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def sha256(self) -> str: ...  # noqa: D102


D = TypeVar("D", bound=Text)
M = TypeVar("M", bound=str)


def choose(documents: Sequence[D], *, ids: str | None, limit: int | None, max_characters: int | None = None) -> list[D]:
    """The documents named in `ids` (with commas between), of these the short ones, of these the first `limit`.

    Raises:
        InputError: A name is no document's, or nothing is left.
    """
    names = {name.strip() for name in ids.split(",")} if ids is not None else None
    if names is not None and (unknown := sorted(names - {document.id for document in documents})):
        raise InputError(f"the split has no document {', '.join(unknown)}")
    chosen = [
        document
        for document in documents
        if (names is None or document.id in names) and (max_characters is None or len(document.text) <= max_characters)
    ]
    if not chosen:
        raise InputError("no document of the split is left by --ids and --max-characters")
    return chosen[:limit]


def extract(
    documents: Sequence[Text],
    out: Path,
    choice: Choice,
    *,
    split: str,
    schema: type[BaseModel] | None = None,
    concurrency: int = 8,
    restart: bool = False,
    quiet: bool = False,
) -> dict[str, Any]:
    """What was extracted, by document: reports, or `Extraction`s of the schema; documents that failed are left out.

    Raises:
        SettingsError, PromptError, WeightsError, OutputError: As `evals.running.run` does.
    """
    from evals.running import Article, Gold, run
    from evals.running.folder import REPORTS
    from extractor.extraction import Extraction
    from extractor.schema import Report

    gold = Gold(split=split, articles=len(documents), ids=[d.id for d in documents], sha256=key_sha256(documents))
    articles = [Article(document.id, document.text, language="en") for document in documents]
    run(
        articles, out,
        gold=gold, choice=choice, schema=schema, concurrency=concurrency, restart=restart, quiet=quiet,
    )  # fmt: skip
    result = Report if schema is None else Extraction[schema]
    text = (out / REPORTS).read_text(encoding="utf-8")
    results = [result.model_validate_json(line) for _, line in lines(text)]
    return {one.document.id: one for one in results if one.document is not None and one.document.id is not None}


def score_of(
    benchmark: str,
    documents: Sequence[Text],
    tallies: Mapping[M, list[Tally]],
    *,
    out: Path | None,
    about: Mapping[str, Any],
) -> dict[str, Any]:
    """The score as JSON: figures, what they are of, and each document's counts; kept as `out`/score.json."""
    from evals.running.folder import MANIFEST, SCORE

    manifest = out / MANIFEST if out is not None else None
    score: dict[str, Any] = {
        "benchmark": benchmark,
        **about,
        "scores": {metric: told(counts) for metric, counts in tallies.items()},
        "provenance": {
            "key_sha256": key_sha256(documents),
            "scorer_sha256": _scorer_sha256(),
            "run": json.loads(manifest.read_text(encoding="utf-8")) if manifest and manifest.is_file() else None,
        },
        "documents": {
            document.id: {metric: counts[number] for metric, counts in tallies.items()}
            for number, document in enumerate(documents)
        },
    }
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        write(json.dumps(score, ensure_ascii=False), out / SCORE)
    return score


def key_sha256(documents: Sequence[Text]) -> str:
    """Of the documents with their keys, whatever the order."""
    return hashlib.sha256("".join(sorted(document.sha256 for document in documents)).encode()).hexdigest()


def _scorer_sha256() -> str:
    digest = hashlib.sha256()
    bench = Path(__file__).parent
    for path in sorted([*bench.glob("tally.py"), *bench.glob("muc4/*.py"), *bench.glob("polnear/*.py")]):
        digest.update(f"{path.parent.name}/{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()
