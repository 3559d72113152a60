"""What was scored, and with what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import extractor

_HERE = Path(__file__).parent


def provenance(folder: Path, ids: Sequence[str], pred: Path) -> dict[str, Any]:
    """Hashes of the labels, of the scorer and of the reports, and the manifest of the run if there is one."""
    reports = pred / "reports.jsonl" if pred.is_dir() else pred
    manifest = reports.parent / "run.json"
    run: dict[str, Any] | None = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else None
    return {
        "gold_sha256": gold_files_sha256(folder, ids),
        "scorer_sha256": _sha256(sorted(_HERE.glob("*.py"))),
        "reports_sha256": _sha256([reports]),
        "extractor_version": extractor.__version__,
        "run": run,
    }


def gold_files_sha256(folder: Path, ids: Sequence[str]) -> str:
    """The hash of the articles and labels scored; two scores are comparable when it is the same."""
    return _sha256([folder / part for name in ids for part in (f"articles/{name}.txt", f"labels/{name}.json")])


def _sha256(paths: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(f"{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
