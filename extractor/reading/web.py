"""An article from a web address: fetched within limits, its main text found by trafilatura."""

import codecs
import re
import threading
import time
import zlib
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING

from extractor.characters import shorten, sound
from extractor.errors import InputError
from extractor.reading.addresses import resolve
from extractor.reading.article import Article, decode
from extractor.reading.main_text import Asked, main_text
from extractor.settings import check_request_allowed

if TYPE_CHECKING:
    import httpx2

SECONDS = 60.0
"""For the whole of one page, redirects included."""
SECONDS_OF_SILENCE = 15.0
"""For connecting, and between one piece of an answer and the next."""
REDIRECTS = 5

_LONGEST_ADDRESS = 2_000
"""Characters; what browsers and servers take for sure."""
_PIECE = 65_536
"""Bytes that are unpacked at a time."""
_PACKED = {"gzip", "x-gzip", "deflate"}
_NO_CHARSETS = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"}
"""Encodings of Python's that no page is written in; some take forever."""

_PAGES = {"text/html", "application/xhtml+xml", ""}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def read_page(url: str, *, max_bytes: int, allow_private: bool) -> Article:
    """Fetch a page and take its main text, title, date and publisher; plain text is taken as it is.

    Raises `InputError` when the page cannot be had or holds no article.
    """
    page = _fetch(url, max_bytes, allow_private)
    if page.kind == "text/plain":
        text, notes = decode(_as_utf8(page), _shown(page.url))
        return Article(text, url=page.url, notes=notes)
    if page.kind not in _PAGES:
        kind = shorten(page.kind, 60)
        raise InputError(f"{_shown(page.url)} is {kind}, not a web page: save its text as plain UTF-8 first")
    return _main_text(page)


@dataclass(frozen=True, slots=True)
class _Page:
    url: str
    """Where the redirects ended."""
    kind: str
    """The media type, in small letters."""
    charset: str | None
    data: bytes


def _fetch(url: str, max_bytes: int, allow_private: bool) -> _Page:
    """The page, or an error within `SECONDS`, however slowly a name is found or a server drips."""
    import httpx2

    # Certificates may be named in the environment; a proxy would look the host up for itself, unchecked.
    transport = httpx2.HTTPTransport(trust_env=True)
    client = httpx2.Client(trust_env=False, transport=transport, timeout=SECONDS_OF_SILENCE, headers=_HEADERS)
    deadline = time.monotonic() + SECONDS
    page: Future[_Page] = Future()

    def fetch() -> None:
        try:
            page.set_result(_follow(client, url, max_bytes, allow_private, deadline))
        except BaseException as error:  # noqa: BLE001  raised where it is waited for
            page.set_exception(error)

    # A thread that ends with the process: nothing can interrupt one that waits for a name's address.
    threading.Thread(target=fetch, name="extractor page", daemon=True).start()
    try:
        return page.result(SECONDS + 0.5)
    except TimeoutError as error:
        raise _too_slow(url) from error
    finally:
        with suppress(RuntimeError):  # it is still being read from: then it ends with its next byte, or with silence
            client.close()


def _too_slow(url: object) -> InputError:
    return InputError(f"{url} was not done within {SECONDS:.0f} seconds")


def _follow(client: "httpx2.Client", url: str, max_bytes: int, allow_private: bool, deadline: float) -> _Page:
    """The page at the end of the redirects, each of them checked as the first address is."""
    import httpx2

    shown = url
    try:
        address = httpx2.URL(url)
        for _ in range(REDIRECTS + 1):
            shown = _shown(address)
            client.cookies.clear()
            with closing(_open(client, address, allow_private)) as response:
                if not response.has_redirect_location:
                    return _read(response, address, max_bytes, deadline)
                address = address.join(response.headers["location"])
            if time.monotonic() > deadline:
                raise _too_slow(shown)
    except httpx2.InvalidURL as error:
        raise InputError(f"{_shown(url)!r} is no address, or leads to none: {error}") from error
    except httpx2.TimeoutException as error:
        raise InputError(f"{shown} did not answer within {SECONDS_OF_SILENCE:.0f} seconds") from error
    except httpx2.HTTPError as error:
        raise InputError(f"{shown} cannot be read: {_reason(error)}") from error
    raise InputError(f"{_shown(url)} redirects more than {REDIRECTS} times")


def _shown(url: object) -> str:
    """An address in a message: in one short line."""
    return shorten(str(url), 200)


def _reason(error: Exception) -> str:
    """In one line, and without the number that the operating system gives it."""
    return _NUMBER.sub("", " ".join(str(error).split())) or type(error).__name__


