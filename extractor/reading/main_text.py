"""The main text of a page, found by trafilatura in a process of its own: `python -m extractor.reading.main_text`.

A page can be made that takes hours or all memory to read, inside libraries that nothing can interrupt. A process can be
ended, and bounded from the start. Its input is a line of JSON (`Asked`) and the bytes of the page; its output a line.
"""

import json
import logging
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any

from extractor.errors import InputError

SECONDS = 60.0
"""For one page; an ordinary one takes less than one."""
MEMORY = 2 * 2**30
"""Bytes of address space, where the system can bound it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known of the page."""

    url: str
    charset: str | None
    """The character set that its server names."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a page holds."""

    text: str = ""
    title: str | None = None
    publisher: str | None = None
    date: str | None = None
    language: str | None = None


def main_text(data: bytes, asked: Asked) -> Found:
    """The main text of a page, and what the page says of itself.

    Raises `InputError` where reading it takes too long or too much memory.
    """
    command = [sys.executable, "-m", __name__]
    places = os.pathsep.join(path for path in sys.path if path)
    try:
        done = subprocess.run(
            command,
            input=json.dumps(asdict(asked)).encode() + b"\n" + data,
            capture_output=True,
            timeout=SECONDS,
            env=os.environ | {"PYTHONPATH": places},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise InputError(f"{asked.url} takes more than {SECONDS:.0f} s to read: save its text to a file") from error
    if done.returncode:
        raise InputError(f"{asked.url} cannot be read as a page: save its text to a file and give that")
    return Found(**json.loads(done.stdout))


def _find(data: bytes, asked: Asked) -> Found:
    import trafilatura

    logging.disable(logging.CRITICAL)  # what it finds wrong is said by the parent, in one line
    tree: Any = trafilatura.load_html(_markup(data, asked.charset))
    if tree is None:
        return Found()
    found: Any = trafilatura.bare_extraction(tree, url=asked.url, with_metadata=True, include_comments=False)
    if not found:
        return Found()
    return Found(found.text or "", found.title, found.sitename, found.date, tree.get("lang"))


def _markup(data: bytes, charset: str | None) -> bytes | str:
    """The page in the character set its server names; else trafilatura finds out."""
    try:
        return data.decode(charset) if charset else data
    except (LookupError, UnicodeError):
        return data


def _bound() -> None:
    """Bound what this process may take, should its parent be gone by then."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in ((resource.RLIMIT_CPU, round(SECONDS)), (resource.RLIMIT_AS, MEMORY)):
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


if __name__ == "__main__":
    _bound()
    known = Asked(**json.loads(sys.stdin.buffer.readline()))
    sys.stdout.write(json.dumps(asdict(_find(sys.stdin.buffer.read(), known))))
