"""Which model answers, and where it is: decided from arguments and the environment in one place.

Environment variables: `EXTRACTOR_MODEL`, `EXTRACTOR_BASE_URL` and `EXTRACTOR_API_KEY` choose a model, a server and its
key, `EXTRACTOR_CONTEXT` says how many tokens prompt and answer of one call may have together; `OPENAI_API_KEY` is read
for OpenAI's own host only; `EXTRACTOR_REQUESTS=forbid` forbids every request that would
leave this machine.
"""

import ipaddress
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from extractor.errors import SettingsError

OPENAI_URL = "https://api.openai.com/v1"
"""OpenAI's own host, the only one that ever gets `OPENAI_API_KEY`."""

NO_KEY = "none"
"""What is sent as a key to a server that was given none: the SDK demands some key."""

_CHOICES = (
    '"embedded" (nothing leaves this machine), "openai/NAME" (OpenAI), '
    "or any name together with the base URL of an OpenAI-compatible server"
)


@dataclass(frozen=True)
class Embedded:
    """The choice of the embedded model: to be started, and asked on this machine without any key of the user's."""


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible server, with all that is needed to ask it."""

    model: str | None
    """The model's name as the server knows it; None: the single model that the server offers."""
    base_url: str
    """The address that `/chat/completions` is appended to, without a slash at the end."""
    api_key: SecretStr
    """The key for this server and no other."""
    kind: Literal["embedded", "openai", "server"]
    """The embedded model, OpenAI's own host, or any other server."""
    context_tokens: int | None = None
    """How long prompt and answer of one call may be together; None: that is not known."""

    @property
    def where(self) -> str:
        """The server as errors name it: scheme, host and port, or "the embedded model"."""
        if self.kind == "embedded":
            return "the embedded model"
        return origin(self.base_url)


def resolve(
    model: str | None = None,
    base_url: str | None = None,
    api_key: str | None = None,
    env: Mapping[str, str] | None = None,
) -> Endpoint | Embedded:
    """Decides which model is asked, where, and with which key.

    An argument beats its environment variable; an empty string counts as not given. Then, in this order:

    1. A base URL: that server. The model's name goes there as it is (`openai/gpt-5` too: routers have such names), or
       is asked for when there is none. Its key is `api_key`, else `EXTRACTOR_API_KEY`, else a placeholder.
    2. `embedded`, or nothing at all: the embedded model. `--model embedded` sets aside `EXTRACTOR_BASE_URL`, and a
       base URL given as an argument sets aside `EXTRACTOR_MODEL=embedded`.
    3. `openai/NAME`: OpenAI's own host, with `api_key`, else `OPENAI_API_KEY`.

    `openai/NAME` as an argument while only the environment names a base URL is refused: the article could be meant for
    either place. So is `embedded` with a base URL when both are arguments or both are variables.

    A key alone never sends an article anywhere. `OPENAI_API_KEY` goes to `https://api.openai.com` only, whichever way
    that host was named, and `EXTRACTOR_API_KEY` never goes there.

    Args:
        model: `embedded`, `openai/NAME`, or a name that the server at the base URL knows.
        base_url: The address of an OpenAI-compatible server, as in `http://localhost:8000/v1`.
        api_key: The key for the chosen place.
        env: What to read variables from; the process's own environment when left out.

    Raises:
        SettingsError: The choice is contradictory or unknown, an address is unusable, or OpenAI's key is missing.
    """
    env = os.environ if env is None else env
    said_model, said_url, key = _given(model), _given(base_url), _given(api_key)
    name = said_model or _given(env.get("EXTRACTOR_MODEL"))
    url = said_url or _given(env.get("EXTRACTOR_BASE_URL"))

    if url and name == "embedded" and bool(said_model) == bool(said_url):
        raise SettingsError(
            'the model "embedded" and a base URL were both given: leave one out (a base URL is for other servers)'
        )
    if url and not said_url and said_model and said_model.startswith("openai/"):
        raise SettingsError(
            f'the model "{said_model}" names OpenAI, but EXTRACTOR_BASE_URL names another server: unset that variable, '
            f"or say where to go with a base URL ({OPENAI_URL} is OpenAI's)"
        )
    if url and not (said_model == "embedded" and not said_url):
        return _server(None if name == "embedded" else name, url, key, env)
    if name is None or name == "embedded":
        if key:
            raise SettingsError(f"an API key was given, but the embedded model needs none: name a model: {_CHOICES}")
        return Embedded()
    if name.startswith("openai/") and name != "openai/":
        return _openai(name, key, env)
    raise SettingsError(f'unknown model "{name}": choose {_CHOICES}')


