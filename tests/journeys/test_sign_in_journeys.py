"""Signing in for real: a passkey made and used by the browser itself, an official's second factor, recovery codes."""

import re
import time as wall
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from playwright.sync_api import Page, expect

from factories import identity as make
from journeys.conftest import PHONE, Visitor
from zhengtong.foundation.ledger.queries import timeline
from zhengtong.people.identity.models import Account

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

HOME = re.compile(r"^http://[^/]+/$")
KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
"""A phone that has just read its owner's finger."""


@pytest.fixture(autouse=True)
def _nothing_tried_before() -> None:
    cache.clear()


class Person:
    """Somebody at a browser: types, presses, reads; keeps what the browser complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.set_default_timeout(10_000)
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._keys = page.context.new_cdp_session(page)
        self._keys.send("WebAuthn.enable")

    def carry_a_key(self) -> str:
        """Plug a virtual authenticator into the browser; its id."""
        return str(self._keys.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"])

    def lose_the_key(self, key: str) -> None:
        """Pull it out again."""
        self._keys.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})

    def kept_on(self, key: str) -> list[dict[str, Any]]:
        """The credentials the authenticator holds."""
        found: list[dict[str, Any]] = self._keys.send("WebAuthn.getCredentials", {"authenticatorId": key})[
            "credentials"
        ]
        return found

    def give_name_and_password(self, account: Account) -> None:
        self.page.goto("/account/login/")
        self.page.locator("[name=login]").fill(account.username)
        self.page.locator("[name=password]").fill(make.PASSWORD)
        self.page.locator("[name=password]").press("Enter")

    def confirm_password(self) -> None:
        """Where one's own account is to be changed, the password is asked again."""
        self.page.wait_for_url("**/account/reauthenticate/**")
        self.page.locator("[name=password]").fill(make.PASSWORD)
        self.page.locator("[name=password]").press("Enter")

    def sign_out(self) -> None:
        self.page.goto("/account/")
        self.page.locator("main form[action='/account/logout/'] button").click()
        self.page.wait_for_url(HOME)

    def close_the_browser(self) -> None:
        """The session ends with it."""
        self.page.context.clear_cookies()

    def give_code(self, code: str) -> None:
        """Answer the page that asks for a second factor."""
        self.page.wait_for_url("**/account/2fa/authenticate/")
        self.page.locator("[name=code]").fill(code)
        self.page.locator("[name=code]").press("Enter")


def code(secret: str, *, ahead: int = 0) -> str:
    """What the authenticator app shows now, or `ahead` periods later (no code is taken twice)."""
    return str(format_hotp_value(hotp_value(secret, int(wall.time()) // 30 + ahead)))


def happened(account: Account) -> list[str]:
    """Types of what the ledger holds about the account, oldest first."""
    return [entry.type for entry in reversed(timeline(("account", account.pk)))]


def test_a_citizen_adds_a_passkey_and_signs_in_with_it_alone(visit: Visitor) -> None:
    account = make.account()
    citizen = Person(visit(PHONE))
    key = citizen.carry_a_key()
    page = citizen.page

    citizen.give_name_and_password(account)
    page.goto("/account/2fa/webauthn/add/")
    citizen.confirm_password()
    page.locator("[name=name]").fill("我的手机")
    page.locator("[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/account/2fa/recovery-codes/**")
    assert [credential["isResidentCredential"] for credential in citizen.kept_on(key)] == [True]
    page.goto("/account/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("我的手机")

    citizen.sign_out()
    page.goto("/account/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(HOME)
    page.goto("/account/")
    expect(page.locator("main")).to_contain_text("王小明")
    assert timeline(("account", account.pk))[0].payload == {"method": "mfa"}
    assert citizen.complaints == []


def test_an_official_must_add_a_second_factor_and_signs_in_with_it(visit: Visitor, settings: Any) -> None:
    settings.ZT_REQUIRE_STAFF_MFA = True
    account = make.officer()
    official = Person(visit())
    page = official.page

    official.give_name_and_password(account)
    page.wait_for_url("**/account/2fa/")  # the desk sends him here
    expect(page.locator(".zt-notice").last).to_contain_text("第二重验证")
    page.locator("main a[href='/account/2fa/totp/activate/']").click()
    official.confirm_password()
    secret = page.locator("#authenticator_secret").input_value()
    page.locator("[name=code]").fill("000000")
    page.locator("[name=code]").press("Enter")
    expect(page.locator(".zt-error-summary")).to_be_visible()
    assert page.locator("#authenticator_secret").input_value() == secret  # a slip does not change the secret
    page.locator("[name=code]").fill(code(secret))
    page.locator("[name=code]").press("Enter")
    page.wait_for_url("**/account/2fa/recovery-codes/**")
    spare = page.locator("#recovery_codes").input_value().split()
    assert len(set(spare)) == len(spare) == 10
    page.goto("/desk/")
    page.wait_for_url("**/desk/")
    assert "identity.account_factor_changed" in happened(account)

    official.sign_out()
    official.give_name_and_password(account)
    official.give_code("000000")
    expect(page.locator(".zt-error-summary")).to_be_visible()
    page.goto("/desk/")  # the password alone opens nothing: he is asked again
    official.give_code(code(secret, ahead=1))
    page.wait_for_url("**/desk/")

    for taken in (True, False):
        official.close_the_browser()
        official.give_name_and_password(account)
        official.give_code(spare[0])
        if taken:
            page.wait_for_url("**/desk/")
            continue
        expect(page.locator(".zt-error-summary")).to_be_visible()
        official.give_code(spare[1])
        page.wait_for_url("**/desk/")
    assert official.complaints == []


def test_a_key_is_a_second_factor_and_one_who_lost_it_is_told(visit: Visitor, settings: Any) -> None:
    settings.ZT_REQUIRE_STAFF_MFA = True
    account = make.officer()
    official = Person(visit())
    key = official.carry_a_key()
    page = official.page

    official.give_name_and_password(account)
    page.wait_for_url("**/account/2fa/")
    page.locator("main a[href='/account/2fa/webauthn/add/']").click()
    official.confirm_password()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/account/2fa/recovery-codes/**")
    official.sign_out()
    official.give_name_and_password(account)
    page.wait_for_url("**/account/2fa/authenticate/")
    page.locator("#mfa_webauthn_authenticate").click()
    page.wait_for_url("**/desk/")

    official.close_the_browser()
    official.lose_the_key(key)
    official.carry_a_key()
    official.give_name_and_password(account)
    page.wait_for_url("**/account/2fa/authenticate/")
    page.locator("#mfa_webauthn_authenticate").click()
    expect(page.get_by_role("alert")).to_contain_text("密钥未能使用")
    assert official.complaints == []
