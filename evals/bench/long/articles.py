"""Reports of any length, made by chance from a seed, and a scripted model that reads their few forms of sentences."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any, cast

import regex

from evals.bench.stub import Reply

_ONSETS = ("b", "br", "d", "dr", "g", "k", "kl", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "z")
_VOWELS = ("a", "e", "i", "o", "u")
_ENDS = ("l", "n", "r", "s", "v", "m")
_FORCES = ("army", "militia", "brigade", "front", "guard")
_TARGETS = ("a market", "a depot", "a bridge", "the barracks", "a convoy", "a clinic")
_PEOPLE = ("civilians", "soldiers", "travellers", "guards", "workers")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_FILLING = (
    "The road to {place} runs along the river and has two bridges.",
    "Prices in {place} have doubled since the harvest, and the mill stands still.",
    "Most houses in {place} are of clay, and the school has no roof.",
    "The valley of {place} is known for its apricots and its long winters.",
)
_TOLD = regex.compile(
    r"(?P<by>The \w+ \w+) shelled (?P<on>[\w ]+) in (?P<where>\w+) (?P<when>on \w+), "
    r"killing (?P<count>\d+) (?P<who>\w+)\."
)
_AGAIN = regex.compile(
    r"(?P<by>The \w+ \w+) had shelled (?P<on>[\w ]+) in (?P<where>\w+), (?P<source>a witness) (?P<cue>said)\."
)
_SAID = regex.compile(r"(?P<source>The \w+ Ministry) (?P<cue>said) (?P<against>the \w+ \w+) had fired the shells\.")
_DENIED = regex.compile(r"(?P<source>The \w+ \w+) (?P<cue>denied) any part in it\.")
_WENT_ON = regex.compile(r"(?P<source>It) (?P<cue>said) that (?P<count>\d+) (?P<who>\w+) were wounded\.")
_LINE = regex.compile(r"^\[(?P<number>\d+)\] (?P<words>[^#].*)$", regex.M)
_NAMED = regex.compile(r"(\d+) ([^;]+)")
_KINDS = {"army": "army", "militia": "militia", "brigade": "rebels", "front": "rebels", "guard": "army"}


def article(size: int, seed: int = 7, *, again: int = 5) -> str:
    """A report of about `size` bytes: a story a paragraph; each `again`th tells of one before too (0: none does)."""
    chance = random.Random(seed)  # noqa: S311
    told: list[tuple[str, str, str]] = []
    paragraphs: list[str] = []
    length = 0
    while length < size:
        paragraph = " ".join(_story(chance, told, again))
        paragraphs.append(paragraph)
        length += len(paragraph) + 2
    return "\n\n".join(paragraphs) + "\n"


def _story(chance: random.Random, told: list[tuple[str, str, str]], again: int) -> Iterator[str]:
    place, force, target = _name(chance), f"{_name(chance)} {chance.choice(_FORCES)}", chance.choice(_TARGETS)
    told.append((place, force, target))
    people = chance.choice(_PEOPLE)
    day, dead = chance.choice(_DAYS), chance.randint(3, 60)
    yield f"The {force} shelled {target} in {place} on {day}, killing {dead} {people}."
    yield f"The {_name(chance)} Ministry said the {force} had fired the shells."
    yield f"It said that {chance.randint(3, 90)} {people} were wounded."
    yield f"The {force} denied any part in it."
    for _ in range(3):
        yield chance.choice(_FILLING).format(place=place)
    if again and len(told) % again == 0:
        place, force, target = chance.choice(told[-400:])
        yield f"The {force} had shelled {target} in {place}, a witness said."


def _name(chance: random.Random) -> str:
    syllables = (chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(chance.randint(2, 3)))
    return ("".join(syllables) + chance.choice(_ENDS)).capitalize()


def scripted(request: dict[str, Any]) -> Reply:
    """What a careful model answers about such a report, whatever plan asks."""
    schema: dict[str, Any] = request["response_format"]["json_schema"]
    shown: str = request["messages"][-1]["content"]
    asked = cast(dict[str, Any], schema.get("schema", {})).get("properties", {})
    match schema["name"]:
        case "Report":
            answer = _report(shown)
        case "Sentence":
            answer = _sentence(shown, asked)
        case "Kinds":
            answer = {number: _kind(name, asked[number]["enum"]) for number, name in _NAMED.findall(shown)}
        case "Referent":
            before = _SAID.findall(shown)
            answer = {"who": before[-1][0] if before else "nobody"}
        case "Corrections":
            answer = dict.fromkeys(asked)
        case _:
            answer = dict[str, Any](rivals=[])
    return Reply(answer)


def _sentence(words: str, asked: dict[str, Any]) -> dict[str, Any]:
    found = {form: form.search(words) for form in (_TOLD, _AGAIN, _SAID, _DENIED, _WENT_ON)}
    speaking = next((match for match in found.values() if match and "cue" in match.groupdict()), None)
    counting = found[_TOLD] or found[_WENT_ON]
    answer: dict[str, Any] = {}
    for key in asked:
        if speaking and key == speaking["cue"]:
            answer[key] = speaking["source"]
        elif counting and key == counting["count"]:
            answer[key] = f"{counting['who']}: {'killed' if found[_TOLD] else 'wounded'}"
        elif key == "events":
            answer[key] = [_event(found[_TOLD] or found[_AGAIN])]
        elif key.startswith("on "):
            answer[key] = "event"
        else:
            answer[key] = ""
    return answer


def _event(match: regex.Match[str] | None) -> str:
    if match is None:
        return "none"
    return f"did shelled: shelling; by {match['by']}; against {match['on']}; at {match['where']}"


def _kind(name: str, allowed: list[str]) -> str:
    last = name.rsplit(maxsplit=1)[-1].lower()
    guess = _KINDS.get(last, "government" if last == "ministry" else "people" if last in _PEOPLE else "thing")
    return guess if guess in allowed else "other"


def _lines(shown: str) -> Iterator[tuple[int, str]]:
    return ((int(match["number"]), match["words"]) for match in _LINE.finditer(shown))


def _report(shown: str) -> dict[str, Any]:
    actors: dict[str, int] = {}
    incidents: list[dict[str, Any]] = []
    claims: list[dict[str, Any]] = []

    def actor(name: str) -> int:
        return actors.setdefault(name, len(actors) + 1)

    last = ""
    for number, words in _lines(shown):
        told = _TOLD.search(words) or _AGAIN.search(words)
        if told:
            actor(told["by"])
            incidents.append(_incident(number, told.groupdict()))
        said = next((match for form in (_SAID, _DENIED, _WENT_ON, _AGAIN) if (match := form.search(words))), None)
        if said:
            who = said["source"] if said["source"] != "It" else last
            last = said["source"] if said["source"] != "It" else last
            claims.append({
                "sentences": [number], "source": {"text": said["source"], "actor": actor(who) if who else None},
                "via": [], "cue": said["cue"], "against": said.groupdict().get("against"), "attribution": "explicit",
                "stance": "denies" if said["cue"] == "denied" else "asserts",
                "incidents": [len(incidents)] if incidents else [], "aspects": ["occurrence"],
            })  # fmt: skip
    kinds = {name: "government" if name.endswith("Ministry") else "state_forces" for name in actors}
    return {
        "actors": [{"kind": kind, "mentions": [name]} for name, kind in kinds.items()],
        "incidents": incidents,
        "claims": claims,
    }


def _incident(number: int, told: dict[str, str]) -> dict[str, Any]:
    people = {"who": told.get("who"), "status": "killed", "category": "unknown", "count": told.get("count")}
    return {
        "type": "shelling_missile", "realis": "actual", "evidence": [number], "initiators": [told["by"]],
        "targets": [told["on"]], "weapons": [], "when": [told["when"]] if "when" in told else [],
        "where": [{"text": told["where"], "relation": "at", "level": "settlement"}],
        "casualties": [people] if "count" in told else [],
    }  # fmt: skip
