"""The verbs of approval on the desk: offered only where possible, what was typed kept, what was said shown."""

import re

import pytest
from django.test import Client

from factories import desks, versions
from factories import identity as people
from factories.desks import Desk, signed_in, task_of
from zhengtong.foundation.ledger.services import deliver_outbox
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow.models import Task
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.models import Organisation

pytestmark = pytest.mark.django_db
WHY = "面积与图纸不符，请再核。"


def official(desk: Desk, name: str) -> Actor:
    post = people.post(Organisation.objects.get(id=desk.world.agency_id), name_zh=f"{name}岗")
    return identity.actor_for(people.officer(post, holder=people.person(name=name)))


def page(client: Client, case: Case, name: str) -> tuple[str, str, dict[str, str]]:
    """Address and text of a page, and what its form would send."""
    url = f"/desk/cases/{case.token}/{name}/"
    shown = client.get(url).content.decode()
    found = {key: re.search(rf'name="{key}" value="([^"]+)"', shown) for key in ("task", "once")}
    return url, shown, {key: each[1] for key, each in found.items() if each}


def offered(client: Client, case: Case) -> set[str]:
    shown = client.get(f"/desk/cases/{case.token}/").content.decode()
    names = ("send-back", "ask", "opinion", "halt", "go-on", "transfer", "withdraw")
    return {name for name in names if f"/desk/cases/{case.token}/{name}/" in shown}


def test_a_task_is_sent_back_to_a_step_done_before(desk: Desk) -> None:
    case = desk.reviewed()
    decider = desk.client("decider")
    assert offered(decider, case) == {"send-back", "ask", "transfer"}
    assert offered(desk.client("reviewer"), case) == set()
    url, shown, given = page(decider, case, "send-back")
    assert "赵敏" in shown
    assert 'value="examine"' not in shown
    for lacks, path in (({"reason": WHY}, "target"), ({"target": "review", "reason": ""}, "reason")):
        refused = decider.post(url, given | lacks)
        assert refused.status_code == 422
        assert f'id="{path}-error"' in refused.content.decode()
    sent = given | {"target": "review", "reason": WHY}
    for _again in range(2):
        assert decider.post(url, sent).status_code == 302
    back = task_of(case)
    assert (back.element, back.assignee_name, back.words) == ("review", "赵敏", WHY)
    reviewer = desk.client("reviewer")
    assert WHY in reviewer.get(f"/desk/cases/{case.token}/?side=opinions").content.decode()
    assert WHY in reviewer.get(f"/desk/cases/{case.token}/?side=history").content.decode()
    deliver_outbox()
    assert "退回给您" in reviewer.get("/desk/messages/").content.decode()
    assert offered(decider, case) == set()


def test_colleagues_are_asked_and_answer(desk: Desk) -> None:
    case, one = desk.accepted(), official(desk, "吴远")
    reviewer, asked = desk.client("reviewer"), signed_in(one)
    url, shown, given = page(reviewer, case, "ask")
    assert "吴远" in shown
    nobody = reviewer.post(url, given | {"way": "before", "reason": "消防条件如何？"})
    assert nobody.status_code == 422
    assert "消防条件如何？" in nobody.content.decode()
    assert (
        reviewer.post(url, given | {"way": "before", "to": str(one.account_id), "reason": "消防条件如何？"}).status_code
        == 302
    )
    assert "正在等待所请同事答复" in reviewer.get(f"/desk/cases/{case.token}/").content.decode()
    assert offered(reviewer, case) == set()
    assert offered(asked, case) == {"opinion"}
    assert "消防条件如何？" in asked.get(f"/desk/cases/{case.token}/").content.decode()
    assert case.token in asked.get("/desk/").content.decode()
    url, shown, given = page(asked, case, "opinion")
    assert "消防条件如何？" in shown
    assert asked.post(url, given | {"reason": ""}).status_code == 422
    assert asked.post(url, given | {"reason": "消防合格。"}).status_code == 302
    assert asked.get(f"/desk/cases/{case.token}/")["Location"] == f"/desk/cases/{case.token}/withdraw/"
    opinions = reviewer.get(f"/desk/cases/{case.token}/?side=opinions").content.decode()
    assert "消防合格。" in opinions
    assert 'name="outcome"' in opinions


def reviewer_named(desk: Desk, name: str) -> Actor:
    """Another reviewer, who holds a post of the agency."""
    found = desk.colleague("reviewer", name)
    person = identity.person(found.person_id or 0)
    assert person is not None
    people.tenure(person, people.post(Organisation.objects.get(id=desk.world.agency_id), name_zh="审查岗"))
    return found


