"""Prompt files: chat turns with variables, versioned, found in a checkout and in an installed wheel alike.

A file starts with YAML front matter (name, version, changelog, the schema it serves, and optionally the file of its
worked examples). Turns follow, each under a line `=== system`, `=== user` or `=== assistant`; the line `=== examples`
stands for the turns of the examples file. Turns are split before any variable is filled in, and a variable's value is
never read as a template: `{{ }}`, `{% %}`, `===` lines and role markers of an article arrive as they are.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import regex
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import PromptError

if TYPE_CHECKING:
    from jinja2 import Template

_TURN = regex.compile(r"^=== (system|user|assistant|examples) *$", regex.M)
_FRONT = regex.compile(r"\A---\n(?P<matter>.*?)\n---\n(?P<body>.*)\Z", regex.S)


class FrontMatter(BaseModel):
    """What stands at the head of a prompt file; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    version: str
    changelog: dict[str, str]
    """One line for each version: what changed, and its measured effect."""
    schema_name: str
    """The schema that the answers follow."""
    examples: str | None = None
    """The file of worked examples, beside this one."""


@dataclass(frozen=True)
class Prompt:
    """A prompt as read from its files."""

    front: FrontMatter
    turns: tuple[tuple[str, str], ...]
    """Roles and template texts; worked examples are in, and hold no variables."""
    literal: tuple[bool, ...]
    """Of each turn, whether it is an example: never rendered."""
    sha256: str
    """Of the prompt file and its examples file together."""

    def messages(self, **variables: object) -> list[dict[str, str]]:
        """The chat messages, with the variables filled in.

        Raises:
            PromptError: The prompt wants a variable that is not given; it is named.
        """
        return [
            {"role": role, "content": text if literal else _render(text, variables, self.front.name)}
            for (role, text), literal in zip(self.turns, self.literal, strict=True)
        ]

    def beginning(self, **variables: object) -> list[dict[str, str]]:
        """The messages before the last turn: what calls with this prompt have in common."""
        shared = Prompt(self.front, self.turns[:-1], self.literal[:-1], self.sha256)
        return shared.messages(**variables)


def prompts_folder() -> Path:
    """The folder of the prompt files: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "_prompts"
    return installed if installed.is_dir() else package.parent / "prompts"


def prompts_sha256() -> str:
    """The sha256 of all prompt files."""
    return folder_sha256(prompts_folder())


def folder_sha256(folder: Path, *, leave_out: str | None = None) -> str:
    """The sha256 of the names and contents of all files in a folder, hidden ones and compiled code left out."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        hidden = any(part.startswith(".") or part in ("__pycache__", leave_out) for part in name.parts)
        if path.is_file() and not hidden:
            content = path.read_bytes()
            digest.update(f"{name.as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


def load(name: str | Path) -> Prompt:
    """The prompt of this name (`stepwise/claims`), or in this file (a path that ends in `.md`).

    Raises:
        PromptError: There is none, or it is not a prompt file.
    """
    path = Path(name) if str(name).endswith(".md") else prompts_folder() / f"{name}.md"
    if not path.is_file():
        known = sorted(
            file.relative_to(prompts_folder()).with_suffix("").as_posix()
            for file in prompts_folder().rglob("*.md")
            if not file.name.endswith(".examples.md")
        )
        raise PromptError(
            f"there is no prompt {str(name)!r}: give the path of a .md file, or one of {', '.join(known)}"
        )
    return _load(path)


def _load(path: Path) -> Prompt:
    content = _bytes(path)
    front, _ = _parsed(path, content)
    beside = path.parent / front.examples if front.examples is not None else None
    return _assembled(path, content, beside, _bytes(beside) if beside else b"")


@lru_cache(maxsize=128)  # a corpus reads the same prompts for each article
def _assembled(path: Path, content: bytes, beside: Path | None, examples: bytes) -> Prompt:
    front, body = _parsed(path, content)
    digest = hashlib.sha256(content)
    turns: list[tuple[str, str]] = []
    literal: list[bool] = []
    for role, text in _turns(body, path):
        if role != "examples":
            turns.append((role, text))
            literal.append(False)
            continue
        if beside is None:
            raise PromptError(f"{path} has an examples turn, but its front matter names no examples file")
        digest.update(examples)
        worked = _turns(_parsed(beside, examples)[1], beside)
        if any(role == "examples" for role, _ in worked):
            raise PromptError(f"{beside} is a file of examples: it cannot name another one")
        turns += worked
        literal += [True] * len(worked)
    return Prompt(front, tuple(turns), tuple(literal), digest.hexdigest())


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise PromptError(f"the prompt file {path} cannot be read: {error.strerror}") from error


@lru_cache(maxsize=128)
def _parsed(path: Path, content: bytes) -> tuple[FrontMatter, str]:
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise PromptError(f"the prompt file {path} is not UTF-8: byte {error.start} cannot be decoded") from error
    match = _FRONT.match(text)
    if match is None:
        raise PromptError(f"{path} is no prompt file: it must start with front matter between two lines of ---")
    try:
        matter: Any = yaml.safe_load(match["matter"])
        return FrontMatter.model_validate(matter), match["body"]
    except yaml.YAMLError as error:
        raise PromptError(f"the front matter of {path} is not YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise PromptError(f"the front matter of {path} is wrong: {faults}") from error


def _turns(body: str, path: Path) -> list[tuple[str, str]]:
    pieces = _TURN.split(body)
    if pieces[0].strip() or len(pieces) == 1:
        raise PromptError(f"{path} must begin its text with a line such as '=== system'")
    return [(cast(str, role), text.strip("\n")) for role, text in zip(pieces[1::2], pieces[2::2], strict=True)]


def _render(text: str, variables: dict[str, object], name: str) -> str:
    from jinja2 import TemplateError, UndefinedError

    try:
        return _template(text).render(variables)
    except UndefinedError as error:
        given = ", ".join(sorted(variables)) or "none"
        raise PromptError(
            f"the prompt {name} wants a variable that is not given: {error.message} (given: {given})"
        ) from error
    except TemplateError as error:
        raise PromptError(f"the prompt {name} is not a valid template: {error.message}") from error


@lru_cache(maxsize=128)
def _template(text: str) -> Template:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=False).from_string(text)
