"""Checks the licence of every locked package that is installed here: `make licences`.

Exit codes: 0 all are allowed or excepted, 1 some are not, or an exception is out of date.
"""

import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import license_expression  # pyright: ignore[reportMissingTypeStubs]

from extractor.llm.pinned import embedded_weights
from tests.supply.lock import LOCKS, Pin, pins, stated_licences

_spdx: Any = license_expression  # it comes without types
POLICY = Path(__file__).with_name("policy.toml")


class Policy:
    """Which licences are allowed, and which packages are excepted."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._allowed = set(told["licences"]["allowed"])
        self._names: Mapping[str, str] = told["licences"].get("names", {})
        self.exceptions: Mapping[str, Mapping[str, Any]] = told.get("exceptions", {})

    def expression(self, stated: Iterable[str]) -> str:
        """One SPDX expression for all that a package states; several statements hold together."""
        return " AND ".join(self._names.get(each, each) for each in stated)

    def allows(self, expression: str) -> bool:
        """Whether a package under this expression may be used: of alternatives one is enough."""
        try:
            parsed = _spdx.get_spdx_licensing().parse(expression, validate=True)
        except _spdx.ExpressionError:
            return False
        return parsed is not None and self._holds(parsed)

    def _holds(self, node: Any) -> bool:
        if not (parts := node.args):
            return str(node) in self._allowed
        if type(node).__name__ == "LicenseWithExceptionSymbol":
            return False
        return (any if node.operator.strip() == "OR" else all)(map(self._holds, parts))


def faults(
    policy: Policy, locks: Mapping[str, Iterable[Pin]], stated: Callable[[Pin], list[str] | None]
) -> Iterable[str]:
    """What the policy does not let pass, a line each.

    Args:
        policy: The policy.
        locks: Each lock's name and pins.
        stated: What a package states; None: it is not installed here, so nobody knows.
    """
    used: set[str] = set()
    for lock, found in locks.items():
        for pin in found:
            if (said := stated(pin)) is None:
                continue
            expression = policy.expression(said)
            if excepted := policy.exceptions.get(pin.name):
                used.add(pin.name)
                if excepted["licence"] != expression:
                    yield f"{pin.name} {pin.version}: excepted as {excepted['licence']!r}, but it says {expression!r}"
                elif lock not in excepted["locks"]:
                    yield f"{pin.name} {pin.version} ({expression or 'no licence stated'}): not to be in {lock}"
            elif not policy.allows(expression):
                yield f"{pin.name} {pin.version}: {expression or 'no licence stated'} is not allowed ({lock})"
    for name in sorted(policy.exceptions.keys() - used):
        yield f"{name}: excepted, but not locked: take the exception out"


def main() -> int:
    """Prints what was checked, and what does not hold."""
    policy = Policy(tomllib.loads(POLICY.read_text(encoding="utf-8")))
    locks = {lock.name: pins(lock) for lock in LOCKS}

    def stated(pin: Pin) -> list[str] | None:
        package = pin.installed()
        return None if package is None else stated_licences(package)

    wrong = list(faults(policy, locks, stated))
    weights = embedded_weights()
    if not policy.allows(weights.licence):
        wrong.append(f"the weights {weights.name}: {weights.licence} is not allowed")
    everything = {pin for found in locks.values() for pin in found}
    absent = sorted(f"{pin.name} {pin.version}" for pin in everything if not pin.installed())
    print(f"{len(everything) - len(absent)} locked packages and the weights looked at")
    for name, excepted in policy.exceptions.items():
        print(f"excepted: {name} ({excepted['licence'] or 'none stated'}): {excepted['reason']}")
    if absent:
        print(f"not installed here (for another platform or Python), so not looked at: {', '.join(absent)}")
    for fault in wrong:
        print(f"FAULT {fault}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
