"""Each format opens in the programs that it is for."""

from __future__ import annotations

import io
import json
import math
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pytest

from extractor.errors import SettingsError
from extractor.export import FORMATS, table, unguarded, write
from extractor.export.parquet import arrow_schema
from extractor.schema import Report
from tests.export.articles import TEXT, bare, bodiless, full, gold
from tests.export.validators import check_geojson

# They come with no types, or with half of them.
duckdb: Any = import_module("duckdb")
pd: Any = import_module("pandas")
pl: Any = import_module("polars")
pq: Any = import_module("pyarrow.parquet")
rdflib: Any = import_module("rdflib")

TABLES = [("claims-csv", "claims"), ("acled-csv", "acled"), ("ged-csv", "ged")]


def reports() -> Iterator[Report]:
    yield from (full(), bare(), bodiless())
    yield from (label for _, label in gold())


def exported(of: Iterator[Report] | list[Report], to: Any) -> bytes:
    file = io.BytesIO()
    write(of, to, file)
    return file.getvalue()


def plain(value: Any) -> Any:
    """A value as JSON has it: libraries have missing values and dates of their own."""
    if isinstance(value, list):
        return cast("list[Any]", value)
    return None if pd.isna(value) else value


class TestCsv:
    @pytest.mark.parametrize(("to", "of"), TABLES)
    def test_pandas_reads_what_was_written(self, to: Any, of: Any) -> None:
        written = [row for report in reports() for row in table(of).rows(report)]
        frame = pd.read_csv(io.BytesIO(exported(reports(), to)))
        assert list(frame.columns) == list(table(of).names)
        assert len(frame) == len(written)
        for column in table(of).columns:
            if column.kind in {"integer", "number"}:
                expected = [math.nan if row[column.name] is None else float(str(row[column.name])) for row in written]
                pd.testing.assert_series_equal(
                    frame[column.name].astype("float64"), pd.Series(expected), check_names=False
                )

    @pytest.mark.parametrize(("to", "of"), TABLES)
    def test_duckdb_reads_what_was_written(self, to: Any, of: Any, tmp_path: Path) -> None:
        written = [row for report in reports() for row in table(of).rows(report)]
        path = tmp_path / "rows.csv"
        path.write_bytes(exported(reports(), to))
        found = duckdb.sql(f"SELECT * FROM read_csv('{path}', all_varchar = true)")
        assert found.columns == list(table(of).names)
        lines = found.fetchall()
        assert len(lines) == len(written)
        texts = [number for number, column in enumerate(table(of).columns) if column.kind == "text"]
        for line, row in zip(lines, written, strict=True):
            for number in texts:
                cell = line[number]
                assert (None if cell is None else unguarded(cell)) == row[table(of).names[number]]

    def test_the_readmes_question_to_duckdb(self, tmp_path: Path) -> None:
        path = tmp_path / "claims.csv"
        path.write_bytes(exported([full()], "claims-csv"))
        found = duckdb.sql(f"SELECT party, content FROM '{path}' WHERE disputed AND stance = 'denies'").fetchall()
        assert found == [("Northern Front", "We fired nothing")]


class TestParquet:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        path = tmp_path / "claims.parquet"
        path.write_bytes(exported(reports(), "parquet"))
        return path

    def test_types_and_meanings_are_the_tables(self, path: Path) -> None:
        schema = pq.read_schema(path)
        assert schema.equals(arrow_schema(table("claims")), check_metadata=False)
        assert schema.field("party").metadata == {b"meaning": b"name of the party that the source belongs to"}

    def test_pandas_duckdb_and_polars_read_what_was_written(self, path: Path) -> None:
        written = [row for report in reports() for row in table("claims").rows(report)]
        assert pq.read_table(path).to_pylist() == written
        assert pl.read_parquet(path).to_dicts() == written
        frame = pd.read_parquet(path)
        assert frame["content"].map(plain).tolist() == [row["content"] for row in written]
        rivals = duckdb.sql(f"SELECT unnest(rivals) FROM '{path}' WHERE x_document_id = 'orvan' AND claim_id = 'C4'")
        assert rivals.fetchall() == [("C3",)]

    def test_row_groups_bound_what_is_held(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("extractor.export.parquet.ROWS_IN_A_GROUP", 4)
        path = tmp_path / "claims.parquet"
        path.write_bytes(exported([full(), full()], "parquet"))
        assert pq.ParquetFile(path).metadata.num_row_groups == 3
        assert len(pl.read_parquet(path)) == 12

    def test_without_pyarrow_the_way_out_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "pyarrow", None)
        with pytest.raises(SettingsError, match=r"incident-claim-extractor\[export\]"):
            write([full()], "parquet", io.BytesIO())


