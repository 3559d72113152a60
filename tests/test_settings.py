import pytest

from extractor.errors import SettingsError
from extractor.settings import OPENAI_URL, Embedded, Endpoint, check_request_allowed, origin, resolve

LOCAL = "http://localhost:8000/v1"
ROUTER = "https://router.example/api/v1"


def endpoint(model: str | None = None, base_url: str | None = None, api_key: str | None = None, **env: str) -> Endpoint:
    place = resolve(model, base_url, api_key, env)
    assert isinstance(place, Endpoint)
    return place


def key(place: Endpoint) -> str:
    return place.api_key.get_secret_value()


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"OPENAI_API_KEY": "sk-lying-about"},
        {"EXTRACTOR_API_KEY": "lying-about"},
        {"OPENAI_BASE_URL": "https://elsewhere.example/v1", "OPENAI_API_KEY": "sk-lying-about"},
        {"EXTRACTOR_MODEL": "embedded"},
        {"EXTRACTOR_MODEL": " ", "EXTRACTOR_BASE_URL": ""},
    ],
)
def test_without_a_choice_nothing_leaves_the_machine(env: dict[str, str]) -> None:
    assert resolve(env=env) == Embedded()
    assert resolve(model="", base_url="", env=env) == Embedded()


def test_openai_by_name() -> None:
    place = endpoint("openai/gpt-5", OPENAI_API_KEY="sk-1", OPENAI_BASE_URL="https://elsewhere.example/v1")
    assert (place.model, place.base_url, place.kind, key(place)) == ("gpt-5", OPENAI_URL, "openai", "sk-1")
    assert endpoint(EXTRACTOR_MODEL="openai/gpt-5", OPENAI_API_KEY="sk-1") == place
    assert key(endpoint("openai/gpt-5", api_key="sk-2", OPENAI_API_KEY="sk-1")) == "sk-2"


@pytest.mark.parametrize("env", [{}, {"EXTRACTOR_API_KEY": "for-another-host"}, {"OPENAI_API_KEY": "  "}])
def test_openai_without_its_key(env: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="set OPENAI_API_KEY"):
        resolve("openai/gpt-5", env=env)


def test_a_base_url_needs_no_key_and_may_do_without_a_model() -> None:
    place = endpoint(base_url=LOCAL + "/")
    assert (place.model, place.base_url, place.kind) == (None, LOCAL, "server")
    assert endpoint(EXTRACTOR_BASE_URL=LOCAL) == place


@pytest.mark.parametrize(
    "url",
    [
        LOCAL,
        ROUTER,
        "http://api.openai.com/v1",
        "https://api.openai.com.evil.example/v1",
        "https://api.openai.com:8443/v1",
        "https://eu.api.openai.com/v1",
        "https://evil.example/api.openai.com/v1",
    ],
)
def test_the_key_of_openai_goes_to_no_other_host(url: str) -> None:
    assert "sk" not in key(endpoint("m", url, OPENAI_API_KEY="sk-1"))
    assert key(endpoint("m", url, OPENAI_API_KEY="sk-1", EXTRACTOR_API_KEY="mine")) == "mine"
    assert key(endpoint("m", url, "said", OPENAI_API_KEY="sk-1", EXTRACTOR_API_KEY="mine")) == "said"


@pytest.mark.parametrize("url", [OPENAI_URL, "https://API.OpenAI.com/v1/", "https://api.openai.com:443/v1"])
def test_openai_by_its_address(url: str) -> None:
    place = endpoint("gpt-5", url, OPENAI_API_KEY="sk-1", EXTRACTOR_API_KEY="for-another-host")
    assert (place.model, place.kind, key(place)) == ("gpt-5", "openai", "sk-1")
    assert endpoint("openai/gpt-5", url, OPENAI_API_KEY="sk-1") == place


def test_a_routers_names_are_left_as_they_are() -> None:
    assert endpoint("openai/gpt-5", ROUTER).model == "openai/gpt-5"
    assert endpoint(EXTRACTOR_MODEL="openai/gpt-5", EXTRACTOR_BASE_URL=ROUTER).model == "openai/gpt-5"


