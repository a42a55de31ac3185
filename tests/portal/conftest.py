"""A little city, a citizen at its door, and his case at any moment of scenario S03."""

import dataclasses
import datetime as dt
import html
import json
import pathlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from factories import cases as made
from factories import identity as people
from zhengtong.foundation.core import clock
from zhengtong.foundation.files.signing import ensure_signing_key
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case
from zhengtong.matters.workflow.queries import open_task
from zhengtong.people.identity.adapter import SESSION_CAPACITY
from zhengtong.people.identity.models import Account
from zhengtong.people.identity.queries import Mandate
from zhengtong.records.registers.services import enter_record

SITUATION = {"kind_of_request": "new", "activity": "catering", "business_licence": "held", "operations": "hot"}


def at(text: str) -> AbstractContextManager[None]:
    """Hold time still at a local instant."""
    return clock.frozen(dt.datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL_ZONE))


@dataclasses.dataclass
class City:
    """The world of the cases' factory, with the applicant as somebody who can sign in."""

    world: made.World
    account: Account
    mandate: Mandate
    codes: dict[int, str] = dataclasses.field(default_factory=dict)

    @property
    def guide(self) -> str:
        return f"/services/{self.world.item.token}/"

    def act(self, who: str, outcome: str, case_id: int, **entry: object) -> None:
        """An official completes the open task of a case."""
        task = open_task("case", case_id)
        assert task is not None
        services.act(by=getattr(self.world, who), task_id=task.id, outcome=outcome, entry=entry)

    def submitted(self, when: str = "2025-03-03 10:02", **given: Any) -> Case:
        """A case of the applicant's company, handed in."""
        with at(when):
            receipt = services.submit_application(
                by=self.world.applicant, item_id=self.world.item.id, answers=made.answers(self.world.applicant, **given)
            )
        self.codes[receipt.case_id] = receipt.query_code
        return Case.objects.get(id=receipt.case_id)

    def draft(self, **given: Any) -> Any:
        """A draft of the applicant."""
        return services.start_draft(by=self.world.applicant, item_id=self.world.item.id, situation=SITUATION, **given)

    def answers(self, **given: Any) -> dict[str, Any]:
        """Complete answers with files of the applicant."""
        return made.answers(self.world.applicant, **given)


def city() -> City:
    """The agency, the food licence, 京味餐饮 with what registers know of it, and its representative 张三."""
    world = made.world()
    account = Account.objects.select_related("person").get(id=world.applicant.account_id)
    company = int((world.applicant.on_behalf_of or "").partition(":")[2])
    principal = people.services.organisations.Organisation.objects.get(id=company)
    mandate = people.mandate(account.person, principal_organisation=principal)
    registered(company)
    return City(
        dataclasses.replace(world, applicant=dataclasses.replace(world.applicant, mandate_id=mandate.pk)),
        account,
        mandate,
    )


def registered(company: int) -> None:
    """What the registers hold of the company."""
    subject, since = ("organisation", company), dt.date(2024, 1, 1)
    enter_record(
        by=SYSTEM,
        register="business-licence",
        subject=subject,
        number="91110108MA01A00373",
        valid_from=since,
        data={
            "name": "京味餐饮有限公司",
            "credit_code": "91110108MA01A00373",
            "address": "北京市示范区和平路 18 号 1 层 102 室",
            "legal_representative": "张三",
            "representative_number": "110108199003070024",
        },
    )
    enter_record(
        by=SYSTEM,
        register="real-estate",
        subject=subject,
        number="京(2024)示不动产权第0001号",
        valid_from=since,
        data={"address": "示范区和平路 18 号 1 层 102 室", "area": 80, "right": "所有权"},
    )


@pytest.fixture(autouse=True)
def _fresh_caches(db: None) -> Iterator[None]:
    caches["default"].clear()
    caches["near"].clear()
    yield
    caches["near"].clear()


@pytest.fixture
def town(db: None, stores: pathlib.Path) -> City:
    return city()


@pytest.fixture
def stores(settings: Any, tmp_path: pathlib.Path) -> pathlib.Path:
    """Files and the key that signs papers lie in a folder of the test's own."""
    settings.VAR = settings.ZT_FILES = tmp_path
    ensure_signing_key()
    return tmp_path


@pytest.fixture
def visitor() -> Client:
    """Somebody who is not signed in."""
    return Client(HTTP_HOST="localhost")


@pytest.fixture
def citizen(town: City) -> Client:
    """张三, signed in and acting for his company."""
    return signed_in(town.account, f"mandate:{town.mandate.pk}")


def signed_in(account: Account, capacity: str = "self") -> Client:
    """A browser in which somebody is signed in."""
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(account, backend="zhengtong.people.identity.adapter.Backend")
    session = browser.session
    session[SESSION_CAPACITY] = capacity
    session.save()
    return browser


def seal() -> None:
    """Bring what happened into the public log."""
    ledger.seal_all()


def as_posted(answers: dict[str, Any], form: Any, keys: Any = None) -> dict[str, Any]:
    """Answers as a browser would post them; files stay out."""
    from zhengtong.engines.forms import Kind, flatten

    chosen = {
        key: value
        for key, value in answers.items()
        if form.fields[key].kind is not Kind.FILES and (keys is None or key in keys)
    }
    posted: dict[str, Any] = {}
    for name, value in flatten(form, chosen):
        posted.setdefault(name, []).append(value)
    return posted


def address(draft: Any, page: str) -> str:
    """Where a page of a draft lies."""
    return f"/apply/{draft.token}/page/{page}/"


def page_text(answer: Any) -> str:
    """A page as its reader reads it, marks resolved."""
    return html.unescape(answer.content.decode())


def problem(response: Any) -> str:
    """What a page said, for a failing test."""
    return json.dumps({"status": response.status_code, "to": response.headers.get("Location", "")})
