"""An article from a web address: fetched within limits, its main text found by trafilatura."""

import logging
import re
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING, Any

from extractor.errors import InputError
from extractor.reading.addresses import resolve
from extractor.reading.article import Article, decode
from extractor.settings import check_request_allowed

if TYPE_CHECKING:
    import httpx2

SECONDS = 60.0
"""For the whole of one page, redirects included."""
SECONDS_OF_SILENCE = 15.0
"""For connecting, and between one piece of an answer and the next."""
REDIRECTS = 5

_PAGES = {"text/html", "application/xhtml+xml", ""}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def read_page(url: str, *, max_bytes: int, allow_private: bool) -> Article:
    """Fetch a page and take its main text, title, date and publisher; plain text is taken as it is.

    Raises `InputError` when the page cannot be had or holds no article.
    """
    page = _fetch(url, max_bytes, allow_private)
    if page.kind == "text/plain":
        text, notes = decode(_as_utf8(page), page.url)
        return Article(text, url=page.url, notes=notes)
    if page.kind not in _PAGES:
        raise InputError(f"{page.url} is {page.kind}, not a web page: save its text as plain UTF-8 first")
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
    import httpx2

    deadline = time.monotonic() + SECONDS
    try:
        # Certificates may be named in the environment; a proxy would look the host up for itself, unchecked.
        transport = httpx2.HTTPTransport(trust_env=True)
        with httpx2.Client(
            trust_env=False, transport=transport, timeout=SECONDS_OF_SILENCE, headers=_HEADERS
        ) as client:
            address = httpx2.URL(url)
            for _ in range(REDIRECTS + 1):
                with closing(_open(client, address, allow_private)) as response:
                    if not response.has_redirect_location:
                        return _read(response, address, max_bytes, deadline)
                    address = address.join(response.headers["location"])
    except httpx2.InvalidURL as error:
        raise InputError(f"{url!r} is no address: {error}") from error
    except httpx2.TimeoutException as error:
        raise InputError(f"{url} did not answer within {SECONDS_OF_SILENCE:.0f} seconds") from error
    except httpx2.HTTPError as error:
        raise InputError(f"{url} cannot be read: {_reason(error)}") from error
    raise InputError(f"{url} redirects more than {REDIRECTS} times")


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
        raise InputError(f"{url}: only http and https addresses with a host are read")
    if url.userinfo:
        raise InputError(f"{url.host}: an address with a user name or password in it is not read")
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
    raise refused or InputError(f"{url.host} has no address")


_PORTS = {"http": 80, "https": 443}


def _read(response: "httpx2.Response", url: "httpx2.URL", max_bytes: int, deadline: float) -> _Page:
    if not response.is_success:
        raise InputError(f"{url} answered {response.status_code} {response.reason_phrase}".rstrip())
    data = bytearray()
    for piece in response.iter_bytes(65_536):
        data += piece
        if len(data) > max_bytes:
            raise InputError(f"{url} has more than {max_bytes:,} bytes: --max-bytes raises the limit")
        if time.monotonic() > deadline:
            raise InputError(f"{url} was not done within {SECONDS:.0f} seconds")
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return _Page(str(url.copy_with(fragment=None)), kind, response.charset_encoding, bytes(data))


def _as_utf8(page: _Page) -> bytes:
    if page.charset is None:
        return page.data
    try:
        return page.data.decode(page.charset).encode()
    except (LookupError, UnicodeError) as error:
        raise InputError(f"{page.url} is not the {page.charset} text that its server says it is") from error


def _main_text(page: _Page) -> Article:
    import trafilatura

    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # what it finds wrong is said here, in one line
    tree: Any = trafilatura.load_html(_markup(page))
    if tree is None:
        raise _no_article(page)
    found: Any = trafilatura.bare_extraction(tree, url=page.url, with_metadata=True, include_comments=False)
    text = "\n\n".join(line for line in (found.text or "").splitlines() if line.strip()) if found else ""
    if not any(character.isalnum() for character in text):
        raise _no_article(page)
    date = _date(found.date)
    return Article(
        text,
        url=page.url,
        title=found.title or None,
        publisher=found.sitename or None,
        date=date,
        language=language if _LANGUAGE.fullmatch(language := tree.get("lang") or "") else None,
        notes=(f"the page gives {date} as its date: --date overrides it",) if date else (),
    )


def _no_article(page: _Page) -> InputError:
    return InputError(f"no article was found at {page.url}: save its text to a file and give that")


def _markup(page: _Page) -> bytes | str:
    """The page in the character set its server names; else trafilatura finds out."""
    try:
        return page.data.decode(page.charset) if page.charset else page.data
    except (LookupError, UnicodeError):
        return page.data


def _date(words: str | None) -> Date | None:
    try:
        return Date.fromisoformat(words) if words else None
    except ValueError:
        return None
