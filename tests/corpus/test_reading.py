"""Corpora of every kind that is read, whole and broken."""

import gzip
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.corpus import Article, Columns, Entry, open_corpus
from extractor.errors import InputError

pyarrow: Any = import_module("pyarrow")  # it comes without types
parquet: Any = import_module("pyarrow.parquet")

ROWS = [
    {"id": "a", "text": "Ein Satz über Öl.", "date": "2026-03-10", "title": "Öl", "desk": "x"},
    {"id": "b", "text": 'A "quoted"\nline, with a comma.', "date": "", "title": "", "desk": ""},
]
WHOLE = [
    Article("a", "Ein Satz über Öl.", date(2026, 3, 10), "Öl", extra={"desk": "x"}),
    Article("b", 'A "quoted"\nline, with a comma.', extra={"desk": ""}),
]
CSV = 'id,text,date,title,desk\r\na,Ein Satz über Öl.,2026-03-10,Öl,x\r\nb,"A ""quoted""\nline, with a comma.",,,\r\n'


def entries(path: Path, columns: Columns | None = None, max_bytes: int = 10_000) -> list[Entry]:
    return list(open_corpus(path, columns, max_bytes).entries())


def articles(path: Path, columns: Columns | None = None) -> list[Article | None]:
    found = entries(path, columns)
    assert [entry.error for entry in found if entry.article is None] == []
    assert [entry.position for entry in found] == list(range(len(found)))
    return [entry.article for entry in found]


def lines(rows: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def zstandard(data: bytes) -> bytes:
    return pyarrow.compress(data, codec="zstd", asbytes=True)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("c.jsonl", lines(ROWS)),
        ("c.ndjson", b"\xef\xbb\xbf" + lines(ROWS).replace(b"\n", b"\r\n\n")),
        ("c.JSONL.gz", gzip.compress(lines(ROWS))),
        ("c.jsonl.zst", zstandard(lines(ROWS))),
        ("c.csv", CSV.encode()),
        ("c.csv.gz", gzip.compress(CSV.encode("utf-8-sig"))),
        ("c.tsv", CSV.replace(",", "\t").replace("line\t with", "line, with").encode()),
    ],
)
def test_every_kind_gives_the_same_articles(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert articles(tmp_path / name) == WHOLE


def test_parquet_with_types_of_its_own(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"id": 7, "text": "One.", "date": date(2026, 3, 10), "at": datetime(2026, 3, 10, 5, tzinfo=UTC), "n": None},
        {"id": 8, "text": "Two.", "date": None, "at": None, "n": Decimal("1.5")},
    ]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "c.parquet")
    first, second = articles(tmp_path / "c.parquet")
    assert first == Article("7", "One.", date(2026, 3, 10), extra={"at": "2026-03-10T05:00:00Z", "n": None})
    assert second == Article("8", "Two.", extra={"at": None, "n": "1.5"})


def test_a_folder_is_read_by_name_with_its_folders(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/k/deep.html", "c.pdf", ".hidden/x.txt", "a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"The text of {name}.\r\n", newline="")
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9")
    (tmp_path / "empty.txt").write_bytes(b"")
    found = entries(tmp_path)
    assert [entry.id for entry in found] == ["a/k/deep.html", "a/z.md", "a.txt", "b.txt", "bad.txt", "empty.txt"]
    assert found[1].article == Article("a/z.md", "The text of a/z.md.\r\n")
    assert "not UTF-8" in str(found[4].error)
    assert "is empty" in str(found[5].error)


def test_columns_of_other_names(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    row = {"key": 5, "body": "One.", "day": "2026-03-10T23:30:00-05:00", "id": "kept", "text": "also kept"}
    path.write_bytes(lines([row]))
    columns = Columns(id="key", text="body", date="day")
    assert articles(path, columns) == [
        Article("5", "One.", date(2026, 3, 10), extra={"id": "kept", "text": "also kept"})
    ]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"id": "a"', "the line is not JSON"),
        ("7", "this is no record but a number"),
        ('["a"]', "this is no record but a list"),
        ("{}", "there is no 'id'"),
        ('{"id": 1.5, "text": "x"}', "'id' is a number: it must be a string or a whole number"),
        ('{"id": true, "text": "x"}', "'id' is true or false"),
        ('{"id": "a"}', "there is no 'text': name the column of the text with --text-column"),
        ('{"id": "a", "text": ["x"]}', "'text' is a list"),
        ('{"id": "a", "text": " ... "}', "'text' has no words in it"),
        ('{"id": "a", "text": "x", "date": "19 June"}', "'date' is '19 June', which is no date"),
        ('{"id": "a", "text": "x", "date": 20260310}', "which is no date"),
        ('{"id": "a", "text": "x", "title": 5}', "'title' is a number"),
        ('{"id": "a", "text": "' + "x" * 10_001 + '"}', "'text' has 10,001 bytes, more than the 10,000"),
    ],
)
def test_a_bad_line_is_told_and_the_next_is_read(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "c.jsonl"
    path.write_bytes(line.encode() + b"\n" + lines(ROWS[:1]))
    bad, good = entries(path)
    assert says in str(bad.error)
    assert (bad.line, good.line) == (1, 2)
    assert good.article == WHOLE[0]


def test_bytes_that_are_no_text_spoil_their_row_only(tmp_path: Path) -> None:
    for name, data in (
        ("c.jsonl", b'{"id": "x", "text": "caf\xe9"}\n{"id": "y", "text": "\\ud800 x"}\n' + lines(ROWS[:1])),
        ("c.csv", b"id,text\nx,caf\xe9\ny\nz,one,more\na,Fine.\n"),
    ):
        (tmp_path / name).write_bytes(data)
        *bad, good = entries(tmp_path / name)
        assert all(entry.error and entry.article is None for entry in bad)
        assert good.article
        assert [entry.position for entry in (*bad, good)] == list(range(len(bad) + 1))


def test_a_line_without_end_is_never_held_whole(tmp_path: Path) -> None:
    path = tmp_path / "c.jsonl"
    path.write_bytes(b"x" * 3_000_000 + b"\n" + lines(ROWS[:1]))
    bad, good = entries(path)
    assert "the line is too long" in str(bad.error)
    assert (good.line, good.article) == (2, WHOLE[0])


def test_what_is_no_corpus(tmp_path: Path) -> None:
    for name, says in (("none.jsonl", "does not exist"), ("c.json", "of no kind"), ("c.parquet.gz", "of no kind")):
        if says == "of no kind":
            (tmp_path / name).write_bytes(b"[]")
        with pytest.raises(InputError, match=says):
            open_corpus(tmp_path / name)
    (tmp_path / "c.parquet").write_bytes(b"no Parquet")
    with pytest.raises(InputError, match="is no Parquet file"):
        entries(tmp_path / "c.parquet")
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(lines(ROWS))[:-9])
    with pytest.raises(InputError, match="cannot be read"):
        entries(tmp_path / "c.jsonl.gz")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.sampled_from(["id", "text", "date", "url", "x", ""]), values), max_size=5))
def test_whatever_a_line_holds_each_makes_one_entry(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]]
) -> None:
    path = tmp_path_factory.mktemp("c") / "c.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    found = entries(path)
    assert [entry.line for entry in found] == list(range(1, len(records) + 1))
    assert all((entry.article is None) != (entry.error is None) for entry in found)
    assert all(len(entry.article.sha256) == 32 for entry in found if entry.article)
