"""What every page has: Jinja, which escapes every word, and one style and one script, let in by their hashes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, BinaryIO

from extractor.export.html.cards import day_told
from extractor.export.html.policy import policy
from extractor.export.html.safe import data_block, shown
from extractor.export.html.vocabulary import called

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = "extractor.export.html"


class Shell:
    """A page around sections that are written one after another."""

    def __init__(self, packages: tuple[str, ...], styles: Iterable[str], scripts: Iterable[str]) -> None:
        """Take templates, styles and scripts from the first of the packages that holds them."""
        self._environment = _environment(packages)
        self._style = "\n".join(_read(packages, f"style/{name}.css") for name in styles)
        self._script = "\n".join(_read(packages, f"script/{name}.js") for name in scripts)

    def write(self, file: BinaryIO, title: str, what: str, sections: Iterable[str], tail: str) -> int:
        """Write the page; returns how many sections it has, each of them a `what`."""
        rules = policy(self._style, self._script)
        head = self.rendered("head", style=self._style, policy=rules, title=title, what=what)
        file.write(head.encode())
        count = 0
        for section in sections:
            file.write(section.encode())
            count += 1
        file.write(tail.encode())
        file.write(self.rendered("end", script=self._script).encode())
        return count

    def rendered(self, template: str, **values: object) -> str:
        """A template with its values, each word of which is escaped."""
        return self._environment.get_template(f"{template}.html.jinja").render(**values)


def _read(packages: tuple[str, ...], path: str) -> str:
    places = (files(package) / path for package in packages)
    return next(place for place in places if place.is_file()).read_text(encoding="utf-8")


@cache
def _environment(packages: tuple[str, ...]) -> Environment:
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package) for package in packages]),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"called": called, "data_block": data_block, "day": day_told}
    return environment
