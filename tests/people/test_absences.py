"""Substitution during absence (代理): from the first day to the last, of tasks and nothing else, never in a circle."""

import datetime as dt
from typing import Any

import pytest

from factories import access as roles
from factories import desks
from factories import identity as people
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, NotFound
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.ledger.services import deliver_outbox
from zhengtong.foundation.messages import queries as messages
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import services as cases
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow.models import Task
from zhengtong.people.access import services
from zhengtong.people.access.models import Absence
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.models import Account, Organisation

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2025, 3, 17), dt.date(2025, 3, 21)


class Office:
    """An agency whose reviewer, of a post of his own, goes away, and a colleague whose post permits nothing."""

    def __init__(self) -> None:
        self.desk = desks.desk()
        self.agency = Organisation.objects.get(id=self.desk.world.agency_id)
        self.absent = self.officer("李雷", "case.read", "task.reviewer", "pi.full")
        self.colleague = self.officer("韩梅梅", "case.read")

    def officer(self, name: str, *permissions: str) -> Account:
        post = people.post(self.agency, name_zh=f"{name}岗")
        if permissions:
            roles.grant(roles.role(*permissions), post=post, organisation=self.agency, valid_from=desks.LONG_AGO)
        return people.officer(post, holder=people.person(name=name))

    def enter(self, by: Actor | None = None, **given: Any) -> Absence:
        told = {
            "account_id": self.absent.pk, "organisation_id": self.agency.pk, "substitute_id": self.colleague.pk,
            "begins_on": FIRST, "ends_on": LAST, "reason": "年休假",
        }  # fmt: skip
        return services.enter_absence(by=by or actor(self.absent), **told | given)


def actor(account: Account) -> Actor:
    return identity.actor_for(account)


@pytest.fixture
def office():
    with desks.at("2025-03-13 14:20"):
        yield Office()


def may_review(account: Account, case: Case) -> bool:
    return workflow.in_reach(actor(account), desks.task_of(case))


def test_the_substitute_may_do_his_tasks_from_the_first_day_to_the_last(office: Office) -> None:
    case = office.desk.accepted()
    office.enter()
    assert not may_review(office.colleague, case)
    for instant, may in (
        ("2025-03-16 23:59", False), ("2025-03-17 00:00", True),
        ("2025-03-21 23:59", True), ("2025-03-22 00:00", False),
    ):  # fmt: skip
        with desks.at(instant):
            assert may_review(office.colleague, case) is may, instant
            assert bool(workflow.queues_of(actor(office.colleague), ["reviewer"])) is may, instant
    assert may_review(office.absent, case)


def test_an_actor_at_work_when_it_ends_loses_it_that_instant(office: Office) -> None:
    case = office.desk.accepted()
    office.enter()
    with desks.at("2025-03-21 23:59"):
        by = actor(office.colleague)
        assert workflow.in_reach(by, desks.task_of(case))
    with desks.at("2025-03-22 00:00"):
        assert not workflow.in_reach(by, desks.task_of(case))
        assert by.stands_in_for() == frozenset()


def test_nothing_but_tasks_is_lent(office: Office) -> None:
    office.enter()
    with desks.at("2025-03-17 09:00"):
        lent = {grant.permission for grant in actor(office.colleague).grants if grant.lent_by}
    assert lent == {"case.read", "task.reviewer", "task.in_person"}


def test_what_is_done_says_for_whom(office: Office) -> None:
    case = office.desk.accepted()
    office.enter()
    with desks.at("2025-03-17 09:00"):
        by = actor(office.colleague)
        task = desks.task_of(case)
        cases.act(by=by, task_id=task.id, outcome="propose_approve", entry={"opinion": "符合条件"})
        done = Task.objects.get(id=task.id)
        assert (done.state, done.assignee_name, done.absent_name) == ("done", "韩梅梅", "李雷")
        assert done.holder == "韩梅梅代李雷"
        case.refresh_from_db()
        assert case.reviewer_id == by.account_id
        entries = ledger.timeline(("process", case.process_id or 0))
        told = [entry.payload or {} for entry in entries if entry.type == "workflow.task_stood_in"]
        assert [(each["from"], each["to"]) for each in told] == [("李雷", "韩梅梅")]


