"""The simple designer: a process written as a list of steps, without scripts; what is no list opens as a drawing."""

import re

import pytest

from console.conftest import Administrator, administrator
from console.test_models import STUCK, begun, page, save
from zhengtong.doors.console.choices import ACTS
from zhengtong.engines.bpmn import compile_process, read
from zhengtong.engines.bpmn.listing import open_list
from zhengtong.matters.cases.registry import NOTICES
from zhengtong.matters.modelling.models import ModelVersion
from zhengtong.matters.workflow.registry import actions

pytestmark = pytest.mark.django_db
Typed = dict[str, str]


def typed(*steps: Typed, revision: int = 1) -> Typed:
    given = {"count": str(len(steps)), "revision": str(revision)}
    for number, step in enumerate(steps):
        usual = {"id": f"step_{number + 1}", "verb": "handle", "role": "clerk", "sign": "all", "signers": "2"}
        given |= {f"s{number}.{key}": value for key, value in (usual | step).items()}
    return given


def post(who: Administrator, version: ModelVersion, given: Typed, status: int = 302) -> str:
    return who.post(f"models/versions/{version.pk}/steps/", status, **given).content.decode()


def steps_of(version: ModelVersion):
    return open_list(read(bytes(ModelVersion.objects.get(pk=version.pk).xml))).steps


LIST = (
    {"name": "填写"},
    {"name": "部门审核", "verb": "review", "role": "reviewer", "back_to": "step_1"},
    {"name": "会签", "verb": "sign", "role": "decider", "sign": "2/3", "signers": "3", "condition": "days > 5"},
    {"name": "抄送", "verb": "copy", "role": "head"},
    {"name": "通知申请人", "verb": "notice", "role": "", "action": "cases.inform_applicant@1"},
)


def test_a_list_is_saved_as_a_process_and_opens_in_either_form(system):
    version = begun(system)
    assert 'value="办理"' in page(system, version, "steps/")
    post(system, version, typed(*LIST))
    steps = steps_of(version)
    assert [(step.name, step.verb, step.back_to) for step in steps] == [
        ("填写", "handle", ""), ("部门审核", "review", "step_1"), ("会签", "sign", ""), ("抄送", "copy", ""),
        ("通知申请人", "notice", ""),
    ]  # fmt: skip
    assert (steps[2].sign, steps[2].signers, steps[2].condition) == ("2/3", 3, "days > 5")
    graph = compile_process(read(bytes(ModelVersion.objects.get(pk=version.pk).xml)))
    assert (graph.nodes["step_5"].tag, graph.nodes["step_5"].action) == ("sendTask", "cases.inform_applicant@1")
    assert graph.nodes["step_2"].outcomes == ("agree", "disagree", "send_back")
    assert "部门审核" in page(system, version, "edit/")
    again = page(system, version, "steps/")
    assert re.search(r'name="s1.back_to".*?<option value="step_1" selected>1. 填写', again, re.DOTALL)


def test_buttons_change_the_list_and_keep_what_was_typed(system):
    version = begun(system)
    shown = post(system, version, typed({"name": "甲"}, {"name": "乙"}) | {"do": "add"}, 200)
    assert (shown.count("data-zt-step>"), 'value="甲"' in shown, 'value="step_3"' in shown) == (3, True, True)
    shown = post(system, version, typed({"name": "甲"}, {"name": "乙"}) | {"do": "down.0"}, 200)
    assert shown.index('value="乙"') < shown.index('value="甲"')
    shown = post(system, version, typed({"name": "甲"}, {"name": "乙"}) | {"do": "remove.0"}, 200)
    assert ('value="甲"' in shown, 'value="乙"' in shown) == (False, True)
    for nonsense in ("up.0", "down.9", "remove.x", "fly.1", "up.-1"):
        assert post(system, version, typed({"name": "甲"}) | {"do": nonsense}, 200).count("data-zt-step>") == 1
    assert ModelVersion.objects.get(pk=version.pk).revision == 1


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ({"name": ""}, "请写步骤名称"),
        ({"name": "甲", "role": ""}, "由谁办"),
        ({"name": "甲", "condition": "days >"}, "读不懂"),
        ({"name": "甲", "verb": "sign", "signers": "999"}, "会签规则"),
        ({"name": "甲", "verb": "fax"}, "不认识的办理方式"),
        ({"name": "甲", "id": "1 2"}, "不能用"),
        ({"name": "甲", "back_to": "step_9"}, "前面的步骤"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_what_was_typed_stays(step, sentence, system):
    version = begun(system)
    shown = post(system, version, typed(step, {"name": "还在这里"}), 422)
    assert sentence in shown
    assert 'value="还在这里"' in shown
    assert ModelVersion.objects.get(pk=version.pk).revision == 1


def test_two_at_once_are_told(system, settings):
    second = administrator("sys", settings)
    version = begun(system)
    post(system, version, typed({"name": "甲"}))
    shown = post(second, version, typed({"name": "乙"}), 409)
    assert "在此期间保存过" in shown
    assert 'value="乙"' in shown
    assert [step.name for step in steps_of(version)] == ["甲"]
    post(second, version, typed({"name": "乙"}) | {"over": "2"})
    assert [step.name for step in steps_of(version)] == ["乙"]


def test_what_is_no_list_says_so_and_opens_as_a_drawing(system):
    version = begun(system)
    save(system, version, STUCK)
    shown = page(system, version, "steps/")
    assert "不能显示为步骤列表" in shown
    assert f"/console/models/versions/{version.pk}/edit/" in shown
    assert "data-zt-steps" not in shown
    post(system, version, typed({"name": "甲"}), 200)
    assert bytes(ModelVersion.objects.get(pk=version.pk).xml).decode() == STUCK


def test_the_designer_speaks_english(system):
    version = begun(system)
    system.browser.cookies["django_language"] = "en"
    shown = page(system, version, "steps/")
    assert "Countersign: several together" in shown
    assert "Add a step" in shown


def test_a_list_with_countersigning_can_go_to_review(system):
    version = begun(system)
    post(system, version, typed(*LIST))
    system.post(f"models/versions/{version.pk}/submit/")


def test_the_page_is_closed_to_others(security, system):
    version = begun(system)
    security.get(f"models/versions/{version.pk}/steps/", 403)
    security.post(f"models/versions/{version.pk}/steps/", 403, **typed({"name": "甲"}))


def test_who_does_a_step_is_named_as_people_and_what_the_system_does_in_words(system):
    shown = page(system, begun(system), "steps/")
    for words in ("受理人员", "审查人员", "决定人", "本机关负责人", "通知：受理人员", "制发证照", "一次性告知补正"):
        assert f">{words}</option>" in shown, words
    assert "审核并受理申请" not in shown
    assert set(actions.all()) == {*ACTS, *NOTICES}, "each action of this house has words"


def test_what_is_checked_and_drawn_below_is_told_apart_from_what_is_not_saved_yet(system):
    version = begun(system)
    assert "已保存的内容" in post(system, version, typed({"name": "甲", "role": ""}), 422)