def test_one_more_of_several_is_asked_to_sign_along(desk: Desk) -> None:
    case, other = desk.case(), reviewer_named(desk, "郑洁")
    versions.run_as(case, versions.cosigned(versions.process_of(case).definition_id, 1))
    desk.act("clerk", "accept", case)
    reviewer, added = desk.client("reviewer"), signed_in(other)
    url, shown, given = page(reviewer, case, "ask")
    assert 'value="alongside"' in shown
    sent = given | {"way": "alongside", "to": str(other.account_id), "reason": "请一并签署"}
    assert reviewer.post(url, sent).status_code == 302
    again = reviewer.post(url, sent | {"once": "another"})
    assert again.status_code == 409
    assert "请一并签署" in again.content.decode()
    shown = added.get(f"/desk/cases/{case.token}/").content.decode()
    assert "请一并签署" in shown
    assert 'value="propose_approve"' in shown
    assert f"/desk/cases/{case.token}/release/" not in shown
    assert offered(added, case) == {"ask"}
    form = {"task": str(Task.objects.get(who_id=other.account_id).id), "once": "one", "action": "submit"}
    signed = form | {"outcome": "propose_approve", "propose_approve.opinion": "同意。"}
    assert added.post(f"/desk/cases/{case.token}/act/", signed).status_code == 302
    desk.act("reviewer", "propose_approve", case, opinion="材料齐全，建议准予许可。")
    assert task_of(case).element == "decide"
    shown = reviewer.get(f"/desk/cases/{case.token}/?side=opinions").content.decode()
    assert "同意。" in shown


def test_a_colleague_signs_after_with_an_outcome_of_his_own(desk: Desk) -> None:
    case, other = desk.accepted(), reviewer_named(desk, "郑洁")
    clerk = official(desk, "何静")
    reviewer = desk.client("reviewer")
    url, shown, given = page(reviewer, case, "ask")
    assert 'value="alongside"' not in shown
    refused = reviewer.post(url, given | {"way": "after", "to": str(clerk.account_id), "reason": "请随后签署"})
    assert refused.status_code == 409
    assert "何静不在本环节要求的岗位上" in refused.content.decode()
    assert (
        reviewer.post(url, given | {"way": "after", "to": str(other.account_id), "reason": "请随后签署"}).status_code
        == 302
    )
    desk.act("reviewer", "propose_approve", case, opinion="材料齐全，建议准予许可。")
    assert case.token in signed_in(other).get("/desk/").content.decode()
    shown = signed_in(other).get(f"/desk/cases/{case.token}/").content.decode()
    assert 'value="propose_refuse"' in shown
    assert "由您本人签署" in shown


def test_whom_one_asked_is_urged_on_by_who_asked_and_seldom(desk: Desk) -> None:
    case = desk.accepted()
    one, reviewer = official(desk, "吴敏"), desk.client("reviewer")
    url, _shown, given = page(reviewer, case, "ask")
    reviewer.post(url, given | {"way": "before", "to": str(one.account_id), "reason": "消防条件如何？"})
    opinions = f"/desk/cases/{case.token}/?side=opinions"
    shown = reviewer.get(opinions).content.decode()
    assert "意见 1" in shown, "what waits for an answer is counted"
    asked = Task.objects.get(who_id=one.account_id)
    form = re.search(
        rf'action="(/desk/cases/{case.token}/urge/)">.*?name="task" value="{asked.id}".*?value="([^"]+)"', shown
    )
    assert form is not None
    another = desk.client("decider")
    assert another.post(form[1], {"task": asked.id, "once": "another-key"}).status_code == 403
    assert reviewer.post(form[1], {"task": asked.id, "once": form[2]}).status_code == 302
    asked.refresh_from_db()
    assert asked.urges == 1
    shown = reviewer.get(opinions).content.decode()
    assert "催办 1 次" in shown
    assert f"{case.token}/urge/" not in shown


def test_what_was_said_is_taken_back_until_who_asked_has_acted(desk: Desk) -> None:
    case, one = desk.accepted(), official(desk, "吴远")
    reviewer, asked = desk.client("reviewer"), signed_in(one)
    url, _shown, given = page(reviewer, case, "ask")
    reviewer.post(url, given | {"way": "before", "to": str(one.account_id), "reason": "消防条件如何？"})
    url, _shown, given = page(asked, case, "opinion")
    asked.post(url, given | {"reason": "消防合格。"})
    url, shown, given = page(asked, case, "withdraw")
    assert "消防合格。" in shown
    unexplained = asked.post(url, given | {"reason": ""})
    assert unexplained.status_code == 422
    assert 'id="reason-error"' in unexplained.content.decode()
    for _again in range(2):
        assert asked.post(url, given | {"reason": "说错了，请稍候。"}).status_code == 302
    assert offered(asked, case) == {"opinion"}
    assert Task.objects.filter(who_id=one.account_id).count() == 2
    url, _shown, given = page(asked, case, "opinion")
    asked.post(url, given | {"reason": "消防不合格。"})
    url, _shown, given = page(asked, case, "withdraw")
    desk.act("reviewer", "propose_refuse", case, opinion="消防不合格，建议不予许可。")
    late = asked.post(url, given | {"reason": "又说错了"})
    assert late.status_code == 409
    assert "后面已经有人办理" in late.content.decode()
    assert "又说错了" in late.content.decode()
    _url, shown, _given = page(asked, case, "withdraw")
    assert "后面已经有人办理" in shown
    assert "<textarea" not in shown


