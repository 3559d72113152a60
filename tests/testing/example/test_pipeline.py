"""Its tests: offline, on what a real model answered when they were recorded."""

import pytest
from pipeline import convoys

pytestmark = pytest.mark.usefixtures("cassette")


def test_a_convoy_is_found_with_its_goods() -> None:
    found = convoys("Ten lorries with flour reached Orvan on Monday, the relief office said.")
    assert found == [("Orvan", ["flour"])]
