import pytest

from extractor import extract


@pytest.mark.usefixtures("cassette")
def test_who_denies() -> None:
    report = extract("Rebels shelled a clinic in Orvan, the army said. The rebels denied it.")
    denials = [claim for claim in report.claims if claim.stance == "denies"]
    assert [claim.source.text for claim in denials] == ["The rebels"]
