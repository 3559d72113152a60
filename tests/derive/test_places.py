"""Country codes for names, peoples and capitals."""

import json
import re
import subprocess
import sys
from importlib.resources import files
from typing import Any

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.derive.places import actor_country, country, country_name, metonym, place_country

TABLE: dict[str, Any] = json.loads(files("extractor.derive").joinpath("countries.json").read_text(encoding="utf-8"))
COUNTRIES: dict[str, dict[str, list[str]]] = TABLE["countries"]
# What ISO 3166-1 lists beside the 193 members of the United Nations.
NOT_UN_MEMBERS = frozenset(
    re.findall(
        r"\w+",
        """ABW AIA ALA ASM ATA ATF BES BLM BMU BVT CCK COK CUW CXR CYM ESH FLK FRO GGY GIB GLP GRL GUF GUM HKG HMD IMN
        IOT JEY MAC MAF MNP MSR MTQ MYT NCL NFK NIU PCN PRI PSE PYF REU SGS SHN SJM SPM SXM TCA TKL TWN UMI VAT VGB VIR
        WLF""",
    )
)


def test_the_table_holds_every_state() -> None:
    members = {each.alpha_3 for each in pycountry.countries} - NOT_UN_MEMBERS
    assert len(members) == 193
    assert set(COUNTRIES) >= members | {"PSE", "TWN", "XKX", "ESH", "VAT"}
    without_people = {code for code, ways in COUNTRIES.items() if not ways["people"]}
    # Congolese and Dominican are each of two countries; the Vatican has citizens but no people's name.
    assert without_people == {"COD", "COG", "DMA", "DOM", "VAT"}


def test_every_name_and_people_of_the_table_gives_its_own_country() -> None:
    wrong = {
        (name, code)
        for code, ways in COUNTRIES.items()
        for name in ways["names"] + ways["people"]
        if not code == country(name) == place_country(name) == actor_country(name)
    }
    assert not wrong


def test_every_capital_of_the_table_gives_its_own_country() -> None:
    wrong = {
        (name, code)
        for code, ways in COUNTRIES.items()
        for name in ways["seats"]
        if not code == metonym(name) == place_country(name)
    }
    assert not wrong


def test_every_short_name_of_iso_3166_is_known_unless_it_is_ambiguous() -> None:
    unknown = {
        each.name
        for each in pycountry.countries
        if not re.search(r"[,(]", each.name) and country(each.name) != each.alpha_3
    }
    assert unknown == {"Congo", "Georgia", "Jersey"}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Russian", "RUS"),
        ("the Russians", "RUS"),
        ("Syria's army", "SYR"),
        ("syrian army", "SYR"),
        ("DR Congo", "COD"),
        ("Republic of the Congo", "COG"),
        ("Côte d’Ivoire", "CIV"),
        ("U.S.", "USA"),
        ("the US", "USA"),
        ("Nigeria", "NGA"),
        ("Niger", "NER"),
        ("Equatorial Guinea", "GNQ"),
        ("Guinea-Bissau", "GNB"),
        ("Papua New Guinea", "PNG"),
        ("Guinea", "GIN"),
        ("South Sudan", "SSD"),
        ("Northern Ireland", "GBR"),
        ("Ireland", "IRL"),
        ("North Korea", "PRK"),
        ("north Korea", "PRK"),
        ("Dominican Republic", "DOM"),
        ("Jordan", "JOR"),
        ("Jordan Armed Forces", "JOR"),
        ("Turkey", "TUR"),
        ("Türkiye", "TUR"),
        ("Puerto Rico", "PRI"),
        ("Palestinian", "PSE"),
        ("Kosovo", "XKX"),
    ],
)
def test_names_and_peoples(words: str, code: str) -> None:
    assert country(words) == code


