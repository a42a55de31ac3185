"""Real and standard numbers from outside: every one is judged as its source judges it."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from zhengtong.engines.codes import (
    is_credit_code,
    is_identity_number,
    parse_credit_code,
    parse_division_code,
    parse_item_code,
)
from zhengtong.engines.codes.characters import DIGITS, DIGITS_AND_CAPITALS
from zhengtong.engines.codes.check_characters import hybrid, pure

pytestmark = pytest.mark.conformance
TODAY = date(2025, 3, 3)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_credit_codes_are_judged_as_their_source_does(shared_data: Path) -> None:
    found = rows(shared_data / "identifiers" / "uscc.csv")
    assert sum(row["valid"] == "true" for row in found) == 92
    assert {row["number"]: is_credit_code(row["number"]) for row in found} == {
        row["number"]: row["valid"] == "true" for row in found
    }


def test_identity_numbers_are_judged_as_their_source_does(shared_data: Path) -> None:
    found = rows(shared_data / "identifiers" / "resident-id.csv")
    assert len(found) == 8
    for row in found:
        assert is_identity_number(row["number"], today=TODAY) is (row["valid"] == "true"), row


def test_iso_7064_vectors(shared_data: Path) -> None:
    vectors = json.loads((shared_data / "identifiers" / "iso7064.json").read_text(encoding="utf-8"))
    for payload, check in vectors["mod_11_10"]["check_digit"].items():
        assert hybrid(payload, characters=DIGITS) == check
    for number in vectors["mod_11_10"]["valid"]:
        assert hybrid(number[:-1], characters=DIGITS) == number[-1]
    for number in vectors["mod_11_10"]["invalid"]:
        assert hybrid(number[:-1], characters=DIGITS) != number[-1]
    for payload, check in vectors["mod_11_2"]["check_digit"].items():
        assert pure(payload, modulus=11, characters=DIGITS + "X") == check
    for payload, check in vectors["mod_37_2"]["check_digit"].items():
        assert pure(payload, modulus=37, characters=DIGITS_AND_CAPITALS + "*") == check


def test_a_real_item_list_is_kept_whole_with_its_faults(shared_data: Path) -> None:
    found = rows(shared_data / "service-items" / "guangan-qianfeng-items.csv")
    assert len(found) == 980
    layouts = [parse_item_code(row["item_code"]) for row in found]
    assert sum(code.region is not None for code in layouts) == 977
    for row in found:
        code = parse_item_code(row["item_code"])
        assert code.text == row["item_code"]
        assert code.layout == "external"
        assert code.faults[0].code == "codes.item_layout"
        assert code.region is None or code.region.within(parse_division_code("510000"))
        if code.implementer is not None:
            assert parse_credit_code(code.implementer.text).region.startswith("51")
