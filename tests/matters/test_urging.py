"""Urging (催办): by who follows the case, seldom enough to be heeded, counted, told; copies (抄送) let one read."""

import pytest

from factories import desks
from factories import identity as people
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.services import deliver_outbox
from zhengtong.foundation.messages import queries as messages
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries, services
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow import services as workflow
from zhengtong.matters.workflow.queries import copies
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.models import Account, Organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    with desks.at("2025-03-13 14:20"):
        yield desks.desk()


def urge(by: Actor, case: Case, words: str = "") -> None:
    services.urge_task(by=by, task_id=desks.task_of(case).id, words=words)


def told(actor: Actor, template: str) -> int:
    for _again in range(2):
        deliver_outbox()
    return len([each for each in messages.visible_to(actor) if each.template == template])


def serving(desk: desks.Desk, name: str) -> Actor:
    """An official who holds a post of the agency that permits nothing."""
    post = people.post(Organisation.objects.get(id=desk.world.agency_id), name_zh=f"{name}岗")
    return identity.actor_for(people.officer(post, holder=people.person(name=name)))


def test_who_acted_on_a_case_urges_whoever_has_it_now(desk: desks.Desk) -> None:
    case = desk.accepted()
    services.take_task(by=desk.world.reviewer, task_id=desks.task_of(case).id)
    urge(desk.world.clerk, case, "申请人周五开业。")
    task = desks.task_of(case)
    assert (task.urges, task.urged_at is not None) == (1, True)
    entry = ledger.timeline(("process", case.process_id or 0))[0]
    assert (entry.type, entry.reason, entry.actor_name) == ("workflow.task_urged", "申请人周五开业。", "孙洁")
    assert told(desk.world.reviewer, "workflow.task_urged") == 1
    assert "workflow.task_urged" not in [each.type for each in ledger.timeline(("case", case.id))]


def test_a_task_in_the_queue_is_urged_on_all_who_might_take_it(desk: desks.Desk) -> None:
    case, other = desk.accepted(), desk.colleague("reviewer")
    urge(desk.world.clerk, case)
    assert told(desk.world.reviewer, "workflow.task_urged") == told(other, "workflow.task_urged") == 1
    assert told(desk.world.decider, "workflow.task_urged") == 0


def test_it_is_left_in_peace_for_a_time_that_is_set(desk: desks.Desk, settings: object) -> None:
    case = desk.accepted()
    settings.ZT_URGE_HOURS = 48  # type: ignore[attr-defined] # the fixture has no type
    urge(desk.world.clerk, case)
    with desks.at("2025-03-15 14:19"), pytest.raises(Conflict) as refusal:
        urge(desk.world.clerk, case)
    assert refusal.value.code == "workflow.urged_lately"
    assert refusal.value.details["again"] == "2025-03-15 14:20"
    with desks.at("2025-03-15 14:20"):
        urge(desk.world.clerk, case)
    assert desks.task_of(case).urges == 2


def test_supervisors_urge_by_permission_and_nobody_else(desk: desks.Desk) -> None:
    case = desk.accepted()
    with pytest.raises(NotAllowed) as refusal:
        urge(desk.world.head, case)
    assert refusal.value.code == "cases.may_not_urge"
    desks.give(desk.world.head, Organisation.objects.get(id=desk.world.agency_id), "case.urge")
    urge(identity.actor_for(Account.objects.get(id=desk.world.head.account_id)), case)
    assert desks.task_of(case).urges == 1


def test_one_does_not_urge_oneself_nor_what_is_done(desk: desks.Desk) -> None:
    case = desk.accepted()
    task = desks.task_of(case)
    desks.give(desk.world.reviewer, Organisation.objects.get(id=desk.world.agency_id), "case.urge")
    reviewer = identity.actor_for(Account.objects.get(id=desk.world.reviewer.account_id))
    services.take_task(by=reviewer, task_id=task.id)
    with pytest.raises(Conflict) as refusal:
        urge(reviewer, case)
    assert refusal.value.code == "workflow.urge_oneself"
    desk.act("reviewer", "propose_approve", case, opinion="材料齐全，建议准予许可。")
    with pytest.raises(Conflict) as late:
        services.urge_task(by=desk.world.clerk, task_id=task.id)
    assert late.value.details["by"] == "赵敏"
    with pytest.raises(Invalid):
        urge(desk.world.clerk, case, "长" * 201)


