"""What the rows say: nothing guessed, no claim as a fact, every blank with its reason."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from extractor.export import table
from extractor.export.codes import code_table
from extractor.schema import ActorKind, IncidentType, Report
from tests.export.articles import TEXT, bare, bodiless, data, full, gold, mention
from tests.export.validators import check_acled, check_claims, check_ged, csv_rows

CHECKS = [("claims-csv", check_claims), ("acled-csv", check_acled), ("ged-csv", check_ged)]


OWN = {
    "claims": """
        incident_id claim_id source party source_position via stance aspects content sentence start end disputed rivals
    """,
    "acled": """
        event_id_cnty event_date year time_precision disorder_type event_type sub_event_type actor1 actor2 assoc_actor_1
        assoc_actor_2 inter1 inter2 interaction civilian_targeting country iso admin1 location geo_precision source
        notes fatalities
    """,
    "ged": """
        type_of_violence side_a side_b dyad_name date_start date_end date_prec where_prec where_coordinates deaths_a
        deaths_b deaths_civilians deaths_unknown low best high event_clarity number_of_sources source_original
    """,
}


def row_of(report: Report, of: Any, which: int = 0) -> dict[str, Any]:
    return list(table(of).rows(report))[which]


def why(cells: dict[str, Any]) -> dict[str, str]:
    return json.loads(cells["x_unresolved"])


class TestColumns:
    @pytest.mark.parametrize(("to", "check"), CHECKS)
    @pytest.mark.parametrize("report", [full(), bare(), bodiless()], ids=["full", "bare", "bodiless"])
    def test_rows_keep_to_their_format(self, to: str, check: Any, report: Report) -> None:
        check(csv_rows([report], to))

    @pytest.mark.parametrize(("to", "check"), CHECKS)
    def test_those_of_the_gold_set_do(self, to: str, check: Any) -> None:
        rows = csv_rows((label for _, label in gold()), to)
        assert len(rows) > 200
        check(rows)

    @pytest.mark.parametrize("of", ["claims", "acled", "ged"])
    def test_columns_that_are_not_the_standards_own_begin_with_x(self, of: Any) -> None:
        assert [name for name in table(of).names if not name.startswith("x_")] == OWN[of].split()

    @pytest.mark.parametrize("of", ["claims", "acled", "ged"])
    def test_each_is_documented_as_it_is(self, of: Any) -> None:
        page = (Path(__file__).parents[2] / "extractor" / "export" / "COLUMNS.md").read_text(encoding="utf-8")
        section = page.partition(f"## The table {of}\n")[2].partition("\n## ")[0]
        documented = [line for line in section.splitlines() if line.startswith("| `")]
        assert documented == [f"| `{each.name}` | {each.kind} | {each.meaning} |" for each in table(of).columns]

    @pytest.mark.parametrize("of", ["claims", "acled", "ged"])
    def test_words_stand_where_the_rows_say(self, of: Any) -> None:
        for text, label in gold():
            for row in table(of).rows(label):
                cells: dict[str, Any] = dict(row)
                for field, spans in (("x_quote", "x_spans"), ("content", "x_content_spans")):
                    parts = re.findall(r"(\d+)-(\d+)", " ".join(cells.get(spans) or []))
                    words = " […] ".join(text[int(start) : int(end)] for start, end in parts)
                    assert words == (cells.get(field) or "")
                for value in json.loads(cells.get("x_values") or "[]"):
                    assert text[value["start"] : value["end"]] == value["text"]


class TestClaims:
    def test_who_says_what_against_whom(self) -> None:
        denial = row_of(full(), "claims", 3)
        assert denial["source"] == "spokesman of the Front"
        assert denial["party"] == "Northern Front"
        assert denial["source_position"] == "initiator_side"
        assert denial["via"] == ["Meridian"]
        assert denial["stance"] == "denies"
        assert TEXT[denial["start"] : denial["end"]] == denial["content"] == "We fired nothing"
        assert denial["disputed"] is True
        assert denial["rivals"] == ["C3"]
        assert denial["x_rivalry"] == ["contradicts C3 on initiator of I1"]

    def test_rivals_by_disputes_alone_are_claims_of_other_parties(self) -> None:
        report = full()
        report.relations = []
        report.disputes[1].claims = ["C2", "C3", "C4"]
        assert row_of(report, "claims", 2)["rivals"] == ["C4"], "C2 is of the same party"

    def test_undisputed_is_not_unknown(self) -> None:
        assert row_of(full(), "claims", 4)["disputed"] is False
        unknown = row_of(bare(), "claims", 4)
        assert unknown["disputed"] is None
        assert why(unknown)["disputed"] == why(unknown)["rivals"] == "not worked out in this report"

    def test_a_source_that_is_no_actor(self) -> None:
        clerk = row_of(full(), "claims", 5)
        assert clerk["party"] is clerk["x_source_kind"] is None
        assert why(clerk)["party"] == 'which actor "@clerk" is, is not told'


class TestAcled:
    def test_the_shelling(self) -> None:
        shelling = row_of(full(), "acled")
        assert shelling["event_id_cnty"] == "SYR00000000000000a1"
        assert str(shelling["event_date"]) == "2026-03-08"
        assert shelling["time_precision"] == 1
        assert shelling["event_type"] == "Explosions/Remote violence"
        assert shelling["sub_event_type"] == "Shelling/artillery/missile attack"
        assert shelling["actor1"] == "Northern Front"
        assert shelling["x_actor1_said_by"] == "Colonel Ada Merk (C3)"
        assert shelling["actor2"] == "people"
        assert shelling["assoc_actor_2"] == ["market"]
        assert shelling["inter2"] == "Civilians"
        assert shelling["civilian_targeting"] == "Civilians targeted"
        assert (shelling["country"], shelling["iso"], shelling["admin1"]) == ("Syria", 760, "Idlib")
        assert (shelling["location"], shelling["geo_precision"]) == ("Orvan", 1)
        assert (shelling["x_latitude"], shelling["x_longitude"]) == (-35.9, 36.6)
        assert shelling["source"] == "Meridian"
        assert shelling["x_occurrence_status"] == "disputed"
        assert shelling["x_contested_aspects"] == ["casualties", "initiator"]
        assert "C4: Northern Front (initiator_side) denies initiator" in shelling["x_says"]

    def test_the_lowest_toll_counts_and_all_are_told(self) -> None:
        shelling = row_of(full(), "acled")
        assert (shelling["fatalities"], shelling["x_fatalities_low"], shelling["x_fatalities_high"]) == (4, 4, 6)
        assert shelling["x_fatalities_best"] is None
        assert shelling["x_tolls"] == ["Six people [hospital (C1)]", "four four [army of Veluria (C2)]"]

    def test_no_deaths_told_is_zero_and_says_so(self) -> None:
        talks = row_of(full(), "acled", 3)
        assert (talks["fatalities"], talks["x_fatalities_reported"]) == (0, False)

    def test_deaths_without_a_number_are_not_zero(self) -> None:
        told = data()
        told["incidents"][0]["casualties"] = [
            {"who": mention("people"), "status": "killed", "category": "unknown", "count": None}
        ]
        cells = row_of(Report.model_validate(told), "acled")
        assert (cells["fatalities"], cells["x_fatalities_reported"]) == (None, True)
        assert "no number" in why(cells)["fatalities"]

    def test_a_denied_toll_is_none(self) -> None:
        told = data()
        told["incidents"][0]["casualties"][1]["who"]["claims"] = ["C4"]
        cells = row_of(Report.model_validate(told), "acled")
        assert (cells["fatalities"], cells["x_fatalities_best"]) == (6, 6)
        assert cells["x_tolls"][1] == "four four [Northern Front (C4), denies]"

    def test_a_kind_of_group_that_is_not_told_is_not_guessed(self) -> None:
        shelling = row_of(full(), "acled")
        assert shelling["inter1"] is shelling["interaction"] is None
        assert "rebel group" in why(shelling)["inter1"]

    @pytest.mark.parametrize(
        ("home", "inter", "interaction"),
        [
            ("SYR", "State forces", "State forces-Civilians"),
            ("TUR", "External/Other forces", "External/Other forces-Civilians"),
            (None, None, None),
        ],
    )
    def test_state_forces_abroad_are_external(self, home: str | None, inter: str | None, interaction: str) -> None:
        report = full()
        report.actors[1].country = home
        report.incidents[0].initiators[0].actor = "A2"
        cells = row_of(report, "acled")
        assert (cells["inter1"], cells["interaction"]) == (inter, interaction)
        assert (inter is None) == ("inter1" in why(cells))

    def test_a_week_and_a_month_have_their_middle_and_say_so(self) -> None:
        plan, arrest = row_of(full(), "acled", 1), row_of(full(), "acled", 2)
        assert (str(plan["event_date"]), plan["time_precision"]) == ("2026-03-19", 2)
        assert plan["x_date_status"] == "middle of 2026-03-16 to 2026-03-22"
        assert plan["x_realis"] == "planned"
        assert (str(arrest["event_date"]), arrest["time_precision"]) == ("2026-03-16", 3)

    def test_rival_dates_give_none(self) -> None:
        told = data()
        told["incidents"][0]["when"].append(
            mention("next week", claims=["C2"], earliest="2026-03-09", latest="2026-03-09", precision="day")
        )
        cells = row_of(Report.model_validate(told), "acled")
        assert cells["event_date"] is cells["year"] is None
        assert cells["x_date_status"].startswith('unresolved: rival dates: "on Sunday" is 2026-03-08')

    def test_days_of_one_account_are_a_span(self) -> None:
        told = data()
        told["incidents"][0]["when"].append(
            mention("next week", claims=["C1"], earliest="2026-03-10", latest="2026-03-10", precision="day")
        )
        cells = row_of(Report.model_validate(told), "acled")
        assert (str(cells["x_date_earliest"]), str(cells["x_date_latest"])) == ("2026-03-08", "2026-03-10")
        assert cells["time_precision"] == 2

    def test_an_unresolved_date_says_why(self) -> None:
        told = data()
        told["incidents"][0]["when"] = [mention("on Sunday", unresolved="no document date")]
        cells = row_of(Report.model_validate(told), "acled")
        assert cells["event_date"] is None
        assert cells["x_date_status"] == 'unresolved: "on Sunday": no document date'

    def test_a_year_is_too_coarse_for_a_date(self) -> None:
        told = data()
        told["incidents"][0]["when"] = [
            mention("on Sunday", earliest="2025-01-01", latest="2025-12-31", precision="year")
        ]
        cells = row_of(Report.model_validate(told), "acled")
        assert (cells["event_date"], cells["time_precision"], cells["year"]) == (None, None, 2025)

    def test_a_place_in_dispute_is_not_chosen(self) -> None:
        told = data()
        told["disputes"][0]["aspect"] = "place"
        cells = row_of(Report.model_validate(told), "acled")
        assert cells["location"] is cells["geo_precision"] is cells["x_latitude"] is None
        assert why(cells)["location"] == 'the place is in dispute: "Orvan", says hospital (C1)'

    @pytest.mark.parametrize(
        ("weapon", "event_type"),
        [
            ("an F-16 jet", "Battles"),
            ("air-to-air missile", "Battles"),
            ("surface-to-air missile", "Explosions/Remote violence"),
            ("anti-aircraft guns", "Explosions/Remote violence"),
            ("Sam's rifle", None),
            ("missile", None),
        ],
    )
    def test_an_aircraft_is_downed_in_a_battle_or_from_afar(self, weapon: str, event_type: str | None) -> None:
        report = full()
        report.incidents[0].type = "aircraft_downing"
        report.incidents[0].weapons[0].text = weapon
        cells = row_of(report, "acled")
        assert cells["event_type"] == event_type
        assert (event_type is None) == ("event_type" in why(cells))

    def test_rival_initiators_are_no_associates(self) -> None:
        told = data()
        told["incidents"][0]["initiators"] += [
            mention("army of Veluria", "A2", claims=["C4"]),
            mention("a spokesman", claims=["C3"]),
        ]
        cells = row_of(Report.model_validate(told), "acled")
        assert cells["assoc_actor_1"] == ["a spokesman"]
        assert cells["x_rivals_1"] == ["army of Veluria [Northern Front (C4)]"]

    def test_events_of_the_same_words_have_ids_of_their_own(self) -> None:
        report = full()
        report.incidents[1].uid = report.incidents[0].uid
        report.incidents[1].where = report.incidents[0].where
        assert row_of(report, "acled", 1)["event_id_cnty"] == "SYR00000000000000a1-I2"


class TestGed:
    def test_the_shelling(self) -> None:
        shelling = row_of(full(), "ged")
        assert shelling["type_of_violence"] == 3
        assert (shelling["side_a"], shelling["side_b"]) == ("Northern Front", "Civilians")
        assert shelling["dyad_name"] == "Northern Front - Civilians"
        assert shelling["x_side_b_words"] == "people"
        assert (shelling["date_prec"], shelling["where_prec"], shelling["event_clarity"]) == (1, 1, 1)
        assert (shelling["low"], shelling["best"], shelling["high"]) == (4, None, 6)
        assert (shelling["deaths_civilians"], shelling["deaths_unknown"]) == (6, 4)
        assert shelling["deaths_a"] is shelling["deaths_b"] is None, "unknown is not zero"
        assert shelling["source_original"] == ["hospital", "army of Veluria", "Colonel Ada Merk", "Northern Front"]
        assert shelling["x_independent_sources"] == 2, "the colonel is of the army, and the Front denies"
        assert shelling["x_ged_eligible"] is True

    def test_the_state_is_side_a_whoever_began(self) -> None:
        report = full()
        report.incidents[0].targets[0].actor = "A2"
        cells = row_of(report, "ged")
        assert (cells["type_of_violence"], cells["side_a"], cells["side_b"]) == (1, "army of Veluria", "Northern Front")
        assert (cells["x_side_a_said_by"], cells["x_side_b_said_by"]) == ("hospital (C1)", "Colonel Ada Merk (C3)")

    def test_groups_against_groups(self) -> None:
        report = full()
        report.incidents[0].targets[0].actor = "A3"
        assert row_of(report, "ged")["type_of_violence"] == 2

    def test_what_is_no_event_stays_a_row_and_says_why(self) -> None:
        plan = row_of(full(), "ged", 1)
        assert plan["x_ged_eligible"] is False
        assert "it is planned" in plan["x_ged_reason"]

    @pytest.mark.parametrize(
        ("relation", "level", "where_prec", "geo_precision"),
        [
            ("at", "site", 1, 1),
            ("near", "settlement", 2, 2),
            ("between", "settlement", 5, 2),
            ("at", "district", 3, 2),
            ("at", "province", 4, 3),
            ("near", "province", 5, 3),
            ("at", "region", 5, 3),
            ("at", "country", 6, None),
            ("over", "sea", 7, 3),
            ("at", "air", 7, None),
            ("at", None, None, None),
            ("toward", "site", None, None),
        ],
    )
    def test_precision_of_places(
        self, relation: Any, level: Any, where_prec: int | None, geo_precision: int | None
    ) -> None:
        report = full()
        report.incidents[0].where = report.incidents[0].where[1:]
        report.incidents[0].where[0].relation, report.incidents[0].where[0].level = relation, level
        assert row_of(report, "ged")["where_prec"] == where_prec
        assert row_of(report, "acled")["geo_precision"] == geo_precision

    @pytest.mark.parametrize(
        ("latest", "code"),
        [
            ("2026-03-08", 1),
            ("2026-03-13", 2),
            ("2026-03-14", 3),
            ("2026-04-07", 4),
            ("2027-03-01", 5),
            ("2028-01-01", None),
        ],
    )
    def test_precision_of_dates(self, latest: str, code: int | None) -> None:
        told = data()
        told["incidents"][0]["when"][0]["latest"] = latest
        assert row_of(Report.model_validate(told), "ged")["date_prec"] == code


class TestCodes:
    def test_every_type_and_every_kind_of_actor_has_an_entry(self) -> None:
        codes = code_table()
        assert set(codes["types"]) == set(get_args(IncidentType))
        assert set(codes["inter"]) == set(get_args(ActorKind))

    def test_event_and_sub_event_types_are_acleds(self) -> None:
        codes = code_table()
        for entry in codes["types"].values():
            for choice in entry["acled"]:
                assert choice["event_type"] in codes["disorder_types"]
                named = choice["sub_event_type"]
                assert named in codes["sub_event_types"][choice["event_type"]] if named else choice.get("why")
            unconditional = entry["acled"] and not entry["acled"][-1].get("if")
            assert unconditional or entry.get("else"), "what no choice fits needs a reason"

    def test_kinds_of_actor_are_acleds(self) -> None:
        codes = code_table()
        for ways in codes["inter"].values():
            for way in ("always", "at_home", "abroad"):
                assert ways.get(way, "Civilians") in codes["inter_codes"]
