"""The three administrators, each signed in to the console with a browser of his own."""

from dataclasses import dataclass

import pytest
from django.test import Client

from factories import access as give
from factories import identity as make
from zhengtong.foundation.core.shared import is_shared
from zhengtong.foundation.policy import SYSTEM, Actor
from zhengtong.people.access import services
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.models import Account


@dataclass
class Administrator:
    """One of the three, with his browser."""

    account: Account
    browser: Client

    @property
    def actor(self) -> Actor:
        return identity.actor_for(Account.objects.get(pk=self.account.pk))

    def get(self, path: str, status: int = 200):
        answer = self.browser.get(f"/console/{path}")
        assert answer.status_code == status, answer.content.decode()[:2000]
        return answer

    def post(self, path: str, status: int = 302, **typed):
        answer = self.browser.post(f"/console/{path}", typed)
        assert answer.status_code == status, answer.content.decode()[-3000:]
        return answer


def administrator(kind: str, settings) -> Administrator:
    settings.ZT_REQUIRE_STAFF_MFA = False
    role = services.install_roles(by=SYSTEM)[f"{kind}_admin"]
    account = make.account("admin")
    give.grant(role, account=account, scope="all")
    return Administrator(account, signed_in(account, settings))


def signed_in(account: Account, settings) -> Client:
    settings.ZT_REQUIRE_STAFF_MFA = False
    browser = Client(HTTP_HOST="localhost")
    answer = browser.post("/account/login/", {"login": account.username, "password": make.PASSWORD})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return browser


@pytest.fixture(autouse=True)
def _fresh_rate_limits():
    from django.core.cache import cache

    if not is_shared():  # what the database keeps goes with the test
        cache.clear()


@pytest.fixture
def system(settings) -> Administrator:
    return administrator("sys", settings)


@pytest.fixture
def security(settings) -> Administrator:
    return administrator("sec", settings)


@pytest.fixture
def audit(settings) -> Administrator:
    return administrator("audit", settings)
