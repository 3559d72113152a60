"""The pytest plugin as its users have it: projects of their own, recorded from a small server that plays a model."""

import base64
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest
from pydantic import BaseModel
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from extractor import Extractor, Mention
from extractor.llm.client import Client
from extractor.llm.usage import Usage
from extractor.settings import Endpoint, resolve
from extractor.testing import Live, Mismatch
from extractor.testing.live import name_in_environment
from extractor.testing.recording import cassette_at
from tests.testing.test_recording import Word

KEY = 'sk-canary/7+f"Q2'
OTHER_KEY = "canary-of-openai-91"

PIPELINE = """
from pydantic import BaseModel
from extractor import Extractor, Mention

class Flight(BaseModel):
    place: Mention

def place_of(text, prompt="Where from?", **options):
    with Extractor(schema=Flight, prompt=prompt, **options) as extractor:
        return extractor.extract(text).data.place.text
"""


class Flight(BaseModel):
    place: Mention


@pytest.fixture(scope="module", autouse=True)
def _imported(tmp_path_factory: pytest.TempPathFactory) -> None:
    """pytester forgets what was imported in a run: what takes seconds is imported before the first."""
    file = tmp_path_factory.mktemp("first") / "a.json"
    file.write_text('{"version": 1, "interactions": [], "metadata": {"model": "small"}}')
    with (
        cassette_at(file) as nothing,
        Extractor(schema=Flight, prompt="Where from?", model="small", base_url=nothing.base_url) as extractor,
        pytest.raises(Mismatch),
    ):
        extractor.extract("They fled from Homs.")


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A project of a user's own, with a pipeline that leaves the model to the environment."""
    pytester.makeini("[pytest]\nfilterwarnings = error\nasyncio_default_fixture_loop_scope = function\n")
    pytester.makepyfile(pipeline=PIPELINE)
    monkeypatch.setattr(sys, "path", [str(pytester.path), *sys.path])
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # of other plugins, which take their time
    return pytester


