"""Names of places made comparable, and the names that the words of a place hold. The words stay as they are."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_LETTERS = str.maketrans({
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ə": "a", "ǝ": "a",
})  # fmt: skip
_MARKS = re.compile(r"['’‘ʼʻʿʾ`´]")
_ARTICLES = re.compile(r"\b(?:al|el|ul|ad|ar|as|ash|at|an|az|ed|er|es|ez|adh|the|a)\b(?= )")
# Ways to write one sound of Arabic, Persian, Hebrew, Cyrillic and their like in Latin letters, the longest first.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"kh", "x"), (r"gh", "g"), (r"sh|sch", "s"), (r"ch|tch", "c"), (r"zh|dj|j", "j"), (r"dh|th(?=a|u|i)", "d"),
        (r"th", "t"), (r"ph", "f"), (r"q|c(?=[aou])", "k"), (r"ou|oo|aw|au|ow|w|u|o", "u"),
        (r"ei|ey|ay|ai|ee|ie|y|e|i", "i"), (r"(.)\1+", r"\1"), (r"(?<=.)(?:ah|ih|uh|a|i)$", ""),
    )
)  # fmt: skip
_ADMIN = (
    r"province|governorate|region|district|county|state|oblast|raion|rayon|krai|department|prefecture|township"
    r"|division|canton|parish|commune|emirate|wilaya|woreda|zone|local government area|area|subdistrict|tehsil|upazila"
)
_TOWN = r"city|town|village|hamlet|settlement|community|municipality|capital"
_SITES = (
    r"bridge|airport|airfield|air ?base|airstrip|market|bazaar|hospital|clinic|prison|jail|checkpoint|crossing|base"
    r"|camp|barracks|station|school|university|mosque|church|port|harbou?r|square|stadium|refinery|mine|dam|bakery"
)
# Where these stand, the name is no town's.
_FEATURES = re.compile(
    r"\b(?:rivers?|streams?|hills?|mountains?|mount|range|valley|lake|lagoon|islands?|isle|sea|gulf|strait|channel|ocean"
    r"|desert|forest|roads?|highway|route|motorway|borders?|frontier|coast|shore|soil|ridge|spit|bank|side|mouth|front|line)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"\b(?:near|outside(?: of)?|around|beyond|off|towards?|from|between|close to|next to"
    r"|(?:north|south|east|west)(?:-?(?:east|west))?(?:ern)? of|(?:roads?|highway|way|route) (?:to|from))\b",
    re.IGNORECASE,
)
_IN = re.compile(r"\b(?:in|at) (?:the )?")
_WITHIN = re.compile(r",| (?:in|at|of|inside|within) (?:the )?|\(")


class Named(NamedTuple):
    """A name that a place may go by.

    Attributes:
        name: the name, without what says of what kind the place is.
        area: whether the words say that it is a province, a district or the like; None when they say neither.
        beside: whether the place is only near it, or in some direction from it.
        within: what is said to hold it ("Iraq" of "Tikrit, Iraq"), or "".
    """

    name: str
    area: bool | None
    beside: bool
    within: str


def key(name: str) -> str:
    """`name` without case, accents, apostrophes, hyphens and leading "the"."""
    text = unicodedata.normalize("NFKD", name).casefold().translate(_LETTERS)
    text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    text = re.sub(r"[\W_]+", " ", _MARKS.sub("", text)).strip()
    return re.sub(r"\bst\b", "saint", re.sub(r"^(?:the )+", "", text))


def sound(name: str) -> str:
    """One spelling for the many that a name of another script has in Latin letters: Deir ez-Zor and Dayr az Zawr.

    Loose: to be compared only among the places of one country, and only where its own script is another.
    """
    text = _ARTICLES.sub("", key(name)).replace(" ", "")
    for pattern, letter in _SOUNDS:
        text = pattern.sub(letter, text)
    return text


def bare(name: str) -> tuple[str, bool | None]:
    """The name without "province", "city of" and their like, and whether these say that it is an area."""
    text = re.sub(r"^the ", "", name.strip(' .,;:"“”()'), flags=re.IGNORECASE)
    for kind, is_area in ((_ADMIN, True), (_TOWN, False)):
        if found := re.fullmatch(rf"(?:{kind}) of (.+)|(.+?)(?:['’]s)? (?:{kind})", text, re.IGNORECASE):
            return found[1] or found[2], is_area
    return text, None


def names(words: str) -> list[Named]:
    """The names that the words of a place may hold, the likeliest first; English words. None where they hold none."""
    text = re.sub(r"\s+", " ", words).strip()
    found: list[Named] = []
    beside = _BESIDE.search(text)
    if beside:
        rest = text[beside.end() :]
        if re.match(r"between|from", beside[0], re.IGNORECASE) or not _capital(rest):
            return []
        return [one._replace(beside=True) for one in names(re.sub(r"^ the ", " ", rest))]
    feature = _FEATURES.search(text)
    pieces = [piece.strip(" )") for piece in (_IN if feature else _WITHIN).split(text)]
    if not feature:
        whole, area = bare(text)
        if _capital(whole):
            found.append(Named(whole, area, beside=False, within=""))
    for number, piece in enumerate(pieces if len(pieces) > 1 else []):
        name, area = bare(piece)
        if _capital(name) and not _FEATURES.search(name):
            found.append(Named(name, area, beside=False, within=" ".join(pieces[number + 1 :])))
    if site := re.fullmatch(rf"(.+?)(?:['’]s)? (?:[a-z]+ )?(?:{_SITES})", text, re.IGNORECASE):
        name, area = bare(site[1])
        if _capital(name) and not feature:
            found.append(Named(name, area, beside=False, within=""))
    return list(dict.fromkeys(found))


def _capital(name: str) -> bool:
    """Whether it is written as a name: with a capital, or in letters that have none."""
    if re.match(r"(?:al|el|ad|ar|as|ash|at|an|az|de|la|le)[-' ]", name):
        name = re.split(r"[-' ]", name, maxsplit=1)[1]
    first = next((char for char in name if char.isalpha()), "")
    return bool(first) and not first.islower()
