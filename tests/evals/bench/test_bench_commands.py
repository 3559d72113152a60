"""`bench muc4` and `bench polnear` over small folders of data, with a server that answers for their documents."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner
from werkzeug import Request, Response

from evals.bench.muc4 import ROLES
from evals.bench.muc4.schema import FIELDS
from evals.cli.bench_muc4 import muc4
from evals.cli.bench_polnear import polnear
from extractor.cli.failures import Commands
from tests.plans.ostrel import CHAT, claim, completion

commands = typer.Typer(cls=Commands, rich_markup_mode=None)
commands.command()(muc4)
commands.command()(polnear)

MILL = "armed men burned the mill of sotara. the owner, tomas rey, was shot dead."
TALKS = "the ministers met in lima and spoke of trade. they will meet again in june."
SAID = "The mayor said the bridge would reopen. Nobody was hurt."
ASKED = 'A teacher asked: "Who pays for it?" It was shut.'


class Bench:
    """A folder of data, a run folder, and a server with an answer for each text."""

    def __init__(self, server: HTTPServer, folder: Path) -> None:
        self.data, self.out = folder, folder / "run"
        self.answers: dict[str, Any] = {}
        self.requests: list[dict[str, Any]] = []
        self.base_url = server.url_for("/v1")
        server.expect_request(CHAT, "POST").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Response:
        asked: dict[str, Any] = request.get_json()
        self.requests.append(asked)
        shown = asked["messages"][-1]["content"]
        answer = next(answer for text, answer in self.answers.items() if text[:15] in shown)
        if isinstance(answer, Response):
            return answer
        return Response(json.dumps(completion(answer)), content_type="application/json")

    def write(self, name: str, *lines: Any) -> None:
        (self.data / name).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    def run(self, *arguments: str | Path, code: int = 0) -> str:
        """The output of a command that should end with `code`."""
        command, *others = map(str, arguments)
        result = CliRunner().invoke(commands, [command, "--data", str(self.data), *others])
        assert result.exit_code == code, result.output
        return result.output

    def ask(self, command: str, *arguments: str | Path, code: int = 0) -> str:
        return self.run(
            command,
            "--out",
            self.out,
            "--model",
            "large",
            "--base-url",
            self.base_url,
            "--quiet",
            *arguments,
            code=code,
        )

    def score(self) -> dict[str, Any]:
        return json.loads((self.out / "score.json").read_text(encoding="utf-8"))


@pytest.fixture
def bench(httpserver: HTTPServer, tmp_path: Path) -> Bench:
    return Bench(httpserver, tmp_path)


def incident(sentence: int, kind: str, **roles: list[str]) -> dict[str, Any]:
    asked = {FIELDS[role]: roles.get(role, []) for role in ROLES}
    return {"deed": "men burned a mill", "kind": kind, "sentence": sentence, "people": "the owner", **asked}


@pytest.fixture
def muc(bench: Bench) -> Bench:
    """Two documents, the second without a template; of the first's two, the model finds one and half of the other."""
    arson: dict[str, Any] = {"incident_type": "arson", **{role: [] for role in ROLES}}
    murder: dict[str, Any] = {"incident_type": "attack", **{role: [] for role in ROLES}}
    keys = [
        {**arson, "PerpInd": [[["armed men", 0]]], "Target": [[["the mill", 17], ["mill of sotara", 21]]]},
        {**murder, "PerpInd": [[["armed men", 0]]], "Victim": [[["tomas rey", 48]]]},
    ]
    bench.write(
        "test.jsonl",
        {"docid": "T-1", "doctext": MILL, "templates": keys},
        {"docid": "T-2", "doctext": TALKS, "templates": []},
    )
    bench.answers = {
        MILL: {
            "incidents": [
                incident(1, "arson", PerpInd=["armed men"], Target=["the mill of sotara"]),
                incident(2, "murder", Victim=["tomas rey"], PerpOrg=["sotara"]),
            ]
        },
        TALKS: {"incidents": []},
    }
    return bench


def test_muc4_is_extracted_and_scored(muc: Bench) -> None:
    shown = muc.ask("muc4")
    assert "MUC-4 test, 2 documents (1 without a template)" in shown
    assert "CEAF-RME phi3            75.00   75.00   75.00" in shown
    assert "exact template F1        83.33   83.33   83.33" in shown
    score = muc.score()
    assert (score["counted"], score["without_templates"], score["failed"]) == (2, 1, [])
    assert score["documents"]["T-1"]["phi3"] == [3, 4, 3, 4]
    assert score["scores"]["phi3"]["intervals"]["f1"] == [0, 0.75]
    assert [prompt["name"] for prompt in score["provenance"]["run"]["prompts"]] == ["muc4"]


def test_a_bench_that_is_finished_asks_nothing_again(muc: Bench) -> None:
    shown = muc.ask("muc4")
    asked = len(muc.requests)
    assert muc.ask("muc4") == shown
    assert len(muc.requests) == asked


