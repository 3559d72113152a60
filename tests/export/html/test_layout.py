"""How the pages are laid out, on a desktop, a phone, in the dark and on paper; see `layout` for what is compared."""

from __future__ import annotations

import pytest

from tests.export.html import layout
from tests.export.html.conftest import Open

CLOSE = 3
"""Pixels by which a box may be off: form controls and rounding differ a little among versions of Chromium."""


@pytest.mark.parametrize("kind", ["reports", "dossiers"])
def test_pages_are_laid_out_as_they_should_be(show: Open, kind: str) -> None:
    page = show(*layout.pages()[kind], bypass_csp=True)
    names = layout.NAMES[kind]
    seen = {(view, names[number]): layout.faults(page) for view, number in layout.looked_at(page)}
    assert {where: found for where, found in seen.items() if found} == {}
    layout.in_half_em(page)
    told = {f"{kind} {names[n]} {view}": layout.boxes(page) for view, n in layout.looked_at(page)}
    off: list[str] = []
    for name, held in told.items():
        wanted = layout.reference()[name.replace("dark", "desktop")]
        off += [f"{name}: {sign} is there once only" for sign in wanted.keys() ^ held.keys()]
        off += [
            f"{name}: {sign} is at {held[sign]}, was at {wanted[sign]}"
            for sign in wanted.keys() & held.keys()
            if any(abs(one - other) > CLOSE for one, other in zip(held[sign], wanted[sign], strict=True))
        ]
    assert off == [], "if this is meant: python -m tests.export.html.layout FOLDER"


def test_the_dark_is_dark(show: Open) -> None:
    page = show(*layout.pages()["dossiers"][:1], color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    words = page.evaluate("getComputedStyle(document.querySelector('h1')).color.match(/\\d+/g).map(Number)")
    assert max(dark) < 60
    assert min(words) > 180
