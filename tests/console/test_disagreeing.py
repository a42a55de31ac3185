"""What follows where somebody does not agree in a list of steps: chosen in the form, and such that a case is closed."""

import re

import pytest

from console.conftest import Administrator
from console.test_models import begun, page
from console.test_steps import post, steps_of, typed
from factories import cases as made
from zhengtong.foundation.core.errors import Invalid, NotAllowed
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.policy import Actor, Grant
from zhengtong.matters.cases import services as cases
from zhengtong.matters.cases.models import Case, Decision, Notice, Opinion
from zhengtong.matters.modelling import services
from zhengtong.matters.modelling.models import ModelVersion
from zhengtong.matters.workflow.queries import open_task

pytestmark = pytest.mark.django_db
Typed = dict[str, str]
DRAWER, REVIEWER = (
    Actor(account_id=number, kind="admin", name=f"管理员{number}",
          grants=frozenset(Grant(each) for each in ("catalog.read_models", f"process.{verb}")))
    for number, verb in ((71, "draw"), (72, "review"))
)  # fmt: skip


def does(name: str, action: str) -> Typed:
    return {"name": name, "verb": "system", "role": "", "action": action}


LIST: tuple[Typed, ...] = (
    does("收件", "cases.receive@1"),
    {"name": "初看", "role": "clerk"},
    does("受理", "cases.accept@1"),
    {"name": "审查", "verb": "review", "role": "reviewer"},
    does("提出意见", "cases.propose@1"),
    {"name": "决定", "verb": "review", "role": "decider"},
    does("准予", "cases.approve@1"),
    does("制证", "licences.issue@1"),
    does("送达", "cases.deliver@1"),
    does("办结", "cases.close@1"),
)
WORDS = {"opinion": "经营场所面积不符，不予许可。"}


def with_choice(number: int, choice: str) -> tuple[Typed, ...]:
    return tuple(step | ({"disagree": choice} if place == number else {}) for place, step in enumerate(LIST))


@pytest.fixture
def world() -> made.World:
    return made.world()


def listed(system: Administrator, world: made.World, *steps: Typed) -> ModelVersion:
    """A list drawn for the service, in the designer."""
    version = services.begin_for_service(by=DRAWER, key=world.item.key)
    services.save_draft(by=DRAWER, version_id=version.pk, xml=bytes(begun(system).xml), revision=1)
    post(system, version, typed(*steps, revision=2))
    return ModelVersion.objects.get(pk=version.pk)


def published(version: ModelVersion) -> ModelVersion:
    services.submit(by=DRAWER, version_id=version.pk)
    return services.publish(by=REVIEWER, version_id=version.pk, opinion="同意发布。")


def submitted(world: made.World) -> Case:
    answers = made.answers(world.applicant)
    receipt = cases.submit_application(by=world.applicant, item_id=world.item.id, answers=answers)
    return Case.objects.get(id=receipt.case_id)


def act(world: made.World, case: Case, *acts: tuple[str, str]) -> Case:
    for who, outcome in acts:
        task = open_task("case", case.id)
        assert task is not None
        entry = WORDS if outcome in ("agree", "disagree") else {}
        cases.act(by=getattr(world, who), task_id=task.id, outcome=outcome, entry=entry)
    case.refresh_from_db()
    return case


def proposed(case: Case) -> list[object]:
    entries = ledger.timeline(("case", case.id))
    return [dict(each.payload or {})["recommendation"] for each in entries if each.type == "case.propose"]


def test_a_list_is_published_for_a_service_and_disagreement_closes_the_case(
    system: Administrator, world: made.World
) -> None:
    version = published(listed(system, world, *LIST))
    by_name = {step.name: step for step in steps_of(version)}
    assert (by_name["审查"].disagree_on, [each.action for each in by_name["决定"].disagree_does]) == (
        True,
        ["cases.refuse@1", "cases.deliver@1", "cases.close@1"],
    )
    case = act(world, submitted(world), ("clerk", ""), ("reviewer", "disagree"), ("decider", "disagree"))
    assert (case.state, case.close_type, open_task("case", case.id)) == ("CLOSED", "refused", None)
    assert Decision.objects.get(case_id=case.id).reasons == WORDS["opinion"]
    assert Notice.objects.filter(case_id=case.id, kind="refusal").exists()
    assert Opinion.objects.filter(case_id=case.id).count() == 2
    assert proposed(case) == ["refuse"]


