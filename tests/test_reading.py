"""Articles from files, standard input and web addresses, and the refusal of what is none."""

import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from extractor.errors import InputError, SettingsError
from extractor.reading import decode, read
from extractor.reading.addresses import is_public
from extractor.reading.web import REDIRECTS

PARAGRAPHS = [
    "Shells fell on the harbour of Varesh on Sunday, and the port authority closed it to all ships until Monday.",
    "The navy said two of its patrol boats had been hit, while the rebels claimed to have sunk three at anchor.",
    "A dock worker told the agency that he had counted at least nine wounded on the quay after the second salvo.",
    "The government has promised an inquiry, and the talks that were to resume on Thursday are off for a week.",
]
PAGE = f"""<!doctype html><html lang="en-GB"><head><title>Shells hit Varesh harbour</title>
<meta property="og:site_name" content="Meridian News"><meta property="article:published_time" content="2024-05-05">
</head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Shells hit Varesh harbour</h1>{"".join(f"<p>{words}</p>" for words in PARAGRAPHS)}</article>
<footer>All rights reserved.</footer></body></html>"""


def refusal(where: str | Path, *, max_bytes: int = 100_000, allow_private: bool = True) -> str:
    with pytest.raises(InputError) as caught:
        read(str(where), max_bytes=max_bytes, allow_private=allow_private)
    line = str(caught.value)
    assert line.isprintable(), "an error is one line"
    return line


class TestFiles:
    def test_the_text_is_every_character_of_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "report-7.txt"
        text = "Zwei Tote.\r\n\r\n  “Nein”, sagte er.\r\x0bОбстріл 👩\u200d🚒\u2028e\u0301\n"
        path.write_bytes(text.encode())
        article = read(str(path))
        assert article.text == text
        assert article.id == "report-7"
        assert article.notes == ()

    @given(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), min_size=1))
    def test_decoding_alters_nothing_but_the_mark(self, text: str) -> None:
        data = ("a" + text).encode()
        assert decode(data, "it") == ("a" + text, ())
        marked, notes = decode(b"\xef\xbb\xbf" + data, "it")
        assert marked == "a" + text
        assert len(notes) == 1

    def test_a_byte_order_mark_is_left_out_and_told(self, tmp_path: Path) -> None:
        path = tmp_path / "marked.txt"
        path.write_bytes(b"\xef\xbb\xbfTwo men were shot.")
        article = read(str(path))
        assert article.text == "Two men were shot."
        assert "byte order mark" in article.notes[0]

    @pytest.mark.parametrize(
        ("data", "says"),
        [
            (b"", "is empty"),
            (b" \r\n\t \n", "no words"),
            ("\u200b … —\n".encode(), "no words"),
            (b"\xef\xbb\xbf", "no words"),
            (b"Two dead\x00", "null byte at offset 8"),
            (b"%PDF-1.7 ...", "is a PDF"),
            (b"PK\x03\x04abc", "office document"),
            ("Two dead".encode("utf-16"), "UTF-16"),
            ("Zwei Männer".encode("latin-1"), "not UTF-8: byte 0xE4 at offset 6"),
            (b"\xef\xbb\xbfZwei M\xe4nner", "not UTF-8: byte 0xE4 at offset 9"),
            (b"cut off \xe2\x82", "not UTF-8: byte 0xE2 at offset 8"),
            (b"surrogate \xed\xa0\x80", "not UTF-8"),
        ],
    )
    def test_what_is_no_text_is_refused(self, tmp_path: Path, data: bytes, says: str) -> None:
        path = tmp_path / "article.txt"
        path.write_bytes(data)
        line = refusal(path)
        assert says in line
        assert line.startswith(str(path))

    def test_paths_that_hold_no_file(self, tmp_path: Path) -> None:
        (tmp_path / "a.txt").write_text("Two dead.")
        assert "is a folder" in refusal(tmp_path)
        assert "does not exist" in refusal(tmp_path / "b.txt")
        assert "cannot be read: Not a directory" in refusal(tmp_path / "a.txt" / "b")
        assert "is empty" in refusal("")
        assert "is no path" in refusal("a\0b")
        assert "'two\\nlines'" in refusal("two\nlines")

    def test_a_file_that_may_not_be_read(self, tmp_path: Path) -> None:
        path = tmp_path / "secret.txt"
        path.write_text("Two dead.")
        path.chmod(0)
        try:
            path.read_bytes()
        except PermissionError:
            assert "permission denied" in refusal(path)
        else:
            pytest.skip("this user may read everything")

    def test_the_size_limit_is_what_is_still_read(self, tmp_path: Path) -> None:
        path = tmp_path / "long.txt"
        path.write_bytes(b"a" * 1_000)
        assert len(read(str(path), max_bytes=1_000).text) == 1_000
        assert "has 1,000 bytes, more than the 999" in refusal(path, max_bytes=999)
        assert "--max-bytes" in refusal(path, max_bytes=999)

    @pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
    def test_a_file_without_an_end_is_read_up_to_the_limit(self) -> None:
        assert "has more than the 5,000" in refusal("/dev/zero", max_bytes=5_000)


