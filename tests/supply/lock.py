"""What is locked, and what the installed packages say of themselves."""

import re
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCKS = (ROOT / "requirements.txt", ROOT / "requirements-dev.txt")

_PIN = re.compile(r"([\w.-]+)==([^\s;]+)(?:\s*;\s*(.+))?")
_CLASSIFIER = "License :: "


@dataclass(frozen=True)
class Pin:
    """A locked package."""

    name: str
    """As packages are told apart: small letters and hyphens."""
    version: str
    marker: str | None
    """Where it is wanted; None: everywhere."""
    sha256: tuple[str, ...]
    """Of each file that may be installed."""

    def installed(self) -> Distribution | None:
        """The package in this very version, or None where another is wanted or none."""
        try:
            found = distribution(self.name)
        except PackageNotFoundError:
            return None
        return found if found.version == self.version else None


def pins(lock: Path) -> list[Pin]:
    """Everything that a requirements file with hashes locks."""
    text = re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE))
    return [_pin(line) for line in text.splitlines() if line.strip()]


def _pin(line: str) -> Pin:
    said, *hashes = re.split(r"\s*--hash=sha256:", line)
    if not hashes or not (parts := _PIN.fullmatch(said.strip())):
        raise ValueError(f"no pin with hashes: {line[:80]}")
    return Pin(canonical(parts[1]), parts[2], parts[3], tuple(each.strip() for each in hashes))


def canonical(name: str) -> str:
    """A package's name as it is compared (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def stated_licences(package: Distribution) -> list[str]:
    """What a package says of its licence: an SPDX expression if it gives one, else classifiers, else a word or two."""
    said = package.metadata.json
    if expression := said.get("license_expression"):
        return [str(expression)]
    classifiers = said.get("classifier", [])
    names = [name.split(" :: ")[-1] for name in classifiers if name.startswith(_CLASSIFIER)]
    told = str(said.get("license", "")).strip()
    return names or ([told] if told and len(told) < 80 and "\n" not in told else [])