def test_a_substitute_answers_what_the_absent_was_asked_by_name(desk: Desk) -> None:
    case, one, other = desk.accepted(), official(desk, "吴远"), official(desk, "何静")
    reviewer, substitute = desk.client("reviewer"), signed_in(other)
    url, _shown, given = page(reviewer, case, "ask")
    reviewer.post(url, given | {"way": "before", "to": str(one.account_id), "reason": "消防条件如何？"})
    assert substitute.get(f"/desk/cases/{case.token}/").status_code == 404
    away = {"to": str(other.account_id), "begins_on": "2025-03-13", "ends_on": "2025-03-14", "once": "away"}
    assert signed_in(one).post("/desk/absences/new/", away).status_code == 302
    assert case.token in substitute.get("/desk/").content.decode()
    assert offered(substitute, case) == {"opinion"}
    url, shown, given = page(substitute, case, "opinion")
    assert "消防条件如何？" in shown
    assert substitute.post(url, given | {"reason": "消防合格。"}).status_code == 302
    assert "何静代吴远" in reviewer.get(f"/desk/cases/{case.token}/?side=opinions").content.decode()


def test_a_signature_is_taken_back_but_not_what_was_done_to_the_case(desk: Desk) -> None:
    case, other = desk.accepted(), reviewer_named(desk, "郑洁")
    reviewer = desk.client("reviewer")
    url, _shown, given = page(reviewer, case, "ask")
    reviewer.post(url, given | {"way": "after", "to": str(other.account_id), "reason": "请随后签署"})
    desk.act("reviewer", "propose_approve", case, opinion="材料齐全，建议准予许可。")
    assert offered(reviewer, case) == {"withdraw"}
    url, shown, given = page(reviewer, case, "withdraw")
    assert "建议准予" in shown
    assert reviewer.post(url, given | {"reason": "面积还需核实"}).status_code == 302
    opinions = reviewer.get(f"/desk/cases/{case.token}/?side=opinions").content.decode()
    assert "您办完后" in opinions
    assert re.search(rf"/desk/cases/{case.token}/asked/\d+/after/take-back/", opinions)
    assert (task_of(case).assignee_name, Task.objects.filter(subject_id=case.id, state="claimed").count()) == (
        "赵敏",
        1,
    )
    assert "面积还需核实" in reviewer.get(f"/desk/cases/{case.token}/?side=opinions").content.decode()
    desk.act("reviewer", "propose_approve", case, opinion="面积已核实，建议准予许可。")
    final = signed_in(other)
    form = {
        "task": str(Task.objects.get(who_id=other.account_id, state="claimed").id),
        "once": "two",
        "action": "submit",
    }
    final.post(
        f"/desk/cases/{case.token}/act/", form | {"outcome": "propose_approve", "propose_approve.opinion": "同意。"}
    )
    for client in (final, reviewer):
        assert "withdraw" not in offered(client, case)
        url, shown, given = page(client, case, "withdraw")
        assert "<textarea" not in shown
    assert "对本件已作的办理有效" in page(reviewer, case, "withdraw")[1]
    assert page(desk.client("head"), case, "withdraw")[1].count("<textarea") == 0
    assert desk.client("head").get(f"/desk/cases/{case.token}/withdraw/").status_code == 404


def test_a_case_is_halted_and_goes_on(desk: Desk) -> None:
    case = desk.accepted()
    desks.give(desk.world.head, Organisation.objects.get(id=desk.world.agency_id), "case.halt")
    head = desk.client("head")
    assert "halt" in offered(head, case)
    url, _shown, given = page(head, case, "halt")
    assert head.post(url, given | {"reason": "等待上级答复"}).status_code == 302
    assert "go-on" in offered(head, case)
    shown = desk.client("reviewer").get(f"/desk/cases/{case.token}/").content.decode()
    assert "已挂起" in shown
    assert offered(desk.client("reviewer"), case) == {"transfer"}
    again = head.post(url, given | {"reason": "再挂起", "once": "another"})
    assert again.status_code == 409
    url, _shown, given = page(head, case, "go-on")
    assert head.post(url, given).status_code == 302
    assert "send-back" in offered(desk.client("decider"), desk.reviewed())


def test_pages_of_other_people_s_tasks_hold_no_form(desk: Desk) -> None:
    case = desk.reviewed()
    clerk = desk.client("clerk")
    for name in ("send-back", "ask", "opinion", "halt"):
        url, shown, _given = page(clerk, case, name)
        assert "<textarea" not in shown, name
        sent = {"task": str(task_of(case).id), "once": name, "target": "review", "to": "1", "reason": WHY}
        assert clerk.post(url, sent).status_code in (403, 409), name
    assert Task.objects.filter(subject_id=case.id, state="open").count() == 1


def test_the_page_that_sends_back_takes_a_fixed_number_of_reads(
    desk: Desk, django_assert_max_num_queries: object
) -> None:
    case = desk.reviewed()
    decider = desk.client("decider")
    page(decider, case, "send-back")
    with django_assert_max_num_queries(16):  # type: ignore[operator] # pytest-django gives a fixture no type
        page(decider, case, "send-back")
