"""A pack's process fits the life of a case: what would fail, or leave a case open, is found with its element."""

import pathlib
import re
import shutil

import pytest

from engines.bpmn_drawing import adhoc, chain, document, flow, node, task
from zhengtong.engines.bpmn import compile_process, read
from zhengtong.matters.catalog.packs import Finding, check_pack
from zhengtong.matters.catalog.packs.living import Misfit, misfits
from zhengtong.matters.catalog.registry import Life
from zhengtong.matters.modelling.queries import house

PACKS = pathlib.Path(__file__).resolve().parents[2] / "packs"
FOOD = PACKS / "market-supervision" / "food-business-licence"
LIFE = Life(
    "new", "closed", {"t.open@1": {"new": "open"}, "t.close@1": {"open": "closed"}}, {"clerk": {"open": "seen"}}
)
START, END = node("startEvent", "s"), node("endEvent", "e")
OPEN, CLOSE = (node("serviceTask", name, zt_action=f"t.{name}@1") for name in ("open", "close"))


def clerk(name: str) -> str:
    return node("userTask", name, zt_role="reviewer")


def told(*body: str, life: Life = LIFE) -> list[tuple[str, str, tuple[str, ...], bool]]:
    found = misfits(compile_process(read(document(*body))), life)
    return [(each.what, each.element, each.states, each.certain) for each in found]


def test_a_process_that_opens_and_closes_fits() -> None:
    assert told(START, OPEN, clerk("a"), CLOSE, END, chain("s", "open", "a", "close", "e")) == []


def test_an_action_out_of_its_time_is_blamed_and_so_is_the_open_end() -> None:
    assert told(START, CLOSE, END, chain("s", "close", "e")) == [("action", "close", ("new",), True)]
    assert told(START, OPEN, END, chain("s", "open", "e")) == [("open", "e", ("open",), True)]


def test_one_of_two_ways_that_forgets_something_is_blamed() -> None:
    choice = [node("exclusiveGateway", "x", default="x_close"), flow("s", "x"), flow("x", "open", "v = 1")]
    body = [START, OPEN, CLOSE, END, *choice, flow("x", "close"), chain("open", "close", "e")]
    assert told(*body) == [("action", "close", ("new",), True)]


def test_the_work_of_a_role_moves_the_matter_too() -> None:
    body = [START, OPEN, node("userTask", "a", zt_role="clerk"), CLOSE, END, chain("s", "open", "a", "close", "e")]
    assert told(*body) == [("action", "close", ("seen",), True)]


def test_of_what_is_done_side_by_side_only_what_never_goes_right_is_certain() -> None:
    fork, join = node("parallelGateway", "f"), node("parallelGateway", "j")
    body = [START, fork, join, OPEN, task("a"), CLOSE, END, chain("s", "f", "open", "j", "close", "e")]
    assert told(*body, chain("f", "a", "j")) == [("action", "close", ("new",), False)]
    late = [START, fork, join, CLOSE, task("a"), END, chain("s", "f", "close", "j", "e"), chain("f", "a", "j")]
    assert ("action", "close", ("new",), True) in told(*late)
    assert ("open", "e", ("new",), True) in told(*late)


def test_sub_processes_and_what_interrupts_them_are_followed() -> None:
    inside = node("startEvent", "ws") + node("endEvent", "we") + OPEN + chain("ws", "open", "we")
    bell = node("boundaryEvent", "b", '<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>',
                attachedToRef="w")  # fmt: skip
    body = [START, node("subProcess", "w", inside), CLOSE, END, bell, chain("s", "w", "close", "e")]
    assert told(*body, node("endEvent", "late"), flow("b", "late")) == [("open", "late", ("new", "open"), True)]


def test_what_cannot_be_followed_is_said() -> None:
    body = [START, adhoc("w", task("a"), task("b")), END, chain("s", "w", "e")]
    assert misfits(compile_process(read(document(*body))), LIFE) == (Misfit("unfollowed", "w", certain=False),)


@pytest.fixture
def copy(tmp_path: pathlib.Path) -> pathlib.Path:
    return pathlib.Path(shutil.copytree(FOOD, tmp_path / "food-business-licence"))


def found_in(copy: pathlib.Path, before: str, after: str) -> list[Finding]:
    path = copy / "process.bpmn"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return [finding for finding in check_pack(copy, house=house()) if finding.code.startswith("packs.")]


@pytest.mark.parametrize(
    "pack", sorted(path.parent for path in PACKS.rglob("service.yaml")), ids=lambda path: path.name
)
def test_every_pack_fits(pack: pathlib.Path) -> None:
    assert [finding.text("en") for finding in check_pack(pack, house=house())] == []


def test_a_process_that_approves_what_was_not_reviewed_is_not_released(copy: pathlib.Path) -> None:
    found = found_in(copy, 'zt:action="cases.propose@1"', 'zt:action="cases.site_check@1"')
    blamed = {finding.params["element"]: finding for finding in found}
    assert set(blamed) == {"approve", "refuse", "send_back"}
    assert "审查中" in blamed["approve"].text()
    assert "Under review" in blamed["approve"].text("en")
    assert all(finding.blocking and re.fullmatch(r"process\.bpmn:\d+", finding.position) for finding in found)


def test_an_outcome_that_nobody_can_say_is_not_released(copy: pathlib.Path) -> None:
    found = found_in(copy, 'zt:outcomes="checked"', 'zt:outcomes="looked_at"')
    assert [(each.code, each.params["element"]) for each in found] == [("packs.outcome_unknown", "site_check")]
