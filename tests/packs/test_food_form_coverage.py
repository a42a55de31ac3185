"""The real 食品经营许可申请表, cell by cell: each is asked, supplied, or left out for a written reason."""

import json
import pathlib
import re
from typing import Any

import pytest
import yaml

from zhengtong.engines.forms import Form, check, compile_form
from zhengtong.engines.forms.model import Field, Kind

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "packs" / "market-supervision" / "food-business-licence"
COVERAGE = yaml.safe_load((FOLDER / "coverage.yaml").read_text(encoding="utf-8"))
SERVICE = yaml.safe_load((FOLDER / "service.yaml").read_text(encoding="utf-8"))
CELLS: dict[tuple[int, int], dict[str, Any]] = {tuple(cell["at"]): cell for cell in COVERAGE["cells"]}
WAYS = ("question", "supplied", "same_as", "not_asked")
BOX = re.compile(r"[□■]\s*([^□■（()）]+?)\s*(?=[□■（()）]|$)")


@pytest.fixture(scope="module")
def form() -> Form:
    return compile_form(json.loads((FOLDER / "form.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def labelled(shared_data: pathlib.Path) -> dict[tuple[int, int], str]:
    """The cells of the real form that say something, found by its title."""
    lines = (shared_data / "forms" / "zhejiang-application-forms.jsonl").read_text(encoding="utf-8").splitlines()
    (real,) = [each for each in map(json.loads, lines) if each["title"] == COVERAGE["title"]]
    found = {
        (row, place): cell["text"]
        for row, cells in enumerate(real["rows"])
        for place, cell in enumerate(cells)
        if cell.get("text", "").strip()
    }
    assert len(found) == real["label_cells"]
    return found


def asked_at(form: Form, pointer: str) -> Field | None:
    """The question, column or question of the option a pointer names; None where there is none."""
    key, *rest = pointer.removeprefix("/").split("/")
    found = form.fields.get(key)
    if found is None or not rest:
        return found
    inner = {column.key: column for column in found.columns} | {option.value: found for option in found.options}
    return inner.get(rest[0]) if len(rest) == 1 else None


def boxes(text: str) -> list[str]:
    """The words behind each box of a cell, in order."""
    return [found.group(1).strip() for found in BOX.finditer(text)]


@pytest.mark.conformance
def test_every_labelled_cell_is_accounted_for_with_its_own_words(labelled: dict[tuple[int, int], str]) -> None:
    assert {at: cell["text"] for at, cell in CELLS.items()} == labelled
    assert len(COVERAGE["cells"]) == len(CELLS)


@pytest.mark.parametrize("cell", COVERAGE["cells"], ids=lambda cell: str(cell["at"]))
def test_a_cell_leads_to_what_exists(cell: dict[str, Any], form: Form) -> None:
    (way,) = [name for name in WAYS if name in cell]
    if way == "question":
        assert asked_at(form, cell["question"]) is not None
    elif way == "supplied":
        assert cell["supplied"] in {material.get("from") for material in SERVICE["materials"]}
    elif way == "same_as":
        assert set(CELLS[tuple(cell["same_as"])]) & {"question", "supplied"}
    else:
        assert len(cell["not_asked"]) >= 4


@pytest.mark.parametrize(
    "cell",
    [cell for cell in COVERAGE["cells"] if "question" in cell and boxes(cell["text"])],
    ids=lambda cell: str(cell["at"]),
)
def test_every_box_is_an_option(cell: dict[str, Any], form: Form) -> None:
    assert [box["text"] for box in cell["boxes"]] == boxes(cell["text"])
    for box in cell["boxes"]:
        first, *more = box["asked"]
        found = asked_at(form, first)
        assert found is not None, first
        assert found.kind in ((Kind.CHOICE, Kind.CHOICES) if first.count("/") == 2 else (Kind.BOOLEAN,)), first
        for pointer in more:
            follow = asked_at(form, pointer)
            assert follow is not None, pointer
            assert follow.visible is not None, pointer
            assert found.key in follow.visible.names, pointer


def test_every_option_of_those_questions_stands_on_the_real_form(form: Form) -> None:
    covered = {pointer for cell in COVERAGE["cells"] for box in cell.get("boxes", ()) for pointer in box["asked"]}
    keys = {pointer.split("/")[1] for pointer in covered}
    ours = {f"/{key}/{option.value}" for key in keys for option in form.fields[key].options}
    assert ours <= covered


@pytest.mark.parametrize(
    "cell", [cell for cell in COVERAGE["cells"] if "same_as" in cell], ids=lambda cell: str(cell["at"])
)
def test_what_is_printed_twice_says_nothing_new(cell: dict[str, Any]) -> None:
    """A second print has the same words; of boxes, no word that the first does not have (it repeats them by state)."""
    first = CELLS[tuple(cell["same_as"])]
    if not boxes(cell["text"]):
        assert cell["text"] == first["text"]
    assert set(words(cell["text"])) <= set(words(first["text"]))


def words(text: str) -> list[str]:
    """The words of a cell without boxes, brackets and what a template left behind."""
    return [part.strip() for part in re.split(r"[□■（()）：]", text.removeprefix("0) > ")) if part.strip()]


@pytest.mark.parametrize(
    ("cell", "text", "cause"),
    [({"question": "/nobody"}, "单位名称", "question"), ({"question": "/managers/nobody"}, "姓名", "column"),
     ({"question": "/activity/nobody"}, "主体业态", "option")],
)  # fmt: skip
def test_a_pointer_to_nothing_is_noticed(cell: dict[str, Any], text: str, cause: str, form: Form) -> None:
    assert text, cause
    with pytest.raises(AssertionError):
        test_a_cell_leads_to_what_exists(cell, form)


def test_uploads_and_materials_are_the_same_under_the_same_conditions(form: Form) -> None:
    uploads = {each["code"]: each for each in SERVICE["materials"] if each["how"] == "upload"}
    fields = {found.material: found for found in form.files}
    assert set(uploads) == set(fields)
    for code, found in fields.items():
        assert uploads[code].get("when") == (found.visible.text if found.visible else None), code
        assert (uploads[code]["necessity"] == "required") is found.required, code


def test_yes_no_questions_read_as_questions(form: Form) -> None:
    for found in form.fields.values():
        if found.widget == "yes_no":
            assert found.label["zh-hans"].endswith("吗"), found.key
            assert found.label["en"].endswith("?"), found.key


def test_the_example_answers_are_clean(form: Form) -> None:
    import datetime as dt

    answers = yaml.safe_load((FOLDER / "examples" / "answers-full.yaml").read_text(encoding="utf-8"))
    found = check(form, answers, "zh-hans", today=dt.date(2025, 3, 3))
    assert (found.errors, found.dropped) == ((), ())
