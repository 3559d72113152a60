"""Country codes (ISO 3166-1 alpha-3) for the names, peoples and capitals that words hold.

A table of short names, peoples and seats of government stands in front of pycountry, whose lookup knows neither
"Russia" nor "Syrian"; names in other languages come from CLDR (babel). Kosovo has the user-assigned code XKX.

Nothing is guessed. A name is matched as whole words, the longest first, so that "Nigeria", "Equatorial Guinea" and
"Northern Ireland" are themselves. Ambiguous names (Georgia, Congo, Korea) have no code, nor have words that name two
countries. A territory whose status is disputed has the code of the country that ISO 3166 lists it under; Kashmir,
Jerusalem and the Golan Heights have none. Towns other than seats of government are not known here.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple, TypedDict, cast


def country(words: str, language: str | None = None) -> str | None:
    """The one country that `words` name, by its name or its people: "Russian" and "northern Russia" are RUS.

    "US-led", "pro-Russian" and "Iran-backed" name no country, for they say whose friend somebody is.

    Args:
        words: a name or a phrase, as the text has it.
        language: ISO 639 code of the words; then the country names of that language are known too.
    """
    return _only(_found(words, language, frozenset({"name", "people"})))


def actor_country(words: str, language: str | None = None) -> str | None:
    """The country that an actor belongs to: as `country`, or as `metonym`. Where the actor is does not count.

    "US forces in Syria" is USA, "rebels in Syria" is None, "the Kremlin" is RUS.
    """
    named = _only(_found(_WHERE.split(words, maxsplit=1)[0], language, frozenset({"name", "people"})))
    return named or metonym(words)


def metonym(words: str) -> str | None:
    """The country whose government goes by its seat or house: "Moscow", "officials in Kyiv", "the Pentagon"."""
    plain = _OFFICIALS.sub("", re.sub(r"['’]s?$", "", words.strip(" .,;:\"“”'’"))).casefold()
    return _seats().get(plain) or _seats().get(plain.removeprefix("the "))


def place_country(words: str, language: str | None = None) -> str | None:
    """The one country that a place lies in, by the name of a country, a people or a capital in `words`.

    None for a border, for what lies outside ("20 km south of Lebanon", "near Iraq"), and for a place with no such name.
    An embassy, a base or a force tells whose it is, not where: "the US embassy in Damascus" is SYR.
    """
    if re.search(r"\b(?:borders?|frontiers?)\b", words, re.IGNORECASE):
        return None
    owned = _OWNED.search(words)
    return _only(
        each
        for each in _found(words, language, frozenset({"name", "people", "seat"}))
        if not (owned and each.start < owned.start())
        and not _OUTSIDE.search(words[: each.start])
        and not (each.kind == "name" and _NEAR.search(words[: each.start]))
    )


def countries_named(words: str, language: str | None = None, *, peoples: bool = True) -> set[str]:
    """Every country that `words` name: by its name, its capital and, unless left out, its people."""
    kinds: frozenset[_Kind] = frozenset({"name", "seat", "people"} if peoples else {"name", "seat"})
    return {each.code for each in _found(words, language, kinds)}


def country_name(code: str) -> str:
    """The short English name of a country: "SYR" is Syria. A code that no table holds stays as it is."""
    import pycountry

    if code in _table()["countries"]:
        return _table()["countries"][code]["names"][0]
    listed = pycountry.countries.get(alpha_3=code)
    return listed.name if listed else code


_Kind = Literal["name", "people", "seat", "none"]


class _Found(NamedTuple):
    code: str
    kind: _Kind
    start: int
    end: int


class _Country(TypedDict):
    names: list[str]
    people: list[str]
    seats: list[str]


class _Table(TypedDict):
    countries: dict[str, _Country]
    offices: dict[str, list[str]]
    ambiguous: list[str]
    elsewhere: list[str]
    personal_names: list[str]
    beside: list[str]
    not_in_small_letters: list[str]


_WHERE = re.compile(r" (?:in|at|near|inside|against|on|over|outside|based) ", re.IGNORECASE)
_OUTSIDE = re.compile(
    r"(?:\boutside(?: of)?|(?<!the )\b(?:north|south|east|west)(?:-?(?:east|west))? of|\bbordering|\bfrom) (?:the )?$",
    re.IGNORECASE,
)
_NEAR = re.compile(r"\b(?:near|close to|next to|opposite) (?:the )?$", re.IGNORECASE)
_OWNED = re.compile(
    r"\b(?:embass(?:y|ies)|consulates?|bases?|airbases?|missions?|forces?|troops?|soldiers?|army|military|positions?"
    r"|outposts?|warships?|ships?|vessels?|tankers?|convoys?|patrols?|jets?|planes?|aircraft|helicopters?|drones?)\b",
    re.IGNORECASE,
)
_OFFICIALS = re.compile(
    r"^(?:the )?(?:government|authorities|officials|leadership|regime) (?:in|of) "
    r"| (?:spokes(?:man|woman|person)|spokespeople|officials?|government|authorities|regime|administration|sources?)$",
    re.IGNORECASE,
)
# Whose friend or foe somebody is says nothing of their own country.
_SIDE = re.compile(
    r"[\w.]+-(?:led|backed|supported|aligned|allied|affiliated|funded|trained|sponsored|armed|based|held|controlled|"
    r"occupied|born|made|built|style|friendly|speaking|language)\b|\b(?:pro|anti|non|ex)-[\w.]+|\bethnic \w+",
    re.IGNORECASE,
)


def _only(found: Iterable[_Found]) -> str | None:
    codes = {each.code for each in found}
    return codes.pop() if len(codes) == 1 else None


@lru_cache(maxsize=4096)  # an article says the same names again and again
def _found(words: str, language: str | None, kinds: frozenset[_Kind]) -> tuple[_Found, ...]:
    """Every country named in `words` in one of the ways asked for, from left to right."""
    return tuple(_find(words, language, kinds))


def _find(words: str, language: str | None, kinds: frozenset[_Kind]) -> Iterator[_Found]:
    code = re.split(r"[-_]", language.lower())[0] if language else "en"
    index = _index(code)
    masked = _SIDE.sub(lambda side: " " * len(side[0]), words)
    for match in index.pattern.finditer(_small(masked)):
        for entry in index.entries[_key(match[0])]:
            if entry.kind in kinds and _as_written(match, entry.name, words):
                yield _Found(entry.code, entry.kind, match.start(), match.end())
                break


def _small(words: str) -> str:
    """In small letters, each at its offset."""
    small = words.lower()
    if len(small) == len(words):
        return small
    return "".join(letter.lower()[0] for letter in words)  # of İ the i, without its dot


def _as_written(match: re.Match[str], name: str, words: str) -> bool:
    """Whether the match is written as a name is: "US" is no "us", "Chad Smith" no country."""
    written = words[match.start() : match.end()]
    table = _table()
    if words.islower():
        return written not in table["not_in_small_letters"]
    if name.isupper() and "." not in name:
        return written == name
    if name[0].isupper() and written.islower():
        return False
    if name not in table["personal_names"]:
        return True
    neighbours = (re.search(r"([\w'-]+) $", words[: match.start()]), re.match(r" ([\w'-]+)", words[match.end() :]))
    return all(not near or near[1].islower() or near[1].casefold() in table["beside"] for near in neighbours)


class _Entry(NamedTuple):
    name: str
    code: str
    kind: _Kind


class _Index(NamedTuple):
    pattern: re.Pattern[str]
    entries: dict[str, list[_Entry]]


def _key(name: str) -> str:
    return name.casefold().replace("’", "'")


@cache
def _table() -> _Table:
    data: _Table = json.loads(files("extractor.derive").joinpath("countries.json").read_text(encoding="utf-8"))
    return data


@cache
def _index(language: str) -> _Index:
    entries: dict[str, list[_Entry]] = {}
    for entry in _entries(language):
        entries.setdefault(_key(entry.name), []).append(entry)
    continuous = [name for name in entries if _CONTINUOUS.search(name)]
    words = entries.keys() - set(continuous)
    patterns = [_any_of(continuous, lambda _: ""), rf"(?<!\w){_any_of(words, _after_word)}"]
    return _Index(re.compile("|".join(patterns if continuous else patterns[1:])), entries)


_CONTINUOUS = re.compile(r"[\u0e00-\u0e7f\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts written without spaces."""


