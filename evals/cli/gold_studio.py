"""`python -m evals gold export|import`: labels to and from Label Studio."""

import json
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from evals.cli.options import listed

EXPORT_EPILOG = """\
\b
In Label Studio, make a project, paste CONFIG into its labeling interface (as
code) and import TASKS. Export what is labelled as JSON, and bring it back:
  python -m evals gold import EXPORTED --into DIR
"""


def export(
    output: Annotated[Path, typer.Option("--output", "-o", metavar="TASKS", help="Write the tasks there, as JSON.")],
    gold: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Holds articles/ID.txt (its date, title in ID.json), labels/ID.json; else the gold set."
        ),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="CONFIG", help="Write the labelling configuration there, as XML.")
    ] = None,
    ids: Annotated[str | None, typer.Option(metavar="ID,ID", help="Only these articles.")] = None,
) -> None:
    """Write articles, with their labels where there are some, as tasks for Label Studio."""
    from evals.goldset import GOLD
    from evals.goldset.label_studio import labelling_config
    from extractor.cli.output import check_writable, write

    for path in filter(None, (output, config)):
        check_writable(path, "")
    tasks = _tasks(gold or GOLD, listed(ids))
    write(json.dumps(tasks, ensure_ascii=False, indent=1), output)
    if config is not None:
        write(labelling_config().rstrip("\n"), config)
    labelled = sum("annotations" in task for task in tasks)
    typer.echo(f"evals: {len(tasks)} tasks, {labelled} of them labelled: {output}", err=True)


def import_(
    tasks: Annotated[Path, typer.Argument(metavar="EXPORTED", help="What Label Studio exported, as JSON.")],
    into: Annotated[
        Path, typer.Option(metavar="DIR", help="A gold folder; labels that are there are replaced, articles never.")
    ],
) -> None:
    """Write the labels made in Label Studio to a gold folder: articles/ID.txt and labels/ID.json."""
    from evals.goldset.label_studio import import_tasks

    labels = import_tasks(_read(tasks), lambda line: typer.echo(f"evals: {line}", err=True))
    for name, text, _ in labels:
        _check_article(into, name, text)
    for name, text, label in labels:
        _keep(into, name, text, label)
    typer.echo(f"evals: {len(labels)} labels: {into / 'labels'}", err=True)


def _tasks(gold: Path, ids: list[str] | None) -> list[dict[str, Any]]:
    from evals.goldset import load
    from evals.goldset.gold import read_text
    from evals.goldset.label_studio import bare_task, export_tasks
    from extractor.errors import InputError

    articles = {path.stem: path for path in sorted((gold / "articles").glob("*.txt"))}
    unknown = sorted(set(ids or ()) - articles.keys())
    if unknown or not articles:
        raise InputError(f"{gold / 'articles'} holds no {', '.join(f'{name}.txt' for name in unknown) or 'ID.txt'}")
    chosen = [name for name in articles if ids is None or name in ids]
    labelled = [name for name in chosen if (gold / "labels" / f"{name}.json").is_file()]
    done = {task["data"]["id"]: task for task in export_tasks(load(gold, ids=labelled))} if labelled else {}
    return [
        done[name] if name in done else bare_task(name, read_text(path), _known(path))
        for name, path in articles.items()
        if name in chosen
    ]


def _known(article: Path) -> dict[str, str]:
    """What ID.json beside an article's ID.txt tells of it."""
    from evals.goldset.label_studio.tasks import KNOWN
    from extractor.errors import InputError

    path = article.with_suffix(".json")
    if not path.is_file():
        return {}
    try:
        told = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise InputError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(told, dict) or set(cast(dict[str, Any], told)) - set(KNOWN):
        raise InputError(f"{path} must be a JSON object that holds nothing but {', '.join(KNOWN)}")
    return cast(dict[str, str], told)


def _read(path: Path) -> list[Any]:
    from extractor.errors import InputError

    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSON: {error}") from error
    if not isinstance(tasks, list):
        raise InputError(f"{path} is no list of tasks: export the project as JSON")
    return tasks  # pyright: ignore[reportUnknownVariableType]


def _check_article(into: Path, name: str, text: str) -> None:
    """Before anything is written: the article that is there must be the one that was labelled."""
    from evals.goldset.gold import read_text
    from extractor.errors import InputError

    path = into / "articles" / f"{name}.txt"
    if path.exists() and read_text(path) != text:
        raise InputError(f"{path} is another text than the one that was labelled: name another folder")


def _keep(into: Path, name: str, text: str, label: dict[str, Any]) -> None:
    from extractor.atomic import replace
    from extractor.cli.output import write
    from extractor.errors import OutputError

    article, kept = into / "articles" / f"{name}.txt", into / "labels" / f"{name}.json"
    try:
        for path in (article, kept):
            path.parent.mkdir(parents=True, exist_ok=True)
        if not article.exists():
            replace(article, text.encode())
    except OSError as error:
        raise OutputError(f"{article} cannot be written: {error.strerror or error}") from error
    write(json.dumps(label, ensure_ascii=False, indent=1), kept)
