import pytest

from tests.recording import FOLDER, cassette_of


def test_every_cassette_has_its_test(request: pytest.FixtureRequest) -> None:
    config = request.config
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS or config.getoption("keyword"):
        pytest.skip("looks at the whole suite only")
    claimed = {cassette_of(item) for item in request.session.items if "cassette" in getattr(item, "fixturenames", ())}
    orphans = sorted(str(file.relative_to(FOLDER)) for file in set(FOLDER.rglob("*.json")) - claimed)
    assert not orphans, f"no test uses these cassettes; delete them or mend the tests: {', '.join(orphans)}"
