"""What a labeller does in Label Studio, and what label comes of it."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

from evals.goldset import Accept, GoldArticle
from evals.goldset.gold import read_label
from evals.goldset.label_studio import bare_task, export_tasks, import_tasks, labelling_config
from extractor import Report
from extractor.errors import InputError

TEXT = """\
Shells hit the market of Almora on Sunday, killing four traders. The army said rebels had fired them. \
The rebels denied it. "We own no guns," their spokesman said.
"""


class Canvas:
    """An annotation in the making, as the labelling interface writes it."""

    def __init__(self, text: str = TEXT) -> None:
        self.text = text
        self.results: list[dict[str, Any]] = []

    def mark(self, label: str, words: str, nth: int = 0, *, pad: int = 0, **controls: Any) -> str:
        """Mark the nth occurrence of the words; `pad` more characters at the end, as a mouse does."""
        start = -1
        for _ in range(nth + 1):
            start = self.text.index(words, start + 1)
        where = {"start": start, "end": start + len(words) + pad, "text": self.text[start : start + len(words) + pad]}
        name = f"x{len(self.results):03}QbZ"
        self._add(name, "span", "labels", where | {"labels": [label]})
        for control, value in controls.items():
            if isinstance(value, str) and control in ("party", "country", "earliest", "latest", "min", "max"):
                self._add(name, control, "textarea", where | {"text": [value]})
            else:
                self._add(name, control, "choices", where | {"choices": value if isinstance(value, list) else [value]})
        return name

    def relate(self, start: str, end: str, *names: str, direction: str = "right") -> None:
        relation: dict[str, Any] = {"type": "relation", "from_id": start, "to_id": end, "direction": direction}
        self.results.append(relation | ({"labels": list(names)} if names else {}))

    def article(self, field: str, words: str) -> None:
        self._add("whole", f"document_{field}", "textarea", {"text": [words]})

    def task(self, **data: Any) -> dict[str, Any]:
        annotation: dict[str, Any] = {"id": 1, "was_cancelled": False, "completed_by": 1, "result": self.results}
        return {"id": 12, "data": {"id": "mine", "text": self.text} | data, "annotations": [annotation]}

    def _add(self, name: str, control: str, kind: str, value: dict[str, Any]) -> None:
        result = {"id": name, "from_name": control, "to_name": "text", "type": kind, "value": value, "origin": "manual"}
        self.results.append(result)


def label_of(task: dict[str, Any], note: Callable[[str], None] = lambda _: None) -> tuple[Report, Accept]:
    ((name, text, label),) = import_tasks([task], note)
    return read_label(json.dumps(label), text, name)


@pytest.fixture
def canvas() -> Canvas:
    """The article, labelled from scratch."""
    canvas = Canvas()
    shelling = canvas.mark("Incident", "hit the market", incident_type="shelling_missile")
    canvas.article("date", "2026-03-10")
    army = canvas.mark("Actor", "army", kind="state_forces")
    rebels = canvas.mark("Actor", "rebels", kind="non_state_armed", party="the rebels")
    spokesman = canvas.mark("Actor", "spokesman", kind="non_state_armed", party="the rebels")
    canvas.relate(canvas.mark("Party tie", "their spokesman"), spokesman)
    canvas.relate(canvas.mark("Mention", "rebels", 1), rebels)
    canvas.relate(canvas.mark("Evidence", "The army said"), shelling)
    canvas.relate(shelling, canvas.mark("Target", "market", pad=1))
    when = canvas.mark("When", "on Sunday", earliest="2026-03-08", latest="2026-03-08", precision="day")
    canvas.relate(when, shelling, direction="left")
    where = canvas.mark("Where", "Almora", place_level="settlement")
    canvas.relate(where, shelling)
    traders = canvas.mark("Casualties", "traders", casualty_category="civilian")
    canvas.relate(traders, shelling)
    canvas.relate(canvas.mark("Count", "four", min="4", max="4"), traders)
    initiator = canvas.mark("Initiator", "rebels")
    canvas.relate(initiator, shelling)
    canvas.relate(initiator, rebels)
    accusing = canvas.mark("Claim", "rebels had fired them", stance="accuses", aspects=["initiator"])
    denying = canvas.mark("Claim", "it", 1, stance="denies", aspects=["initiator"])
    quoting = canvas.mark("Claim", "We own no guns", stance="denies", aspects=["means"])
    for claim, source, nth, actor, cue in (
        (accusing, "army", 0, army, ("said", 0)),
        (denying, "rebels", 1, rebels, ("denied", 0)),
        (quoting, "their spokesman", 0, spokesman, ("said", 1)),
    ):
        canvas.relate(claim, shelling)
        who = canvas.mark("Source", source, nth)
        canvas.relate(who, claim)
        canvas.relate(who, actor)
        canvas.relate(canvas.mark("Cue", *cue), claim)
    canvas.relate(denying, accusing, "contradicts: initiator")
    return canvas


class TestFromScratch:
    def test_spans_choices_and_relations_make_a_label(self, canvas: Canvas) -> None:
        report, accept = label_of(canvas.task())
        assert [(actor.id, actor.name, actor.kind, actor.party) for actor in report.actors] == [
            ("A1", "army", "state_forces", "P1"),
            ("A2", "rebels", "non_state_armed", "P2"),
            ("A3", "spokesman", "non_state_armed", "P2"),
        ]
        assert [[mention.text for mention in actor.mentions] for actor in report.actors][1] == ["rebels", "rebels"]
        assert {mention.actor for mention in report.actors[1].mentions} == {"A2"}
        (incident,) = report.incidents
        assert (incident.id, incident.type, incident.realis) == ("I1", "shelling_missile", "actual")
        assert [span.sentence for span in incident.evidence] == [1, 2]
        assert [span.quote for span in incident.evidence] == [
            "Shells hit the market of Almora on Sunday, killing four traders.",
            "The army said rebels had fired them.",
        ], "whole sentences"
        assert [(target.text, target.claims) for target in incident.targets] == [("market", [])], "no trailing space"
        assert [(one.text, one.actor, one.claims) for one in incident.initiators] == [("rebels", "A2", ["C1"])]
        assert [str(when.earliest) for when in incident.when] == ["2026-03-08"]
        assert [(where.relation, where.level) for where in incident.where] == [("at", "settlement")]
        (toll,) = incident.casualties
        assert (toll.who.text, toll.status, toll.category) == ("traders", "killed", "civilian")
        assert toll.count is not None
        assert (toll.count.text, toll.count.min, toll.count.max) == ("four", 4, 4)
        assert [
            (
                claim.id,
                claim.source.text,
                claim.source.actor,
                claim.cue and claim.cue.text,
                claim.stance,
                claim.sentences,
            )
            for claim in report.claims
        ] == [
            ("C1", "army", "A1", "said", "accuses", [2]),
            ("C2", "rebels", "A2", "denied", "denies", [3]),
            ("C3", "their spokesman", "A3", "said", "denies", [4]),
        ]
        assert [claim.incidents for claim in report.claims] == [["I1"]] * 3
        assert [claim.attribution for claim in report.claims] == ["explicit"] * 3
        assert accept == Accept()

    def test_code_works_out_parties_and_disputes(self, canvas: Canvas) -> None:
        report, _ = label_of(canvas.task())
        assert [(party.id, party.name, party.actors) for party in report.parties] == [
            ("P1", "army", ["A1"]),
            ("P2", "the rebels", ["A2", "A3"]),
        ]
        assert [[span.quote for span in party.because] for party in report.parties] == [[], ["their spokesman"]]
        (relation,) = report.relations or []
        assert (relation.a, relation.b, relation.incident) == ("C2", "C1", "I1")
        (dispute,) = report.disputes
        assert (dispute.claims, dispute.parties, dispute.aspect) == (["C2", "C1"], ["P2", "P1"], "initiator")

    def test_what_is_known_of_the_article_is_taken(self, canvas: Canvas) -> None:
        report, _ = label_of(canvas.task())
        assert report.document is not None
        assert (report.document.id, str(report.document.date)) == ("mine", "2026-03-10")

    def test_an_article_with_nothing_in_it_is_a_label_too(self) -> None:
        report, _ = label_of(Canvas().task())
        assert (report.actors, report.incidents, report.claims) == ([], [], [])

    def test_a_task_that_label_studio_numbered_keeps_that_name(self) -> None:
        task = Canvas().task()
        del task["data"]["id"]
        assert import_tasks([task])[0][0] == "task-12"

    def test_a_claim_without_a_cue_is_implicit(self) -> None:
        canvas = Canvas()
        claim = canvas.mark("Claim", "We own no guns")
        canvas.relate(canvas.mark("Source", "their spokesman"), claim)
        report, _ = label_of(canvas.task())
        assert (report.claims[0].attribution, report.claims[0].stance, report.claims[0].cue) == (
            "implicit", "asserts", None,
        )  # fmt: skip


class TestWhatCannotBeALabel:
    def test_parts_that_belong_to_nothing_are_named(self) -> None:
        canvas = Canvas()
        canvas.mark("Source", "army")
        canvas.mark("Count", "four")
        with pytest.raises(
            InputError, match=r"mine: parts belong to nothing: Source 'army' at 69 \(to its Claim\), Count"
        ):
            import_tasks([canvas.task()])

    def test_a_claim_needs_a_source(self) -> None:
        canvas = Canvas()
        canvas.mark("Claim", "We own no guns")
        with pytest.raises(InputError, match=r"Claim 'We own no guns' at .* has no Source: mark who says it"):
            import_tasks([canvas.task()])

    def test_rivals_need_a_name_and_an_incident(self, canvas: Canvas) -> None:
        *others, relation = canvas.results
        named = [*others, {key: value for key, value in relation.items() if key != "labels"}]
        with pytest.raises(InputError, match="the relation between C2 and C1 has no name: choose one, such as"):
            import_tasks([canvas.task() | {"annotations": [{"result": named}]}])
        claims = {relation["from_id"], relation["to_id"]}
        apart = [one for one in canvas.results if one.get("from_id") not in claims or one is relation]
        with pytest.raises(InputError, match="C2 and C1 are rivals, but about no common incident"):
            import_tasks([canvas.task() | {"annotations": [{"result": apart}]}])

    @pytest.mark.parametrize("label", ["Source", "Cue", "Against"])
    def test_a_claim_has_one_of_each(self, label: str) -> None:
        canvas = Canvas()
        claim = canvas.mark("Claim", "We own no guns")
        canvas.relate(canvas.mark("Source", "army"), claim)
        for words in ("rebels", "said"):
            canvas.relate(canvas.mark(label, words), claim)
        with pytest.raises(InputError, match=rf"has \d regions {label}: leave one"):
            import_tasks([canvas.task()])

    def test_one_annotation_must_be_the_right_one(self) -> None:
        task = Canvas().task()
        task["annotations"] *= 2
        with pytest.raises(InputError, match="has 2 annotations: mark the right one as ground truth"):
            import_tasks([task])
        right: dict[str, Any] = {"result": [], "ground_truth": True}
        task["annotations"] = [right, {"result": [{"from_name": "span"}]}]
        assert len(import_tasks([task])) == 1

    def test_what_nobody_annotated_is_passed_over_and_told(self) -> None:
        noted: list[str] = []
        skipped: dict[str, Any] = bare_task("second", TEXT) | {"annotations": [{"was_cancelled": True}]}
        assert import_tasks([bare_task("first", TEXT), skipped], noted.append) == []
        assert noted == ["first: is not annotated yet, and left out", "second: is not annotated yet, and left out"]

    @pytest.mark.parametrize(
        "task", [{}, 7, {"data": {}}, {"data": {"text": 3}}, {"data": {"text": "x", "id": "../x"}}]
    )
    def test_what_is_no_task_of_ours_is_told(self, task: Any) -> None:
        with pytest.raises(InputError, match="task 1 has "):
            import_tasks([task])

    @pytest.mark.parametrize(
        "result",
        [
            {"from_name": "span", "value": {"start": 0, "end": 4, "labels": ["Actor"]}},
            {"from_name": "span", "id": "a", "value": {"start": "/p[1]", "end": 4, "labels": ["Actor"]}},
            {"from_name": "span", "id": "a", "value": {"start": 0, "end": 4, "labels": ["Person"]}},
            {"from_name": "span", "id": "a", "value": {"start": 0, "end": 4, "labels": ["Actor"], "text": "nowhere"}},
            {"from_name": "span", "id": "a", "value": {"start": 0, "end": 9_999, "labels": ["Actor"]}},
        ],
    )
    def test_a_region_that_cannot_be_read_is_told(self, result: dict[str, Any]) -> None:
        with pytest.raises(InputError, match=r"mine: .*region"):
            import_tasks([Canvas().task() | {"annotations": [{"result": [result]}]}])


@pytest.fixture
def task(canvas: Canvas) -> dict[str, Any]:
    """The same article as a task that was exported from its label."""
    report, _ = label_of(canvas.task())
    report.claims[0].uid, report.incidents[0].where[0].lat = "u1", 1.5
    accept = Accept(
        optional=["I1.casualties[0]", "C3", "I1.targets[0]"],
        either={"C1.stance": ["asserts"], "I1.casualties[0].count": [None]},
        together=[["C2", "C3"]],
    )
    (task,) = export_tasks([GoldArticle("mine", TEXT, report, accept, None)])
    return task


def results(task: dict[str, Any]) -> list[dict[str, Any]]:
    return task["annotations"][0]["result"]


def removed(task: dict[str, Any], *names: str) -> None:
    """Delete regions, and their relations with them, as the interface does."""
    task["annotations"][0]["result"] = [
        result
        for result in results(task)
        if not {result.get("id"), result.get("from_id"), result.get("to_id")} & {*names}
    ]


class TestEdits:
    def test_a_choice_changes_only_itself(self, task: dict[str, Any]) -> None:
        before, _ = label_of(task)
        (stance,) = (one for one in results(task) if one.get("from_name") == "stance" and one["id"] == "C1")
        stance["value"]["choices"] = ["asserts"]
        after, _ = label_of(task)
        assert after.claims[0].stance == "asserts"
        before.claims[0].stance = "asserts"
        assert after == before, "what Label Studio has no place for is still there"
        assert (after.claims[0].uid, after.incidents[0].where[0].lat) == ("u1", 1.5)

    def test_what_is_taken_out_is_gone_and_so_is_what_was_accepted_of_it(self, task: dict[str, Any]) -> None:
        noted: list[str] = []
        removed(task, "I1-casualties-0", "I1-casualties-0-count", "C2", "C2-source", "C2-cue")
        report, accept = label_of(task, noted.append)
        assert report.incidents[0].casualties == []
        assert [claim.id for claim in report.claims] == ["C1", "C3"], "ids stay"
        assert (report.relations, report.disputes) == ([], [])
        assert accept == Accept(optional=["C3", "I1.targets[0]"], either={"C1.stance": ["asserts"]})
        assert noted == [
            "mine: accept C2 is left out, since what it named is gone",
            "mine: accept I1.casualties[0] is left out, since what it named is gone",
            "mine: accept I1.casualties[0].count is left out, since what it named is gone",
        ]

    def test_what_is_accepted_moves_with_what_it_names(self, task: dict[str, Any]) -> None:
        canvas = Canvas()
        canvas.results = results(task)
        canvas.relate(canvas.mark("Target", "traders"), "I1")
        canvas.relate(canvas.mark("Casualties", "four"), "I1")
        report, accept = label_of(task)
        assert [target.text for target in report.incidents[0].targets] == ["market", "traders"]
        assert accept.optional == ["I1.casualties[0]", "C3", "I1.targets[0]"]
        (task,) = export_tasks([GoldArticle("mine", TEXT, report, accept, None)])
        removed(task, "I1-casualties-0", "I1-casualties-0-count")
        task["data"]["label"]["accept"]["optional"] = ["I1.casualties[1].who"]
        task["data"]["label"]["accept"]["either"] = {}
        assert label_of(task)[1].optional == ["I1.casualties[0].who"]

    def test_what_is_new_gets_the_next_id(self, task: dict[str, Any]) -> None:
        canvas = Canvas()
        canvas.results = results(task)
        removed(task, "C3", "C3-source", "C3-cue")
        canvas.results = results(task)
        claim = canvas.mark("Claim", "market of Almora", stance="questions")
        canvas.relate(canvas.mark("Source", "Shells"), claim)
        report, _ = label_of(task)
        assert [(claim.id, claim.stance) for claim in report.claims] == [
            ("C1", "accuses"), ("C2", "denies"), ("C4", "questions"),
        ]  # fmt: skip

    def test_an_actor_changes_sides(self, task: dict[str, Any]) -> None:
        (party,) = (one for one in results(task) if one.get("from_name") == "party" and one["id"] == "A3")
        party["value"]["text"] = ["army"]
        report, _ = label_of(task)
        assert [(party.id, party.actors) for party in report.parties] == [("P1", ["A1", "A3"]), ("P2", ["A2"])]
        assert [actor.party for actor in report.actors] == ["P1", "P2", "P1"]
        party["value"]["text"] = ["the third force"]
        assert [(one.id, one.name, one.actors) for one in label_of(task)[0].parties][2:] == [
            ("P3", "the third force", ["A3"])
        ]

    def test_a_region_with_another_label_moves_to_another_list(self, task: dict[str, Any]) -> None:
        for result in results(task):
            if result.get("id") == "I1-targets-0":
                result["value"]["labels"] = ["Weapon"]
        report, accept = label_of(task)
        assert (report.incidents[0].targets, [one.text for one in report.incidents[0].weapons]) == ([], ["market"])
        assert "I1.targets[0]" not in accept.optional

    def test_a_changed_name_of_a_relation_is_taken(self, task: dict[str, Any]) -> None:
        (relation,) = (one for one in results(task) if "contradicts: initiator" in one.get("labels", []))
        relation["labels"] = ["competes: reason", "contradicts: initiator"]
        report, _ = label_of(task)
        assert [(one.kind, one.aspect) for one in report.relations or []] == [
            ("contradicts", "initiator"), ("competes", "reason"),
        ]  # fmt: skip
        assert [dispute.aspect for dispute in report.disputes] == ["initiator", "reason"]

    def test_the_label_of_another_text_is_refused(self, task: dict[str, Any]) -> None:
        task["data"]["text"] += "More."
        with pytest.raises(InputError, match="mine: is the label of another text"):
            import_tasks([task])


def utf_16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def line_breaks_as_one(text: str) -> int:
    return len(text.replace("\r\n", "\n"))


class TestOffsets:
    TEXT = "🔥👨🏻‍🚒 Fire!\r\n\r\nThe army said so.\r\nThe army 🔥 denied it.\n"

    @pytest.mark.parametrize(
        ("counted", "words"),
        [
            (len, "army"),
            (utf_16_units, "army"),
            (line_breaks_as_one, "army"),
            (len, "said so.\r\nThe army"),
            (len, "said so.\\nThe army"),
        ],
    )
    def test_are_understood_however_they_were_counted(self, counted: Callable[[str], int], words: str) -> None:
        there = words.replace("\\n", "\r\n")
        start = self.TEXT.rindex(there) if there == "army" else self.TEXT.index(there)
        before = self.TEXT[:start]
        value = {"start": counted(before), "end": counted(before) + counted(there), "text": words, "labels": ["Actor"]}
        canvas = Canvas(self.TEXT)
        canvas.results = [{"id": "a", "from_name": "span", "to_name": "text", "type": "labels", "value": value}]
        report, _ = label_of(canvas.task())
        (mention,) = report.actors[0].mentions
        assert (mention.start, mention.text) == (start, there)

    def test_that_are_wrong_are_mended_by_words_that_stand_once(self) -> None:
        value = {"start": 0, "end": 6, "text": "denied", "labels": ["Actor"]}
        canvas = Canvas(self.TEXT)
        canvas.results = [{"id": "a", "from_name": "span", "to_name": "text", "type": "labels", "value": value}]
        assert label_of(canvas.task())[0].actors[0].mentions[0].start == self.TEXT.index("denied")


class TestTheConfiguration:
    def test_offers_all_that_is_exported(self, task: dict[str, Any]) -> None:
        view = ET.fromstring(labelling_config())
        controls = {node.get("name"): node for node in view.iter() if node.tag in ("Labels", "Choices", "TextArea")}
        relations = {node.get("value") for node in view.iter("Relation")}
        (text,) = view.iter("Text")
        assert (text.get("name"), text.get("value")) == ("text", "$text")
        for result in results(task):
            if result["type"] == "relation":
                assert set(result["labels"]) <= relations
                continue
            node = controls[result["from_name"]]
            assert node.get("toName") == result["to_name"] == "text"
            assert node.tag.lower() == result["type"]
            offered = {child.get("value") for child in node}
            chosen = result["value"].get(result["type"] if result["type"] != "textarea" else "text")
            assert result["type"] == "textarea" or offered.issuperset(chosen)

    def test_shows_each_control_with_its_label(self) -> None:
        view = ET.fromstring(labelling_config())
        labels = {node.get("value") for node in view.iter("Label")}
        shown = [
            node.get("whenLabelValue") for node in view.iter("View") if node.get("visibleWhen") == "region-selected"
        ]
        assert set(shown) < labels
        assert len(set(shown)) == len(shown)


def test_a_task_holds_the_article_as_it_is() -> None:
    assert bare_task("an-id", "Text\r\n🔥")["data"] == {"id": "an-id", "text": "Text\r\n🔥"}