def _after_word(name: str) -> str:
    return r"(?!\w)(?![- ]brazzaville)" if name.endswith("congo") else r"(?!\w)"  # the other Congo


def _any_of(names: Iterable[str], after: Callable[[str], str]) -> str:
    """A pattern for any of the names, the longest first, that looks at each letter of the text once."""
    tree: dict[str, Any] = {}
    for name in names:
        node = tree
        for letter in name:
            node = node.setdefault(letter, {})
        node[_END] = after(name)
    return _branches(tree)


_END = ""


def _branches(node: dict[str, Any]) -> str:
    ways = [
        ("['’]" if letter == "'" else re.escape(letter)) + _branches(rest) for letter, rest in node.items() if letter
    ]
    if _END in node:
        ways.append(node[_END])
    return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _entries(language: str) -> Iterator[_Entry]:
    table = _table()
    none = [*table["ambiguous"], *table["elsewhere"]]
    without_code = {_key(name) for name in none}
    yield from (_Entry(name, "", "none") for name in none)
    for code, ways in table["countries"].items():
        yield from (_Entry(name, code, "name") for name in ways["names"])
        yield from (_Entry(form, code, "people") for people in ways["people"] for form in _forms(people))
        yield from (_Entry(name, code, "seat") for name in ways["seats"])
    for name, code in _listed(language):
        if _key(name) not in without_code:
            yield _Entry(name, code, "name")


def _forms(people: str) -> Iterator[str]:
    yield people
    if not people.endswith(("s", "sh", "ese", "ench", "utch", "elsh", "man", "men")):
        yield f"{people}s"


def _listed(language: str) -> Iterator[tuple[str, str]]:
    """Names that ISO 3166 (in pycountry) and CLDR (in babel) list, with their alpha-3 codes."""
    import pycountry

    codes = {"XK": "XKX"}
    for each in pycountry.countries:
        codes[each.alpha_2] = each.alpha_3
        names: tuple[str | None, ...] = (
            each.name, getattr(each, "common_name", None), getattr(each, "official_name", None),
        )  # fmt: skip
        for name in names:
            if name and "," not in name:
                yield re.sub(r" \(.*\)$", "", name).removeprefix("the "), each.alpha_3
    if language == "en":
        return
    from babel import Locale, UnknownLocaleError

    try:
        territories = cast("Mapping[str, str]", Locale.parse(language).territories)
    except (UnknownLocaleError, ValueError):  # babel knows no such language: the English names have to do
        return
    yield from ((name, codes[code]) for code, name in territories.items() if code in codes)


@cache
def _seats() -> dict[str, str]:
    table = _table()
    seats = [(name, code) for code, ways in table["countries"].items() for name in ways["seats"]]
    offices = [(name, code) for code, names in table["offices"].items() for name in names]
    return {name.casefold().rstrip("."): code for name, code in seats + offices}
