"""One little city at its desk: officials with real roles who sign in, and cases brought to any step."""

import dataclasses
import datetime as dt
from typing import Any

from django.test import Client

from factories import access
from factories import cases as made
from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow.queries import open_task
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.adapter import SESSION_MARK
from zhengtong.people.identity.models import Account, Organisation

ROLES = {
    "clerk": ("case.read", "task.clerk"),
    "reviewer": ("case.read", "task.reviewer", "pi.full"),
    "decider": ("case.read", "task.decider"),
    "head": ("case.read", "task.head", "case.extend", "case.terminate"),
}

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@dataclasses.dataclass(frozen=True)
class Desk:
    """The world of the cases' tests, its officials able to sign in."""

    world: made.World

    @property
    def agency(self) -> Organisation:
        return Organisation.objects.get(id=self.world.agency_id)

    def again(self, who: str) -> Actor:
        """An official with what he has been granted since."""
        return identity.actor_for(Account.objects.get(id=getattr(self.world, who).account_id))

    def client(self, who: str) -> Client:
        return signed_in(getattr(self.world, who))

    def case(self, **given: Any) -> Case:
        answers = made.answers(self.world.applicant, **given)
        receipt = services.submit_application(by=self.world.applicant, item_id=self.world.item.id, answers=answers)
        return Case.objects.get(id=receipt.case_id)

    def act(self, who: str, outcome: str, case: Case, **entry: object) -> None:
        services.act(by=getattr(self.world, who), task_id=task_of(case).id, outcome=outcome, entry=entry)

    def colleague(self, role: str, name: str = "郑洁") -> Actor:
        """Another official of the same role at the agency, with the grants of a deployment."""
        found = made.officer(self.world.agency_id, name)
        give(found, Organisation.objects.get(id=self.world.agency_id), "case.read", f"task.{role}")
        return identity.actor_for(Account.objects.get(id=found.account_id))

    def reviewed(self) -> Case:
        """A case that waits for its decision."""
        case = self.accepted()
        self.act("reviewer", "propose_approve", case, opinion="材料齐全，建议准予许可。")
        return case

    def accepted(self) -> Case:
        case = self.case()
        self.act("clerk", "accept", case)
        return case


def desk() -> Desk:
    """A fresh city whose officials hold their roles through grants, as in a deployment."""
    world = made.world()
    agency = Organisation.objects.get(id=world.agency_id)
    for who, permissions in ROLES.items():
        give(getattr(world, who), agency, *permissions)
    return Desk(world)


def give(actor: Actor, agency: Organisation, *permissions: str) -> None:
    """Grant permissions over an agency to an official's account."""
    account = Account.objects.get(id=actor.account_id)
    access.grant(access.role(*permissions), account=account, organisation=agency, valid_from=LONG_AGO)


def signed_in(actor: Actor) -> Client:
    """A browser in which this official is signed in."""
    account = Account.objects.get(id=actor.account_id)
    client = Client(HTTP_HOST="localhost")
    client.force_login(account)
    session = client.session
    session[SESSION_MARK] = account.session_mark
    session.save()
    return client


def task_of(case: Case) -> Any:
    task = open_task("case", case.id)
    assert task is not None
    return task


def at(text: str) -> Any:
    """Hold time still at a local instant."""
    return clock.frozen(dt.datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL_ZONE))
