"""The package's division names beside the published table of 2024 and the statistical codes of 2023."""

import csv
import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from zhengtong.engines.codes import Level, package_divisions, parse_division_code

pytestmark = pytest.mark.conformance
DAY = date(2024, 12, 31)


def published(shared_data: Path) -> list[dict[str, str]]:
    with (shared_data / "divisions" / "mca-2024" / "counties-2024.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_names_and_codes_are_those_published_for_2024(shared_data: Path) -> None:
    expected = {}
    for row in published(shared_data):
        level = {"1": "province", "2": "city", "3": "county"}[row["rank"]]
        expected[row[f"{level}_adcode"]] = row[f"{level}_name"]
    assert len(expected) == 34 + 333 + 2846
    assert {division.code: division.name for division in package_divisions()} == expected


def test_parents_are_those_published(shared_data: Path) -> None:
    table = package_divisions()
    for row in published(shared_data):
        if row["rank"] == "3":
            path = table.path(row["county_adcode"], DAY)
            assert path[0].code == row["province_adcode"]
            assert len(path) == 2 or path[1].name == row["city_name"]


def test_every_town_of_2023_has_a_parent_by_the_code_rules(shared_data: Path) -> None:
    with gzip.open(shared_data / "divisions" / "nbs-2023" / "streets.csv.gz", "rt", encoding="utf-8") as file:
        towns = [parse_division_code(row["code"]) for row in csv.DictReader(file)]
    assert len(towns) == 41_352
    areas = json.loads((shared_data / "divisions" / "nbs-2023" / "areas.json").read_text(encoding="utf-8"))
    known = {area["code"] for area in areas}
    for town in towns:
        if town.level is Level.COUNTY:
            assert town.text == "350527"
            continue
        assert town.level is Level.TOWN
        assert town.parent is not None
        assert town.parent.text in known or town.parent.level is Level.PREFECTURE
    for area in areas:
        parent = parse_division_code(area["code"]).parent
        assert parent is not None
        assert parent.text[:2] == area["provinceCode"]
        assert parent.virtual is False


def test_abolished_codes_still_parse(shared_data: Path) -> None:
    path = shared_data / "divisions" / "mca-2024" / "history-1980-2024.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        codes = {row["county_adcode"] for row in csv.DictReader(file) if row["county_adcode"]}
    gone = codes - {division.code for division in package_divisions()}
    assert len(gone) > 1000
    assert all(parse_division_code(code).level is Level.COUNTY for code in gone)