_NUMBER = re.compile(r"^\[Errno -?\d+\] ")
_HEADERS = {
    "User-Agent": "incident-claim-extractor",
    "Accept": "text/html, application/xhtml+xml, text/plain;q=0.9",
    "Accept-Encoding": "identity",  # what a page weighs is then what arrives
}


def _open(client: "httpx2.Client", url: "httpx2.URL", allow_private: bool) -> "httpx2.Response":
    """Send the request to an IP address that was checked, under the name that was asked for."""
    import httpx2

    if url.scheme not in {"http", "https"} or not url.host:
        raise InputError(f"{_shown(url)}: only http and https addresses with a host are read")
    if len(str(url)) > _LONGEST_ADDRESS:
        raise InputError(f"{_shown(url)}: an address of more than {_LONGEST_ADDRESS:,} characters is not read")
    if url.userinfo:
        raise InputError(f"{_shown(url.host)}: an address with a user name or password in it is not read")
    check_request_allowed(str(url))
    refused: httpx2.ConnectError | None = None
    for ip in resolve(url.raw_host.decode(), url.port or _PORTS[url.scheme], allow_private=allow_private):
        request = client.build_request(
            "GET",
            url.copy_with(host=ip),
            headers={"Host": url.netloc.decode()},
            extensions={"sni_hostname": url.raw_host.decode()},
        )
        try:
            return client.send(request, stream=True)
        except httpx2.ConnectError as error:
            refused = error
    raise refused or InputError(f"{_shown(url.host)} has no address")


_PORTS = {"http": 80, "https": 443}


def _read(response: "httpx2.Response", url: "httpx2.URL", max_bytes: int, deadline: float) -> _Page:
    if not response.is_success:
        reason = shorten(response.reason_phrase, 60)
        raise InputError(f"{_shown(url)} answered {response.status_code} {reason}".rstrip())
    data = bytearray()
    for piece in _pieces(response, url):
        data += piece
        if len(data) > max_bytes:
            raise InputError(f"{_shown(url)} has more than {max_bytes:,} bytes: --max-bytes raises the limit")
        if time.monotonic() > deadline:
            raise _too_slow(_shown(url))
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return _Page(str(url.copy_with(fragment=None)), kind, _charset(response), bytes(data))


def _pieces(response: "httpx2.Response", url: "httpx2.URL") -> Iterator[bytes]:
    """The body as it comes, unpacked a little at a time where its server packs it all the same."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing in {"identity", ""}:
        yield from response.iter_raw()
        return
    if packing not in _PACKED:
        raise InputError(f"{_shown(url)} is packed as {shorten(packing, 40)}, which is not read")
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)  # gzip or zlib, as it begins
    try:
        for packed in response.iter_raw():
            rest, full = packed, True
            while (rest or full) and not unpacker.eof:
                piece = unpacker.decompress(rest, _PIECE)
                rest, full = unpacker.unconsumed_tail, len(piece) == _PIECE
                yield piece
            if unpacker.eof:
                return
    except zlib.error as error:
        raise InputError(f"{_shown(url)} is not {packing}, as its server says it is") from error
    raise InputError(f"{_shown(url)} broke off before its end")


def _charset(response: "httpx2.Response") -> str | None:
    """The character set that the server names."""
    said = shorten(response.charset_encoding or "", 40)
    try:
        name = codecs.lookup(said).name.replace("-", "_")
    except (LookupError, ValueError):
        return said or None
    return f"{said} (not read)" if name in _NO_CHARSETS else said


def _as_utf8(page: _Page) -> bytes:
    if page.charset is None:
        return page.data
    try:
        return page.data.decode(page.charset).encode()
    except (LookupError, UnicodeError) as error:
        raise InputError(f"{_shown(page.url)} is not the {page.charset} text that its server says it is") from error


def _main_text(page: _Page) -> Article:
    found = main_text(page.data, Asked(page.url, page.charset))
    text = "\n\n".join(line for line in sound(found.text).splitlines() if line.strip())
    if not any(character.isalnum() for character in text):
        raise _no_article(page)
    date = _date(found.date)
    return Article(
        text,
        url=page.url,
        title=_said(found.title),
        publisher=_said(found.publisher),
        date=date,
        language=found.language if _LANGUAGE.fullmatch(found.language or "") else None,
        notes=(f"the page gives {date} as its date: --date overrides it",) if date else (),
    )


def _said(words: str | None) -> str | None:
    """What a page says of itself, in a line that is no second article."""
    return shorten(sound(words or ""), 500) or None


def _no_article(page: _Page) -> InputError:
    return InputError(f"no article was found at {_shown(page.url)}: save its text to a file and give that")


def _date(words: str | None) -> Date | None:
    try:
        return Date.fromisoformat(words) if words else None
    except ValueError:
        return None