class TestWhatWasAskedOfHimByName:
    """加签 and 委派 are put to a person; while he is away his substitute answers them, and nobody else."""

    def asked(self, office: Office) -> tuple[Case, Account, Task]:
        """A question put to an official whose post permits nothing, and who goes away."""
        case, expert = office.desk.accepted(), office.officer("吴远")
        reviewer = office.desk.world.reviewer
        task = desks.task_of(case)
        cases.ask_colleagues(by=reviewer, task_id=task.id, account_ids=[expert.pk], reason="消防条件如何？")
        office.enter(by=actor(expert), account_id=expert.pk)
        return case, expert, Task.objects.get(who_id=expert.pk)

    def test_the_substitute_sees_and_answers_it_from_the_first_day_to_the_last(self, office: Office) -> None:
        case, expert, question = self.asked(office)
        stranger = actor(office.officer("何静"))
        for instant, may in (("2025-03-16 23:59", False), ("2025-03-17 00:00", True), ("2025-03-22 00:00", False)):
            with desks.at(instant):
                by = actor(office.colleague)
                assert workflow.asked_in_person(by, "case", case.id) is may, instant
                assert [each.id for each in workflow.asked_of(by)] == ([question.id] if may else []), instant
                assert workflow.visible_to(by).filter(id=question.id).exists() is may, instant
                assert workflow.in_reach(by, question) is may, instant
        with desks.at("2025-03-17 09:00"):
            assert not workflow.asked_in_person(stranger, "case", case.id)
            with pytest.raises(NotAllowed):
                cases.give_opinion(by=stranger, task_id=question.id, words="同意。")
            cases.give_opinion(by=actor(office.colleague), task_id=question.id, words="消防合格。")
            done = Task.objects.get(id=question.id)
            assert (done.state, done.holder, done.words) == ("done", "韩梅梅代吴远", "消防合格。")
            assert not Task.objects.get(id=question.asker_id).held
            entries = ledger.timeline(("process", case.process_id or 0))
            assert [each.payload["to"] for each in entries if each.type == "workflow.task_stood_in"] == ["韩梅梅"]
            assert not workflow.asked_in_person(actor(office.colleague), "case", case.id)
            with pytest.raises(Conflict):
                cases.give_opinion(by=actor(expert), task_id=question.id, words="同意。")

    def test_what_he_took_in_hand_is_again_his_who_was_asked(self, office: Office) -> None:
        _case, expert, question = self.asked(office)
        with desks.at("2025-03-18 09:00"):
            cases.take_task(by=actor(office.colleague), task_id=question.id)
            assert Task.objects.get(id=question.id).holder == "韩梅梅代吴远"
        with desks.at("2025-03-24 09:00"):
            with pytest.raises(NotAllowed):
                cases.give_opinion(by=actor(office.colleague), task_id=question.id, words="消防合格。")
            cases.give_opinion(by=actor(expert), task_id=question.id, words="消防不合格。")
        assert Task.objects.get(id=question.id).holder == "吴远"

    def test_only_in_the_organisation_from_which_he_is_away(self, office: Office) -> None:
        _case, _expert, question = self.asked(office)
        Task.objects.filter(id=question.id).update(agency_id=office.agency.pk + 1)
        with desks.at("2025-03-17 09:00"):
            by = actor(office.colleague)
            assert not workflow.visible_to(by).filter(id=question.id).exists()
            with pytest.raises(NotAllowed):
                cases.give_opinion(by=by, task_id=question.id, words="消防合格。")

    def test_whoever_reviewed_answers_nothing_about_the_decision(self, office: Office) -> None:
        case, expert = office.desk.case(), office.officer("吴远")
        office.desk.act("clerk", "accept", case)
        cases.act(
            by=actor(office.absent),
            task_id=desks.task_of(case).id,
            outcome="propose_approve",
            entry={"opinion": "同意。"},
        )
        task = desks.task_of(case)
        decider = office.desk.world.decider
        cases.ask_colleagues(by=decider, task_id=task.id, account_ids=[expert.pk], reason="如何决定？")
        office.enter(by=actor(expert), account_id=expert.pk, substitute_id=office.absent.pk)
        question = Task.objects.get(who_id=expert.pk)
        with desks.at("2025-03-17 09:00"), pytest.raises(NotAllowed) as refusal:
            cases.give_opinion(by=actor(office.absent), task_id=question.id, words="应当准予。")
        assert refusal.value.code == "cases.same_person"