class TestPages:
    def test_the_main_text_and_what_the_page_says_of_itself(self, httpserver: HTTPServer) -> None:
        httpserver.expect_request("/news").respond_with_data(PAGE, content_type="text/html; charset=utf-8")
        article = read(httpserver.url_for("/news"), allow_private=True)
        assert article.text.endswith("\n\n".join(PARAGRAPHS))
        assert "Sport" not in article.text
        assert "rights" not in article.text
        assert article.title == "Shells hit Varesh harbour"
        assert article.publisher == "Meridian News"
        assert article.date == date(2024, 5, 5)
        assert article.language == "en-GB"
        assert article.url == httpserver.url_for("/news")
        assert "2024-05-05" in article.notes[0]

    def test_the_character_set_of_the_server_counts(self, httpserver: HTTPServer) -> None:
        page = PAGE.replace("Varesh", "Вареш").replace(' lang="en-GB"', ' lang="nonsense!"')
        httpserver.expect_request("/").respond_with_data(
            page.encode("cp1251"), content_type="text/html; charset=windows-1251"
        )
        article = read(httpserver.url_for("/"), allow_private=True)
        assert "the harbour of Вареш on Sunday" in article.text
        assert article.language is None

    def test_plain_text_is_taken_as_it_is(self, httpserver: HTTPServer) -> None:
        httpserver.expect_request("/utf8").respond_with_data("Zwei\r\n“Tote”\n", content_type="text/plain")
        httpserver.expect_request("/latin").respond_with_data(
            "Zwei Männer".encode("latin-1"), content_type="text/plain; charset=iso-8859-1"
        )
        httpserver.expect_request("/wrong").respond_with_data(b"Zwei M\xe4nner", content_type="text/plain")
        assert read(httpserver.url_for("/utf8"), allow_private=True).text == "Zwei\r\n“Tote”\n"
        assert read(httpserver.url_for("/latin"), allow_private=True).text == "Zwei Männer"
        assert "not UTF-8" in refusal(httpserver.url_for("/wrong"))

    def test_redirects_are_followed_to_where_they_end(self, httpserver: HTTPServer) -> None:
        httpserver.expect_request("/old").respond_with_data(status=301, headers={"Location": "new?page=1#top"})
        httpserver.expect_request("/new").respond_with_data("Two dead.", content_type="text/plain")
        article = read(httpserver.url_for("/old"), allow_private=True)
        assert article.text == "Two dead."
        assert article.url == httpserver.url_for("/new?page=1")

    def test_redirects_come_to_an_end(self, httpserver: HTTPServer) -> None:
        httpserver.expect_request("/").respond_with_data(status=302, headers={"Location": "/"})
        assert f"more than {REDIRECTS} times" in refusal(httpserver.url_for("/"))
        assert len(httpserver.log) == REDIRECTS + 1

    @pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://a:b@127.0.0.1/"])
    def test_redirects_lead_to_ordinary_addresses_only(self, httpserver: HTTPServer, target: str) -> None:
        httpserver.expect_request("/").respond_with_data(status=302, headers={"Location": target})
        line = refusal(httpserver.url_for("/"))
        assert "only http and https" in line or "user name or password" in line

    def test_the_request_names_the_host_and_gives_nothing_away(self, httpserver: HTTPServer) -> None:
        seen: list[Request] = []

        def answer(request: Request) -> Response:
            seen.append(request)
            return Response("Two dead.", content_type="text/plain")

        httpserver.expect_request("/").respond_with_handler(answer)
        read(f"http://localhost:{httpserver.port}/", allow_private=True)
        assert seen[0].host == f"localhost:{httpserver.port}"
        assert set(dict(seen[0].headers)) == {"Host", "Accept", "Accept-Encoding", "Connection", "User-Agent"}

    @pytest.mark.parametrize(
        ("status", "kind", "body", "says"),
        [
            (404, "text/html", PAGE, "answered 404 NOT FOUND"),
            (503, "text/html", PAGE, "answered 503"),
            (200, "application/pdf", "%PDF-1.7", "is application/pdf"),
            (
                200,
                "text/html",
                "<html><body><div id='app'></div><script>start()</script></body></html>",
                "no article was found",
            ),
            (200, "text/html", "", "no article was found"),
            (200, "text/plain", "  \n", "no words"),
            (200, "text/plain; charset=nonsense", "Two dead.", "not the nonsense text"),
        ],
    )
    def test_what_is_no_article_is_refused(
        self, httpserver: HTTPServer, status: int, kind: str, body: str, says: str
    ) -> None:
        httpserver.expect_request("/").respond_with_data(body, status=status, content_type=kind)
        assert says in refusal(httpserver.url_for("/"))

    def test_the_size_limit_holds_for_pages(self, httpserver: HTTPServer) -> None:
        httpserver.expect_request("/").respond_with_data("a" * 1_000, content_type="text/plain")
        assert len(read(httpserver.url_for("/"), max_bytes=1_000, allow_private=True).text) == 1_000
        assert "more than 999 bytes" in refusal(httpserver.url_for("/"), max_bytes=999)

    def test_a_packed_page_counts_as_what_it_unpacks_to(self, httpserver: HTTPServer) -> None:
        import gzip

        httpserver.expect_request("/").respond_with_data(
            gzip.compress(b"a" * 1_000_000), content_type="text/plain", headers={"Content-Encoding": "gzip"}
        )
        assert "more than 9,999 bytes" in refusal(httpserver.url_for("/"), max_bytes=9_999)

    @pytest.fixture
    def silent_port(self) -> Iterator[int]:
        with closing(socket.create_server(("127.0.0.1", 0))) as server:
            yield int(server.getsockname()[1])

    def test_a_server_that_says_nothing(self, silent_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("extractor.reading.web.SECONDS_OF_SILENCE", 0.05)
        assert "did not answer within" in refusal(f"http://127.0.0.1:{silent_port}/")

    def test_a_page_that_takes_too_long(self, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("extractor.reading.web.SECONDS", 0.0)
        httpserver.expect_request("/").respond_with_data("Two dead.", content_type="text/plain")
        assert "was not done within" in refusal(httpserver.url_for("/"))

    def test_nobody_listens(self) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as server:
            port = int(server.getsockname()[1])
        assert refusal(f"http://127.0.0.1:{port}/").endswith("cannot be read: Connection refused")

    @pytest.mark.parametrize(
        ("url", "says"),
        [
            ("ftp://127.0.0.1/a", "not ftp"),
            ("FILE:///etc/passwd", "not FILE"),
            ("http:///a", "with a host"),
            ("http://me:word@127.0.0.1/", "user name or password"),
            ("http://[::1", "is no address"),
            ("http://a\nb/", "is no address"),
            ("http://host.invalid/", "cannot be reached"),
        ],
    )
    def test_addresses_that_lead_nowhere(self, url: str, says: str) -> None:
        line = refusal(url)
        assert says in line
        assert "word" not in line.replace("password", "")

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"])
    def test_this_machine_is_out_of_reach_unless_asked_for(self, httpserver: HTTPServer, host: str) -> None:
        line = refusal(f"http://{host}:{httpserver.port}/", allow_private=False)
        assert "inside this machine or its network" in line
        assert "--allow-private" in line
        assert not httpserver.log

    @pytest.mark.parametrize(
        ("address", "public"),
        [
            ("93.184.215.14", True),
            ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
            ("64:ff9b::5db8:d70e", True),
            ("10.0.0.1", False),
            ("172.31.255.255", False),
            ("192.168.1.1", False),
            ("169.254.169.254", False),
            ("100.64.0.1", False),
            ("224.0.0.1", False),
            ("ff0e::1", False),
            ("fe80::1%eth0", False),
            ("fd00::1", False),
            ("::ffff:10.0.0.1", False),
            ("2002:7f00:1::", False),
            ("64:ff9b::7f00:1", False),
        ],
    )
    def test_which_addresses_are_public(self, address: str, public: bool) -> None:
        assert is_public(address) is public

    def test_a_switch_forbids_to_leave_the_machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("EXTRACTOR_REQUESTS", "forbid")
        with pytest.raises(SettingsError, match="EXTRACTOR_REQUESTS"):
            read("http://192.0.2.1/")
