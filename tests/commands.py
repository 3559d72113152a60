"""What tests of commands ask of a refusal."""

from typer.testing import Result


def refusal(result: Result) -> str:
    """The one line on standard error of a command that was refused."""
    assert result.exit_code == 2, result.stderr
    (line,) = result.stderr.splitlines()
    assert line.startswith("extractor: ")
    return line
