"""A dossier as a page to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extractor.dossiers.schema import ClaimTold, Dossier, Told


def page(dossier: Dossier) -> str:
    """What happened in the articles' words, who says what, what conflicts, and why the incidents are one event."""
    return "".join(f"{line}\n" for line in _lines(dossier))


def _lines(dossier: Dossier) -> Iterator[str]:
    days = dossier.undated or " to ".join(dict.fromkeys((str(dossier.earliest), str(dossier.latest))))
    kind, where = dossier.type.replace("_", " "), _places(dossier) or "no place"
    yield f"== {kind}, {days}, {where} [{dossier.status}] {dossier.id}"
    yield (
        f"{len(dossier.incidents)} incident(s) in {len(dossier.articles)} article(s), "
        f"{dossier.independent_sources} independent source(s)"
    )
    for article in dossier.articles:
        yield f"  {article.date or 'no date'}  {article.publisher or 'no publisher'}  ({article.document})"
    if dossier.alone:
        yield f"  alone: {dossier.alone}"
    for source in dossier.sources:
        for why in source.because:
            yield f"  one source: {why}"
    called = {account.id: account.name for account in dossier.parties}
    for account in dossier.parties:
        if account.claims:
            yield f"{account.name}:"
            yield from (f"  {_said(claim)}" for claim in account.claims)
    for dispute in dossier.disputes:
        sides = " and ".join(called[party] for party in dispute.parties)
        yield f"dispute on {dispute.aspect} ({dispute.kind}): {sides}"
        yield from (f"  {why}" for why in dispute.because)
    for conflict in dossier.conflicts:
        yield f"conflict on {conflict.field}:"
        for version in conflict.versions:
            yield f"  {version.value}: {', '.join(dict.fromkeys(_by(one, called) for one in version.told))}"
    for toll in dossier.timeline:
        who = called[toll.by] if toll.by else "the article itself"
        words = ", ".join(toll.words)
        yield f"killed, {toll.published or 'no date'}, {who} in {toll.document}: {words} ({toll.change})"
    for link in dossier.links:
        yield f"link {' '.join(link.a)} - {' '.join(link.b)}: {link.score:g}"
        yield from (f"  + {line}" for line in link.agree)
        yield from (f"  - {line}" for line in link.differ)
        yield from (f"  ? {line}" for line in link.open)


def _places(dossier: Dossier) -> str:
    return ", ".join(dict.fromkeys(place.text for place in dossier.where))


def _said(claim: ClaimTold) -> str:
    words = _joined(span.quote for span in claim.content)
    via = f" via {', '.join(claim.via)}" if claim.via else ""
    side = f", {claim.position}" if claim.position else ""
    return f'{claim.name}{via} {claim.stance}{side} ({claim.document}, {claim.published or "no date"}): "{words}"'


def _by(told: Told, called: dict[str, str]) -> str:
    who = ", ".join(called[party] for party in told.by) or "the article itself"
    return f"{who} in {told.document}"


def _joined(parts: Iterable[str]) -> str:
    return " […] ".join(parts)
