"""The proxy that counts: what it passes on, and what it counts."""

import json
import socket
from collections.abc import Generator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from pytest_httpserver import HTTPServer

from evals.bench.peers.meter import Meter, Passed
from tests.evals.bench.peers_articles import USAGE

CHAT = "/v1/chat/completions"


@pytest.fixture
def meter(httpserver: HTTPServer) -> Generator[Meter]:
    with Meter(httpserver.url_for("/v1")) as meter:
        yield meter


def post(meter: Meter, body: object) -> bytes:
    headers = {"Authorization": "Bearer its-key", "Content-Type": "application/json"}
    with urlopen(Request(f"{meter.base_url}/chat/completions", json.dumps(body).encode(), headers)) as answer:
        return answer.read()


def test_requests_and_answers_pass_unchanged(httpserver: HTTPServer, meter: Meter) -> None:
    said = {"choices": [{"finish_reason": "stop"}], "usage": USAGE}
    httpserver.expect_request(
        CHAT, "POST", json={"model": "é"}, headers={"Authorization": "Bearer its-key"}
    ).respond_with_json(said)
    assert json.loads(post(meter, {"model": "é"})) == said


def test_what_the_server_counted_is_added_up_and_taken_once(httpserver: HTTPServer, meter: Meter) -> None:
    httpserver.expect_ordered_request(CHAT).respond_with_json(
        {"choices": [{"finish_reason": "length"}], "usage": USAGE}
    )
    httpserver.expect_ordered_request(CHAT).respond_with_json(
        {"choices": [{"finish_reason": "stop"}], "usage": {"prompt_tokens": 5, "completion_tokens": 6}}
    )
    post(meter, {})
    post(meter, {})
    assert meter.take() == Passed(calls=2, input_tokens=905, cached_tokens=300, output_tokens=76, cut_off=1)
    assert meter.take() == Passed()


def test_an_error_of_the_server_passes_and_is_counted(httpserver: HTTPServer, meter: Meter) -> None:
    httpserver.expect_request(CHAT).respond_with_json({"error": {"message": "busy"}}, status=503)
    with pytest.raises(HTTPError) as error:
        post(meter, {})
    assert (error.value.code, json.loads(error.value.read())) == (503, {"error": {"message": "busy"}})
    error.value.close()
    assert meter.take() == Passed(refused=1)


def test_a_server_that_is_not_there_is_a_bad_gateway(unused_tcp_port: int) -> None:
    with Meter(f"http://127.0.0.1:{unused_tcp_port}/v1") as meter:
        with pytest.raises(HTTPError) as error:
            post(meter, {})
        taken = meter.take()
    assert error.value.code == 502
    error.value.close()
    assert taken == Passed(refused=1, unreached=1)


def test_when_the_client_hangs_up_so_does_the_proxy() -> None:
    """Else a server would write on for nobody while the next system waits."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        Meter(f"http://127.0.0.1:{server.getsockname()[1]}/v1") as meter,
    ):
        server.settimeout(10)
        port = int(meter.base_url.removesuffix("/v1").rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
            upstream, _ = server.accept()
            upstream.settimeout(10)
            asked = b""
            while not asked.endswith(b"{}"):
                asked += upstream.recv(4096)
        with upstream:
            assert upstream.recv(4096) == b""