@pytest.mark.parametrize("verb", ["act", "take", "hand_on"])
def test_what_lay_in_his_hands_passes_over(office: Office, verb: str) -> None:
    case = office.desk.accepted()
    task = desks.task_of(case)
    cases.take_task(by=actor(office.absent), task_id=task.id)
    office.enter()
    with desks.at("2025-03-18 09:00"):
        by = actor(office.colleague)
        wanted = workflow.Wanted(dt.date(2025, 3, 18), holder="me", account_id=by.account_id, away=by.stands_in_for())
        assert [each.id for each in workflow.inbox(workflow.queues_of(by, ["reviewer"]), wanted=wanted)] == [task.id]
        if verb == "act":
            cases.act(by=by, task_id=task.id, outcome="propose_approve", entry={"opinion": "符合条件"})
        elif verb == "take":
            cases.take_task(by=by, task_id=task.id)
            assert Task.objects.get(id=task.id).holder == "韩梅梅代李雷"
        else:
            to = office.desk.colleague("reviewer")
            cases.transfer_task(by=by, task_id=task.id, account_id=to.account_id or 0, capacity="", reason="请办理")
            assert Task.objects.get(id=task.id).holder == "郑洁"


def test_who_has_the_right_himself_acts_for_himself(office: Office) -> None:
    case, other = office.desk.accepted(), office.officer("吴远", "case.read", "task.reviewer")
    office.enter(substitute_id=other.pk)
    with desks.at("2025-03-17 09:00"):
        task = desks.task_of(case)
        cases.act(by=actor(other), task_id=task.id, outcome="propose_approve", entry={"opinion": "符合条件"})
        assert Task.objects.get(id=task.id).holder == "吴远"


def test_who_reviewed_does_not_decide_for_another(office: Office) -> None:
    decider, reviewer = office.officer("王丽", "case.read", "task.decider"), office.officer("吴远", "task.reviewer")
    case = office.desk.accepted()
    cases.act(by=actor(reviewer), task_id=desks.task_of(case).id, outcome="propose_approve", entry={"opinion": "符合"})
    office.enter(by=actor(decider), account_id=decider.pk, substitute_id=reviewer.pk)
    with desks.at("2025-03-17 09:00"), pytest.raises(NotAllowed) as refusal:
        cases.act(by=actor(reviewer), task_id=desks.task_of(case).id, outcome="approve", entry={"reasons": "符合条件"})
    assert refusal.value.code == "cases.same_person"


