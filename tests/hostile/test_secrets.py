"""No key, header or path of the user in anything that is written or said: canaries everywhere, and a look at it all.

What may be told: on the terminal, to whoever typed it, a path as it was typed; in the report, the id and address that
the user gave the article. Files hold no absolute path, and log events no name of the user's folder.
"""

import asyncio
import json
import re
import sqlite3
import traceback
import zlib
from collections.abc import Generator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner, Result
from werkzeug import Request, Response

from evals.bench.batch_stub import BatchStub
from evals.bench.stub import Reply, serving
from evals.cli.app import app as evals_app
from extractor.cli import app
from extractor.errors import ExtractorError, ModelError, SettingsError
from extractor.llm import embedded
from extractor.llm.client import Client
from extractor.llm.pinned import embedded_weights
from extractor.llm.usage import Usage
from extractor.settings import Endpoint, resolve
from extractor.telemetry.documents import document
from extractor.telemetry.exporting import exporting
from extractor.testing.model import Live
from extractor.testing.recording import cassette_at
from tests.corpus.world import Attack, record, refusal, text_of, write_lines
from tests.evals.running.split import TOWNS, answer_of, write_gold

KEY = 'sk-CANARY-of-the-server/0123"456'
USER = "CANARY-of-the-user"
CANARIES = ("CANARY", "canary")
TOWN = re.compile(r"market of (\w+)")

Output = list[str]


def says(town: str) -> Reply:
    """A model and a server that send the key back in every way they can."""
    if town == "Almora":
        return Reply(answer_of(town))
    if town == "Brenta":
        odd = answer_of("Brenta")
        odd["actors"][0]["mentions"] = [KEY]
        odd["claims"][0]["source"]["text"] = f"Bearer {KEY}"
        return Reply(odd, headers={"x-request-id": KEY, "x-ratelimit-limit-requests": KEY})
    if town == "Corvel":
        return Reply(f"the key was {KEY}")
    if town == "Dunmark":
        return refusal(400, f"no such key: {KEY}", code=KEY, x_key=KEY)
    if town == "Estova":
        message = {"role": "assistant", "content": None, "refusal": f"I will not, for {KEY}"}
        body = {"model": KEY, "choices": [{"finish_reason": KEY, "message": message}], "id": KEY}
        return Reply(body=json.dumps(body).encode())
    return Reply(status=302, headers={"location": f"https://elsewhere.example/?key={KEY}"}, body=KEY.encode())


