"""Where content begins and ends beside inserted attributions, tails, appositions and neighbouring clauses."""

import pytest

from extractor.derive.content import Attribution, cut, label_end
from extractor.derive.tied import write_contents
from extractor.document import Document
from extractor.grounding import check
from extractor.schema import Report


def contents(text: str, *claims: tuple[str, ...]) -> list[list[str]]:
    """The words cut for claims given as (source, cue, *via) in a text of one sentence."""

    def find(words: str) -> tuple[int, int]:
        return text.index(words), text.index(words) + len(words)

    attributions = [Attribution(find(source), find(cue), tuple(map(find, via))) for source, cue, *via in claims]
    return [[text[start:end] for start, end in spans] for spans in cut(text, [(0, len(text))], attributions)]


ONE_CLAIM = [
    # another clause follows
    ("The guards warned of a raid, while envoys met in the port.", ("The guards", "warned"), ["of a raid"]),
    ("The navy said it fired while leaving port.", ("The navy", "said"), ["it fired while leaving port"]),
    ("The navy said it fired, while leaving, at a buoy.", ("The navy", "said"),
     ["it fired, while leaving, at a buoy"]),
    ("The navy counts six mines; it leaves out the lake.", ("The navy", "counts"), ["six mines"]),
    ("The navy said that six mines blew up; that nobody died.", ("The navy", "said"),
     ["six mines blew up; that nobody died"]),
    ("The mayor said “one came; one left” at noon.", ("The mayor", "said"), ["“one came; one left” at noon"]),
    ("The pilots blame the fog, citing a log book.", ("The pilots", "blame"), ["the fog"]),
    # another clause goes before
    ("One thing is odd: a ferry left early, the mayor said.", ("the mayor", "said"), ["a ferry left early"]),
    ("PORT LIND, March 3 (Coast Wire) - A ferry sank, the mayor said.", ("the mayor", "said"), ["A ferry sank"]),
    ("PORT LIND, Norland — A ferry sank, the mayor said.", ("the mayor", "said"), ["A ferry sank"]),
    # both sides of an inserted attribution
    ("The ferry is to sail on Friday, the firm said, and to dock at noon.", ("the firm", "said"),
     ["The ferry is to sail on Friday", "and to dock at noon"]),
    ("Ten of the boats were stolen, by the guild's count, and two were burnt.", ("guild", "count"),
     ["Ten of the boats were stolen", "and two were burnt"]),
    ("Its crew, he told reporters in Lind on Friday, had left the boat.", ("he", "told"),
     ["Its crew", "had left the boat"]),
    ("A crew lay in wait for days, a guard told Radio Coast, and had seen nobody.", ("a guard", "told", "Radio Coast"),
     ["A crew lay in wait for days", "and had seen nobody"]),
    ("More than 20 boats sank, according to the guild's list, most of them in the long storm of the last winter.",
     ("the guild", "according to"), ["More than 20 boats sank", "most of them in the long storm of the last winter"]),
    # what follows a source is told of the source
    ("No boat ever trained there, insisted Ada Roth, a nurse with the guild, who had been among the first to come.",
     ("Ada Roth", "insisted"), ["No boat ever trained there"]),
    ("Four divers were aboard, according to the guild, which was silent on the names of all the passengers.",
     ("the guild", "according to"), ["Four divers were aboard"]),
    # addressee, time and place
    ("“No diver has to hide here,” said Ada Roth last week.", ("Ada Roth", "said"), ["“No diver has to hide here,”"]),
    ("“No diver has to hide here,” its head Ada Roth said last week.", ("Ada Roth", "said"),
     ["“No diver has to hide here,”"]),
    ("Sunday's storm sank two boats, one of them new, the guild said in a note.", ("the guild", "said"),
     ["Sunday's storm sank two boats, one of them new"]),
    ("Two boats sank and six were towed away, a nurse told Radio Coast.", ("a nurse", "told"),
     ["Two boats sank and six were towed away"]),
    ("A diver told us the boat had sunk.", ("A diver", "told"), ["the boat had sunk"]),
    ("Rivals had said a few hours earlier that the boat sank.", ("Rivals", "said"), ["the boat sank"]),
    ("A diver told the Coast Wire, the agency of the port, that the boat sank.", ("A diver", "told", "Coast Wire"),
     ["the boat sank"]),
    # where it was said
    ("In a note made public on Friday, the staff announced the loss of a boat.", ("the staff", "announced"),
     ["the loss of a boat"]),
    ("In a bulletin read out two days later, it said, the boat had sunk.", ("it", "said"), ["the boat had sunk"]),
    # passive and passed on
    ("It is feared by many fishermen that the port will close.", ("many fishermen", "feared"),
     ["the port will close"]),
    ("The ferry will sail on Friday, the coastal agency Meer reports, citing a diver.", ("a diver", "reports", "Meer"),
     ["The ferry will sail on Friday"]),
    ("A truce could come within days, the diver is quoted as saying.", ("the diver", "quoted"),
     ["A truce could come within days"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "claim", "expected"), ONE_CLAIM)
def test_one_claim(text: str, claim: tuple[str, ...], expected: list[str]) -> None:
    assert contents(text, claim) == [expected]


def test_a_semicolon_divides_claims() -> None:
    text = "The guild blames the navy's mines for that; the navy, in a reply, admitted a drill."
    assert contents(text, ("The guild", "blames"), ("the navy,", "admitted")) == [
        ["the navy's mines for that"],
        ["a drill"],
    ]


def test_a_clause_set_against_a_claim_is_not_its_content() -> None:
    text = "Nobody drowned, said the mayor, while the navy counted two."
    assert contents(text, ("the mayor", "said"), ("the navy", "counted")) == [["Nobody drowned"], ["two"]]


def test_a_comparison_with_another_claim_is_no_content() -> None:
    text = "The navy denies that it took two boats, as the guild had asserted."
    assert contents(text, ("The navy", "denies"), ("the guild", "asserted"))[0] == ["it took two boats"]


@pytest.mark.parametrize(
    ("text", "label"),
    [("The navy, by radio: no ship was hit.", "The navy, by radio:"), ("The navy hit no ship.", None), ("", None)],
)
def test_a_label_ends_with_a_colon(text: str, label: str | None) -> None:
    assert label_end(text, (0, len(text))) == (label and len(label))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("The navy, by radio: no ship was hit.", "no ship was hit"), ("The navy hit no ship.", "The navy hit no ship")],
)
def test_without_a_cue_only_a_label_is_no_content(text: str, expected: str) -> None:
    document = Document(text)
    said = {"sentences": [1], "source": {"text": "The navy"}, "cue": None, "attribution": "implicit"}
    claim = said | {"via": [], "against": None, "stance": "asserts", "incidents": [], "aspects": []}
    report = check(Report, {"actors": [], "incidents": [], "claims": [claim]}, document).value
    write_contents(report, document)
    assert [span.quote for span in report.claims[0].content] == [expected]