def test_a_document_that_failed_counts_as_empty_and_is_tried_again(muc: Bench) -> None:
    answer, muc.answers[MILL] = muc.answers[MILL], Response("no", status=400)
    shown = muc.ask("muc4", code=1)
    assert "1 failed and count as empty: T-1" in shown
    assert muc.score()["scores"]["phi3"]["recall"] == 0
    muc.answers[MILL] = answer
    muc.ask("muc4")
    assert muc.score()["scores"]["phi3"]["recall"] == 0.75


def test_recorded_answers_give_the_same_score(muc: Bench, tmp_path: Path) -> None:
    shown = muc.ask("muc4")
    asked = len(muc.requests)
    again = muc.run("muc4", "--out", tmp_path / "again", "--replay", muc.out, "--quiet")
    assert (again, len(muc.requests)) == (shown, asked)


def test_the_schema_bounds_lists_but_a_longer_one_is_no_error(muc: Bench) -> None:
    words = ["armed", "men", "burned", "mill", "sotara", "owner", "tomas", "rey", "shot"]
    muc.answers[MILL] = {"incidents": [incident(1, "arson", Target=words)] * 7}
    muc.ask("muc4", "--limit", "1")
    schema = json.dumps(muc.requests[0]["response_format"])
    assert '"maxItems": 4' in schema
    assert '"maxItems": 2' in schema
    assert muc.score()["documents"]["T-1"]["phi3"][1] == 9  # the same template seven times is one


def test_an_incident_that_tells_nothing_beyond_another_is_another_account_of_it(muc: Bench) -> None:
    muc.answers[MILL] = {
        "incidents": [
            incident(1, "arson", Target=["mill"]),
            incident(2, "arson", Target=["mill"], PerpInd=["armed men"]),
            incident(2, "arson"),
            incident(2, "sabotage", PerpInd=["armed men"]),
        ]
    }
    muc.ask("muc4", "--limit", "1")
    assert muc.score()["documents"]["T-1"]["exact"][1] == 3 + 2


def test_other_news_is_no_incident_whatever_is_told_of_it(muc: Bench) -> None:
    muc.answers[TALKS] = {"incidents": [incident(1, "talks", Target=["trade"]), incident(2, "fighting")]}
    muc.ask("muc4")
    assert muc.score()["documents"]["T-2"]["exact"] == [0, 0, 0, 0]


def test_published_predictions_need_no_model_and_no_run_folder(muc: Bench) -> None:
    muc.write("predictions.jsonl", {"T-1": [{"incident_type": "attack", "Victim": [["tomas rey"]]}]}, {"T-2": []})
    score = json.loads(muc.run("muc4", "--predictions", muc.data / "predictions.jsonl", "--json"))
    assert score["scores"]["subset"] | {"intervals": {}} == {
        "precision": 1.0,
        "recall": 0.25,
        "f1": 0.4,
        "intervals": {},
        "counts": {"right": 1, "predicted": 1, "found": 1, "gold": 4},
    }
    assert score["predictions"] == "predictions.jsonl"


def test_what_is_missing_or_strange_is_told_in_a_line(muc: Bench) -> None:
    muc.write("predictions.jsonl", {"X-1": []})
    assert "--out RUN, or give --predictions FILE" in muc.run("muc4", code=2)
    assert "for none of the documents" in muc.run("muc4", "--predictions", muc.data / "predictions.jsonl", code=2)
    assert "no document T-3, T-4" in muc.ask("muc4", "--ids", "T-4, T-1,T-3", code=2)


@pytest.fixture
def said(bench: Bench) -> Bench:
    """Two documents with a claim each; the model finds both and a source in only one."""
    bench.write(
        "dev.jsonl",
        {"id": "D-1", "text": SAID, "claims": [{"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 38]]}]},
        {"id": "D-2", "text": ASKED, "claims": [{"source": [], "cue": [[10, 15]], "content": [[17, 35]]}]},
    )
    found = {SAID: claim(1, "The mayor", "said"), ASKED: claim(1, "A teacher", "asked")}
    bench.answers = {text: {"actors": [], "incidents": [], "claims": [one]} for text, one in found.items()}
    return bench


def test_polnear_is_extracted_and_scored(said: Bench) -> None:
    shown = said.ask("polnear", "--plan", "whole")
    assert "PolNeAR dev, 2 documents with 2 attributions" in shown
    figures = {metric: one["f1"] for metric, one in said.score()["scores"].items()}
    assert figures == {"content": 1.0, "content_source": 0.5, "content_cue": 1.0}


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        (["--limit", "1"], ["D-1"]),
        (["--max-characters", "50"], ["D-2"]),
        (["--max-characters", "50", "--limit", "1"], ["D-2"]),
        (["--ids", "D-2"], ["D-2"]),
    ],
)
def test_documents_can_be_chosen(said: Bench, options: list[str], chosen: list[str]) -> None:
    said.ask("polnear", "--plan", "whole", *options)
    assert list(said.score()["documents"]) == chosen


def test_a_choice_of_nothing_is_told(said: Bench) -> None:
    assert "no document of the split is left" in said.ask("polnear", "--max-characters", "9", code=2)