@pytest.fixture
def server(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> HTTPServer:
    """A model that answers with the town it is told of; the environment names it, with a key."""

    def answer(request: Request) -> Response:
        assert request.headers["Authorization"] == f"Bearer {KEY}"
        town = re.findall("Homs|Idlib|Raqqa", request.get_json()["messages"][-1]["content"])[-1]
        message = {"role": "assistant", "content": json.dumps({"place": town})}
        chat = {"id": "new", "choices": [{"finish_reason": "stop", "message": message}]}
        return Response(json.dumps(chat), mimetype="application/json")

    httpserver.expect_request("/gateway/secret-team/v1/chat/completions").respond_with_handler(answer)
    monkeypatch.setenv("EXTRACTOR_BASE_URL", httpserver.url_for("/gateway/secret-team/v1"))
    monkeypatch.setenv("EXTRACTOR_MODEL", "small")
    monkeypatch.setenv("EXTRACTOR_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_API_KEY", OTHER_KEY)
    return httpserver


def run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """Runs the project's tests in this process; the modules of the last run are forgotten."""
    for name in ("pipeline", "test_it", "conftest"):
        sys.modules.pop(name, None)
    plugins = ("-p", "extractor.testing.plugin", "-p", "pytest_asyncio.plugin", "-p", "no:cacheprovider")
    return project.runpytest_inprocess(*plugins, *arguments)


def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server, no key."""
    for name in ("EXTRACTOR_BASE_URL", "EXTRACTOR_MODEL", "EXTRACTOR_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name)


def test_what_is_recorded_once_is_replayed_offline(
    project: pytest.Pytester, server: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.makepyfile(
        test_it="""
        import os
        import pytest
        from extractor import Extractor
        from pipeline import Flight, place_of

        @pytest.mark.usefixtures("cassette")
        class TestClass:
            def test_place(self):
                assert place_of("They fled from Homs.") == "Homs"

        @pytest.mark.parametrize("town", ["Homs", "Idlib"])
        def test_place(cassette, town):
            assert place_of(f"They fled from {town}.", model=cassette.model, base_url=cassette.base_url) == town
            assert "canary" not in repr(cassette)

        @pytest.mark.asyncio
        async def test_async(cassette):
            async with Extractor(schema=Flight, prompt="Where from?") as extractor:
                assert (await extractor.aextract("They fled from Homs.")).data.place.start == 15

        def test_without_a_model(request):
            assert "EXTRACTOR_ANSWERS" not in os.environ
        """
    )
    run(project, "--record-cassettes").assert_outcomes(passed=4, deselected=1)
    folder = project.path / "cassettes" / "test_it"
    files = {"TestClass.test_place.json", "test_place-Homs.json", "test_place-Idlib.json", "test_async.json"}
    assert {file.name for file in folder.iterdir()} == files
    alone(monkeypatch)
    server.clear()
    run(project).assert_outcomes(passed=5)
    assert server.log == []


@pytest.mark.usefixtures("server")
def test_a_run_says_what_changed_and_how_to_record_it(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    tests = """
        import pytest
        from pipeline import place_of
        pytestmark = pytest.mark.usefixtures("cassette")

        def test_same():
            place_of("They fled from Homs.")

        def test_text():
            place_of("They fled from Homs.")

        def test_prompt():
            try:
                place_of("They fled from Homs.")
            except AssertionError:
                pass  # as a test might that expects some other error

        def test_less():
            place_of("They fled from Homs.")
            place_of("They fled from Idlib.")

        def test_failing_by_itself():
            place_of("They fled from Homs.")
            place_of("They fled from Idlib.")

        def test_damaged():
            place_of("They fled from Homs.")
        """
    project.makepyfile(test_it=tests)
    run(project, "--record-cassettes").assert_outcomes(passed=6)
    same, _, rest = tests.partition("def test_text")
    text, _, rest = rest.partition("def test_prompt")
    prompt, _, rest = rest.partition("def test_less")
    less, _, rest = rest.partition("def test_failing")
    idlib = 'place_of("They fled from Idlib.")'
    project.makepyfile(
        test_it=same
        + "def test_text"
        + text.replace("Homs", "Raqqa")
        + "def test_prompt"
        + prompt.replace('Homs."', 'Homs.", prompt="Where to?"')
        + "def test_less"
        + less.replace(idlib, "pass")
        + "def test_failing"
        + rest.replace(idlib, "assert not 'its own reason'")
        + "\n        def test_new():\n            place_of('They fled from Homs.')\n"
    )
    (project.path / "cassettes" / "test_it" / "test_damaged.json").write_text('{"version": 1, "interactions": [{}]}')
    alone(monkeypatch)
    result = run(project, "-rA", "--tb=short")
    result.assert_outcomes(passed=3, failed=2, errors=4)
    said = result.stdout.str()
    assert "cassettes/test_it/test_text.json does not hold this request" in said
    assert 'record anew: pytest --record-cassettes "test_it.py::test_text"' in said
    assert re.search(r"\n(E +)?-.*They fled from Homs\.\n(E +)?\+.*They fled from Raqqa\.\n", said)
    assert re.search(r"-.*Where from\?\n.*\+.*Where to\?", said.partition("ERROR at teardown of test_prompt")[2])
    assert "1 of 2 recorded requests were not made" in said.partition("ERROR at teardown of test_less")[2]
    assert "ERROR at teardown of test_failing_by_itself" not in said
    assert "cassettes/test_it/test_damaged.json is no cassette, or a damaged one" in said
    new = 'nothing is recorded for this test (cassettes/test_it/test_new.json): pytest --record-cassettes "test_it.py::'
    assert new + 'test_new"' in said


def test_no_key_gets_into_a_cassette_whatever_the_server_sends_back(
    project: pytest.Pytester, server: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = [KEY, quote(KEY, safe=""), f"Bearer {KEY}", OTHER_KEY]
    forms += [base64.b64encode(form.encode()).decode() for form in (KEY, f"Bearer {KEY}")]
    leak = " ".join(forms)

    def answer(_: Request) -> Response:
        message = {"role": "assistant", "content": json.dumps({"place": "Homs", "also": leak}), "reasoning": leak}
        chat = {
            "id": leak, "model": leak, "usage": {"prompt_tokens": 1, "note": leak}, "request": {"key": leak},
            "error": {"message": leak}, "choices": [{"finish_reason": "stop", "message": message}],
        }  # fmt: skip
        headers = {"Set-Cookie": f"k={quote(KEY)}", "X-Key": quote(KEY), "Content-Type": "application/json"}
        return Response(json.dumps(chat), headers=headers)

    def refuse(_: Request) -> Response:
        return Response(f"Incorrect API key provided: {leak}", status=401)

    server.clear()
    server.expect_request("/gateway/secret-team/v1/chat/completions").respond_with_handler(answer)
    server.expect_request("/refusing/v1/chat/completions").respond_with_handler(refuse)
    monkeypatch.setenv("REFUSING", server.url_for("/refusing/v1?x=1").partition("?")[0])
    project.makepyfile(
        test_it="""
        import os
        import pytest
        from extractor.errors import KeyRefused
        from pipeline import place_of

        def test_answered(cassette, request):
            assert place_of("They fled from Homs.") == "Homs"
            if not request.config.getoption("--record-cassettes"):
                assert os.environ["OPENAI_API_KEY"] == os.environ["EXTRACTOR_API_KEY"] == "none"

        def test_refused(cassette, request):
            with pytest.raises(KeyRefused if request.config.getoption("--record-cassettes") else AssertionError):
                place_of("They fled from Homs.", model="small", base_url=os.environ["REFUSING"])
        """
    )
    run(project, "--record-cassettes").assert_outcomes(passed=2)
    recorded = [file.read_text(encoding="utf-8") for file in (project.path / "cassettes").rglob("*.json")]
    assert len(recorded) == 2
    for text in recorded:
        for form in (*forms, json.dumps(KEY)[1:-1], "canary", "secret-team", "localhost", str(server.port), "Cookie"):
            assert form not in text, text
    assert "***" in "".join(recorded)
    run(project, "-k", "answered").assert_outcomes(passed=1, deselected=1)


def test_a_key_in_a_prompt_is_not_written_down(project: pytest.Pytester, server: HTTPServer) -> None:
    project.makepyfile(
        test_it="""
        import os
        from pipeline import place_of

        def test_it(cassette):
            place_of("They fled from Homs.", prompt="The key is " + os.environ["OPENAI_API_KEY"])
        """
    )
    assert server.log == []
    result = run(project, "--record-cassettes")
    result.assert_outcomes(passed=1, errors=1)
    assert "cassettes/test_it/test_it.json was not written: a key stands in what was asked" in result.stdout.str()
    assert not (project.path / "cassettes").exists()


def test_another_model_than_that_of_the_environment(
    project: pytest.Pytester, server: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIVE_URL", server.url_for("/gateway/secret-team/v1/"))
    project.makeconftest(
        f"""
        import os
        import pytest
        from extractor.testing import Live

        @pytest.fixture(scope="session")
        def cassette_model():
            return Live(base_url=os.environ["LIVE_URL"], model="large", api_key={KEY!r})
        """
    )
    project.makepyfile(
        test_it="""
        from pipeline import place_of

        def test_it(cassette):
            assert cassette.model == "large"
            assert place_of("They fled from Homs.") == "Homs"
        """
    )
    run(project, "--record-cassettes").assert_outcomes(passed=1)
    assert server.log[-1][0].get_json()["model"] == "large"
    alone(monkeypatch)
    monkeypatch.delenv("LIVE_URL")
    run(project).assert_outcomes(passed=1)


def test_requests_that_ask_no_model_pass_and_are_not_recorded(
    project: pytest.Pytester, server: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.expect_request("/article").respond_with_data("They fled from Homs.")
    monkeypatch.setenv("ARTICLE", server.url_for("/article"))
    project.makepyfile(
        test_it="""
        import os
        import httpx2
        from pipeline import place_of

        def test_it(cassette):
            assert place_of(httpx2.get(os.environ["ARTICLE"]).text) == "Homs"
        """
    )
    run(project, "--record-cassettes").assert_outcomes(passed=1)
    (file,) = (project.path / "cassettes").rglob("*.json")
    assert len(json.loads(file.read_text())["interactions"]) == 1
    alone(monkeypatch)
    run(project).assert_outcomes(passed=1)
    assert httpx2.get(server.url_for("/article")).text == "They fled from Homs."


def test_without_vcrpy_it_says_what_to_install(project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "extractor.testing.recording")
    for name in [name for name in sys.modules if name.partition(".")[0] == "vcr"]:
        monkeypatch.setitem(sys.modules, name, None)
    project.makepyfile(test_it="def test_it(cassette): ...")
    result = run(project)
    result.assert_outcomes(errors=1)
    assert "cassettes need vcrpy: pip install 'incident-claim-extractor[testing]'" in result.stdout.str()


async def test_openai_is_replayed_as_it_is_asked(
    tmp_path: Path, server: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask(endpoint: Endpoint) -> str | None:
        async with Client(endpoint) as client:
            return (
                (await client.ask([{"role": "user", "content": "from Homs"}], Word, usage=Usage())).value
                or Word(word="")
            ).word

    chat = {"choices": [{"finish_reason": "stop", "message": {"role": "assistant", "content": '{"word": "Homs"}'}}]}
    server.expect_request("/openai/chat/completions").respond_with_json(chat)
    file = tmp_path / "a.json"
    named = resolve("gpt-5-mini", "https://api.openai.com/v1")
    assert isinstance(named, Endpoint)
    with cassette_at(file, Live(base_url=server.url_for("/openai"), model="gpt-5-mini")):
        await ask(Endpoint(named.model, server.url_for("/openai"), named.api_key, named.kind))
    file.write_text(file.read_text().replace('"openai": false', '"openai": true'))
    with cassette_at(file) as cassette:
        name_in_environment(cassette, monkeypatch, recording=False)
        replayed = [await ask(resolve()) if isinstance(resolve(), Endpoint) else None]  # pyright: ignore[reportArgumentType]
    assert replayed == ["Homs"]


def test_a_run_that_uses_no_cassette_pays_nothing(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_it.py").write_text("def test_it(): pass\n")
    code = (
        "import sys, pytest\n"
        "code = pytest.main(['-q', '-p', 'extractor.testing.plugin', '-p', 'no:cacheprovider'])\n"
        "ours = ('extractor', 'openai', 'vcr')\n"
        "print('MODULES', *[name for name in sys.modules if name.partition('.')[0] in ours])\n"
        "raise SystemExit(code)\n"
    )
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.partition("MODULES")[2].split())
    assert loaded == {"extractor", "extractor.testing", "extractor.testing.model", "extractor.testing.plugin"}
