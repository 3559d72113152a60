"""Asks a public database for known vulnerabilities of every locked package: `make audit`.

It must be reached over the network. Whether it was is not taken on trust: it is first asked about an old release with a
well-known fault, and where it knows nothing of that, nothing is known of the rest either.

Exit codes: 0 none is known, 1 some are, 3 nobody could be asked, or not about every package.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.supply.licences import POLICY
from tests.supply.lock import ROOT

CANARY = "jinja2==2.10"
"""With CVE-2019-10906, since 2019 in every database."""
COULD_NOT_ASK = 3
SERVICES = ("osv", "pypi")
LOCK = ROOT / "requirements-dev.txt"
_SECONDS = 15

Answer = list[dict[str, Any]]
Ask = Callable[[Path, str, Sequence[str]], "Answer | str"]


def ask(requirements: Path, service: str, options: Sequence[str]) -> Answer | str:
    """pip-audit's answer about each package; a string: why there is none."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(requirements), "--disable-pip"]
        command += ["--vulnerability-service", service, "--timeout", str(_SECONDS), "--progress-spinner", "off"]
        done = subprocess.run(
            [*command, "--format", "json", "--output", str(out), *options],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        try:
            return json.loads(out.read_text(encoding="utf-8"))["dependencies"]
        except (OSError, ValueError, LookupError):
            return (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]


def audit(lock: Path, accepted: dict[str, str], ask: Ask = ask) -> tuple[int, list[str]]:
    """The exit code, and what there is to say."""
    lines: list[str] = []
    for service in SERVICES:
        if (why := _unknowing(service, ask)) is not None:
            lines.append(f"{service} could not be asked: {why}")
            continue
        answer = ask(lock, service, ["--require-hashes"])
        if isinstance(answer, str):
            lines.append(f"{service} could not be asked: {answer}")
            continue
        return _judged(answer, accepted, service)
    return COULD_NOT_ASK, [*lines, "NOT AUDITED: no database of vulnerabilities could be asked; nothing is known"]


def _unknowing(service: str, ask: Ask) -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        canary = Path(folder) / "canary.txt"
        canary.write_text(f"{CANARY}\n", encoding="utf-8")
        answer = ask(canary, service, ["--no-deps"])
    if isinstance(answer, str):
        return answer
    if any(package.get("vulns") for package in answer):
        return None
    return f"it knows nothing of the faults of {CANARY}"


def _judged(answer: Answer, accepted: dict[str, str], service: str) -> tuple[int, list[str]]:
    skipped = [package["skip_reason"] for package in answer if "skip_reason" in package]
    found = [(package, fault) for package in answer for fault in package.get("vulns", [])]
    names = {fault["id"]: {fault["id"], *fault.get("aliases", [])} for _, fault in found}
    lines = [f"not audited: {reason}" for reason in skipped]
    bad = 0
    for package, fault in found:
        known = names[fault["id"]] & accepted.keys()
        bad += not known
        mended = ", ".join(fault.get("fix_versions", [])) or "no release"
        why = f"accepted: {accepted[min(known)]}" if known else f"mended in {mended}"
        lines.append(f"{package['name']} {package['version']}: {fault['id']} ({why})")
    everywhere = set[str]().union(*names.values())
    lines += [f"{name}: accepted, but no longer found: take it out" for name in sorted(accepted.keys() - everywhere)]
    lines.append(f"{len(answer) - len(skipped)} packages asked about ({service}), {bad} faults to mend")
    return (1 if bad else COULD_NOT_ASK if skipped else 0), lines


def main() -> int:
    """Prints what is known."""
    accepted = tomllib.loads(POLICY.read_text(encoding="utf-8"))["advisories"]
    code, lines = audit(LOCK, accepted)
    print("\n".join(lines), file=sys.stderr if code else sys.stdout)
    return code


if __name__ == "__main__":
    sys.exit(main())