def check_request_allowed(url: str) -> None:
    """Raises if `EXTRACTOR_REQUESTS=forbid` is set and a request to `url` would leave this machine.

    Loopback addresses and hosts that can never exist (`.invalid`, RFC 2606) stay allowed: local servers and recorded
    answers.

    Raises:
        SettingsError: The request is forbidden.
    """
    if os.environ.get("EXTRACTOR_REQUESTS") != "forbid":
        return
    host = urlsplit(url).hostname or ""
    if not (is_loopback(url) or host.endswith(".invalid")):
        raise SettingsError(f"a request to {origin(url)} was stopped: EXTRACTOR_REQUESTS=forbid is set")


def is_loopback(url: str) -> bool:
    """Whether `url` names this machine itself: `localhost`, or a loopback address however it is written."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        try:
            address = ipaddress.ip_address(socket.inet_aton(host))  # "127.1" and "2130706433" are 127.0.0.1
        except OSError:  # a host name
            return False
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified


def origin(url: str) -> str:
    """Scheme, host and port of `url`: what may be shown of it."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")


def _given(value: str | None) -> str | None:
    return (value or "").strip() or None


def _openai(name: str, key: str | None, env: Mapping[str, str]) -> Endpoint:
    key = key or _given(env.get("OPENAI_API_KEY"))
    if key is None:
        raise SettingsError(f'the model "{name}" needs a key of OpenAI: set OPENAI_API_KEY or give api_key')
    return Endpoint(name.removeprefix("openai/"), OPENAI_URL, _key(key), "openai", _context(env))


def _server(name: str | None, url: str, key: str | None, env: Mapping[str, str]) -> Endpoint:
    address = _address(url)
    if address.scheme == "https" and address.hostname == "api.openai.com" and address.port in (None, 443):
        if name is None:
            raise SettingsError('the base URL is OpenAI\'s, but no model was named: give one, as in "openai/NAME"')
        return _openai(name, key, env)
    key = key or _given(env.get("EXTRACTOR_API_KEY"))
    return Endpoint(name, address.geturl().rstrip("/"), _key(key or NO_KEY), "server", _context(env))


def _context(env: Mapping[str, str]) -> int | None:
    said = _given(env.get("EXTRACTOR_CONTEXT"))
    if said is not None and not (said.isdecimal() and len(said) < 10 and int(said) > 0):
        raise SettingsError(f'EXTRACTOR_CONTEXT must be a number of tokens, as in 32768, not "{said}"')
    return int(said) if said else None


def _address(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number, an IPv6 address without its bracket
        usable = False
        parts = SplitResult("", "", "", "", "")
    if "@" in url:
        raise SettingsError("the base URL holds a user name or password: give the key in EXTRACTOR_API_KEY instead")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise SettingsError(
            "the base URL is unusable, for it holds a query or fragment: give a key in EXTRACTOR_API_KEY instead"
        )
    if not usable or not url.isprintable() or " " in url:
        raise SettingsError(f"the base URL {url!r} is unusable: it should look like http://localhost:8000/v1")
    return parts


def _key(key: str) -> SecretStr:
    # It travels in a header, where anything else would fail late and obscurely.
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise SettingsError("the API key holds a space or a character that no key has: was it pasted whole and alone?")
    return SecretStr(key)
