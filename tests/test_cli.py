"""The command line: what it says, where it says it, and with which exit code."""

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar

import pytest
import typer
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner, Result

import extractor
from extractor.cli import app
from extractor.cli.failures import Commands
from extractor.cli.output import write
from extractor.errors import OutputError
from tests.dom import parse

ARTICLE = "Two soldiers were killed near Varesh on Sunday, the army said.\n"
COMMAND = [sys.executable, "-m", "extractor"]


@pytest.fixture(autouse=True)
def no_weights(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EXTRACTOR_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE)
    return path


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def refused(*arguments: str | Path, stdin: bytes | None = None, exit_code: int = 2) -> str:
    """Run what must fail with this exit code, nothing on standard output, and one line on standard error."""
    result = run(*arguments, stdin=stdin)
    assert result.stdout == ""
    assert result.exit_code == exit_code, result.stderr
    line, *more = result.stderr.splitlines()
    assert not more, result.stderr
    assert line.startswith("extractor: ")
    return line


def misused(*arguments: str | Path) -> str:
    """Run what the command line itself refuses, with how to use it."""
    result = run(*arguments)
    assert result.stdout == ""
    assert result.exit_code == 2
    assert "Usage: " in result.stderr
    return result.stderr.splitlines()[-1]


class TestHelp:
    def test_version(self) -> None:
        assert run("--version").stdout == f"extractor {extractor.__version__}\n"

    def test_every_command_tells_what_it_does(self) -> None:
        told = run("--help").stdout
        assert "extract " in told
        assert "run " in told
        assert "export " in told
        assert "show " in told
        assert "models " in told
        for name in ("list", "pull", "serve"):
            assert f"{name} " in run("models", "--help").stdout

    def test_help_of_extract_tells_environment_and_exit_codes(self) -> None:
        told = run("extract", "--help").stdout
        for name in ("MODEL", "BASE_URL", "API_KEY", "CACHE", "DEBUG", "REQUESTS"):
            assert f"\n    EXTRACTOR_{name} " in told
        for code in (0, 1, 2, 130):
            assert f"\n    {code} " in told
        assert "--api-key" not in told, "an argument can be seen by everybody on the machine"


