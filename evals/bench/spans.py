"""Does every span of every report stand in its text? Runs the extractor over folders of articles and counts.

    python -m evals.bench.spans ../shared/data/re3d --out spans.jsonl

Reads every `documents.jsonl` below the folder (a JSON object with `text` a line). A line of the output holds a report;
articles that are in it already are not asked again.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel

from evals.bench.lines import lines
from extractor import Extractor, Report
from extractor.errors import ExtractorError
from extractor.grounding import Mention, Span, misplaced


def main() -> None:
    """Run, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--model")
    parser.add_argument("--base-url")
    options = parser.parse_args()

    articles = dict(_articles(options.folder))
    done = {report.document.id: report for report in _reports(options.out) if report.document is not None}
    extractor = Extractor(model=options.model, base_url=options.base_url)
    failed: dict[str, str] = {}
    with options.out.open("a", encoding="utf-8") as file:
        for name, text in articles.items():
            if name in done:
                continue
            try:
                report = extractor.extract(text, id=name)
            except ExtractorError as error:
                failed[name] = str(error)
                continue
            done[name] = report
            file.write(report.to_json(indent=None) + "\n")
            file.flush()
            print(
                f"{len(done)}/{len(articles)} {name} {report.run.seconds if report.run else 0:.0f} s", file=sys.stderr
            )
    reports = [(done[name], text) for name, text in articles.items() if name in done]
    wrong = [(report, path) for report, text in reports for path, _ in misplaced(report, text)]
    runs = [report.run for report, _ in reports if report.run is not None]
    print(f"articles            {len(articles)}")
    print(f"failed              {len(failed)} {failed or ''}")
    print(f"spans               {sum(_count(report) for report, _ in reports)}")
    print(f"spans not in text   {len(wrong)}")
    print(f"incidents, claims   {sum(len(r.incidents) for r, _ in reports)}, {sum(len(r.claims) for r, _ in reports)}")
    print(f"dropped             {sum(len(run.dropped) for run in runs)}")
    print(f"incomplete          {sum(not run.complete for run in runs)}")
    print(f"calls, output tokens {sum(run.calls for run in runs)}, {sum(run.output_tokens for run in runs)}")
    sys.exit(bool(failed or wrong))


def _articles(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("documents.jsonl")):
        for number, line in lines(path.read_text(encoding="utf-8")):
            article: dict[str, Any] = json.loads(line)
            yield str(article.get("_id") or article.get("id") or f"{path.parent.name}-{number}"), article["text"]


def _reports(path: Path) -> Iterator[Report]:
    if path.is_file():
        for _, line in lines(path.read_text(encoding="utf-8")):
            yield Report.model_validate_json(line)


def _count(value: Any) -> int:
    here = isinstance(value, Span | Mention)
    if isinstance(value, BaseModel):
        return here + sum(_count(getattr(value, name)) for name in type(value).model_fields)
    if isinstance(value, list):
        return sum(map(_count, cast(list[Any], value)))
    return 0


if __name__ == "__main__":
    main()