@pytest.fixture(scope="module")
def server() -> Generator[BatchStub]:
    def model(request: dict[str, Any]) -> Reply:
        town = next((found for message in request["messages"] for found in TOWN.findall(message["content"])), None)
        return says(town) if town else Reply({"1": KEY, "2": KEY})

    with serving(model, BatchStub) as stub:
        yield stub


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: BatchStub) -> Path:
    """The user's own folder; secrets for other places lie in the environment too."""
    folder = tmp_path / "home" / USER
    folder.mkdir(parents=True)
    for name, value in {
        "HOME": str(folder),
        "EXTRACTOR_CACHE": str(folder / "cache"),
        "EXTRACTOR_API_KEY": KEY,
        "EXTRACTOR_BASE_URL": server.base_url,
        "EXTRACTOR_MODEL": "large",
        "OPENAI_API_KEY": "sk-CANARY-of-openai",
        "OPENAI_ORG_ID": "CANARY-of-the-organisation",
        "OPENAI_CUSTOM_HEADERS": "X-Custom: CANARY-of-a-header",
        "HTTPS_PROXY": "http://user:CANARY-of-the-proxy@127.0.0.1:9",
        "HF_ENDPOINT": "http://user:CANARY-of-the-hub@127.0.0.1:9",
        "PIP_INDEX_URL": "http://user:CANARY-of-the-index@127.0.0.1:9/simple",
        "PIP_RETRIES": "0",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(folder)
    return folder


def run(told: Output, *arguments: str | Path, of: Any = app) -> Result:
    """A command, what it says kept."""
    result = CliRunner().invoke(of, [str(argument) for argument in arguments])
    told.append(result.stdout + result.stderr)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        told.append("".join(traceback.format_exception(result.exception)))
    return result


def held(path: Path) -> str:
    """All that a file holds, packed answers too."""
    text = path.read_bytes().decode("utf-8", "replace")
    if path.name == "answers.sqlite":
        with sqlite3.connect(path) as db:
            text += "".join(zlib.decompress(body).decode() for (body,) in db.execute("SELECT body FROM answers"))
    return text


def nothing_leaked(folder: Path, told: Output) -> None:
    for said in told:
        assert not any(canary in said for canary in CANARIES), said
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        text = held(path)
        assert not any(canary in text for canary in CANARIES), f"{path.name}: {text[:2000]}"
        assert str(folder) not in text


@pytest.mark.parametrize("more", [["--log-format", "json"], ["--plan", "stepwise"]], ids=["whole", "stepwise"])
def test_extract(home: Path, more: list[str]) -> None:
    told: Output = []
    for town in TOWNS if "json" in more else TOWNS[:3]:
        (home / f"{town}.txt").write_text(text_of(town))
        result = run(told, "extract", home / f"{town}.txt", "-o", f"{town}.json", *more)
        assert (result.exit_code, (home / f"{town}.json").exists()) in ((0, True), (1, False))
    run(told, "extract", home / "Brenta.txt", "--format", "html", "-o", "Brenta.html")
    reports = sorted(home.glob("*.json"))
    assert len(reports) >= 2
    for report in reports:
        run(told, "show", report, "-o", f"{report.stem}.page.html")
        for to in ("claims-csv", "acled-csv", "jsonld"):
            assert run(told, "export", report, "--to", to, "-o", f"{report.stem}.{to}").exit_code == 0
    run(told, "link", *reports, "-o", "dossiers.jsonl")
    nothing_leaked(home, told)


@pytest.mark.parametrize("more", [[], ["--batch", "--poll", "0.1"]], ids=["at once", "batch"])
def test_run(home: Path, more: list[str]) -> None:
    told: Output = []
    (home / "corpus" / "deep").mkdir(parents=True)
    for town in TOWNS:
        (home / "corpus" / "deep" / f"{town}.txt").write_text(text_of(town))
    (home / "corpus" / "empty.txt").write_text("")
    (home / "corpus" / "latin.txt").write_bytes(b"Zwei M\xe4nner")
    write_lines(home / "corpus.jsonl", [record(town) for town in TOWNS] + [{"id": "none"}, "no JSON"])
    for number, corpus in enumerate((home / "corpus", Path("corpus.jsonl"))):
        result = run(told, "run", corpus, "-o", f"out{number}", "--plan", "whole", "--log-format", "json", *more)
        assert result.exit_code == 1, "some failed"
        reports = (home / f"out{number}" / "reports.jsonl").read_text().splitlines()
        errors = (home / f"out{number}" / "errors.jsonl").read_text().splitlines()
        assert len(reports) >= 2
        assert len(errors) >= 5
        assert not any(
            "journal" not in name.name and ".part" in name.name for name in (home / f"out{number}").iterdir()
        )
    run(told, "run", home / "corpus", "-o", home / "out0", "--log-format", "json")
    run(told, "run", home / "nowhere", "-o", home / "out2", "--log-format", "json")
    run(told, "link", "out0/reports.jsonl", "-o", "dossiers.jsonl")
    nothing_leaked(home, told)


def test_telemetry(home: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("opentelemetry.sdk", reason="the extra otel is not installed")
    sent: list[bytes] = []

    def collect(request: Request) -> Response:
        sent.append(request.get_data())
        return Response(f"{request.headers} {request.url}", 400)  # it sends back what it was sent

    httpserver.expect_request("/v1/traces").respond_with_handler(collect)
    httpserver.expect_request("/v1/metrics").respond_with_handler(collect)
    collector = f"http://user:CANARY-of-a-password@127.0.0.1:{httpserver.port}"
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20CANARY-of-a-collector,x=CANARY-2")
    told: Output = []
    for town in TOWNS[0], TOWNS[3]:
        (home / f"{town}.txt").write_text(text_of(town))
        run(told, "extract", home / f"{town}.txt", "-o", f"{town}.json", "--otel")
    assert len(sent) >= 4
    assert b"Almora" in b"".join(sent), "the document's id is told"
    (home / "sent").write_bytes(b"\n".join(sent))
    nothing_leaked(home, told)


def test_a_collector_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("opentelemetry.sdk", reason="the extra otel is not installed")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://user:CANARY@127.0.0.1:9/?key=CANARY")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    told: Output = []
    with exporting(told.append), document("a", 1) as span:
        span.done(plan="whole", complete=True, dropped=0)
    assert "CANARY" not in "".join(told)


def test_cassettes(home: Path, server: BatchStub) -> None:
    live = Live(base_url=server.base_url, api_key=KEY, model="large")

    async def ask(town: str) -> None:
        endpoint = Endpoint("large", server.base_url, SecretStr(KEY), "server")
        async with Client(endpoint, attempts=1) as client:
            await client.ask([{"role": "user", "content": text_of(town)}], Attack, usage=Usage())

    told: Output = []
    for town in TOWNS:
        with cassette_at(home / "cassettes" / f"{town}.json", live):
            try:
                asyncio.run(ask(town))
            except ExtractorError as error:
                told.append("".join(traceback.format_exception(error)))
    nothing_leaked(home, told)


def test_evals(home: Path) -> None:
    write_gold(home / "gold")
    told: Output = []
    common = ["--gold", "gold", "--plan", "whole"]
    assert run(told, "run", "--out", home / "runs" / "first", *common, of=evals_app).exit_code == 1, "some failed"
    assert (home / "runs" / "first" / "answers").is_dir()
    run(told, "run", "--out", "runs/again", *common, "--replay", home / "runs" / "first", of=evals_app)
    run(told, "score", "--gold", "gold", "--pred", "runs/first", "--json", of=evals_app)
    run(told, "report", "runs/first", "--gold", "gold", "-o", "report.html", of=evals_app)
    assert (home / "report.html").exists()
    # That a run's folder is told on the terminal, as it was typed, is meant.
    nothing_leaked(home, [said.replace(str(home), "~") for said in told])


def test_models(home: Path) -> None:
    told: Output = []
    listed = run(told, "models", "list")
    assert embedded_weights().name in listed.stdout
    assert run(told, "models", "pull").exit_code == 1
    for said in told:
        assert "CANARY" not in said.replace(str(home), "~"), said


@pytest.mark.parametrize(
    "url",
    [
        "http://user:CANARY@host/v1", "http://CANARY@host/v1", "user:CANARY@host/v1", "https:user:CANARY@host",
        "http://user:CANARY@[::1", "http://host/v1?key=CANARY", "http://host/v1#CANARY", "http://host/?#CANARY",
    ],
)  # fmt: skip
def test_keys_in_addresses(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError) as caught:
        resolve("large", url)
    assert "CANARY" not in "".join(traceback.format_exception(caught.value))
    told: Output = []
    assert run(told, "extract", "https://user:CANARY@news.example/").exit_code == 2
    monkeypatch.setenv("EXTRACTOR_BASE_URL", url)
    assert run(told, "extract", "-").exit_code == 2
    assert "CANARY" not in "".join(told)


@pytest.mark.parametrize("proxy", ["socks5://u:CANARY@h:1", "ftp://u:CANARY@h", "::CANARY::"])
async def test_an_unusable_proxy(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    endpoint = Endpoint("large", "https://models.example/v1", SecretStr(KEY), "server")
    with pytest.raises(SettingsError, match="HTTPS_PROXY is unusable") as caught:
        async with Client(endpoint) as client:
            await client.ask([{"role": "user", "content": "?"}], Attack, usage=Usage())
    assert "CANARY" not in f"{caught.value!r}"


@pytest.mark.usefixtures("home")
def test_the_embedded_server_is_told_to_listen_to_this_machine_and_to_its_key_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What llama.cpp is told; that it keeps to it, tests/llm/test_embedded.py tries with the weights."""
    xllamacpp: Any = pytest.importorskip("xllamacpp")
    made: list[Any] = []

    def server(params: Any) -> Any:
        made.append(params)
        return SimpleNamespace(listening_address="http://127.0.0.1:1234")

    monkeypatch.setattr(xllamacpp, "Server", server)
    monkeypatch.setattr(embedded, "present", lambda: True)
    try:
        running = embedded.start()
    finally:
        embedded.stop()
    (params,) = made
    assert list(params.hostnames) == ["127.0.0.1"]
    assert list(params.api_keys) == [running.api_key]
    assert len(running.api_key) >= 40
    assert running.api_key not in f"{running!r}{running.endpoint!r}"
    assert not any([params.ui, params.endpoint_metrics, params.endpoint_props, params.endpoint_slots])

    def fails(params: Any) -> Any:
        raise RuntimeError(f"{params.model.path} cannot be loaded")

    monkeypatch.setattr(xllamacpp, "Server", fails)
    with pytest.raises(ModelError) as caught:
        embedded.start()
    assert USER not in str(caught.value), "it goes into errors.jsonl"
