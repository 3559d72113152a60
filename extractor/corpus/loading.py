"""What the first report needs of other packages: read before any article is under way, none of which then waits."""

from __future__ import annotations

from importlib import import_module


def load(*, places: bool) -> None:
    """Import what asking and working out import at their first use, and read the gazetteer if `places`.

    Together 1 to 4 s of a processor, in which nothing else of the same process runs.
    """
    for name in ("openai", "instructor", "babel", "dateparser.languages.loader", "pycountry", "text_to_num"):
        import_module(name)
    if places:
        from extractor.derive import gazetteer

        if gazetteer.installed():
            gazetteer.towns_anywhere("")
            gazetteer.areas_anywhere("")
