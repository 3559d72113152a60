"""Builds the wheel of the last commit several times over and compares: `make wheel-check`.

Two clones, made at different times as far as files tell, in other places, time zones and with other rights; and the
source distribution of the one. Exit codes: 0 all wheels are the same bytes, 1 they are not.
"""

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tests.supply.lock import ROOT

_LATER = 1_999_999_999


def build(source: Path, out: Path, kind: str, **env: str) -> Path:
    """The wheel or source distribution of a folder, built by the installed backend."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(out)]
    subprocess.run(command, cwd=source, env=os.environ | env, check=True, capture_output=True)
    (built,) = out.iterdir()
    return built


def clone(repository: Path, folder: Path) -> Path:
    """The last commit of a repository, alone."""
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(repository), str(folder)], check=True)
    return folder


def wheels(repository: Path, work: Path) -> list[Path]:
    """One wheel from each way of building it."""
    show = ["git", "-C", str(repository), "log", "-1", "--format=%ct"]
    epoch = subprocess.run(show, check=True, capture_output=True, text=True).stdout.strip()
    first = clone(repository, work / "first")
    one = build(first, work / "one", "wheel", SOURCE_DATE_EPOCH=epoch)

    mask = os.umask(0o077)
    try:
        second = clone(repository, work / "elsewhere" / "second")
        for path in second.rglob("*"):
            os.utime(path, (_LATER, _LATER), follow_symlinks=False)
        other = {"SOURCE_DATE_EPOCH": epoch, "TZ": "Pacific/Chatham", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
        two = build(second, work / "two", "wheel", **other)
    finally:
        os.umask(mask)

    packed = build(first, work / "packed", "sdist", SOURCE_DATE_EPOCH=epoch)
    with tarfile.open(packed) as archive:
        archive.extractall(work / "unpacked", filter="data")
    (unpacked,) = (work / "unpacked").iterdir()
    return [one, two, build(unpacked, work / "three", "wheel", SOURCE_DATE_EPOCH=epoch)]


def main() -> int:
    """Prints the hashes."""
    with tempfile.TemporaryDirectory() as work:
        built = {wheel: hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels(ROOT, Path(work))}
    for wheel, sha256 in built.items():
        print(f"{sha256}  {wheel.name} ({wheel.parent.name})")
    return 0 if len(set(built.values())) == 1 else 1


if __name__ == "__main__":
    sys.exit(main())
