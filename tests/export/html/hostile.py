"""Reports whose every word would do harm if a page let it."""

from __future__ import annotations

from typing import Any, cast

from extractor.document import Document
from extractor.dossiers import Dossier
from extractor.schema import Report

PAYLOADS = (
    "</script><script>document.title='owned'</script>",
    "<img src=http://evil.example/x onerror=\"document.title='owned'\">",
    "\"' onmouseover=document.title='owned' x='",
    "</style></textarea></title><svg onload=document.title='owned'>",
    "<!-- <script> ]]> &lt;b&gt; &#0; {{ 7 * 7 }} {% raw %} ${7*7}",
)
SIGNS = (
    "nul\0 bell\x07 esc\x1b del\x7f c1\x85 \u202eturned\u202c \u2066isolated\u2069 zero\u200bwidth \u2028\u2029 \ufeff "
    "\U0001f469\u200d\U0001f680"
)
LINES = "one\r\ntwo\rthree\nfour\tfive"

TEXT = "\r\n".join([*PAYLOADS, SIGNS, LINES, "The army denied <b>any part</b> in it, it said."])

FREE = {
    "id",
    "document",
    "incident",
    "uid",
    "publisher",
    "title",
    "sha256",
    "quote",
    "text",
    "summary",
    "a",
    "b",
    "agree",
    "differ",
    "open",
    "by",
    "claims",
    "who",
    "unresolved",
    "country",
    "count",
    "words",
    "change",
    "claim",
    "source",
    "name",
    "via",
    "against",
    "names",
    "because",
    "party",
    "parties",
    "value",
    "articles",
    "alone",
    "undated",
}
"""Fields of a dossier that hold words of articles, of models or of code."""


def spot(words: str, text: str) -> dict[str, Any]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "match": "exact"}


def report(*, with_text: bool = True) -> Report:
    """A claim and an incident on each hostile stretch of the text, under ids and names that are hostile, too."""
    return report_on(TEXT, [*PAYLOADS, SIGNS, LINES], with_text=with_text)


def report_on(text: str, stretches: list[str], *, with_text: bool = True) -> Report:
    """A claim and an incident on each stretch of a text."""

    def mention(words: str, **more: Any) -> dict[str, Any]:
        return {"text": words, **spot(words, text), "actor": None, **more}

    def quote(words: str, **more: Any) -> dict[str, Any]:
        return {"quote": words, **spot(words, text), **more}

    claims = [
        {
            "id": f"C{n}{PAYLOADS[n % 5]}", "sentences": [1], "source": mention(words), "via": [mention(words)],
            "cue": mention(words), "against": mention(words), "attribution": "explicit", "content": [quote(words)],
            "stance": "denies", "incidents": [f"I{n}{PAYLOADS[n % 5]}"], "aspects": ["occurrence"],
        }
        for n, words in enumerate(stretches)
    ]  # fmt: skip
    incidents = [
        {
            "id": f"I{n}{PAYLOADS[n % 5]}", "type": "other", "realis": "actual", "status": "disputed",
            "evidence": [quote(words, sentence=1)], "initiators": [mention(words, claims=[claims[0]["id"]])],
            "targets": [mention(words)], "weapons": [mention(words)],
            "when": [mention(words, unresolved=words)],
            "where": [mention(words, relation="at", level=None, country=words, admin1=words)],
            "casualties": [{"who": mention(words), "status": "killed", "category": "unknown", "count": mention(words)}],
        }
        for n, words in enumerate(stretches)
    ]  # fmt: skip
    dropped = [{"what": words, "text": words, "why": words} for words in stretches]
    run = {"extractor_version": "1", "model": PAYLOADS[0], "plan": PAYLOADS[1], "schema_sha256": "", "dropped": dropped}
    document = {
        "id": PAYLOADS[3], "sha256": Document(text).sha256, "url": "javascript:document.title='owned'",
        "title": PAYLOADS[0] + SIGNS, "publisher": PAYLOADS[1], "language": 'en" onclick="x', "characters": len(text),
        "sentences": 1, "text": text if with_text else None, "extra": {PAYLOADS[0]: PAYLOADS[0]},
    }  # fmt: skip
    rivals = [{"incident": i["id"], "aspect": "occurrence", "kind": "contradicts", "claims": [c["id"] for c in claims],
               "parties": []} for i in incidents]  # fmt: skip
    return Report.model_validate(
        {"document": document, "actors": [], "incidents": incidents, "claims": claims, "disputes": rivals, "run": run}
    )


def dossier(dossier: Dossier) -> Dossier:
    """A dossier, each word of which that is not of the schema's own is hostile, too; what names the same still does."""

    def spoilt(value: Any, free: bool) -> Any:
        if isinstance(value, dict):
            fields = cast("dict[str, Any]", value)
            return {name: spoilt(one, name in FREE) for name, one in fields.items()}
        if isinstance(value, list | tuple):
            return [spoilt(one, free) for one in cast("list[Any]", value)]
        return f"{value} {PAYLOADS[len(value) % 5]} {SIGNS}" if free and isinstance(value, str) else value

    told: dict[str, Any] = spoilt(dossier.model_dump(mode="json"), False)
    for one in told["articles"]:
        one["url"] = "javascript:document.title='owned'"
    return Dossier.model_validate(told)
