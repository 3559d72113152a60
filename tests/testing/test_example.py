"""The example for users: a project of its own, run as its users would, with the plugin that pytest finds by itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parent / "example"
README = Path(__file__).parents[2] / "README.md"


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"OPENAI_API_KEY": "never sent", "EXTRACTOR_REQUESTS": "forbid"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:hypothesispytest",
        "--tb=short",
        "--assert=plain",
        "-rA",
    ]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8", check=False)


def test_it_passes_offline_and_fails_with_what_changed(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(EXAMPLE, folder)
    changed = (folder / "test_report.py").read_text().replace("a clinic", "a school").replace("test_who", "test_if")
    (folder / "test_changed.py").write_text(changed)
    shutil.copytree(folder / "cassettes" / "test_report", folder / "cassettes" / "test_changed")
    (folder / "cassettes" / "test_changed" / "test_who_denies.json").rename(
        folder / "cassettes" / "test_changed" / "test_if_denies.json"
    )
    done = run(folder)
    assert "PASSED test_report.py::test_who_denies" in done.stdout, done.stdout + done.stderr
    assert "1 failed, 2 passed" in done.stdout, done.stdout
    assert "cassettes/test_changed/test_if_denies.json does not hold this request" in done.stdout
    assert 'pytest --record-cassettes "test_changed.py::test_if_denies"' in done.stdout
    assert "a clinic" in done.stdout
    assert "a school" in done.stdout


def test_the_readme_shows_it_as_it_is() -> None:
    readme = README.read_text(encoding="utf-8")
    assert f"```python\n{(EXAMPLE / 'test_report.py').read_text(encoding='utf-8')}```" in readme


def test_nobody_wrote_its_cassettes_by_hand() -> None:
    """They hold what only a recording has: the model's token counts."""
    files = [*EXAMPLE.rglob("cassettes/*/*.json")]
    assert len(files) == 2
    for file in files:
        assert '"prompt_tokens"' in file.read_text(encoding="utf-8")
