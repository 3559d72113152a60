"""The seed article against its labels: sources of explicit statements, false claims, and the shoot-down.

    python -m evals.bench.seed --data ../shared/data/seed [--report report.json]

A statement is what one source says in one sentence; it is found when a claim of that sentence names the source in the
label's words or by a name of the label's actor. A claim is false when no label has its words and its source.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from extractor import Extractor, Report
from extractor.schema import Claim, Incident

Label = dict[str, Any]


def main() -> None:
    """Extract (or read a report), compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--report", type=Path, help="a report made before, instead of extracting now")
    options = parser.parse_args()
    with (options.data / "article.txt").open(encoding="utf-8", newline="") as file:
        text = file.read()
    labels: Label = json.loads((options.data / "labels.json").read_text(encoding="utf-8"))["extraction"]
    started = time.monotonic()
    if options.report:
        report = Report.model_validate_json(options.report.read_text(encoding="utf-8"))
    else:
        report = Extractor().extract(text)
    print(f"seconds                        {time.monotonic() - started:.1f}")
    report.verify(text)

    names = {actor["id"]: {actor["name"], *actor["mentions"]} for actor in labels["actors"]}
    said = [claim for claim in labels["claims"] if claim["source"] is not None]
    explicit = [claim for claim in said if claim["attribution"] == "explicit"]
    statements = {(text.count("\n", 0, _span(claim)[0]), claim["source"]): claim for claim in explicit}
    found = [key for key, label in statements.items() if any(_same(c, label, names) for c in report.claims)]
    false = [claim for claim in report.claims if not any(_same(claim, label, names) for label in said)]
    print(f"statements found, of explicit  {len(found)} of {len(statements)}")
    print(f"false claims                   {len(false)} of {len(report.claims)}")
    for claim in false:
        print(f"  {claim.source.text} {claim.cue.text if claim.cue else ''}: {[span.quote for span in claim.content]}")
    for key, label in statements.items():
        if key not in found:
            print(f"  missed: {label['source_as_written']}: {label['proposition']}")
    for incident in report.incidents:
        if incident.type == "aircraft_downing":
            print(f"shoot-down                     {_line(incident)}")


def _span(label: Label) -> tuple[int, int]:
    return label["evidence"][0]["start"], label["evidence"][0]["end"]


def _same(claim: Claim, label: Label, names: dict[str, set[str]]) -> bool:
    start, end = _span(label)
    overlap = any(span.start < end and start < span.end for span in claim.content)
    source = claim.source.text.casefold()
    written = {label["source_as_written"] or "", *names[label["source"]]} - {""}
    return overlap and any(name.casefold() in source or source in name.casefold() for name in written)


def _line(incident: Incident) -> str:
    words = [[value.text for value in values] for values in (incident.initiators, incident.targets, incident.where)]
    return f"{words} {[(one.who.text, one.status) for one in incident.casualties]}"


if __name__ == "__main__":
    main()
