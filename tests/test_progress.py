"""What a user sees of a long fetch."""

import pytest

from extractor import progress


def test_lines_tell_each_tenth_once(capsys: pytest.CaptureFixture[str]) -> None:
    shown = progress.on_stderr()  # under pytest standard error is no terminal
    shown.start(2_000_000_000, done=700_000_000)
    for _ in range(13):
        shown.advance(50_000_000)
    shown.finish()
    told = capsys.readouterr()
    assert told.err.splitlines() == [f"{n} % of 2,000 MB" for n in (40, 50, 60)]
    assert told.out == ""


def test_bar_leaves_standard_output_alone(capsys: pytest.CaptureFixture[str]) -> None:
    shown = progress.BarProgress()
    shown.note("fetching [it]")
    shown.start(1000)
    shown.start(1000, done=200)  # a source that begins over
    shown.advance(800)
    shown.finish()
    told = capsys.readouterr()
    assert "fetching [it]" in told.err
    assert told.out == ""


def test_finishing_what_never_started_is_harmless() -> None:
    progress.LineProgress().finish()
    progress.BarProgress().finish()
