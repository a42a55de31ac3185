"""A case whose review several sign (会签), with colleagues who serve at its authority."""

import pytest

from factories import desks, versions
from factories import identity as people
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import services
from zhengtong.matters.cases.choices import State
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow.choices import Asked
from zhengtong.matters.workflow.models import Process, Task
from zhengtong.people.access.models import Absence
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.models import Account, Organisation

WHY = "此件涉及消防，请一并签署。"
OPINION = "材料齐全，建议准予许可。"


class Round:
    """A case whose review several sign."""

    def __init__(self, desk: desks.Desk | None = None) -> None:
        self.desk = desk or desks.desk()
        self.case = self.desk.case()
        self.one = self.desk.world.reviewer
        self.two, self.three = self.serving("郑洁"), self.serving("吴远")

    def serving(self, name: str, *roles: str) -> Actor:
        found = self.desk.colleague("reviewer", name)
        for role in roles:
            desks.give(found, self.agency, f"task.{role}")
        account = Account.objects.get(id=found.account_id)
        assert account.person is not None
        people.tenure(account.person, people.post(self.agency, name_zh=f"{name}岗"))
        return self.now(found)

    @property
    def agency(self) -> Organisation:
        return Organisation.objects.get(id=self.desk.world.agency_id)

    def now(self, who: Actor) -> Actor:
        """An official with what he is lent today."""
        return identity.actor_for(Account.objects.get(id=who.account_id))

    def begin(self, *listed: Actor, count: int = 3, in_turn: bool = False, sign: str = "all") -> None:
        """The review begins: for those who are listed, else for so many of the post."""
        source = versions.process_of(self.case).definition_id
        if listed:
            Process.objects.filter(id=self.case.process_id).update(
                data=versions.process_of(self.case).data | {"staff": [f"account:{each.account_id}" for each in listed]}
            )
            versions.run_as(self.case, versions.signed_by(source, in_turn=in_turn, sign=sign))
        else:
            versions.run_as(self.case, versions.cosigned(source, count))
        self.desk.act("clerk", "accept", self.case)

    def away(self, absent: Actor, substitute: Actor) -> Absence:
        today = clock.today()
        accounts = {"account_id": absent.account_id, "substitute_id": substitute.account_id}
        return Absence.objects.create(**accounts, organisation=self.agency, begins_on=today, ends_on=today)

    @property
    def open(self) -> list[Task]:
        return list(workflow.open_tasks("case", self.case.id).filter(element="review"))

    @property
    def holders(self) -> list[str]:
        return [task.holder for task in self.open]

    @property
    def state(self) -> State:
        return State(Case.objects.values_list("state", flat=True).get(id=self.case.id))

    def add(self, by: Actor, *to: Actor, way: Asked = Asked.ALONGSIDE, task: Task | None = None) -> None:
        keys = [each.account_id or 0 for each in to]
        given = task or self.open[0]
        services.ask_colleagues(by=self.now(by), task_id=given.id, account_ids=keys, reason=WHY, way=way)

    def sign(self, by: Actor, task: Task | None = None, outcome: str = "propose_approve") -> None:
        given = task or self.open[0]
        services.act(by=self.now(by), task_id=given.id, outcome=outcome, entry={"opinion": OPINION})

    def refused(self, by: Actor, task: Task | None = None) -> str:
        with pytest.raises(Conflict) as refusal:
            self.sign(by, task)
        return refusal.value.code

    def not_added(self, by: Actor, *to: Actor, way: Asked = Asked.ALONGSIDE) -> str:
        before = self.holders
        with pytest.raises(Conflict) as refusal:
            self.add(by, *to, way=way)
        assert self.holders == before
        return refusal.value.code