class TestBadInput:
    @pytest.mark.parametrize(
        ("data", "says"),
        [
            (b"", "is empty"),
            (b" \n\t\r\n", "no words"),
            (b"\x7fELF\x02\x01\x01\x00\x00", "null byte at offset 7"),
            (b"%PDF-1.4\n", "is a PDF"),
            ("Zwei Männer".encode("latin-1"), "not UTF-8: byte 0xE4 at offset 6"),
        ],
    )
    def test_files_and_standard_input_alike(self, article: Path, data: bytes, says: str) -> None:
        article.write_bytes(data)
        assert says in refused("extract", article)
        assert says in refused("extract", "-", stdin=data)

    def test_no_file(self, tmp_path: Path) -> None:
        assert "is a folder" in refused("extract", tmp_path)
        assert "does not exist" in refused("extract", tmp_path / "nothing.txt")
        assert "only http and https" in refused("extract", "gopher://host.invalid/")
        assert "cannot be reached" in refused("extract", "http://host.invalid/")

    def test_too_large(self, article: Path) -> None:
        assert "--max-bytes" in refused("extract", article, "--max-bytes", "10")
        assert "--max-bytes" in refused("extract", "-", "--max-bytes", "10", stdin=ARTICLE.encode())

    def test_a_page_on_this_machine(self, httpserver: HTTPServer) -> None:
        httpserver.expect_request("/").respond_with_data("gone", status=410)
        assert "--allow-private" in refused("extract", httpserver.url_for("/"))
        assert "answered 410 GONE" in refused("extract", "--allow-private", httpserver.url_for("/"))

    def test_a_misused_command_line(self, article: Path) -> None:
        assert "PATH|URL|-" in misused("extract")
        assert "--nonsense" in misused("extract", article, "--nonsense")
        assert "--date" in misused("extract", article, "--date", "19 June")
        assert "--date" in misused("extract", article, "--date", "2017-02-30")
        assert "--max-bytes" in misused("extract", article, "--max-bytes", "0")
        assert "json" in misused("extract", article, "--format", "xml")
        line = misused("extract", article, "--plan", "guess")
        assert "whole" in line
        assert "stepwise" in line
        assert "nonsense" in misused("nonsense")

    def test_the_line_says_where_in_debug_mode(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("EXTRACTOR_DEBUG", "1")
        result = run("extract", tmp_path)
        assert isinstance(result.exception, extractor.ExtractorError)


class TestExtract:
    """With a server that answers, for the article above, what a good model would."""

    ANSWER: ClassVar[dict[str, Any]] = {
        "actors": [
            {"kind": "state_forces", "mentions": ["the army"]},
            {"kind": "state_forces", "mentions": ["soldiers"]},
        ],
        "incidents": [
            {
                "type": "ground_clash",
                "realis": "actual",
                "evidence": [1],
                "initiators": [],
                "targets": ["soldiers"],
                "weapons": [],
                "when": ["on Sunday"],
                "where": [{"text": "Varesh", "relation": "near", "level": "settlement"}],
                "casualties": [{"who": "soldiers", "status": "killed", "category": "combatant", "count": "Two"}],
            }
        ],
        "claims": [
            {
                "sentences": [1],
                "source": {"text": "the army", "actor": 1},
                "via": [],
                "cue": "said",
                "against": None,
                "attribution": "explicit",
                "stance": "asserts",
                "incidents": [1],
                "aspects": ["occurrence", "casualties"],
            }
        ],
    }

    @pytest.fixture
    def model(self, httpserver: HTTPServer) -> list[str]:
        httpserver.expect_request("/v1/chat/completions").respond_with_json(
            {
                "id": "1",
                "object": "chat.completion",
                "created": 1,
                "model": "m",
                "choices": [
                    {
                        "index": 0,
                        "finish_reason": "stop",
                        "message": {"role": "assistant", "content": json.dumps(self.ANSWER)},
                    }
                ],
                "usage": {"prompt_tokens": 1_200, "completion_tokens": 34, "total_tokens": 1_234},
            }
        )
        return ["--base-url", httpserver.url_for("/v1"), "--model", "m", "--plan", "whole"]

    def test_json_on_standard_output_and_a_line_on_standard_error(self, article: Path, model: list[str]) -> None:
        result = run("extract", article, "--date", "2017-06-19", "--publisher", "Meridian", *model)
        assert result.exit_code == 0, result.stderr
        report = json.loads(result.stdout)
        (claim,) = report["claims"]
        assert claim["source"]["text"] == "the army"
        assert [span["quote"] for span in claim["content"]] == ["Two soldiers were killed near Varesh on Sunday"]
        (incident,) = report["incidents"]
        assert incident["when"][0]["earliest"] == "2017-06-18"
        assert report["document"]["id"] == "article"
        assert report["document"]["publisher"] == "Meridian"
        assert "text" not in report["document"]
        (line,) = result.stderr.splitlines()
        assert line.startswith("1 incident, 1 claim, 0 dropped, 1 call, 1,234 tokens, ")
        assert line.endswith(" s, m")

    def test_a_file_instead(self, article: Path, tmp_path: Path, model: list[str]) -> None:
        output = tmp_path / "report.json"
        result = run("extract", article, "--include-text", "--output", output, *model)
        assert result.stdout == ""
        assert json.loads(output.read_bytes())["document"]["text"] == ARTICLE
        assert sorted(tmp_path.iterdir()) == [article, output]

    def test_a_page_to_look_at_has_the_article_in_it(self, article: Path, tmp_path: Path, model: list[str]) -> None:
        output = tmp_path / "report.html"
        result = run("extract", article, "--format", "html", "-o", output, *model)
        assert result.exit_code == 0, result.stderr
        page = parse(output.read_text(encoding="utf-8"))
        assert [passage.text for passage in page.all("div", class_="passage")] == [ARTICLE]
        assert [quote.text for quote in page.all("blockquote")] == ["Two soldiers were killed near Varesh on Sunday"]
        assert run("extract", article, "--format", "html", *model).stdout.startswith("<!DOCTYPE html>")

    def test_standard_input_with_a_mark_and_line_ends_of_its_own(self, model: list[str]) -> None:
        result = run("extract", "-", "--include-text", *model, stdin=b"\xef\xbb\xbf\r\n" + ARTICLE.encode())
        report = json.loads(result.stdout)
        assert report["document"]["text"] == "\r\n" + ARTICLE
        assert report["claims"][0]["source"]["start"] == ARTICLE.index("the army") + 2
        assert "byte order mark" in result.stderr.splitlines()[0]

    def test_a_page(self, httpserver: HTTPServer, model: list[str]) -> None:
        httpserver.expect_request("/news").respond_with_data(ARTICLE, content_type="text/plain")
        url = httpserver.url_for("/news")
        report = json.loads(run("extract", "--allow-private", url, "--title", "Two killed", *model).stdout)
        assert report["document"]["url"] == url
        assert report["document"]["title"] == "Two killed"
        assert report["document"]["text"] == ARTICLE, "a page may change: its text is always kept"


class TestModelsThatDoNotAnswer:
    @pytest.fixture
    def server(self, httpserver: HTTPServer) -> str:
        return httpserver.url_for("/v1")

    def test_a_model_that_nobody_knows(self, article: Path) -> None:
        assert 'unknown model "nonsense"' in refused("extract", article, "--model", "nonsense")
        assert "OPENAI_API_KEY" in refused("extract", article, "--model", "openai/gpt-5")
        assert "is unusable" in refused("extract", article, "--base-url", "localhost:8000")

    @pytest.mark.parametrize(("status", "says"), [(401, "key"), (403, "key"), (400, "400")])
    def test_a_server_that_refuses(
        self, article: Path, httpserver: HTTPServer, server: str, status: int, says: str
    ) -> None:
        httpserver.expect_request("/v1/chat/completions").respond_with_json(
            {"error": {"message": "no\nway", "code": None}}, status=status
        )
        line = refused("extract", article, "--base-url", server, "--model", "m", exit_code=1)
        assert says in line
        assert f"localhost:{httpserver.port}" in line
        assert len(httpserver.log) == 1

    def test_a_model_that_the_server_does_not_know(self, article: Path, httpserver: HTTPServer, server: str) -> None:
        httpserver.expect_request("/v1/chat/completions").respond_with_json({"error": {"message": "no"}}, status=404)
        httpserver.expect_request("/v1/models").respond_with_json({"object": "list", "data": [{"id": "other-7b"}]})
        assert "other-7b" in refused("extract", article, "--base-url", server, "--model", "m", exit_code=1)

    def test_nothing_is_written_then(self, article: Path, httpserver: HTTPServer, server: str, tmp_path: Path) -> None:
        httpserver.expect_request("/v1/chat/completions").respond_with_json({"error": {"message": "no"}}, status=400)
        output = tmp_path / "report.json"
        refused("extract", article, "--base-url", server, "--model", "m", "-o", output, exit_code=1)
        assert not output.exists()
        assert sorted(tmp_path.iterdir()) == [article]


class TestWhereTheResultGoes:
    def test_what_cannot_be_written_is_said_before_any_work(self, article: Path, tmp_path: Path) -> None:
        assert "is a folder" in refused("extract", article, "-o", tmp_path)
        assert "does not exist" in refused("extract", article, "-o", tmp_path / "no" / "report.json")
        assert "is the article itself" in refused("extract", article, "-o", article)
        link = tmp_path / "link.json"
        link.symlink_to(article)
        assert "is the article itself" in refused("extract", article, "-o", link)
        assert article.read_text() == ARTICLE

    def test_a_file_is_replaced_as_a_whole(self, tmp_path: Path) -> None:
        path = tmp_path / "report.json"
        path.write_text("old, and longer than what is new")
        link = tmp_path / "link.json"
        link.symlink_to(path)
        write('{"quote": "“Обстріл”"}', link)
        assert path.read_bytes() == '{"quote": "“Обстріл”"}\n'.encode()
        assert link.is_symlink()
        assert sorted(tmp_path.iterdir()) == [link, path]

    @pytest.mark.parametrize("old", ["old", None])
    def test_a_full_disk_leaves_what_was_there(self, tmp_path: Path, old: str | None) -> None:
        path = tmp_path / "report.json"
        if old is not None:
            path.write_text(old)
        before = list(tmp_path.iterdir())
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
        try:
            with pytest.raises(OutputError, match=r"report\.json cannot be written: File too large"):
                write("x" * 101, path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert list(tmp_path.iterdir()) == before
        assert old is None or path.read_text() == old

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
    def test_a_device_is_written_to_and_not_replaced(self) -> None:
        with pytest.raises(OutputError, match="/dev/full cannot be written: No space left on device"):
            write("{}", Path("/dev/full"))
        assert Path("/dev/full").is_char_device()

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
    def test_standard_output_that_is_full(self) -> None:
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [*COMMAND, "models", "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
            )
        assert done.returncode == 1
        assert done.stderr == "extractor: standard output cannot be written: No space left on device\n"

    def test_a_reader_that_went_away(self) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [*COMMAND, "models", "list"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
        )
        os.close(writing)
        assert done.returncode == 141
        assert done.stderr == ""


class TestHowItEnds:
    def test_interrupted(self, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        process = subprocess.Popen([*COMMAND, "extract", pipe], stderr=subprocess.PIPE, text=True)
        with pipe.open("wb"):  # opens once the command is reading
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=20)
        assert process.returncode == 130
        assert told == "extractor: interrupted\n"

    def test_standard_input_that_is_closed(self) -> None:
        done = subprocess.run(
            ["/bin/sh", "-c", 'exec "$@" <&-', "sh", *COMMAND, "extract", "-"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 2
        assert done.stderr.startswith("extractor: standard input is closed")

    def test_an_error_of_our_own_making_asks_to_be_reported(self) -> None:
        broken = typer.Typer(cls=Commands)

        @broken.command()
        def fail() -> None:
            raise ZeroDivisionError("one\ntwo")

        @broken.command()
        def other() -> None:
            pass

        result = CliRunner().invoke(broken, ["fail"])
        assert result.exit_code == 1
        assert result.stderr.startswith(
            "extractor: this should not happen, please report it: ZeroDivisionError: one two"
        )
        assert len(result.stderr.splitlines()) == 1


class TestModels:
    def test_list_says_that_the_model_is_not_here(self, tmp_path: Path) -> None:
        first, path = run("models", "list").stdout.splitlines()
        assert "not here" in first
        assert Path(path).parent == tmp_path / "cache"

    def test_pull_takes_no_other_file(self, article: Path, tmp_path: Path) -> None:
        assert "it was not kept" in refused("models", "pull", "--from", article, exit_code=1)
        assert "No such file" in refused("models", "pull", "--from", tmp_path / "nothing.gguf")
        assert not (tmp_path / "cache").exists()

    def test_pull_stays_here_when_told_to(self) -> None:
        assert "EXTRACTOR_REQUESTS" in run("models", "pull").stderr.splitlines()[-1]
