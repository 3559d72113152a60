"""Is a gold folder whole? Spans, references, an index entry and a label for every article, frozen test labels."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from evals.goldset.gold import GoldArticle, load, names
from extractor.document import Document
from extractor.errors import InputError
from extractor.schema import Report

FROZEN = "frozen.json"
CORRECTIONS = "CORRECTIONS.md"
FOLDERS = ("labels", "first", "second")
"""Of labels; the last two hold the two independent labellings, for those articles that have two."""


def problems(folder: Path) -> Iterator[str]:
    """What is wrong with a gold folder, a line each; nothing if all is well."""
    articles = {path.stem for path in (folder / "articles").glob("*.txt")}
    for labels in FOLDERS:
        for name in [] if not (folder / labels).is_dir() else names(folder, labels=labels):
            if name not in articles:
                yield f"{labels}/{name}.json is the label of no article: articles/{name}.txt is missing"
                continue
            try:
                (article,) = load(folder, ids=[name], labels=labels)
            except InputError as error:
                yield str(error)
                continue
            yield from (f"{labels}/{name}.json: {problem}" for problem in _inconsistent(article))
            if (folder / "index.json").is_file() and article.entry is None:
                yield f"index.json does not tell the split of {name}"
    labelled = {path.stem for path in (folder / "labels").glob("*.json")}
    yield from (
        f"articles/{name}.txt has no label: labels/{name}.json is missing" for name in sorted(articles - labelled)
    )
    yield from _thawed(folder)


def freeze(folder: Path) -> int:
    """Write the hash of every test article and label; returns how many.

    Raises `InputError` when a frozen one has changed and CORRECTIONS.md does not name it.
    """
    listed = folder / CORRECTIONS
    corrections = listed.read_text(encoding="utf-8") if listed.is_file() else ""
    for line in _thawed(folder):
        name = line.split(":")[0]
        if name not in corrections:
            raise InputError(f"{line}, before it is frozen anew")
    hashes = {name: _sha256(folder, name) for name in names(folder, "test")}
    (folder / FROZEN).write_text(json.dumps(hashes, indent=1) + "\n", encoding="utf-8")
    return len(hashes)


def _thawed(folder: Path) -> Iterator[str]:
    path = folder / FROZEN
    if not path.is_file():
        return
    frozen: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    for name in sorted(frozen.keys() | set(names(folder, "test"))):
        if name not in frozen:
            yield f"{name}: is in the test split but not in {FROZEN}: list it in {CORRECTIONS}"
        elif not all(path.is_file() for path in _parts(folder, name)) or _sha256(folder, name) != frozen[name]:
            yield f"{name}: is not as it was frozen: list it in {CORRECTIONS}, with the score before and after"


def _sha256(folder: Path, name: str) -> str:
    return hashlib.sha256(b"\0".join(part.read_bytes() for part in _parts(folder, name))).hexdigest()


def _parts(folder: Path, name: str) -> tuple[Path, Path]:
    return folder / "articles" / f"{name}.txt", folder / "labels" / f"{name}.json"


def _inconsistent(article: GoldArticle) -> Iterator[str]:
    label = article.label
    yield from _inconsistent_accept(article)
    party = {actor.id: actor.party for actor in label.actors}
    for claim in label.claims:
        if claim.source.actor is None:
            yield f"{claim.id}: whose words they are is not told: give its source an actor"
        if not claim.aspects or not claim.content:
            yield f"{claim.id}: has no {'aspects' if claim.content else 'content'}"
    for held in label.parties:
        if {actor for actor, name in party.items() if name == held.id} != set(held.actors):
            yield f"{held.id}: its actors are not those whose party it is"
    yield from _inconsistent_rivals(label, party)
    sentences = {(s.start, s.end) for s in Document(article.text, language=_language(article)).sentences}
    for incident in label.incidents:
        for told in incident.evidence:
            if (told.start, told.end) not in sentences:
                yield f"{incident.id}: its evidence {told.quote[:40]!r} is not a sentence"
        if incident.status is None:
            yield f"{incident.id}: has no status"


def _inconsistent_accept(article: GoldArticle) -> Iterator[str]:
    try:
        article.accept.check_words(article.text)
    except InputError as error:
        yield str(error)
    for group in article.accept.together:
        for name, times in Counter(group).items():
            if times > 1:
                yield f"accept: {name} is {times} times in one group of `together`: name each of its claims once"


def _inconsistent_rivals(label: Report, party: Mapping[str, str | None]) -> Iterator[str]:
    said = {claim.id: party.get(claim.source.actor or "") for claim in label.claims}
    for relation in label.relations or []:
        if said[relation.a] == said[relation.b]:
            yield f"{relation.a} and {relation.b} are rivals in `relations` but of one party"
    for dispute in label.disputes:
        rivals = {
            claim
            for relation in label.relations or []
            if (relation.incident, relation.aspect, relation.kind) == (dispute.incident, dispute.aspect, dispute.kind)
            for claim in (relation.a, relation.b)
        }
        if rivals != set(dispute.claims):
            yield f"the dispute on {dispute.incident} {dispute.aspect} holds other claims than its relations"
        if {said[claim] for claim in dispute.claims if claim in said} != set(dispute.parties):
            yield f"the dispute on {dispute.incident} {dispute.aspect} holds other parties than its claims"


def _language(article: GoldArticle) -> str | None:
    return article.label.document.language if article.label.document else None