@pytest.mark.parametrize(
    "words",
    [
        "Georgia", "Congo", "Congolese", "Korea", "Dominican", "New Guinea", "Kashmir", "Jerusalem", "Jersey",
        "us", "they told us", "polish the floor", "cold turkey dinner", "Chad Smith", "Michael Jordan",
        "Gulf of Oman", "South China Sea", "Central America", "Islamic State of Iraq and Syria",
        "Russia and Syria", "Syrian-Turkish", "US-led coalition", "pro-Russian separatists", "Iran-backed militia",
        "soldiers", "",
    ],
)  # fmt: skip
def test_what_names_no_one_country(words: str) -> None:
    assert country(words) is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("northern Syria", "SYR"),
        ("Raqqa, Syria", "SYR"),
        ("the northern part of Syria", "SYR"),
        ("the south of Lebanon", "LBN"),
        ("Gaza", "PSE"),
        ("the West Bank", "PSE"),
        ("Crimea", "UKR"),
        ("Damascus", "SYR"),
        ("near Damascus", "SYR"),
        ("Tbilisi, Georgia", "GEO"),
        ("the US embassy in Damascus", "SYR"),
        ("Georgia", None),
        ("Tripoli", None),
        ("the border between Syria and Iraq", None),
        ("the Turkish border", None),
        ("Syria and Iraq", None),
        ("20 km south of Lebanon", None),
        ("near Iraq", None),
        ("outside Syria", None),
        ("a Russian base", None),
        ("Lake Chad", None),
        ("the village", None),
    ],
)
def test_places(words: str, code: str | None) -> None:
    assert place_country(words) == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Moscow", "RUS"),
        ("the Kremlin", "RUS"),
        ("a Kremlin spokesman", None),
        ("Kremlin spokesman", "RUS"),
        ("Washington", "USA"),
        ("the Pentagon", "USA"),
        ("Kyiv", "UKR"),
        ("Kiev", "UKR"),
        ("Tel Aviv", "ISR"),
        ("officials in Damascus", "SYR"),
        ("the Syrian army", "SYR"),
        ("US forces in Syria", "USA"),
        ("Turkish-backed Syrian rebels", "SYR"),
        ("rebels in Syria", None),
        ("US-led coalition", None),
        ("Russian and Syrian forces", None),
        ("the Moscow Times", None),
        ("Washington Post", None),
        ("Paris attackers", None),
        ("the Islamic State", None),
    ],
)
def test_actors(words: str, code: str | None) -> None:
    assert actor_country(words) == code


@pytest.mark.parametrize(
    ("language", "words", "code"),
    [
        ("fr", "le nord de la Syrie", "SYR"),
        ("es", "Corea del Norte", "PRK"),
        ("de", "Vereinigte Staaten", "USA"),
        ("ru", "Сирия", "SYR"),
        ("uk", "Україна", "UKR"),
        ("ar", "سوريا", "SYR"),
        ("zh", "叙利亚北部", "SYR"),
        ("fr-CA", "Tchad", "TCD"),
        ("xx", "Syria", "SYR"),
    ],
)
def test_names_in_other_languages(language: str, words: str, code: str) -> None:
    assert country(words, language) == code


NAMES = st.sampled_from([(name, code) for code, ways in COUNTRIES.items() for name in ways["names"]])


@given(NAMES, st.sampled_from(["eastern {}", "a town in {}", "{}'s north", "({})"]))
def test_a_country_is_found_within_a_phrase(named: tuple[str, str], phrase: str) -> None:
    name, code = named
    assert place_country(phrase.format(name)) == code


@given(st.text(max_size=60), st.sampled_from([None, "en", "fr", "ar", "zh"]))
def test_any_words_give_a_code_or_none(words: str, language: str | None) -> None:
    known = set(COUNTRIES) | NOT_UN_MEMBERS | {None}
    assert {country(words, language), actor_country(words, language), place_country(words, language)} <= known


def test_tables_are_loaded_only_when_asked_for() -> None:
    code = "import sys, extractor.derive.places; sys.exit('pycountry' in sys.modules or 'babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("code", "name"), [("SYR", "Syria"), ("XKX", "Kosovo"), ("ALA", "Åland Islands"), ("ZZZ", "ZZZ")]
)
def test_country_name(code: str, name: str) -> None:
    assert country_name(code) == name
