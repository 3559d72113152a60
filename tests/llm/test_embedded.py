"""The embedded model's server inside this process; the tests marked `embedded` need the weights and take a minute."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import httpx2
import pytest

from extractor.errors import ModelError, SettingsError
from extractor.llm import embedded
from extractor.llm.prefix import load_prefix
from extractor.llm.weights import embedded_weights, present

SHARED = [{"role": "system", "content": "Answer with the colour that is named, in one word, and nothing else."}]
QUESTION = [*SHARED, {"role": "user", "content": "The flag over the bridge was green."}]
COUNT = [{"role": "user", "content": "Count from 1 to 900, each number on its own line."}]


@pytest.mark.parametrize(("cores", "slots"), [(1, 1), (2, 1), (3, 1), (4, 2), (6, 3), (8, 4), (64, 4)])
def test_slots_follow_the_cores(cores: int, slots: int) -> None:
    assert embedded.slots_for(cores) == slots


def test_missing_extra_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(SettingsError, match=r"pip install 'incident-claim-extractor\[embedded\]'"):
        embedded.start()


def test_serving_on_a_taken_port_says_so() -> None:
    pytest.importorskip("xllamacpp")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=f"port {port} .* cannot be used"):
            embedded.serve(port=port)


def test_port_out_of_range_says_so() -> None:
    pytest.importorskip("xllamacpp")
    with pytest.raises(SettingsError, match="port 70000"):
        embedded.serve(port=70000)


def test_stopping_what_never_started_is_harmless() -> None:
    embedded.stop()


@pytest.fixture(scope="module")
def running() -> Generator[embedded.Running]:
    pytest.importorskip("xllamacpp", reason="the extra `embedded` is not installed")
    if not present():
        pytest.skip("the weights are not there: extractor models pull fetches them")
    yield embedded.start()
    embedded.stop()


def ask(running: embedded.Running, messages: list[dict[str, str]], **more: object) -> httpx2.Response:
    body = {"messages": messages, "max_tokens": 8, "temperature": 0, **more}
    headers = {"Authorization": f"Bearer {running.api_key}"}
    return httpx2.post(f"{running.base_url}/chat/completions", json=body, headers=headers, timeout=120)


@pytest.mark.embedded
def test_server_answers_under_the_models_name(running: embedded.Running) -> None:
    answer = ask(running, QUESTION).json()
    assert answer["model"] == running.model
    assert "green" in answer["choices"][0]["message"]["content"].lower()


@pytest.mark.embedded
def test_server_is_started_once_and_on_loopback(running: embedded.Running) -> None:
    assert embedded.start() is running
    assert running.base_url.startswith("http://127.0.0.1:")


@pytest.mark.embedded
def test_server_wants_its_key_and_does_not_show_it(running: embedded.Running) -> None:
    refused = httpx2.post(f"{running.base_url}/chat/completions", json={"messages": QUESTION})
    assert refused.status_code == 401
    assert running.api_key not in repr(running) + repr(running.endpoint)


@pytest.mark.embedded
@pytest.mark.parametrize("path", ["/", "/slots", "/metrics"])
def test_server_offers_no_pages_and_no_insight(running: embedded.Running, path: str) -> None:
    address = running.base_url.removesuffix("/v1")
    answer = httpx2.get(address + path, headers={"Authorization": f"Bearer {running.api_key}"})
    assert answer.status_code in (404, 501)


@pytest.mark.embedded
def test_shared_beginning_is_read_once_and_then_comes_from_disk(
    running: embedded.Running,
) -> None:
    assert running.prefixes
    for file in running.prefixes.glob("*.state"):
        file.unlink()
    assert not load_prefix(running, SHARED)
    first = ask(running, QUESTION).json()
    ask(running, COUNT)
    assert load_prefix(running, SHARED)
    again = ask(running, QUESTION).json()
    assert again["usage"]["prompt_tokens_details"]["cached_tokens"] > 10
    assert again["choices"] == first["choices"]


@pytest.mark.embedded
def test_damaged_saved_beginning_is_read_anew(running: embedded.Running) -> None:
    assert running.prefixes
    load_prefix(running, SHARED)
    for file in running.prefixes.glob("*.state"):
        file.write_bytes(file.read_bytes()[:1000])
    assert not load_prefix(running, SHARED)
    assert load_prefix(running, SHARED)


@pytest.mark.embedded
def test_beginning_longer_than_the_context_is_refused(running: embedded.Running) -> None:
    with pytest.raises(ModelError, match="context"):
        load_prefix(running, [{"role": "user", "content": "one " * 2 * embedded.SLOT_TOKENS}])


@pytest.mark.embedded
@pytest.mark.usefixtures("running")
def test_file_that_is_no_model_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    # A file that was verified and yet does not load, as when memory is short: here its bytes were exchanged since.
    weights = embedded_weights()
    path = tmp_path / weights.file
    with path.open("wb") as file:
        file.truncate(weights.size)
    record = {"sha256": weights.sha256, "size": weights.size, "mtime_ns": path.stat().st_mtime_ns}
    path.with_name(f"{path.name}.verified").write_text(json.dumps(record))
    monkeypatch.setenv("EXTRACTOR_CACHE", str(tmp_path))
    program = """
from extractor.errors import ModelError
from extractor.llm import embedded
try:
    embedded.start()
except ModelError as error:
    print(error)
"""
    done = python(program)
    assert done.stdout.startswith("the embedded model does not start from")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.embedded
@pytest.mark.usefixtures("running")
@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("", 0),
        ("raise SystemExit(3)", 3),
        ("raise KeyError", 1),
        ("threading.Thread(target=count, daemon=True).start(); counting.wait()", 0),
        ("multiprocessing.get_context('fork').Process(target=embedded.start).start()", 0),
    ],
    ids=["plain", "exit code", "exception", "call in flight", "forked child"],
)
def test_process_ends_at_once_and_says_nothing(ending: str, code: int) -> None:
    program = f"""
import multiprocessing, threading
import httpx2
from extractor.llm import embedded
running = embedded.start()
counting = threading.Event()
def count():
    body = {json.dumps({"messages": COUNT})} | dict(stream=True)
    headers = dict(Authorization="Bearer " + running.api_key)
    try:
        with httpx2.stream("POST", running.base_url + "/chat/completions", json=body, headers=headers) as answer:
            for line in answer.iter_lines():
                counting.set()
    except httpx2.HTTPError:
        pass
print("up", flush=True)
{ending}
"""
    done = python(program, timeout=60)
    assert done.returncode == code, done.stderr
    assert done.stdout == "up\n"
    assert done.stderr == "" or ending == "raise KeyError"


@pytest.mark.embedded
@pytest.mark.usefixtures("running")
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is another thing there")
def test_serving_goes_on_until_ctrl_c_and_says_how_to_use_it() -> None:
    program = "from extractor.llm import embedded; embedded.serve(port=0, api_key='a-key')"
    with subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) as serving:
        assert serving.stderr
        told = "".join(serving.stderr.readline() for _ in range(3))
        export = {name: value for name, _, value in (word.partition("=") for word in told.split())}
        headers = {"Authorization": f"Bearer {export['EXTRACTOR_API_KEY']}"}
        assert httpx2.get(f"{export['EXTRACTOR_BASE_URL']}/models", headers=headers).status_code == 200
        serving.send_signal(signal.SIGINT)
        _, rest = serving.communicate(timeout=60)
    assert (serving.returncode, rest) == (0, "stopped\n")


def python(program: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=timeout, check=False)
