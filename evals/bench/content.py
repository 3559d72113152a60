"""How well the content cutter recovers the content of gold attributions, given their gold source and cue.

Reads PolNeAR as JSON lines ({"id", "text", "claims": [{"source", "cue", "content": [[start, end], ...]}]}) and prints,
in all and by form, the share of contents cut with a character IoU of at least 0.5, the mean IoU, and the share cut
exactly (but for outer punctuation and a leading "that").

PolNeAR: Newell, Margolin and Ruths, "An Attribution Relations Corpus for Political News", LREC 2018.

    python -m evals.bench.content --data polnear --split train --limit 300
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypedDict

from extractor.derive.content import Attribution, Span, cut, run_on
from extractor.document import Document

THAT = "that "
OUTER = " \t\r\n\u00a0.,;:!?-–—'\"“”‘’"


class GoldClaim(TypedDict):
    """One attribution of the corpus: lists of [start, end] code-point offsets."""

    source: list[list[int]]
    cue: list[list[int]]
    content: list[list[int]]


class Cut(NamedTuple):
    """One gold claim and what was cut for it."""

    document: str
    form: str
    gold: list[Span]
    pred: list[Span]
    iou: float
    exact: bool


def read(path: Path, limit: int | None) -> Iterator[tuple[str, str, list[GoldClaim]]]:
    """Yield (id, text, claims) of the first `limit` documents of a JSON lines file."""
    with path.open(encoding="utf-8", newline="") as lines:
        for number, line in enumerate(lines):
            if limit is not None and number >= limit:
                return
            document = json.loads(line)
            yield document["id"], document["text"], document["claims"]


def touched(sentences: Sequence[Span], spans: Sequence[Span]) -> list[Span]:
    """The run of consecutive sentences from the first to the last that any of the spans touches."""
    hits = [i for i, (start, end) in enumerate(sentences) if any(a < end and start < b for a, b in spans)]
    return list(sentences[hits[0] : hits[-1] + 1]) if hits else []


def characters(spans: Sequence[Span]) -> set[int]:
    """The offsets of the characters in the spans."""
    return {offset for start, end in spans for offset in range(start, end)}


def bare(text: str, spans: Sequence[Span]) -> str:
    """The words of the spans without space, without outer punctuation and without a leading "that"."""
    words = " ".join(" ".join(text[start:end] for start, end in spans).split()).strip(OUTER)
    return "".join(words.removeprefix(THAT).strip(OUTER).split())


def form_of(text: str, claim: GoldClaim) -> str:
    """Where the cue stands towards the content."""
    cue, content = claim["cue"], claim["content"]
    if " ".join(text[start:end] for start, end in cue).lower().endswith("according to"):
        return "according to"
    if cue[0][0] < content[0][0]:
        return "cue before content"
    return "cue after content" if content[-1][1] <= cue[0][0] else "cue in the middle"


def longest_stretch(sentences: Sequence[Span], attribution: Attribution) -> list[Span]:
    """The baseline: the longest stretch of the sentences beside source and cue."""
    edges = sorted(span for span in (attribution.source, attribution.cue) if span)
    marks = [sentences[0][0], *(offset for span in edges for offset in span), sentences[-1][1]]
    best = max(zip(marks[::2], marks[1::2], strict=True), key=lambda gap: gap[1] - gap[0])
    return [best] if best[0] < best[1] else []


def hull(spans: Sequence[Sequence[int]]) -> Span | None:
    """From the start of the first span to the end of the last."""
    return (spans[0][0], spans[-1][1]) if spans else None


def given_sentences(
    text: str, everything: Sequence[Span], pointers: Sequence[Span], gold: Sequence[Span], how: str
) -> list[Span]:
    """The sentences to cut from: of pointers and gold, of pointers only, or where quotations run on from these."""
    if how == "gold":
        return touched(everything, [*pointers, *gold])
    sentences = touched(everything, pointers)
    if how == "cue":
        return sentences
    first, last = everything.index(sentences[0]), everything.index(sentences[-1])
    return list(everything[run_on(text, everything, first).start : run_on(text, everything, last).stop])


def measure(documents: Iterator[tuple[str, str, list[GoldClaim]]], *, baseline: bool, how: str) -> Iterator[Cut]:
    """Cut every gold claim of the documents."""
    for name, text, everything_claimed in documents:
        everything = [(sentence.start, sentence.end) for sentence in Document(text, language="en").sentences]
        claims = [claim for claim in everything_claimed if claim["content"] and claim["cue"]]
        attributions = [Attribution(hull(claim["source"]), hull(claim["cue"])) for claim in claims]
        for claim, attribution in zip(claims, attributions, strict=True):
            gold = [(start, end) for start, end in claim["content"]]
            pointers = [span for span in (attribution.source, attribution.cue) if span]
            sentences = given_sentences(text, everything, pointers, gold, how)
            if baseline:
                pred = longest_stretch(sentences, attribution)
            else:
                low, high = sentences[0][0], sentences[-1][1]
                others = [a for a in attributions if a is not attribution and a.cue and low <= a.cue[0] < high]
                pred = cut(text, sentences, [attribution, *others])[0]
            a, b = characters(gold), characters(pred)
            exact = bare(text, gold) == bare(text, pred)
            yield Cut(name, form_of(text, claim), gold, pred, len(a & b) / len(a | b), exact)


def table(cuts: Sequence[Cut]) -> str:
    """The figures, a form a line."""
    forms: dict[str, list[Cut]] = defaultdict(list)
    for item in cuts:
        forms["all"].append(item)
        forms[item.form].append(item)
    lines = [f"{'form':<20}{'claims':>8}{'IoU>=0.5':>10}{'mean IoU':>10}{'exact':>8}"]
    for form, items in sorted(forms.items(), key=lambda entry: -len(entry[1])):
        count = len(items)
        right = sum(item.iou >= 0.5 for item in items) / count
        mean = sum(item.iou for item in items) / count
        exact = sum(item.exact for item in items) / count
        lines.append(f"{form:<20}{count:>8}{right:>10.3f}{mean:>10.3f}{exact:>8.3f}")
    return "\n".join(lines)


def main() -> None:
    """Run the measurement from the command line."""
    parser = argparse.ArgumentParser(description="Measure the content cutter on gold attributions.")
    parser.add_argument("--data", type=Path, required=True, help="folder with SPLIT.jsonl")
    parser.add_argument("--split", default="train")
    parser.add_argument("--limit", type=int, default=None, help="first N documents only")
    parser.add_argument("--baseline", action="store_true", help="cut the longest stretch beside source and cue instead")
    parser.add_argument(
        "--sentences",
        choices=["gold", "cue", "run-on"],
        default="gold",
        help="sentences to cut from: of source, cue and gold content; of source and cue; or also those over which "
        "their quotations run on",
    )
    parser.add_argument("--worst", type=int, default=0, help="also print the offsets of the N worst cuts")
    arguments = parser.parse_args()
    documents = read(arguments.data / f"{arguments.split}.jsonl", arguments.limit)
    cuts = list(measure(documents, baseline=arguments.baseline, how=arguments.sentences))
    print(table(cuts))
    for item in sorted(cuts, key=lambda item: item.iou)[: arguments.worst]:
        print(f"{item.document} {item.form}: IoU {item.iou:.2f} gold {item.gold} cut {item.pred}")


if __name__ == "__main__":
    main()
