"""Servers that go on for ever, send elsewhere, pack or lie: what the client and the reader of pages do with them."""

import asyncio
import gzip
import json
import socket
import threading
import time
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr
from pytest_httpserver import HTTPServer

from extractor import Extractor
from extractor.errors import ExtractorError, InputError, RequestRefused, SettingsError, UnusableAnswer
from extractor.llm.client import Client
from extractor.llm.limits import LONGEST_PAUSE, RateLimits
from extractor.llm.transport import http_client
from extractor.llm.usage import Usage
from extractor.reading import main_text, read
from extractor.reading.addresses import is_public, resolve
from extractor.reading.main_text import Asked
from extractor.settings import Endpoint
from tests.plans.ostrel import CHAT, TEXT, completion

KEY = "sk-test/0123456789"


class Word(BaseModel):
    word: str


@contextmanager
def speaking(say: Callable[[socket.socket], None]) -> Generator[str]:
    """A server that says to each caller whatever it likes, until the caller has gone."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                caller, _ = listening.accept()
            except OSError:  # closed
                return
            with caller:
                try:
                    caller.recv(65_536)
                    say(caller)
                except OSError:
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


def head(**headers: Any) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()


def without_end(start: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    def say(caller: socket.socket) -> None:
        caller.sendall(start)
        while True:
            caller.sendall(piece)

    return say


def dripping(start: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    """A byte or line now and then, each of them in time."""

    def say(caller: socket.socket) -> None:
        caller.settimeout(0.02)
        caller.sendall(start)
        while True:
            caller.sendall(piece)
            try:
                if not caller.recv(1):
                    return  # the caller has gone
            except TimeoutError:
                continue

    return say


def asked(url: str, key: str = KEY, **options: Any) -> ExtractorError:
    with (
        pytest.raises(ExtractorError) as caught,
        Extractor(model="large", base_url=f"{url}/v1", api_key=key, plan="whole", **options) as extractor,
    ):
        extractor.extract(TEXT)
    assert str(caught.value).isprintable()
    assert key not in repr(caught.value)
    return caught.value


class TestModels:
    """Servers of models."""

    @pytest.mark.parametrize("status", [301, 307])
    def test_no_redirect_is_followed_and_the_key_goes_nowhere_else(self, httpserver: HTTPServer, status: int) -> None:
        seen: list[socket.socket] = []
        with speaking(seen.append) as elsewhere:
            headers = {"Location": f"{elsewhere}/v1/chat/completions?key={KEY}"}
            httpserver.expect_request(CHAT).respond_with_data(status=status, headers=headers)
            error = asked(httpserver.url_for("").rstrip("/"))
            assert type(error) is RequestRefused
            assert f"redirects to {elsewhere}, which is not followed" in str(error)
            assert not seen

    @pytest.mark.parametrize(
        "location", ["", "http://[", "//", f"https://{KEY.replace('/', '')}.example", "\x80", "http://a:b"]
    )
    def test_a_redirect_to_what_is_no_address(self, location: str) -> None:
        start = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode("latin-1")
        with speaking(lambda caller: caller.sendall(start)) as url:
            assert type(asked(url, KEY.replace("/", ""))) is RequestRefused

    @pytest.mark.parametrize("packing", ["gzip", "deflate", "br", "zstd", "gzip, gzip"])
    def test_nothing_is_unpacked(self, packing: str) -> None:
        bomb = gzip.compress(b" " * 2**20)
        with speaking(
            lambda caller: caller.sendall(head(Content_Encoding=packing, Content_Length=len(bomb)) + bomb)
        ) as url:
            assert "compressed its answer" in str(asked(url))

    @pytest.mark.parametrize(
        "start",
        [
            head(Content_Length=10**15),
            head(Connection="close"),
            head(Content_Type="text/event-stream", Connection="close"),
        ],
    )
    def test_a_stream_without_end_is_cut(self, start: bytes) -> None:
        with speaking(without_end(start, b"data: {}\n\n" * 6_000)) as url:
            assert type(asked(url)) is UnusableAnswer

    def test_headers_without_end_are_cut(self) -> None:
        with speaking(without_end(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 4_000)) as url:
            asked_of = Endpoint("large", f"{url}/v1", SecretStr(KEY), "server")
            with pytest.raises(ExtractorError, match="no connection"):
                _ask_once(asked_of)

    @pytest.mark.parametrize("written", [KEY, KEY.replace("/", "\\/"), f"Bearer {KEY}"])
    def test_a_key_that_comes_back_is_blanked(self, httpserver: HTTPServer, written: str) -> None:
        body = json.dumps(completion("nothing")).replace("nothing", f"nothing but {written}")
        httpserver.expect_request(CHAT).respond_with_data(body, content_type="application/json")
        error = asked(httpserver.url_for("").rstrip("/"))
        assert "nothing but" in str(error)
        assert "***" in str(error)

    async def test_a_key_is_blanked_across_the_pieces_it_comes_in(self) -> None:
        def say(caller: socket.socket) -> None:
            caller.sendall(head(X_Key=KEY, Content_Length=6 + len(KEY)) + b"key" + KEY[:5].encode())
            half.wait(5)
            caller.sendall(KEY[5:].encode() + b"end")

        half = threading.Event()
        with speaking(say) as url:
            async with (
                http_client(Endpoint("m", url, SecretStr(KEY), "server"), timeout=10) as client,
                client.stream("GET", url) as answer,
            ):
                half.set()  # the headers are there, and the first half with them
                await answer.aread()
        assert answer.text == "key***end"
        assert answer.headers["x-key"] == "***"

    def test_the_models_of_a_server_are_told_in_one_line(self, httpserver: HTTPServer) -> None:
        names = ["x" * 10_000, "\x1b[31m", "a", "b"]
        httpserver.expect_request("/v1/models").respond_with_json({"data": [{"id": name} for name in names]})
        with (
            pytest.raises(SettingsError, match="offers a, b: name one"),
            Extractor(base_url=httpserver.url_for("/v1")) as one,
        ):
            one.extract(TEXT)

    @given(
        st.dictionaries(
            st.sampled_from(
                [
                    f"x-ratelimit-{what}-{kind}"
                    for what in ("limit", "remaining", "reset")
                    for kind in ("requests", "tokens")
                ]
            ),
            st.sampled_from(
                ["0", "1", "-1", "1e-300", "1e300", "nan", "inf", "1e9h", "", "9" * 400, "6m0s", "999999999"]
            ),
        )
    )
    async def test_no_header_makes_a_request_wait_for_ever(self, headers: dict[str, str]) -> None:
        now = 0.0

        async def sleep(seconds: float) -> None:
            nonlocal now
            now += seconds

        limits = RateLimits(clock=lambda: now, sleep=sleep)
        limits.answered(headers)
        for _ in range(3):
            await limits.turn(1_000)
        assert now <= 3 * LONGEST_PAUSE


def _ask_once(endpoint: Endpoint) -> None:
    async def ask() -> None:
        async with Client(endpoint, attempts=1) as client:
            await client.ask([{"role": "user", "content": "Where?"}], Word, usage=Usage())

    asyncio.run(ask())


def unread(where: str, *, allow_private: bool = True, max_bytes: int = 100_000) -> str:
    with pytest.raises(InputError) as caught:
        read(where, allow_private=allow_private, max_bytes=max_bytes)
    line = str(caught.value)
    assert line.isprintable()
    assert len(line) < 500
    return line


class TestPages:
    """Web pages."""

    @pytest.fixture
    def in_a_hurry(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("extractor.reading.web.SECONDS", 0.3)

    @pytest.mark.usefixtures("in_a_hurry")
    @pytest.mark.parametrize(
        ("start", "piece"),
        [
            (b"HTTP/1.1 200 OK\r\n", b"X-More: y\r\n"),
            (head(Content_Type="text/plain", Connection="close"), b"a"),
            (head(Content_Type="text/plain", Transfer_Encoding="chunked"), b"1\r\na\r\n"),
            (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
            (head(Content_Encoding="gzip", Connection="close") + gzip.compress(b"Two dead."), b"a"),
        ],
        ids=["headers", "body", "chunks", "hints", "after the end of what is packed"],
    )
    def test_a_slow_drip_ends_in_time(self, start: bytes, piece: bytes) -> None:
        began = time.monotonic()
        with speaking(dripping(start, piece)) as url:
            if b"gzip" in start:
                assert "no article" in unread(url), "what comes after the end is not waited for"
            else:
                assert "was not done within" in unread(url)
        assert time.monotonic() - began < 20

    @pytest.mark.parametrize("layers", [1, 2])
    def test_a_bomb_is_unpacked_as_far_as_it_may(self, layers: int) -> None:
        bomb = zlib.compress(b"\0" * 50_000_000, 1)
        kind = "deflate"
        if layers == 2:
            bomb, kind = gzip.compress(bomb), "gzip, deflate"
        start = head(Content_Type="text/plain", Content_Encoding=kind, Content_Length=len(bomb))
        with speaking(lambda caller: caller.sendall(start + bomb)) as url:
            line = unread(url)
        assert "more than 100,000 bytes" in line if layers == 1 else "is packed as gzip, deflate" in line

    @pytest.mark.parametrize(
        ("start", "body", "says"),
        [
            (head(Content_Length=10), b"Two", "cannot be read"),
            (head(Content_Length=-1), b"Two", "cannot be read"),
            (head(Content_Length="5, 7"), b"Two", "cannot be read"),
            (head(Content_Encoding="gzip", Connection="close"), gzip.compress(b"Two dead.")[:-9], "broke off"),
            (head(Content_Encoding="gzip", Connection="close"), b"Two dead.", "is not gzip"),
            (head(Content_Type="text/plain; charset=idna", Connection="close"), b"xn--" * 9, "is not the idna"),
            (head(Content_Type="text/plain; charset=zlib", Connection="close"), b"x", "is not the zlib"),
            (head(Content_Type="text/plain; charset=unicode_escape", Connection="close"), rb"\ud800", "is not the uni"),
            (head(Content_Type="x/" + "y" * 9_000, Connection="close"), b"Two dead.", "not a web page"),
            (b"HTTP/1.1 404 " + b"No \x01 " * 900 + b"\r\n\r\n", b"", "answered 404 No No"),
            (b"HTTP/1.1 404 " + b"No " * 900 + b"\r\nConnection: close\r\n\r\n", b"", "answered 404 No No"),
            (b"not HTTP at all\r\n\r\n", b"", "cannot be read"),
        ],
    )  # fmt: skip
    def test_what_a_server_makes_of_http(self, start: bytes, body: bytes, says: str) -> None:
        with speaking(lambda caller: caller.sendall(start + body)) as url:
            assert says in unread(url)

    def test_no_more_is_read_than_the_length_that_is_told(self) -> None:
        start = head(Content_Type="text/plain", Content_Length=9)
        with speaking(lambda caller: caller.sendall(start + b"Two dead. And a second answer.")) as url:
            assert read(url, allow_private=True).text == "Two dead."

    @pytest.mark.parametrize(
        "target",
        [
            "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://2130706433:{port}/", "http://0x7f000001:{port}/",
            "http://0177.0.0.1:{port}/", "http://127.1:{port}/", "http://0:{port}/", "http://[::1]:{port}/",
            "http://[::ffff:127.0.0.1]:{port}/", "http://[::127.0.0.1]:{port}/", "http://[64:ff9b::7f00:1]:{port}/",
            "http://[2002:7f00:1::]:{port}/", "http://[::]:{port}/", "//localhost:{port}/", "http://LOCALHOST.:{port}/",
            "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/", "http://168.63.129.16/",
        ],
    )  # fmt: skip
    def test_no_redirect_leads_into_this_machine(
        self, monkeypatch: pytest.MonkeyPatch, httpserver: HTTPServer, target: str
    ) -> None:
        # The first address counts as public, as it would be in the world; the second is looked at for itself.
        monkeypatch.delenv("EXTRACTOR_REQUESTS")
        with speaking(lambda caller: caller.sendall(b"HTTP/1.1 200 OK\r\n\r\nsecret")) as inside:
            port = inside.rpartition(":")[2]
            httpserver.expect_request("/").respond_with_data(status=302, headers={"Location": target.format(port=port)})
            ours = iter([["127.0.0.1"]])

            def first_is_public(host: str, port: int, *, allow_private: bool) -> list[str]:
                return next(ours, None) or resolve(host, port, allow_private=allow_private)

            monkeypatch.setattr("extractor.reading.web.resolve", first_is_public)
            line = unread(f"http://news.example:{httpserver.port}/", allow_private=False)
        assert any(
            why in line for why in ("is inside this machine or its network", "cannot be reached", "is no address")
        )

    def test_a_name_whose_answer_changes_is_asked_once_and_kept_to(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """DNS rebinding: public when it is checked, this machine when it is connected to."""
        monkeypatch.delenv("EXTRACTOR_REQUESTS")
        answers = iter(["93.184.215.14", "127.0.0.1", "127.0.0.1"])
        asked_for: list[str] = []

        def lookup(host: str, port: int, *_: Any, **__: Any) -> Any:
            asked_for.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

        tried: list[Any] = []

        def connect(address: Any, *_: Any, **__: Any) -> Any:
            tried.append(address)
            raise ConnectionRefusedError(111, "Connection refused")

        monkeypatch.setattr(socket, "getaddrinfo", lookup)
        monkeypatch.setattr(socket, "create_connection", connect)
        assert "Connection refused" in unread("http://rebound.example/", allow_private=False)
        assert asked_for == ["rebound.example"]
        assert [address[0] for address in tried] == ["93.184.215.14"]

    @pytest.mark.parametrize(
        "url",
        [
            "http://a b/", "http://127.0.0.1:99999/", "http://127.0.0.1:-1/", "http://[::1%25lo]:1/", "http://127.0.0.1%2f/",
            "http://a%00b.invalid/", "http://①②⑦.0.0.1/", "http://ex℀ample/", "http://.../", "http://[", "http://[::]x/",
            "http://\u202eexample/", "http://" + "a" * 3_000, "http://x.invalid/" + "a" * 3_000, "http://u:p@127.0.0.1/",
            "http://" + "a." * 200 + "invalid/", "HTTP://:80/", "http://127.0.0.1:/..%00", "http://xn--\x7f/",
        ],
    )  # fmt: skip
    def test_addresses_that_are_none(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        def lookup(host: str, *_: Any, **__: Any) -> Any:
            host.encode("idna")
            raise socket.gaierror(-2, "Name or service not known")

        monkeypatch.delenv("EXTRACTOR_REQUESTS")
        monkeypatch.setattr(socket, "getaddrinfo", lookup)  # nobody is asked
        unread(url)

    @settings(max_examples=60, deadline=None)
    @given(
        st.text(min_size=1, max_size=30), st.sampled_from(["http", "https", "HTTP", "ftp", "file", "data", "gopher"])
    )
    def test_whatever_follows_the_scheme(self, rest: str, scheme: str) -> None:
        with pytest.raises((InputError, SettingsError)) as caught:
            read(f"{scheme}://nowhere.invalid{rest}")
        assert str(caught.value).isprintable()

    @pytest.mark.parametrize(
        ("address", "public"),
        [
            ("::127.0.0.1", False), ("::7f00:1", False), ("fec0::1", False), ("64:ff9b:1::1", False), ("100::1", False),
            ("2001::1", False), ("2001:db8::1", False), ("5f00::1", False), ("::", False), ("::1", False),
            ("192.0.0.192", False), ("168.63.129.16", False), ("255.255.255.255", False), ("240.0.0.1", False),
            ("198.18.0.1", False), ("0.1.2.3", False), ("2a00:1450:4001::64", True), ("8.8.8.8", True),
        ],
    )  # fmt: skip
    def test_which_addresses_are_public(self, address: str, public: bool) -> None:
        assert is_public(address) is public

    def test_a_page_made_to_be_read_for_ever_is_given_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(main_text, "SECONDS", 1.5)
        page = b"<html><body><article>" + b"<p>word " * 100_000  # it takes minutes: each lies within the one before
        with pytest.raises(InputError, match="takes more than 2 s to read"):
            main_text.main_text(page, Asked("http://slow.example/", None))