def test_agreement_goes_all_the_way(system: Administrator, world: made.World) -> None:
    published(listed(system, world, *LIST))
    case = act(world, submitted(world), ("clerk", ""), ("reviewer", "agree"), ("decider", "agree"))
    assert (case.state, case.close_type) == ("CLOSED", "approved")
    assert proposed(case) == ["approve"]


def test_a_plain_end_leaves_a_case_open_and_is_still_refused(system: Administrator, world: made.World) -> None:
    version = listed(system, world, *with_choice(5, "end"))
    assert "须改" in page(system, version, "steps/")
    with pytest.raises(Invalid):
        services.submit(by=DRAWER, version_id=version.pk)


def test_back_from_the_decision_is_a_review_again(system: Administrator, world: made.World) -> None:
    published(listed(system, world, *with_choice(5, "back")))
    case = act(world, submitted(world), ("clerk", ""), ("reviewer", "agree"), ("decider", "disagree"))
    task = open_task("case", case.id)
    assert task is not None
    assert (case.state, task.name) == ("REVIEWING", "审查")
    case = act(world, case, ("reviewer", "agree"), ("decider", "agree"))
    assert case.state == "CLOSED"


def test_terminated_by_whoever_may_and_by_nobody_else(system: Administrator, world: made.World) -> None:
    published(listed(system, world, *with_choice(3, "terminate")))
    case = act(world, submitted(world), ("clerk", ""))
    task = open_task("case", case.id)
    assert task is not None
    with pytest.raises(NotAllowed):
        cases.act(by=world.reviewer, task_id=task.id, outcome="disagree", entry=WORDS)
    may = Actor(**{**_fields(world.reviewer), "grants": world.reviewer.grants | _terminating(world)})
    cases.act(by=may, task_id=task.id, outcome="disagree", entry=WORDS)
    case.refresh_from_db()
    assert (case.state, case.close_type) == ("CLOSED", "terminated")


def _fields(actor: Actor) -> dict[str, object]:
    return {name: getattr(actor, name) for name in actor.__dataclass_fields__}


def _terminating(world: made.World) -> frozenset[Grant]:
    return frozenset({Grant("case.terminate", f"org:{world.agency_id}")})


def test_the_form_offers_it_keeps_it_and_speaks_both_languages(system: Administrator) -> None:
    version = begun(system)
    steps = ({"name": "填写"}, {"name": "审核", "verb": "review", "role": "reviewer", "disagree": "back"})
    post(system, version, typed(*steps))
    assert steps_of(version)[1].disagree_to == "step_1"
    shown = page(system, version, "steps/")
    field = re.search(r'<select[^>]*name="s1.disagree".*?</select>', shown, re.DOTALL)
    assert field is not None
    assert '<option value="back" selected>退回上一步' in field[0]
    assert "按图上所画" not in field[0]
    shown = post(system, version, typed(*steps, revision=2) | {"do": "add"}, 200)
    assert '<option value="back" selected>' in shown
    system.browser.cookies["django_language"] = "en"
    assert "Where somebody does not agree" in page(system, version, "steps/")


def test_what_is_left_open_ends_where_no_service_is_run_as_before(system: Administrator) -> None:
    version = begun(system)
    post(system, version, typed({"name": "审核", "verb": "review", "role": "reviewer"}))
    (step,) = steps_of(version)
    assert (step.disagree_to, step.disagree_does, step.disagree_on) == ("", (), False)
    assert '<option value="end" selected>' in page(system, version, "steps/")


def test_there_is_nobody_to_go_back_to_before_the_first(system: Administrator) -> None:
    version = begun(system)
    shown = post(
        system, version, typed({"name": "审核", "verb": "review", "role": "reviewer", "disagree": "back"}), 422
    )
    assert "前面的步骤" in shown
