"""The layout of pages, measured in a browser: what is amiss in it, and where its boxes stand.

Screenshots would differ with the fonts of each machine, so boxes are compared, in a font that is always the same
(`half_em`). After a change that is meant, look at the pages and write the reference anew; it is one line a box, so that
the difference can be read:

    python -m tests.export.html.layout FOLDER     writes boxes.json, and a screenshot of each view into FOLDER
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Browser, Page

from extractor.dossiers import Dossier
from extractor.schema import Report
from tests.export.articles import TEXT, full
from tests.export.html import half_em, hostile, rtl
from tests.export.html.events import arabic, shelling
from tests.export.html.pages import labelled, page_of

REFERENCE = Path(__file__).with_name("boxes.json")
_SCRIPT = Path(__file__).with_name("layout.js").read_text(encoding="utf-8").partition("\n")[2].strip()

Boxes = dict[str, list[int]]
"""x, y, width and height by what the box is of."""


class View(NamedTuple):
    """How a page is looked at."""

    width: int
    media: str = "screen"
    colours: str = "light"


VIEWS = {
    "desktop": View(1280),
    "phone": View(390),
    "dark": View(1280, colours="dark"),
    "print": View(700, media="print"),
}


def pages() -> dict[str, Sequence[Report | Dossier]]:
    """What is looked at: reports with everything, hostile ones and ones from right to left, and dossiers."""
    report = full(text=TEXT)
    report.run = hostile.report().run
    return {
        "reports": [labelled("tolvara-market"), report, rtl.report(), hostile.report()],
        "dossiers": [shelling(), arabic(), hostile.dossier(shelling())],
    }


NAMES = {"reports": ["gold", "full", "arabic", "hostile"], "dossiers": ["event", "arabic", "hostile"]}


def looked_at(page: Page, views: Sequence[str] = tuple(VIEWS)) -> Iterator[tuple[str, int]]:
    """Bring each section of the page up in each view, one after another: the view's name and the section's number."""
    for name in views:
        view = VIEWS[name]
        page.set_viewport_size({"width": view.width, "height": 900})
        page.emulate_media(media=view.media, color_scheme=view.colours)  # pyright: ignore[reportArgumentType]
        for number in range(page.evaluate("sections.length")):
            page.evaluate("(number) => { showSection(sections[number]); scrollTo(0, 0); }", number)
            yield name, number


_MEASURED = (
    ".picker", "h1", ".counts", "h2", ".card", ".card dl", ".legend", ".rivals", ".rivals td", ".filters", ".text",
    ".split > .claims", ".claim", ".facts > div", ".versions > li", ".account", ".account li", ".chart svg",
    ".tolls tr", ".origin", ".link", ".ends", ".dropped", ".run", ".saving",
)  # fmt: skip


def faults(page: Page) -> list[str]:
    """What is amiss: scrolling sideways, words cut off or off the page, one block upon another."""
    return page.evaluate(f"{_SCRIPT}.faults()")


def boxes(page: Page) -> Boxes:
    """Where the parts of the section shown stand."""
    return page.evaluate(f"(selectors) => {_SCRIPT}.boxes(selectors)", list(_MEASURED))


def in_half_em(page: Page) -> None:
    """Show the page in the font that is the same everywhere; the page's policy must be bypassed for that."""
    page.add_style_tag(content=half_em.STYLE)
    page.evaluate("document.fonts.load('16px half').then(() => document.fonts.ready).then(() => null)")


def write_reference(browser: Browser, folder: Path) -> None:
    """Measure all pages, and take their pictures as they look with the fonts of this machine."""
    told: dict[str, Boxes] = {}
    for kind, shown in pages().items():
        file = folder / f"{kind}.html"
        file.write_text(page_of(*shown), encoding="utf-8", newline="")
        page = browser.new_page(bypass_csp=True)
        page.goto(file.as_uri())
        for view, number in looked_at(page):
            page.screenshot(path=folder / f"{NAMES[kind][number]}-{kind}-{view}.png", full_page=True)
        in_half_em(page)
        for view, number in looked_at(page, [name for name in VIEWS if name != "dark"]):
            told[f"{kind} {NAMES[kind][number]} {view}"] = boxes(page)
    REFERENCE.write_text(written(told), encoding="utf-8")


def written(told: dict[str, Boxes]) -> str:
    """Boxes as JSON, one a line."""
    blocks = [
        f" {json.dumps(name)}: {{\n"
        + ",\n".join(f"  {json.dumps(sign)}: {json.dumps(box)}" for sign, box in held.items())
        + "\n }"
        for name, held in told.items()
    ]
    return "{\n" + ",\n".join(blocks) + "\n}\n"


def reference() -> dict[str, Any]:
    """The boxes as they should be."""
    return json.loads(REFERENCE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    from tests.export.html.conftest import launched

    with launched() as running:
        write_reference(running, Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp()).resolve())
