"""The checks of licences, vulnerabilities, bill of materials and wheel, each on what it must catch."""

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from extractor.llm.pinned import embedded_weights
from tests.supply import audit, sbom
from tests.supply.licences import Policy, faults
from tests.supply.lock import LOCKS, Pin, pins

TOLD: dict[str, Any] = {
    "licences": {"allowed": ["MIT", "Apache-2.0", "PSF-2.0"], "names": {"MIT License": "MIT"}},
    "exceptions": {"copyleft": {"licence": "GPL-3.0-only", "reason": "a test", "locks": ["dev.txt"]}},
}
HASH = "a" * 64


def pin(name: str) -> Pin:
    return Pin(name, "1.0", None, (HASH,))


class TestLock:
    def test_pins_are_read_with_markers_and_hashes(self, tmp_path: Path) -> None:
        lock = tmp_path / "lock.txt"
        lock.write_text(
            f"# made\n#    by make\nA_b==1.0 ; os_name == 'nt' \\\n    --hash=sha256:{HASH} \\\n"
            f"    --hash=sha256:{HASH}\nc==2 \\\n    --hash=sha256:{HASH}\n"
        )
        assert pins(lock) == [Pin("a-b", "1.0", "os_name == 'nt'", (HASH, HASH)), Pin("c", "2", None, (HASH,))]

    @pytest.mark.parametrize(
        "line", ["a==1.0", "a>=1.0 --hash=sha256:00", "a @ https://example.org/a.whl --hash=sha256:0"]
    )
    def test_what_is_not_locked_is_refused(self, tmp_path: Path, line: str) -> None:
        (tmp_path / "lock.txt").write_text(line)
        with pytest.raises(ValueError, match="no pin with hashes"):
            pins(tmp_path / "lock.txt")


class TestLicences:
    @pytest.mark.parametrize(
        ("stated", "allowed"),
        [
            (["MIT"], True),
            (["MIT License"], True),
            (["MIT AND PSF-2.0"], True),
            (["GPL-2.0-only OR MIT"], True),
            (["MIT License", "Apache-2.0"], True),
            (["(MIT OR GPL-2.0-only) AND Apache-2.0"], True),
            (["MIT AND GPL-2.0-only"], False),
            (["MIT License", "GPL-2.0-only"], False),
            (["GPL-2.0-only WITH Classpath-exception-2.0"], False),
            (["Public for all"], False),
            (["Other/Proprietary License"], False),
            ([], False),
        ],
    )
    def test_only_what_the_policy_names(self, stated: list[str], allowed: bool) -> None:
        policy = Policy(TOLD)
        assert policy.allows(policy.expression(stated)) is allowed

    def faults(self, stated: dict[str, list[str] | None], lock: str = "dev.txt") -> list[str]:
        locks = {lock: [pin(name) for name in stated]}
        return list(faults(Policy(TOLD), locks, lambda found: stated[found.name]))

    def test_an_exception_holds_for_its_package_licence_and_lock_alone(self) -> None:
        gpl: list[str] | None = ["GPL-3.0-only"]
        assert self.faults({"copyleft": gpl, "free": ["MIT"], "absent": None}) == []
        assert self.faults({"copyleft": gpl, "other": gpl}) == ["other 1.0: GPL-3.0-only is not allowed (dev.txt)"]
        assert self.faults({"copyleft": ["AGPL-3.0-only"]}) == [
            "copyleft 1.0: excepted as 'GPL-3.0-only', but it says 'AGPL-3.0-only'"
        ]
        assert self.faults({"copyleft": gpl}, "requirements.txt") == [
            "copyleft 1.0 (GPL-3.0-only): not to be in requirements.txt"
        ]
        assert self.faults({"free": ["MIT"]}) == ["copyleft: excepted, but not locked: take the exception out"]