class TestGeojson:
    def test_it_is_geojson(self) -> None:
        collection = json.loads(exported(reports(), "geojson"))
        check_geojson(collection)
        assert len(collection["features"]) == sum(len(report.incidents) for report in reports())

    def test_a_place_on_the_map_and_one_that_is_not(self) -> None:
        shelling, plan, arrest, _ = json.loads(exported([full()], "geojson"))["features"]
        assert shelling["geometry"] == {"type": "Point", "coordinates": [36.6, -35.9]}
        assert shelling["properties"]["location_said_by"] == "hospital (C1)"
        assert shelling["properties"]["deaths_low"] == 4
        for value in shelling["properties"]["values"]:
            assert TEXT[value["start"] : value["end"]] == value["text"]
        assert plan["geometry"] is None
        assert plan["properties"]["geometry_status"] == 'unresolved: the coordinates of "Tavesh" are not known'
        assert arrest["properties"]["geometry_status"] == "unresolved: the article names no place for it"

    def test_coordinates_outside_the_world_are_none(self) -> None:
        report = full()
        report.incidents[0].where[1].lat = 135.9
        shelling = json.loads(exported([report], "geojson"))["features"][0]
        assert shelling["geometry"] is None
        assert "outside the world" in shelling["properties"]["geometry_status"]

    def test_pandas_and_duckdb_read_it(self, tmp_path: Path) -> None:
        path = tmp_path / "incidents.geojson"
        path.write_bytes(exported([full()], "geojson"))
        frame = pd.json_normalize(json.loads(path.read_text(encoding="utf-8"))["features"])
        assert frame["properties.type"].tolist()[0] == "shelling_missile"
        found = duckdb.sql(f"SELECT location, type, deaths_low FROM '{path}' WHERE geometry IS NOT NULL")
        assert found.fetchall() == [("Orvan", "shelling_missile", 4)]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # rdflib's own parser makes one
