"""Which file is whose."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.testing.places import cassette_file

MODULE = Path("/project/tests/plans/test_it.py")
FOLDER = MODULE.parent / "cassettes" / "test_it"


@pytest.mark.parametrize(
    ("test", "file"),
    [
        ("test_one", "test_one.json"),
        ("TestSome::test_one", "TestSome.test_one.json"),
        ("test_one[1-b.c]", "test_one-1-b.c.json"),
    ],
)
def test_cassettes_lie_beside_their_tests_under_plain_names(test: str, file: str) -> None:
    assert cassette_file(MODULE, test) == FOLDER / file


@given(st.text(), st.text())
def test_no_parameter_is_written_outside_and_no_two_share_a_file(one: str, other: str) -> None:
    files = [cassette_file(MODULE, f"test_it[{text}]") for text in (one, other)]
    for file in files:
        assert file.parent == FOLDER
        assert len(file.name.encode()) <= 255
    assert (files[0] == files[1]) == (one == other)