def test_a_second_absence_a_circle_and_a_chain_are_refused(office: Office) -> None:
    office.enter()
    third = office.officer("吴远", "case.read")
    for code, given in {
        "access.absence_overlaps": {"substitute_id": third.pk, "begins_on": LAST, "ends_on": LAST},
        "access.absent_stands_in": {"account_id": office.colleague.pk, "substitute_id": office.absent.pk},
        "access.substitute_away": {"account_id": third.pk, "substitute_id": office.absent.pk},
    }.items():
        by = Account.objects.get(pk=given.get("account_id", office.absent.pk))
        with pytest.raises(Conflict) as refusal:
            office.enter(by=actor(by), **given)
        expected = "access.substitute_away" if code == "access.absent_stands_in" else code
        assert refusal.value.code == expected
        assert "2025-03-17" in str(refusal.value.message)
    with pytest.raises(Conflict) as chain:
        office.enter(by=actor(office.colleague), account_id=office.colleague.pk, substitute_id=third.pk)
    assert chain.value.code == "access.absent_stands_in"
    after = {"begins_on": LAST + dt.timedelta(days=1), "ends_on": LAST + dt.timedelta(days=1)}
    assert office.enter(
        by=actor(office.colleague), account_id=office.colleague.pk, substitute_id=office.absent.pk, **after
    )


def test_roles_that_must_not_meet_do_not_meet_in_a_substitute(office: Office) -> None:
    one = roles.role("task.decider")
    other = roles.role("task.clerk", exclusive_with=[one])
    first, second = (people.officer(people.post(self_org), holder=people.person()) for self_org in [office.agency] * 2)
    roles.grant(one, account=first, organisation=office.agency)
    roles.grant(other, account=second, organisation=office.agency)
    with pytest.raises(Conflict) as refusal:
        office.enter(by=actor(first), account_id=first.pk, substitute_id=second.pk)
    assert refusal.value.code == "access.exclusive"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"begins_on": None}, "begins_on"),
        ({"begins_on": dt.date(2025, 3, 12)}, "begins_on"),
        ({"ends_on": None}, "ends_on"),
        ({"ends_on": dt.date(2025, 3, 16)}, "ends_on"),
        ({"ends_on": dt.date(2026, 3, 18)}, "ends_on"),
        ({"reason": "长" * 201}, "reason"),
        ({"substitute_id": 1}, "to"),
    ],
)
def test_what_lacks_is_said_beside_its_field(office: Office, given: dict[str, Any], path: str) -> None:
    with pytest.raises(Invalid) as refusal:
        office.enter(**given)
    assert list(refusal.value.by_path()) == [path]
    assert not Absence.objects.exists()


def test_only_who_keeps_the_office_enters_it_for_another(office: Office) -> None:
    keeper = office.officer("周正", "absence.manage")
    with pytest.raises(NotAllowed):
        office.enter(by=actor(office.colleague))
    row = office.enter(by=actor(keeper))
    with pytest.raises(NotFound):
        services.end_absence(by=office.desk.world.clerk, absence_id=row.pk)
    with pytest.raises(NotAllowed):
        services.end_absence(by=actor(office.colleague), absence_id=row.pk)
    services.end_absence(by=actor(keeper), absence_id=row.pk)


def test_it_can_be_ended_early_and_leaves_its_trace(office: Office) -> None:
    case, row = office.desk.accepted(), office.enter()
    deliver_outbox()
    mine = [each.params for each in messages.visible_to(actor(office.colleague))]
    assert {"name": "李雷", "begins_on": "2025-03-17", "ends_on": "2025-03-21"} in mine
    with desks.at("2025-03-18 09:00"):
        services.end_absence(by=actor(office.absent), absence_id=row.pk)
        assert not may_review(office.colleague, case)
        with pytest.raises(Conflict):
            services.end_absence(by=actor(office.absent), absence_id=row.pk)
    types = [entry.type for entry in ledger.timeline(("absence", row.pk))]
    assert types == ["access.absence_ended", "access.absence_entered"]


def test_what_is_denied_to_himself_he_does_not_lend(office: Office) -> None:
    case = office.desk.accepted()
    roles.grant(
        roles.role("task.reviewer"), account=office.absent, organisation=office.agency, deny=True,
        valid_from=desks.LONG_AGO,
    )  # fmt: skip
    office.enter()
    with desks.at("2025-03-17 09:00"):
        assert not may_review(office.colleague, case)
