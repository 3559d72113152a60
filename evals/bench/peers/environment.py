"""langextract's environment: made once from pinned requirements, kept in the folder for caches."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import sysconfig
from pathlib import Path

from extractor.errors import SettingsError
from extractor.llm.weights import weights_path
from extractor.settings import check_request_allowed

REQUIREMENTS = Path(__file__).with_name("langextract.txt")
"""langextract and all it needs, by version and hash."""


def langextract_python() -> Path:
    """The interpreter of langextract's environment, which is made when it is not there yet.

    Raises:
        SettingsError: It could not be made: no network, or packages that are not to be had.
    """
    pins = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:16]
    folder = weights_path().parent / "peers" / f"langextract-{pins}-{sysconfig.get_python_version()}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    whole = folder / "whole"
    if whole.is_file() and python.exists():
        return python
    check_request_allowed("https://pypi.org/simple")
    print(f"making an environment for langextract in {folder}", file=sys.stderr, flush=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", REQUIREMENTS]
    for command in ([sys.executable, "-m", "venv", "--clear", folder], [python, *install]):
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            told = (ran.stderr or ran.stdout).strip().splitlines()[-1:] or ["it said nothing"]
            raise SettingsError(f"langextract's environment in {folder} could not be made: {told[0]}")
    whole.touch()
    return python