def test_the_applicant_presses_for_an_answer_and_reads_that_he_did(desk: desks.Desk) -> None:
    case = desk.accepted()
    services.urge_case(by=desk.world.applicant, case_id=case.id)
    assert desks.task_of(case).urges == 1
    assert ledger.timeline(("case", case.id))[0].type == "case.urged"
    with pytest.raises(Conflict) as refusal:
        services.urge_case(by=desk.world.applicant, case_id=case.id)
    assert refusal.value.code == "workflow.urged_lately"
    assert desks.task_of(case).urges == 1


def test_nobody_presses_in_another_s_case(desk: desks.Desk) -> None:
    case = desk.accepted()
    with pytest.raises(NotFound):
        services.urge_case(by=desk.world.clerk, case_id=case.id)


def test_a_copy_lets_one_read_that_case_and_no_other(desk: desks.Desk) -> None:
    case, other, reader = desk.accepted(), desk.accepted(), serving(desk, "吴远")
    with pytest.raises(NotFound):
        queries.case_by_token(reader, case.token)
    sent = {"by": desk.world.clerk, "case_id": case.id, "account_ids": [reader.account_id or 0]}
    assert services.send_copies(**sent, words="请知悉。") == 1
    assert services.send_copies(**sent) == 0
    assert queries.case_by_token(reader, case.token).id == case.id
    with pytest.raises(NotFound):
        queries.case_by_token(reader, other.token)
    with pytest.raises(NotAllowed):
        services.take_task(by=reader, task_id=desks.task_of(case).id)
    assert told(reader, "workflow.copy_given") == 1
    row = copies.copies_for(reader).get()
    assert (row.words, row.giver_name, copies.unread(reader)) == ("请知悉。", "孙洁", 1)


def test_a_copy_is_read_once_and_taken_back_by_who_sent_it(desk: desks.Desk) -> None:
    case, reader = desk.accepted(), serving(desk, "吴远")
    services.send_copies(by=desk.world.clerk, case_id=case.id, account_ids=[reader.account_id or 0])
    row = copies.copies_for(reader).get()
    for _again in range(2):
        workflow.read_copy(by=reader, copy_id=row.id)
    types = [entry.type for entry in ledger.timeline(("copy", row.id))]
    assert types == ["workflow.copy_read", "workflow.copy_given"]
    for stranger in (reader, desk.world.reviewer):
        with pytest.raises(NotFound):
            workflow.take_back_copy(by=stranger, copy_id=row.id)
    workflow.take_back_copy(by=desk.world.clerk, copy_id=row.id)
    with pytest.raises(NotFound):
        queries.case_by_token(reader, case.token)
    with pytest.raises(Conflict):
        workflow.take_back_copy(by=desk.world.clerk, copy_id=row.id)
    assert services.send_copies(by=desk.world.clerk, case_id=case.id, account_ids=[reader.account_id or 0]) == 1


def test_copies_stay_within_the_authority(desk: desks.Desk) -> None:
    case, reader = desk.accepted(), serving(desk, "吴远")
    elsewhere = identity.actor_for(people.officer(people.post(people.agency())))
    for stranger in (elsewhere.account_id, desk.world.applicant.account_id):
        with pytest.raises(Conflict) as refusal:
            services.send_copies(by=desk.world.clerk, case_id=case.id, account_ids=[stranger or 0])
        assert refusal.value.code == "cases.no_colleague"
    services.send_copies(by=desk.world.clerk, case_id=case.id, account_ids=[reader.account_id or 0])
    other = serving(desk, "郑洁")
    with pytest.raises(NotAllowed):
        services.send_copies(by=reader, case_id=case.id, account_ids=[other.account_id or 0])
    with pytest.raises(Invalid) as nobody:
        services.send_copies(by=desk.world.clerk, case_id=case.id, account_ids=[])
    assert list(nobody.value.by_path()) == ["to"]
