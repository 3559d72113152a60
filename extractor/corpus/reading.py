"""Corpora in a stream: a folder of texts, JSON lines, CSV or Parquet. Whatever the size, a little is held at a time."""

from __future__ import annotations

import csv
import gzip
import io
import os
import sys
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, cast

import jiter

from extractor.corpus.article import Article, Columns, Entry, entry_of
from extractor.errors import InputError, SettingsError
from extractor.reading import MAX_BYTES, read
from extractor.reading.read import named

TEXTS = (".txt", ".md", ".html", ".htm")
"""What is an article in a folder."""
LINES, TABLES, PARQUET = (".jsonl", ".ndjson"), (".csv", ".tsv"), (".parquet", ".pq")
PACKED = (".gz", ".zst")

_ROWS = 64
"""Of Parquet, held at a time."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles in their order; read as often as they are asked for."""

    path: Path
    columns: Columns
    max_bytes: int
    """The largest article."""

    @property
    def kind(self) -> str:
        """What it is by the ending of its name, in small letters and without that of a packed file."""
        suffix = self.path.suffix.lower()
        return Path(self.path.stem).suffix.lower() if suffix in PACKED else suffix

    def entries(self) -> Iterator[Entry]:
        """All records, one after another; what is no article tells why.

        Raises:
            InputError: The corpus as a whole cannot be read.
        """
        if self.path.is_dir():
            return _folder(self.path, self.max_bytes)
        if self.kind in LINES:
            return _lines(self)
        if self.kind in TABLES:
            return _table(self, "\t" if self.kind == ".tsv" else ",")
        return _parquet(self)


def open_corpus(path: Path, columns: Columns | None = None, max_bytes: int = MAX_BYTES) -> Corpus:
    """The corpus at a path; nothing is read yet.

    Raises:
        InputError: There is none, or of a kind that is not read.
    """
    name = named(str(path))
    corpus = Corpus(path, columns or Columns(), max_bytes)
    if not path.exists():
        raise InputError(f"{name} does not exist: give a folder of articles, or a .jsonl, .csv or .parquet file")
    if not path.is_dir():
        if not path.is_file():
            raise InputError(f"{name} is a pipe or a device, and a corpus is read twice: save it as a file first")
        if corpus.kind not in (*LINES, *TABLES, *PARQUET) or (corpus.kind in PARQUET and path.suffix.lower() in PACKED):
            raise InputError(
                f"{name} is of no kind that is read: give a folder of articles, a .jsonl, .csv or .tsv file (also with "
                ".gz or .zst), or a .parquet file"
            )
    return corpus


def _folder(path: Path, max_bytes: int) -> Iterator[Entry]:
    """Its texts and those of the folders in it, by name; the id is the path within the folder."""
    for position, file in enumerate(_walk(path)):
        name = file.relative_to(path).as_posix()
        try:
            name.encode()
            found = read(str(file), max_bytes=max_bytes, called=name)
            yield Entry(position, name, article=Article(name, found.text))
        except UnicodeEncodeError:
            yield Entry(position, None, error=f"the name {name!r} is no UTF-8: rename the file")
        except InputError as error:
            yield Entry(position, name, error=str(error))


def _walk(path: Path) -> Iterator[Path]:
    with _readable(path), os.scandir(path) as found:
        entries = sorted(((each.name, each.is_dir(follow_symlinks=False)) for each in found), key=lambda each: each[0])
    for name, is_folder in entries:
        if name.startswith("."):
            continue
        if is_folder:
            yield from _walk(path / name)
        elif name.lower().endswith(TEXTS):
            yield path / name


def _lines(corpus: Corpus) -> Iterator[Entry]:
    position = 0
    longest = 8 * corpus.max_bytes + 2**20  # JSON may write a character in six bytes; other columns may be there
    with _readable(corpus.path), _opened(corpus.path) as file:
        for number, line in _bounded_lines(file, longest):
            if line is not None and not line.strip():
                continue
            yield _line(line, position, number, corpus)
            position += 1


def _line(line: bytes | None, position: int, number: int, corpus: Corpus) -> Entry:
    if line is None:
        return Entry(position, None, number, error=f"the line is too long: an article has {corpus.max_bytes:,} bytes")
    try:
        record = jiter.from_json(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, cache_mode="keys")
    except ValueError as error:
        return Entry(position, None, number, error=f"the line is not JSON: {error}")
    return entry_of(record, position, number, corpus.columns, corpus.max_bytes)


def _bounded_lines(file: BinaryIO, longest: int) -> Iterator[tuple[int, bytes | None]]:
    """The lines with their numbers; None for one that is too long to be held."""
    number = 0
    while line := file.readline(longest):
        number += 1
        if len(line) < longest or line.endswith(b"\n"):
            yield number, line
            continue
        while (rest := file.readline(longest)) and not rest.endswith(b"\n"):
            pass
        yield number, None


def _table(corpus: Corpus, delimiter: str) -> Iterator[Entry]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with _readable(corpus.path), _opened(corpus.path) as file:
        # What is no UTF-8 comes as half characters, which no article may hold: a row is refused, not the file.
        text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        rows = csv.reader(text, delimiter=delimiter, strict=True)
        head = next(rows, None)
        if not head:
            return
        position = 0
        while True:
            line = rows.line_num + 1
            try:
                row = next(rows, None)
            except csv.Error as error:
                yield Entry(position, None, line, error=f"the row is no CSV: {error}")
                position += 1
                continue
            if row is None:
                return
            if not row:
                continue
            if len(row) != len(head):
                yield Entry(position, None, line, error=f"the row has {len(row)} columns, and the header {len(head)}")
            else:
                record = dict(zip(head, row, strict=True))
                yield entry_of(record, position, line, corpus.columns, corpus.max_bytes)
            position += 1


def _parquet(corpus: Corpus) -> Iterator[Entry]:
    parquet, fault = _pyarrow("parquet"), _pyarrow("lib").ArrowException
    position = 0
    try:
        with _readable(corpus.path), parquet.ParquetFile(corpus.path) as file:
            for batch in file.iter_batches(batch_size=_ROWS):
                for record in batch.to_pylist():
                    yield entry_of(record, position, position + 1, corpus.columns, corpus.max_bytes)
                    position += 1
    except fault as error:
        raise InputError(f"{named(str(corpus.path))} is no Parquet file: {' '.join(str(error).split())}") from error


@contextmanager
def _opened(path: Path) -> Generator[BinaryIO]:
    if path.suffix.lower() == ".gz":
        with gzip.open(path, "rb") as file:
            yield cast(BinaryIO, file)
    elif path.suffix.lower() == ".zst":
        with _pyarrow().input_stream(str(path), compression="zstd") as stream, io.BufferedReader(stream) as file:
            yield cast(BinaryIO, file)
    else:
        with path.open("rb") as file:
            yield file


@contextmanager
def _readable(path: Path) -> Generator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or error
        raise InputError(f"{named(str(path))} cannot be read: {why}") from error


def _pyarrow(part: str = "") -> Any:
    try:
        return import_module(f"pyarrow.{part}" if part else "pyarrow")  # it comes without types
    except ImportError as error:
        raise SettingsError(
            "Parquet and .zst need pyarrow, which is not installed: pip install 'incident-claim-extractor[export]'"
        ) from error
