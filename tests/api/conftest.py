"""A little city with keys: the applicant's company, four officials with posts and rights, and a program for each."""

import datetime as dt
import itertools
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from factories import access, cases
from factories import identity as people
from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import SYSTEM, Actor
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity import services
from zhengtong.people.identity.models import ApiKey

COMPANY = "91110108MA01A00373"
RIGHTS = {
    "clerk": ("case.read", "task.clerk"),
    "reviewer": ("case.read", "task.reviewer"),
    "decider": ("case.read", "task.decider"),
    "head": ("case.read", "task.head", "case.extend", "case.terminate"),
}
_keys = itertools.count(1)


@dataclass
class Program:
    """An outside program with a key; it speaks JSON and chooses its idempotency keys."""

    secret: str
    acting_as: str = ""
    language: str = "zh-CN"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One request to /api/v1; `headers` by their HTTP names with underscores."""
        sent = {"Accept-Language": self.language, **{name.replace("_", "-"): text for name, text in headers.items()}}
        if self.secret:
            sent["Authorization"] = f"Bearer {self.secret}"
        if self.acting_as:
            sent["X-Acting-As"] = self.acting_as
        given = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        return Client(raise_request_exception=False).generic(method, f"/api/v1{path}", headers=sent, **given)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, key: str | None = None, **headers: str) -> Any:
        """A POST with a key of its own, unless told which."""
        return self.call("POST", path, {} if body is None else body,
                         **{"Idempotency_Key": key or f"key-{next(_keys)}"} | headers)  # fmt: skip

    def upload(self, name: str, content: bytes = cases.PDF, key: str | None = None) -> Any:
        """A file."""
        from django.core.files.uploadedfile import SimpleUploadedFile

        headers = {"Authorization": f"Bearer {self.secret}", "Idempotency-Key": key or f"key-{next(_keys)}"}
        if self.acting_as:
            headers["X-Acting-As"] = self.acting_as
        file = SimpleUploadedFile(name, content, "application/pdf")
        return Client(raise_request_exception=False).post("/api/v1/files", {"file": file}, headers=headers)


@dataclass
class City:
    """The world of tests/factories/cases.py and a program for each of its people."""

    world: cases.World
    applicant: Program
    stranger: Program
    clerk: Program
    reviewer: Program
    decider: Program
    head: Program
    nobody: Program

    @property
    def item(self) -> str:
        return str(self.world.item.token)

    def answers(self, **given: Any) -> dict[str, Any]:
        """Complete answers, with files uploaded by the applicant's program."""
        files = {
            name: [self.applicant.upload(f"{name}.pdf").json()["token"]] for name in ("floor_plan", "safety_rules")
        }
        return cases.answers(self.world.applicant) | files | given

    def apply(self, **given: Any) -> Any:
        """The answer to an application."""
        return self.applicant.post("/cases", {"item": self.item, "answers": self.answers(**given)})

    def task(self, who: str) -> dict[str, Any]:
        """The most urgent task of somebody."""
        found: dict[str, Any] = getattr(self, who).get("/tasks").json()["items"][0]
        return found

    def act(self, who: str, outcome: str, **entry: Any) -> Any:
        """Complete it."""
        path = f"/tasks/{self.task(who)['token']}/complete"
        return getattr(self, who).post(path, {"outcome": outcome, "entry": entry})


def program(account_id: int, *scopes: str, acting_as: str = "") -> Program:
    """A program with a key to an account; the key outlives every date of the tests."""
    account = identity.account(account_id)
    assert account is not None
    with at("2025-01-02 09:00"):
        issued = services.issue_api_key(by=SYSTEM, account=account, name="ERP", scopes=scopes, days=90)
    ApiKey.objects.filter(pk=issued.key.pk).update(expires_at=dt.datetime(2099, 1, 1, tzinfo=dt.UTC))
    return Program(issued.secret, acting_as)


def at(text: str) -> AbstractContextManager[None]:
    """Hold time still at a local instant."""
    return clock.frozen(dt.datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL_ZONE))


def _employ(actor: Actor, role: str) -> Program:
    agency = identity.organisation(actor.organisation_id or 0)
    assert agency is not None
    post = people.post(agency, name_zh=f"{role}岗")
    holder = identity.person(actor.person_id or 0)
    assert holder is not None
    people.tenure(holder, post)
    access.grant(
        access.role(*RIGHTS[role]), post=post, organisation=agency, valid_from=dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    )
    return program(actor.account_id or 0, "read", "handle")


@pytest.fixture
def city(db: None) -> City:
    """The city on 2 January 2025."""
    cache.clear()
    world = cases.world()
    company = identity.organisation_by_uscc(COMPANY)
    agent = identity.person(world.applicant.person_id or 0)
    assert agent is not None
    people.mandate(agent, principal_organisation=company)
    return City(
        world=world,
        applicant=program(world.applicant.account_id or 0, "read", "apply", acting_as=f"org:{COMPANY}"),
        stranger=program(people.account().id, "read", "apply"),
        nobody=Program(""),
        **{role: _employ(getattr(world, role), role) for role in RIGHTS},
    )


@pytest.fixture
def submitted(city: City) -> Callable[[str], dict[str, Any]]:
    """Makes one application at an instant; answers its receipt."""

    def submit(when: str) -> dict[str, Any]:
        with at(when):
            answer = city.apply()
        assert answer.status_code == 201, answer.content.decode()
        receipt: dict[str, Any] = answer.json()
        return receipt

    return submit
