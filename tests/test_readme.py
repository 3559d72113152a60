"""What the README prints is what the program does."""

import ast
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
SHELL = "\n".join(re.findall(r"```sh\n(.*?)```", README, re.DOTALL))


@pytest.mark.parametrize("code", PYTHON)
def test_python_blocks_are_python_and_import_what_exists(code: str) -> None:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom):
            module = importlib.import_module(str(node.module))
            assert [name.name for name in node.names if not hasattr(module, name.name)] == []


@pytest.mark.parametrize("command", ["extract", "run", "export", "show", "models list", "models pull", "models serve"])
def test_commands_and_their_options_exist(command: str) -> None:
    arguments = [sys.executable, "-m", "extractor", *command.split(), "--help"]
    shown = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    lines = [line.partition("#")[0] for line in SHELL.splitlines() if f"extractor {command}" in line]
    assert lines
    options = {option for line in lines for option in re.findall(r"(?<=\s)--[a-z-]+", line.split("extractor", 1)[1])}
    pip_options = {"--require-hashes", "--no-deps", "--no-build-isolation"}
    assert [option for option in options - pip_options if option not in shown] == []


@pytest.mark.parametrize("command", ["gold export", "gold import", "gold check", "run", "score", "compare", "report"])
def test_evaluation_commands_and_their_options_exist(command: str) -> None:
    arguments = [sys.executable, "-m", "evals", *command.split(), "--help"]
    shown = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    lines = [line.partition("#")[0] for line in SHELL.splitlines() if f"evals {command} " in line]
    assert lines
    options = {option for line in lines for option in re.findall(r"(?<=\s)--[a-z-]+", line)}
    assert [option for option in options if option not in shown] == []


def test_figures_of_commands_say_where_they_come_from() -> None:
    benches = set(re.findall(r"`(?:python -m evals\.bench\.)?(seed|spans|content|startup|scoring)`", README))
    modules = (Path(__file__).parent.parent / "evals" / "bench").glob("[a-z]*.py")
    assert {path.stem for path in modules if "__main__" in path.read_text(encoding="utf-8")} == benches


def test_mentioned_prompt_files_exist() -> None:
    root = Path(__file__).parent.parent
    assert [name for name in re.findall(r"`(prompts/[\w/.]+)`", README) if not (root / name).exists()] == []


def test_what_security_names_exists() -> None:
    root = Path(__file__).parent.parent
    security = (root / "SECURITY.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|extractor)/[\w/.]+)`|\]\(([\w/.]+)\)", security)
    assert len(named) > 5
    assert [path for pair in named for path in pair if path and not (root / path).exists()] == []
    targets = set(re.findall(r"`make ([a-z-]+)`", security))
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    assert [target for target in sorted(targets) if f"{target}:" not in makefile] == []
