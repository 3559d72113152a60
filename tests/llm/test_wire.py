"""What leaves the machine, and to whom."""

from pathlib import Path

import pytest
from pydantic import BaseModel
from pytest_httpserver import HTTPServer

from extractor.errors import ConnectionFailed
from extractor.llm.client import Client
from extractor.llm.usage import Usage
from extractor.settings import Endpoint, resolve

SENT = {"accept", "accept-encoding", "authorization", "content-length", "content-type", "host", "user-agent"}


class Answer(BaseModel):
    name: str


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, unused_tcp_port: int) -> None:
    """An environment full of keys and addresses that are meant for others."""
    for name, value in {
        "OPENAI_API_KEY": "sk-secret",
        "OPENAI_ADMIN_KEY": "admin-secret",
        "OPENAI_ORG_ID": "org-secret",
        "OPENAI_PROJECT_ID": "project-secret",
        "OPENAI_WEBHOOK_SECRET": "webhook-secret",
        "OPENAI_CUSTOM_HEADERS": "Authorization: Bearer secret\nX-Custom: secret\nHost: secret.example\nUser-Agent: x",
        "OPENAI_BASE_URL": "http://elsewhere.example/v1",
        "HTTP_PROXY": f"http://127.0.0.1:{unused_tcp_port}",
        "ALL_PROXY": f"http://127.0.0.1:{unused_tcp_port}",
        "NETRC": str(tmp_path / "netrc"),
    }.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "netrc").write_text("machine localhost login me password netrc-secret\n")


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize(("key", "bearer"), [(None, "none"), ("mine", "mine")])
async def test_nothing_of_the_environment_is_sent(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, key: str | None, bearer: str
) -> None:
    answer = {"choices": [{"finish_reason": "stop", "message": {"content": '{"name": "Homs"}'}}]}
    httpserver.expect_request("/v1/chat/completions").respond_with_json(answer)
    if key:
        monkeypatch.setenv("EXTRACTOR_API_KEY", key)
    endpoint = resolve("small", httpserver.url_for("/v1"))
    assert isinstance(endpoint, Endpoint)
    async with Client(endpoint, attempts=1) as client:
        reply = await client.ask([{"role": "user", "content": "Where?"}], Answer, usage=Usage())
    assert reply.value == Answer(name="Homs")
    request, _ = httpserver.log[0]
    assert {name.lower() for name in request.headers.keys()} == SENT  # noqa: SIM118  pairs, when iterated over
    assert request.headers["Authorization"] == f"Bearer {bearer}"
    assert request.headers["Host"] == f"{httpserver.host}:{httpserver.port}"
    assert "secret" not in f"{request.headers}{request.get_data(as_text=True)}"


@pytest.mark.usefixtures("surroundings")
async def test_https_goes_through_the_proxy_without_showing_it_anything(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The proxy refuses the tunnel: what it was shown until then is all it ever sees in the clear.
    monkeypatch.setenv("HTTPS_PROXY", httpserver.url_for(""))
    monkeypatch.delenv("EXTRACTOR_REQUESTS")
    endpoint = resolve("small", "https://models.example/v1", "mine")
    assert isinstance(endpoint, Endpoint)
    async with Client(endpoint, attempts=1) as client:
        with pytest.raises(ConnectionFailed, match=r"no connection to https://models\.example"):
            await client.ask([{"role": "user", "content": "the words of an article"}], Answer, usage=Usage())
    request, _ = httpserver.log[0]
    assert request.method == "CONNECT"
    assert "mine" not in str(request.headers)
    assert request.get_data() == b""
