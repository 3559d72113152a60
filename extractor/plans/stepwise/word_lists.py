"""Lists of the words of a language, kept as files of prompts, and patterns made of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import regex
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import PromptError


class WordList(BaseModel):
    """What every file of words has."""

    model_config = ConfigDict(extra="forbid")

    name: str
    version: str
    changelog: dict[str, str]
    language: str


L = TypeVar("L", bound=WordList)


def read_list(path: Any, form: type[L], what: str) -> L:
    """The list in a file.

    Raises:
        PromptError: It is no list of `what`.
    """
    try:
        return form.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError, UnicodeDecodeError) as error:
        raise PromptError(f"{path} is no list of {what}: {' '.join(str(error).split())[:200]}") from error


def any_of(words: Iterable[str]) -> regex.Pattern[str]:
    """Any of the words or phrases, whole and in any case; the longest that fits."""
    longest_first = sorted(map(regex.escape, words), key=len, reverse=True)
    return regex.compile(
        rf"(?<![\p{{L}}\p{{M}}\p{{N}}])(?:{'|'.join(longest_first)})(?![\p{{L}}\p{{M}}\p{{N}}])", regex.I
    )