class TestAudit:
    KNOWN = ({"name": "jinja2", "version": "2.10", "vulns": [{"id": "PYSEC-2019-217"}]},)
    FAULT = ({"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2"]}]},)

    def service(
        self, canary: Sequence[Any] | str, lock: Sequence[Any] | str
    ) -> Callable[[Path, str, Sequence[str]], Any]:
        def ask(requirements: Path, service: str, options: Sequence[str]) -> Any:  # noqa: ARG001
            answer = canary if audit.CANARY in requirements.read_text() else lock
            return answer if isinstance(answer, str) else list(answer)

        return ask

    def run(self, canary: Sequence[Any] | str, lock: Sequence[Any] | str, **accepted: str) -> tuple[int, str]:
        code, lines = audit.audit(audit.LOCK, accepted, self.service(canary, lock))
        return code, "\n".join(lines)

    def test_nothing_known(self) -> None:
        assert self.run(self.KNOWN, [{"name": "a", "version": "1", "vulns": []}]) == (
            0,
            "1 packages asked about (osv), 0 faults to mend",
        )

    def test_a_fault(self) -> None:
        code, said = self.run(self.KNOWN, self.FAULT)
        assert code == 1
        assert "a 1: PYSEC-1 (mended in 2)" in said

    def test_an_accepted_fault_by_any_of_its_names(self) -> None:
        code, said = self.run(self.KNOWN, self.FAULT, **{"CVE-1": "not called here", "CVE-2": "gone"})
        assert code == 0
        assert "accepted: not called here" in said
        assert "CVE-2: accepted, but no longer found: take it out" in said

    @pytest.mark.parametrize(
        "canary", ["no network", [], [{"name": "jinja2", "skip_reason": "unknown"}], [{"name": "jinja2", "vulns": []}]]
    )
    def test_a_database_that_knows_nothing_is_no_good_news(self, canary: Sequence[Any] | str) -> None:
        code, said = self.run(canary, [])
        assert code == audit.COULD_NOT_ASK
        assert "NOT AUDITED" in said

    def test_a_package_that_could_not_be_asked_about_is_no_good_news(self) -> None:
        code, said = self.run(self.KNOWN, [{"name": "a", "skip_reason": "a is not there"}])
        assert code == audit.COULD_NOT_ASK
        assert "not audited: a is not there" in said

    def test_without_a_network_the_real_tool_says_so(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, "http://127.0.0.1:9")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        lock = tmp_path / "lock.txt"
        lock.write_text("jinja2==3.1.6\n")
        answer = audit.ask(lock, "osv", ["--no-deps"])
        assert isinstance(answer, str)
        assert answer


class TestBill:
    def test_it_holds_the_lock_and_the_weights_and_is_the_same_each_time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        project = {
            "name": "it", "description": "A test.", "license": "Apache-2.0", "dependencies": ["pydantic", "httpx2"],
            "optional-dependencies": {"embedded": ["loky"], "evals": []},
        }  # fmt: skip
        lock = LOCKS[0]
        texts = [sbom.validated(sbom.bill(lock, project, Policy(TOLD))) for _ in range(2)]
        assert texts[0] == texts[1]
        bom = json.loads(texts[0])
        by_name = {component["name"]: component for component in bom["components"]}
        locked = {(found.name, found.version) for found in pins(lock)}
        weights = by_name[embedded_weights().name]
        assert {(each["name"], each.get("version")) for each in bom["components"]} == locked | {(weights["name"], None)}
        assert weights["hashes"] == [{"alg": "SHA-256", "content": embedded_weights().sha256}]
        assert by_name["pydantic"]["licenses"][0]["license"]["id"] == "MIT"
        assert len(by_name["pydantic"]["externalReferences"][0]["hashes"]) >= 1
        needs = {each["ref"]: each.get("dependsOn", []) for each in bom["dependencies"]}
        assert {ref.partition("@")[0] for ref in needs["it"]} >= {
            "pkg:pypi/pydantic",
            "pkg:pypi/httpx2",
            "pkg:pypi/loky",
        }
        pydantic = next(ref for ref in needs if ref.startswith("pkg:pypi/pydantic@"))
        assert any(ref.startswith("pkg:pypi/pydantic-core@") for ref in needs[pydantic])


def test_each_check_is_one_command_and_none_hides_a_failure(tmp_path: Path) -> None:
    makefile = (LOCKS[0].parent / "Makefile").read_text(encoding="utf-8")
    for target in ("licences", "audit", "sbom", "wheel-check"):
        assert f"\n{target}:\n" in makefile
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\nexit 3\n")
    fake.chmod(0o755)
    done = subprocess.run(
        ["make", f"BIN={tmp_path}", "audit"],
        cwd=LOCKS[0].parent, env=os.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2  # make's own: something failed
    assert "Error 3" in done.stderr
