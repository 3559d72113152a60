"""How many sources tell of an event independently: what is printed twice is told once.

Articles count as one source when one outlet published them, when the sentences that tell of the event are mostly the
same (an agency's story reprinted), or when all that both say of it was passed on by one and the same relayer.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from rapidfuzz import fuzz, process

from extractor.derive.parties import components
from extractor.dossiers.features import plain
from extractor.dossiers.names import Name, name
from extractor.dossiers.schema import Article, Independent, Telling

_ALIKE = 85.0
"""Of 100, Indel similarity (rapidfuzz) from which two sentences are one, edited."""
_MOSTLY = 0.6
"""The share of the shorter telling's characters that stand in the other."""
_SENTENCE = 30
"""Characters; shorter sentences are alike by chance."""


class _Read(NamedTuple):
    article: Article
    sentences: list[str]
    publisher: Name | None
    relayer: Name | None
    """Who passed on all that the article says of the event, where that is one."""


def independent(tellings: Sequence[Telling]) -> list[Independent]:
    """The articles as they count: those of one source together, and why they are."""
    if len({telling.article.document for telling in tellings}) == 1:
        return [Independent([tellings[0].article.document], [])]
    read = [_read([one for one in tellings if one.article.document == document])
            for document in dict.fromkeys(telling.article.document for telling in tellings)]  # fmt: skip
    found = [(one, other, why) for one, other in combinations(read, 2) if (why := _one_source(one, other))]
    ids = [one.article.document for one in read]
    root = components(ids, [(one.article.document, other.article.document) for one, other, _ in found])
    groups: dict[str, list[str]] = {}
    for each in ids:
        groups.setdefault(root[each], []).append(each)
    return [
        Independent(articles, [why for one, _, why in found if root[one.article.document] == root[articles[0]]])
        for articles in groups.values()
    ]


def _read(tellings: Sequence[Telling]) -> _Read:
    article = tellings[0].article
    told = {plain(quote.quote): None for telling in tellings for quote in telling.member.evidence}
    relayers = [_relayer(claim.via, claim.name, claim.media) for telling in tellings for _, claim in telling.claims]
    known = {one.words: one for one in relayers if one is not None}
    alone = next(iter(known.values())) if len(known) == 1 and None not in relayers else None
    return _Read(
        article,
        [sentence for sentence in told if len(sentence) >= _SENTENCE],
        name(article.publisher) if article.publisher else None,
        alone,
    )


def _relayer(via: Sequence[str], source: str, media: bool) -> Name | None:
    return name(via[-1]) if via else name(source) if media else None


def _one_source(one: _Read, other: _Read) -> str | None:
    a, b = one.article.document, other.article.document
    if one.publisher and other.publisher and one.publisher.words == other.publisher.words:
        return f"{a} and {b}: both published by {one.article.publisher}"
    if (shared := _shared(one.sentences, other.sentences)) >= _MOSTLY:
        return f"{a} and {b}: {shared:.0%} of the shorter telling stands in the other too"
    for ours, theirs in ((one, other), (other, one)):
        known = [each.words for each in (theirs.relayer, theirs.publisher) if each]
        if ours.relayer and ours.relayer.words in known:
            return f"{a} and {b}: both have it from {ours.relayer.text}"
    return None


def _shared(ours: list[str], theirs: list[str]) -> float:
    """The share of the shorter telling, by characters, whose sentences stand in the other or nearly so."""
    few, many = sorted((ours, theirs), key=lambda told: sum(map(len, told)))
    if not few:
        return 0.0
    found = (each for each in few if process.extractOne(each, many, scorer=fuzz.ratio, score_cutoff=_ALIKE))
    return sum(map(len, found)) / sum(map(len, few))
