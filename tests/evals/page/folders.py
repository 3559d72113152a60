"""A small gold folder, one of whose articles would do harm if it could, and scored runs over it."""

import json
import shutil
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from evals.cli.app import app
from evals.goldset import GOLD, load
from extractor.document import Document
from extractor.schema import Claim, Report

TAME = ("tolvara-market", "cali-blasts-live")
HOSTILE = "hostile"
HOSTILE_TEXT = (
    "<script>document.title='owned'</script> </style></div></details><img src=http://evil.example/x onerror=alert(1)>\n"
    "{{ 7 * 7 }} {% raw %} The <b>army</b> said \"5 & more\" died.\t'It' denied <!-- that.\n"
)


def write_gold(folder: Path) -> Path:
    """Two articles of the project's gold set and the hostile one."""
    for part in ("articles", "labels"):
        (folder / part).mkdir(parents=True)
    for name in TAME:
        shutil.copy(GOLD / "articles" / f"{name}.txt", folder / "articles")
        shutil.copy(GOLD / "labels" / f"{name}.json", folder / "labels")
    (folder / "articles" / f"{HOSTILE}.txt").write_bytes(HOSTILE_TEXT.encode())
    (folder / "labels" / f"{HOSTILE}.json").write_text(json.dumps(hostile_label()), encoding="utf-8")
    styles = dict.fromkeys(TAME, "wire") | {HOSTILE: "</style><script>alert(2)</script>"}
    index = {
        name: {"split": "dev", "style": style, "continent": "Europe", "difficulties": ["relays & denials"]}
        for name, style in styles.items()
    }
    (folder / "index.json").write_text(json.dumps(index), encoding="utf-8")
    return folder


def hostile_label() -> dict[str, Any]:
    claims = [claim("C1", "The <b>army</b>", "said", '"5 & more" died'), claim("C2", "'It'", "denied", "<!-- that")]
    return {"actors": [], "incidents": [], "claims": claims}


def claim(name: str, source: str, cue: str, content: str, text: str = HOSTILE_TEXT) -> dict[str, Any]:
    start = text.index(content)
    return {
        "id": name,
        "sentences": [1],
        "source": mention(source, text),
        "via": [],
        "cue": mention(cue, text),
        "against": None,
        "attribution": "explicit",
        "content": [{"start": start, "end": start + len(content), "quote": content, "match": "exact"}],
        "stance": "asserts",
        "incidents": [],
        "aspects": ["casualties"],
    }


def mention(words: str, text: str = HOSTILE_TEXT) -> dict[str, Any]:
    start = text.index(words)
    return {"text": words, "start": start, "end": start + len(words), "match": "exact", "actor": None}


def flawed(gold: Path) -> dict[str, Report]:
    """Reports with a critical error of several kinds, a missed claim, a false one and fields that differ."""
    reports = {article.id: article.label.model_copy(deep=True) for article in load(gold)}
    tolvara, hostile = reports[TAME[0]], reports[HOSTILE]
    first = tolvara.incidents[0]
    first.initiators, first.targets = first.targets, first.initiators
    for when in first.when:
        when.earliest = when.latest = when.earliest and when.earliest.replace(year=1999)
    missed = tolvara.claims.pop(0)
    tolvara.claims[0].stance = "threatens"
    tolvara.claims[1].source = missed.source
    false = claim("C9", "<script>", "</style>", "</div></details>")
    hostile.claims.append(Claim.model_validate(false))
    hostile.claims[1].source.text = "</style><script>alert(3)</script>"
    return reports


def write_run(folder: Path, gold: Path, reports: dict[str, Report], **took: Any) -> Path:
    """A run's folder with these reports, scored."""
    folder.mkdir(parents=True)
    lines: list[str] = []
    for name, report in reports.items():
        made = {"extractor_version": "0", "model": "a-model", "plan": "stepwise", "schema_sha256": "0" * 64} | took
        document = Document((gold / "articles" / f"{name}.txt").read_bytes().decode())
        known = {"id": name, "sha256": document.sha256, "characters": len(document.text), "sentences": 1}
        told = json.loads(report.to_json()) | {"run": made, "document": known}
        lines.append(json.dumps(told))
    (folder / "reports.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert evals("score", "--pred", folder, "--gold", gold, "--resamples", "100").exit_code == 0
    return folder


def evals(*arguments: object) -> Result:
    """`python -m evals` with these arguments."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])
