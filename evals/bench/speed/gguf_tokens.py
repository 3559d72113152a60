"""Counts tokens as the embedded model does, from the vocabulary in its weights; no model is loaded.

Byte-level byte-pair encoding (Sennrich et al. 2016) with the way of Qwen2 to cut a text into words. Of a GGUF file, the
key-value pairs at its beginning are read.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO

import regex

from extractor.errors import WeightsError

_WORDS = regex.compile(
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_PLAIN = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9


class Tokens:
    """Counts tokens.

    Args:
        merges: Pairs of pieces that are joined, `left right`, the most frequent first, as in a GGUF file.
    """

    def __init__(self, merges: Sequence[str]) -> None:
        pairs = (merge.split(" ") for merge in merges)
        self._rank = {(left, right): rank for rank, (left, right) in enumerate(pairs)}
        self._of_word = lru_cache(maxsize=100_000)(self._count_word)

    @classmethod
    def of_weights(cls, path: Path) -> Tokens:
        """Those of a model's GGUF file; raises `WeightsError` when it holds no such vocabulary."""
        try:
            with path.open("rb") as file:
                held = _held(file)
        except (OSError, struct.error, KeyError) as error:
            raise WeightsError(f"{path} cannot be read as a GGUF file ({error}): extractor models pull") from error
        if held.get("tokenizer.ggml.pre") != "qwen2" or "tokenizer.ggml.merges" not in held:
            raise WeightsError(f"{path} holds no vocabulary of Qwen2")
        return cls(held["tokenizer.ggml.merges"])

    def count(self, text: str) -> int:
        """How many tokens the text is."""
        return sum(self._of_word(word) for word in _WORDS.findall(text))

    def _count_word(self, word: str) -> int:
        pieces = [_SHOWN[byte] for byte in word.encode()]
        while len(pieces) > 1:
            ranked = [(self._rank.get(pair, len(self._rank)), pair) for pair in pairwise(pieces)]
            rank, best = min(ranked)
            if rank == len(self._rank):
                break
            joined: list[str] = []
            for piece in pieces:
                if joined and (joined[-1], piece) == best:
                    joined[-1] += piece
                else:
                    joined.append(piece)
            pieces = joined
        return len(pieces)


def _shown() -> dict[int, str]:
    """The character that stands for each byte in the vocabulary, as GPT-2 has it."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {byte: chr(256 + place) for place, byte in enumerate(others)}


_SHOWN = _shown()


def _held(file: BinaryIO) -> dict[str, Any]:
    magic, _, _, count = struct.unpack("<4sIQQ", file.read(24))
    if magic != b"GGUF":
        raise KeyError("it does not begin with GGUF")
    held: dict[str, Any] = {}
    for _ in range(count):
        name = _string(file)
        held[name] = _value(file, _number(file, "I"))
    return held


def _value(file: BinaryIO, kind: int) -> Any:
    if kind == _STRING:
        return _string(file)
    if kind == _ARRAY:
        of = _number(file, "I")
        return [_value(file, of) for _ in range(_number(file, "Q"))]
    return _number(file, _PLAIN[kind])


def _string(file: BinaryIO) -> str:
    return file.read(_number(file, "Q")).decode("utf-8", "replace")


def _number(file: BinaryIO, code: str) -> Any:
    (value,) = struct.unpack(f"<{code}", file.read(struct.calcsize(f"<{code}")))
    return value
