from pathlib import Path

import pytest

from extractor.testing.places import FOLDER, cassette_file

TESTS = Path(__file__).parents[1]
EXAMPLE = TESTS / "testing" / "example"


def test_every_cassette_has_its_test(request: pytest.FixtureRequest) -> None:
    config = request.config
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS or config.getoption("keyword"):
        pytest.skip("looks at the whole suite only")
    claimed = {
        cassette_file(item.path, item.nodeid.partition("::")[2])
        for item in request.session.items
        if "cassette" in getattr(item, "fixturenames", ())
    }
    files = {file for file in TESTS.rglob(f"{FOLDER}/*/*.json") if not file.is_relative_to(EXAMPLE)}
    orphans = sorted(str(file.relative_to(TESTS)) for file in files - claimed)
    assert not orphans, f"no test uses these cassettes; delete them or mend the tests: {', '.join(orphans)}"
