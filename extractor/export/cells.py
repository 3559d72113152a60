"""Text that no spreadsheet takes for a formula.

A cell that begins with = + - @ or a tab is run by spreadsheets when a file is opened (CWE-1236, OWASP "CSV injection").
Such text gets an apostrophe in front, by which spreadsheets know text. Text that has apostrophes before such a
beginning gets one more, so that taking one away gives back what was there, whatever it was. Numbers are left alone.
"""

from __future__ import annotations

import re
from datetime import date as Date

from extractor.export.columns import Cell

# Some programs skip spaces and invisible characters in front, and read full-width signs as the plain ones.
_INVISIBLE = r"\s\x00-\x1f\x7f\u00ad\u200b-\u200f\u2060-\u2064\ufeff"
_RISKY = rf"(?:[\t\r\n]|[{_INVISIBLE}]*[=+\-@＝＋－＠])"
_BEFORE = re.compile(rf"'*{_RISKY}")
_GUARDED = re.compile(rf"'+{_RISKY}")

JOINT = "; "
"""Stands between the items of a list in one cell."""


def guarded(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would else read a formula."""
    return f"'{text}" if _BEFORE.match(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` was given."""
    return cell[1:] if _GUARDED.match(cell) else cell


def written(cell: Cell) -> str:
    """A cell as a CSV file holds it: blank, a number, true or false, a date as YYYY-MM-DD, or text made safe."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return repr(cell)
    if isinstance(cell, Date):
        return cell.isoformat()
    return guarded(JOINT.join(cell) if isinstance(cell, list) else cell)