def test_arguments_beat_the_environment() -> None:
    env = {"EXTRACTOR_MODEL": "theirs", "EXTRACTOR_BASE_URL": LOCAL}
    assert endpoint("mine", **env).model == "mine"
    assert endpoint(base_url=ROUTER, **env).base_url == ROUTER
    assert resolve("embedded", env=env) == Embedded()
    place = endpoint(base_url=LOCAL, EXTRACTOR_MODEL="embedded")
    assert (place.model, place.base_url) == (None, LOCAL)


@pytest.mark.parametrize(
    ("arguments", "env", "says"),
    [
        (("embedded", LOCAL), {}, "leave one out"),
        ((), {"EXTRACTOR_MODEL": "embedded", "EXTRACTOR_BASE_URL": LOCAL}, "leave one out"),
        (
            ("openai/gpt-5",),
            {"EXTRACTOR_BASE_URL": ROUTER, "OPENAI_API_KEY": "sk-1"},
            "names another server",
        ),
        ((None, None, "sk-1"), {}, "the embedded model needs none"),
        ((None, OPENAI_URL), {"OPENAI_API_KEY": "sk-1"}, "no model was named"),
    ],
)
def test_contradictions_are_refused(arguments: tuple[str | None, ...], env: dict[str, str], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        resolve(*arguments, env=env)


@pytest.mark.parametrize("name", ["gpt-5", "openai/", "Embedded", "llama3"])
def test_an_unknown_model_is_told_the_choices(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        resolve(name, env={"OPENAI_API_KEY": "sk-1"})
    assert f'"{name}"' in str(caught.value)
    assert all(choice in str(caught.value) for choice in ('"embedded"', '"openai/NAME"', "base URL"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8000",
        "ftp://localhost/v1",
        "http://",
        "file:///etc/passwd",
        "http://localhost:port/v1",
        "http://[::1/v1",
        "http://localhost/v1?x=1",
        "http://local host/v1",
    ],
)
def test_an_unusable_address(url: str) -> None:
    with pytest.raises(SettingsError, match="unusable"):
        resolve("m", url, env={})


def test_keys_in_addresses_are_refused_and_not_shown() -> None:
    for url in ("http://me:hunter2@localhost/v1", "http://localhost/v1?key=hunter2"):
        with pytest.raises(SettingsError) as caught:
            resolve("m", url, env={})
        assert "hunter2" not in str(caught.value)


def test_a_key_that_was_pasted_wrongly() -> None:
    assert key(endpoint("m", LOCAL, "mine\n")) == "mine"
    for wrong in ("two words", "smart”quotes", "line\nbreak"):
        with pytest.raises(SettingsError) as caught:
            resolve("m", LOCAL, wrong, env={})
        assert wrong not in str(caught.value)


def test_the_key_is_not_shown() -> None:
    place = endpoint("m", LOCAL, "hunter2")
    assert "hunter2" not in f"{place!r} {place}"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://router.example/api/v1?x=1", "https://router.example"),
        ("http://[::1]:8000/v1", "http://[::1]:8000"),
        ("http://me:hunter2@localhost:8000/v1", "http://localhost:8000"),
    ],
)
def test_only_the_origin_of_an_address_is_shown(url: str, shown: str) -> None:
    assert origin(url) == shown


def test_requests_can_be_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXTRACTOR_REQUESTS", "forbid")
    here = ("127.0.0.1:1", "localhost", "[::1]", "127.1", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0", "a.invalid")
    for url in (f"http://{host}/v1" for host in here):
        check_request_allowed(url)
    for url in (OPENAI_URL, "http://192.168.1.1/v1", "http://localhost.example", "http://127.example", "http://127"):
        with pytest.raises(SettingsError, match="EXTRACTOR_REQUESTS=forbid"):
            check_request_allowed(url)
    monkeypatch.delenv("EXTRACTOR_REQUESTS")
    check_request_allowed(OPENAI_URL)