class TestJsonld:
    PREFIXES = (
        "PREFIX s: <https://schema.org/> PREFIX oa: <http://www.w3.org/ns/oa#> "
        "PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX ice: <urn:x-incident-claim-extractor:> "
    )

    def graph(self, of: list[Report]) -> Any:
        return rdflib.Graph().parse(data=exported(of, "jsonld"), format="json-ld")

    def ask(self, graph: Any, query: str) -> list[tuple[str, ...]]:
        return [tuple(map(str, found)) for found in graph.query(self.PREFIXES + query)]

    def test_who_denies_what(self) -> None:
        found = self.ask(
            self.graph([full()]),
            "SELECT ?who ?what ?article WHERE { ?claim a s:Claim; s:text ?what; ice:stance 'denies'; "
            "s:author/s:author/s:name ?who; s:appearance/s:headline ?article }",
        )
        assert found == [("Northern Front", "We fired nothing", "Shells on Orvan")]

    def test_rivals_point_at_each_other(self) -> None:
        found = self.ask(
            self.graph([full()]),
            "SELECT ?one ?other WHERE { ?a ice:contradicts ?b . ?a s:identifier ?one . ?b s:identifier ?other }",
        )
        assert sorted(found) == [("C1", "C2"), ("C2", "C1"), ("C3", "C4"), ("C4", "C3")]

    def test_every_value_tells_what_it_is_from(self) -> None:
        graph = self.graph([full()])
        values = self.ask(graph, "SELECT ?v WHERE { ?v a s:PropertyValue }")
        from_something = self.ask(graph, "SELECT DISTINCT ?v WHERE { ?v a s:PropertyValue; prov:wasDerivedFrom ?c }")
        assert len(values) == len(from_something) > 0
        found = self.ask(
            graph,
            "SELECT ?claim WHERE { ?v s:propertyID 'initiator'; s:value 'Northern Front'; "
            "prov:wasDerivedFrom/s:identifier ?claim }",
        )
        assert found == [("C3",)]

    def test_no_incident_is_told_as_an_event(self) -> None:
        graph = self.graph([full()])
        assert len(self.ask(graph, "SELECT ?i WHERE { ?i a ice:Incident }")) == 4
        assert not self.ask(graph, "SELECT ?e WHERE { { ?e a s:Event } UNION { ?e s:startDate ?d } }")

    def test_words_have_their_offsets(self) -> None:
        found = self.ask(
            self.graph([full()]),
            "SELECT ?start ?end ?exact WHERE { ?c a s:Claim; s:identifier 'C4'; oa:hasTarget/oa:hasSelector ?p, ?q . "
            "?p oa:start ?start; oa:end ?end . ?q oa:exact ?exact }",
        )
        ((start, end, exact),) = found
        assert TEXT[int(start) : int(end)] == exact == "We fired nothing"

    def test_all_of_it_is_read(self) -> None:
        """Terms that a context does not know, and ids that are no IRIs, are dropped by readers without a word."""
        graph = self.graph([full(), bare(), bodiless(), *(label for _, label in gold()[:5])])
        claims = sum(len(report.claims) for report in [full(), bare(), bodiless(), *(label for _, label in gold()[:5])])
        assert (
            len(self.ask(graph, "SELECT ?c WHERE { ?c a s:Claim; s:text ?t; s:author ?a; s:appearance ?w }")) == claims
        )
        assert not [one for one in graph.subjects(rdflib.RDF.type) if not str(one)]

    def test_actors_of_two_reports_on_one_article_are_kept_apart(self) -> None:
        other = full()
        other.actors[0].name = "clinic"
        found = self.ask(
            self.graph([full(), other]), "SELECT ?n WHERE { ?a a prov:Agent; s:identifier 'A1'; s:name ?n }"
        )
        assert sorted(found) == [("clinic",), ("hospital",)]

    def test_reports_of_no_article_are_kept_apart(self) -> None:
        graph = self.graph([bodiless(), bodiless()])
        assert len(self.ask(graph, "SELECT ?c WHERE { ?c a s:Claim }")) == 12


class TestStreams:
    @pytest.mark.parametrize("to", [each for each in FORMATS if each != "parquet"])
    def test_reports_are_written_while_others_are_still_to_come(self, to: Any) -> None:
        file = io.BytesIO()
        seen: list[int] = []

        def coming() -> Iterator[Report]:
            for _ in range(20):
                yield full()
                seen.append(file.tell())

        write(coming(), to, file)
        assert 0 < seen[4] < seen[9] < seen[-1]

    def test_an_unknown_format_is_refused(self) -> None:
        with pytest.raises(SettingsError, match='no format "xlsx"'):
            write([], "xlsx", io.BytesIO())  # pyright: ignore[reportArgumentType]


class TestFrames:
    @pytest.mark.parametrize("of", ["claims", "acled", "ged"])
    def test_pandas_and_polars_hold_the_rows(self, of: Any) -> None:
        rows = list(table(of).rows(full()))
        assert full().to_frame(of, "polars").to_dicts() == rows
        frame = full().to_frame(of)
        assert isinstance(frame, pd.DataFrame)
        for row, (_, line) in zip(rows, frame.iterrows(), strict=True):
            for column in table(of).columns:
                found = plain(line[column.name])
                assert (found.date() if isinstance(found, pd.Timestamp) else found) == row[column.name]

    def test_its_types_are_those_of_the_columns(self) -> None:
        frame = full().to_frame()
        assert str(frame["start"].dtype) == "Int64"
        assert str(frame["disputed"].dtype) == "boolean"
        assert str(frame["x_document_date"].dtype).startswith("datetime64")
        assert frame.loc[3, "via"] == ["Meridian"]

    def test_a_report_without_claims_has_its_columns(self) -> None:
        empty = Report(actors=[], incidents=[], claims=[])
        for library in ("pandas", "polars"):
            assert list(empty.to_frame("claims", library).columns) == list(table("claims").names)

    def test_without_a_library_the_way_out_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def nothing(_: str) -> None:
            return None

        monkeypatch.setattr("extractor.export.frame.find_spec", nothing)
        with pytest.raises(SettingsError, match="pandas or polars"):
            full().to_frame()
        with pytest.raises(SettingsError, match="pip install polars"):
            full().to_frame(library="polars")
