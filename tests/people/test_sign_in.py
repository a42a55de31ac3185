"""Signing in: passwords, lockout, second factors, sessions, capacities; drawn in the house's own pages."""

import datetime as dt
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client

from factories import identity as make
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Invalid, Unavailable
from zhengtong.foundation.ledger.models import Event
from zhengtong.foundation.policy import SYSTEM, Actor
from zhengtong.people.identity import services, validators
from zhengtong.people.identity.models import Account, FormerPassword

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_rate_limits():
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def browser():
    return Client(HTTP_HOST="localhost")


def sign_in(browser, account, password=make.PASSWORD, **more):
    return browser.post("/account/login/", {"login": account.username, "password": password}, **more)


def confirm(browser, password=make.PASSWORD):
    return browser.post("/account/reauthenticate/", {"password": password})


def signed_in(browser):
    return browser.get("/account/").status_code == 200


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def enrol(account):
    """A second factor for the account; answers its secret."""
    from allauth.mfa.adapter import get_adapter

    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    Authenticator.objects.create(
        user=account, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(secret)}
    )
    return secret


class TestPasswords:
    @pytest.mark.parametrize(
        ("password", "kept"),
        [
            ("Osmanthus-27-Tea", True),
            ("osmanthus27tea!", True),
            ("OSMANTHUS27tea", True),
            ("osmanthustea", False),  # one class
            ("osmanthus2727", False),  # two
            ("Os-27", False),  # short
            ("Password123", False),  # known to everybody
            ("Meilan-2027-x", False),  # holds the name
            ("x-7202-Nalieme", False),  # holds it backwards
        ],
    )
    def test_rules(self, password, kept):
        if kept:
            assert services.sign_up(username="meilan", password=password).check_password(password)
        else:
            name = "meilan" if "eilan" in password else "emeilan" if "Nalieme" in password else "zhaoyi"
            with pytest.raises(Invalid, match="password"):
                services.sign_up(username=name, password=password)

    def test_stored_as_argon2(self, settings):
        from zhengtong.config import settings as deployment

        settings.PASSWORD_HASHERS = deployment.PASSWORD_HASHERS
        assert make.account().password.startswith("argon2")

    def test_none_of_the_last_five_comes_back(self):
        account = make.account()
        himself = Actor(account_id=account.pk)
        used = [make.PASSWORD, *(f"Osmanthus-{number}-Tea" for number in range(30, 36))]
        for password in used[1:]:
            services.choose_password(by=himself, account=account, password=password)
        for password in used[-5:]:
            with pytest.raises(Invalid, match="password") as refusal:
                services.choose_password(by=himself, account=account, password=password)
            assert refusal.value.errors[0][1] == "password_history"
        assert FormerPassword.objects.filter(account=account).count() == 5
        services.choose_password(by=himself, account=account, password=make.PASSWORD)

    def test_the_classes_are_four(self):
        rule = validators.CharacterClasses(4)
        rule.validate("aA1-")
        with pytest.raises(ValidationError):
            rule.validate("aA1b")


class TestSigningIn:
    def test_by_name_without_regard_to_case(self, browser):
        account = make.account(username="zhaoyi")
        answer = browser.post("/account/login/", {"login": "ZhaoYi", "password": make.PASSWORD})
        assert answer.status_code == 302
        assert signed_in(browser)
        account.refresh_from_db()
        assert account.last_login is not None

    def test_the_session_changes_its_name(self, browser):
        browser.get("/account/login/")
        session = browser.session
        session["kept"] = "before"
        session.save()
        before = session.session_key
        browser.cookies["zt_session"] = before
        sign_in(browser, make.account())
        assert browser.session.session_key != before

    def test_a_wrong_password_says_no_more_than_an_unknown_name(self, browser):
        account = make.account()
        wrong = sign_in(browser, account, "Wrong-27-Wrong")
        unknown = browser.post("/account/login/", {"login": "nobody-here", "password": "Wrong-27-Wrong"})
        assert wrong.status_code == unknown.status_code == 200
        assert not signed_in(browser)
        assert wrong.context["form"].errors == unknown.context["form"].errors

    @pytest.mark.parametrize("state", ["locked", "disabled", "closed"])
    def test_only_active_accounts_sign_in(self, browser, state):
        account = make.account()
        Account.objects.filter(pk=account.pk).update(state=state)
        sign_in(browser, account)
        assert not signed_in(browser)

    def test_disabling_ends_what_is_open(self, browser):
        account = make.account()
        sign_in(browser, account)
        services.change_account_state(by=SYSTEM, account=account, state="disabled", reason="x")
        assert not signed_in(browser)

    def test_it_is_recorded(self, browser):
        account = make.account()
        sign_in(browser, account, "Wrong-27-Wrong")
        sign_in(browser, account)
        browser.post("/account/logout/")
        types = list(Event.objects.filter(subject_id=account.pk).order_by("id").values_list("type", flat=True))
        assert types[-3:] == ["identity.sign_in_failed", "identity.signed_in", "identity.signed_out"]


class TestLockout:
    def test_five_failures_lock_for_half_an_hour(self, browser):
        account = make.account()
        for _ in range(4):
            assert sign_in(browser, account, "Wrong-27-Wrong").status_code == 200
        assert sign_in(browser, account, "Wrong-27-Wrong").status_code == 429
        answer = sign_in(browser, account)
        assert answer.status_code == 429
        assert "account/locked.html" in {template.name for template in answer.templates}
        assert not signed_in(browser)

    def test_the_name_in_other_letters_is_the_same_name(self, browser):
        account = make.account(username="zhaoyi")
        for typed in ("zhaoyi", "ZHAOYI", "ZhaoYi", "zhaoYI"):
            browser.post("/account/login/", {"login": typed, "password": "Wrong-27-Wrong"})
        assert browser.post("/account/login/", {"login": "zhaoyI", "password": "x"}).status_code == 429
        assert sign_in(browser, account).status_code == 429

    def test_the_hall_is_not_locked_out_with_one_of_its_people(self, browser):
        locked, neighbour = make.account(), make.account()
        for _ in range(6):
            sign_in(browser, locked, "Wrong-27-Wrong")
        assert sign_in(browser, neighbour).status_code == 302
        elsewhere = Client(HTTP_HOST="localhost", REMOTE_ADDR="10.9.8.7")
        assert sign_in(elsewhere, locked).status_code == 302

    def test_it_passes(self, browser):
        from axes.models import AccessAttempt

        account = make.account()
        for _ in range(5):
            sign_in(browser, account, "Wrong-27-Wrong")
        for attempt in AccessAttempt.objects.all():
            attempt.attempt_time -= dt.timedelta(minutes=31)
            attempt.save()
        assert sign_in(browser, account).status_code == 302

    def test_no_password_is_kept(self, browser):
        sign_in(browser, make.account(), "Wrong-27-Wrong")
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM axes_accessattempt")
            kept = str(cursor.fetchall())
        assert "Wrong-27" not in kept


class TestSecondFactor:
    @pytest.mark.parametrize("kind", ["staff", "admin"])
    def test_officials_go_nowhere_without(self, browser, kind):
        sign_in(browser, make.account(kind))
        answer = browser.get("/account/act-as/")
        assert (answer.status_code, answer["Location"]) == (302, "/account/2fa/")
        part = browser.get("/account/act-as/", HTTP_HX_REQUEST="true")
        assert (part.status_code, part["HX-Redirect"]) == (204, "/account/2fa/")
        assert browser.get("/account/2fa/").status_code == 200

    def test_citizens_may(self, browser):
        sign_in(browser, make.account())
        assert browser.get("/account/act-as/").status_code == 200

    def test_with_a_code_they_are_in(self, browser):
        account = make.account("staff")
        secret = enrol(account)
        answer = sign_in(browser, account)
        assert answer["Location"] == "/account/2fa/authenticate/"
        assert not signed_in(browser)
        assert browser.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
        assert not signed_in(browser)
        browser.post("/account/2fa/authenticate/", {"code": code_of(secret)})
        assert browser.get("/account/act-as/").status_code == 200

    def test_enrolling_needs_the_password_again_and_keeps_the_secret_sealed(self, browser):
        account = make.account("staff")
        sign_in(browser, account)
        assert browser.get("/account/2fa/totp/activate/")["Location"].startswith("/account/reauthenticate/")
        assert confirm(browser, "Wrong-27-Wrong").status_code == 200
        confirm(browser)
        page = browser.get("/account/2fa/totp/activate/")
        assert page.status_code == 200
        secret = page.context["form"].secret
        answer = browser.post("/account/2fa/totp/activate/", {"code": code_of(secret)})
        assert answer.status_code == 302
        stored = Authenticator.objects.get(user=account, type="totp")
        assert secret not in str(stored.data)
        assert browser.get("/account/act-as/").status_code == 200  # enrolling showed it
        browser.post("/account/logout/")
        with clock.frozen(clock.now()):
            sign_in(browser, account)
        assert not signed_in(browser)

    def test_the_demonstration_may_do_without(self, browser, settings):
        settings.ZT_REQUIRE_STAFF_MFA = False
        sign_in(browser, make.account("staff"))
        assert browser.get("/account/act-as/").status_code == 200


class TestCodesOpenOnce:
    """A code is valid for three periods of thirty seconds; whoever overlooks it must not follow its holder in."""

    BEGAN = 1_800_000_000  # the start of a period

    @pytest.fixture
    def at(self, monkeypatch):
        """Hold allauth's time still, and ours."""

        def hold(seconds):
            instant = self.BEGAN + seconds
            monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: instant))
            return clock.frozen(dt.datetime.fromtimestamp(instant, dt.UTC))

        return hold

    def enter(self, account, code, again=None):
        """Sign in with password and code in a browser of his own; whether it opened."""
        browser = again or Client(HTTP_HOST="localhost")
        sign_in(browser, account)
        browser.post("/account/2fa/authenticate/", {"code": code})
        return signed_in(browser)

    def code(self, secret, period=0):
        return format_hotp_value(hotp_value(secret, self.BEGAN // 30 + period))

    @pytest.mark.parametrize("later", [0, 1, 29, 31, 45, 59, 61, 89])
    def test_a_code_once_used_opens_nothing_as_long_as_it_would_be_valid(self, later, at):
        account = make.account("staff")
        code = self.code(enrol(account))
        with at(-30):  # the holder's clock runs ahead: the first moment at which the code is taken
            assert self.enter(account, code)
        _another_process()
        with at(-30 + later):
            assert not self.enter(account, code)
        types = Event.objects.filter(subject_id=account.pk, type="identity.account_code_used_again")
        assert types.count() == 1

    def test_the_next_code_opens_and_an_earlier_one_does_not(self, at):
        account = make.account("staff")
        secret = enrol(account)
        with at(0):
            assert self.enter(account, self.code(secret))
            assert not self.enter(account, self.code(secret, -1)), "valid, never used, but older than one that was"
            assert self.enter(account, self.code(secret, 1))
        _another_process()
        with at(30):
            assert not self.enter(account, self.code(secret))
            assert not self.enter(account, self.code(secret, 1))
            assert self.enter(account, self.code(secret, 2))

    def test_written_with_spaces_it_is_the_same_code(self, at):
        account = make.account("staff")
        code = self.code(enrol(account))
        with at(0):
            assert self.enter(account, f"{code[:3]} {code[3:]}")
            _another_process()
            assert not self.enter(account, code)

    def test_the_code_that_added_the_app_is_used_up(self, browser, at):
        account = make.account("staff")
        with at(0):
            sign_in(browser, account)
            confirm(browser)
            secret = browser.get("/account/2fa/totp/activate/").context["form"].secret
            browser.post("/account/2fa/totp/activate/", {"code": self.code(secret)})
            assert browser.get("/account/act-as/").status_code == 200
            _another_process()
            assert not self.enter(account, self.code(secret))

    def test_asked_for_again_it_must_be_another(self, at):
        account, browser = make.account("staff"), Client(HTTP_HOST="localhost")
        secret = enrol(account)
        with at(0):
            assert self.enter(account, self.code(secret), browser)
            _another_process()
            assert browser.post("/account/2fa/reauthenticate/", {"code": self.code(secret)}).status_code == 200
            assert browser.post("/account/2fa/reauthenticate/", {"code": self.code(secret, 1)}).status_code == 302

    def test_a_recovery_code_still_opens_once(self, at):
        account = make.account("staff")
        enrol(account)
        (code, *_others) = RecoveryCodes.activate(account).get_unused_codes()
        with at(0):
            assert self.enter(account, code)
            assert not self.enter(account, code)


def _another_process():
    """What a process keeps to itself is not there in another: allauth's own memory of codes is gone."""
    from django.core.cache import cache

    cache.clear()


class TestSessions:
    def test_silence_ends_them(self, browser):
        sign_in(browser, make.account())
        assert signed_in(browser)
        with clock.frozen(clock.now() + dt.timedelta(minutes=29)):
            assert signed_in(browser)
        with clock.frozen(clock.now() + dt.timedelta(minutes=29 + 31)):
            answer = browser.get("/account/?x=1")
            assert answer["Location"] == "/account/login/?next=%2Faccount%2F%3Fx%3D1"
            assert not signed_in(browser)

    def test_officials_have_half_the_time(self, browser, settings):
        settings.ZT_REQUIRE_STAFF_MFA = False
        sign_in(browser, make.account("staff"))
        assert signed_in(browser)
        with clock.frozen(clock.now() + dt.timedelta(minutes=16)):
            assert not signed_in(browser)

    def test_officials_have_one_at_a_time(self, browser, settings):
        settings.ZT_REQUIRE_STAFF_MFA = False
        officer, citizen = make.account("staff"), make.account()
        second = Client(HTTP_HOST="localhost")
        sign_in(browser, officer)
        sign_in(second, officer)
        assert not signed_in(browser)
        assert signed_in(second)
        third, fourth = Client(HTTP_HOST="localhost"), Client(HTTP_HOST="localhost")
        sign_in(third, citizen)
        sign_in(fourth, citizen)
        assert signed_in(third)
        assert signed_in(fourth)

    def test_a_page_without_session_asks_the_database_nothing(self, browser, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert browser.get("/account/login/").status_code == 200


class TestFirstPassword:
    def test_a_pending_account_changes_its_password_first(self, browser):
        account = make.account(active=False)
        sign_in(browser, account)
        assert browser.get("/account/")["Location"] == "/account/password/change/"
        fresh = "Chrysanthemum-9-Pot"
        answer = browser.post(
            "/account/password/change/",
            {"oldpassword": make.PASSWORD, "password1": fresh, "password2": fresh},
        )
        assert answer.status_code == 302
        account.refresh_from_db()
        assert account.state == "active"
        assert signed_in(browser)

    def test_an_old_password_of_an_official_is_due(self, browser, settings):
        settings.ZT_REQUIRE_STAFF_MFA = False
        officer, citizen = make.account("staff"), make.account()
        Account.objects.update(password_changed_at=clock.now() - dt.timedelta(days=90))
        sign_in(browser, officer)
        assert browser.get("/account/")["Location"] == "/account/password/change/"
        other = Client(HTTP_HOST="localhost")
        sign_in(other, citizen)
        assert signed_in(other)


class TestSignUp:
    def test_a_citizen_opens_his_own(self, browser):
        answer = browser.post(
            "/account/signup/",
            {"username": "zhaoyi", "email": "", "password1": make.PASSWORD, "password2": make.PASSWORD},
        )
        assert answer.status_code == 302
        account = Account.objects.get(username="zhaoyi")
        assert (account.kind, account.state, account.assurance) == ("citizen", "active", 0)
        assert signed_in(browser)

    @pytest.mark.parametrize("name", ["admin", "root", "ab"])
    def test_some_names_are_not_given(self, browser, name):
        browser.post(
            "/account/signup/",
            {"username": name, "email": "", "password1": make.PASSWORD, "password2": make.PASSWORD},
        )
        assert not Account.objects.exists()

    def test_it_can_be_closed(self, browser, settings):
        settings.ZT_OPEN_SIGN_UP = False
        browser.post(
            "/account/signup/",
            {"username": "zhaoyi", "email": "", "password1": make.PASSWORD, "password2": make.PASSWORD},
        )
        assert not Account.objects.exists()

    def test_what_is_wrong_is_told_in_everyday_words(self, browser):
        given = {"username": "a", "email": "a", "password1": make.PASSWORD, "password2": make.PASSWORD}
        text = browser.post("/account/signup/", given).content.decode()
        assert "登录名至少 3 个字，现在是 1 个。" in text
        assert "电子邮箱要写完整，比如 name@example.com。" in text
        assert "变量" not in text


class TestByEmail:
    @pytest.fixture(autouse=True)
    def _mail(self, settings):
        settings.ZT_EMAIL_PROVIDER = "zhengtong.foundation.messages.providers.DjangoMailProvider"

    def test_verified_addresses_sign_in_and_set_a_new_password(self, browser, mailoutbox):
        account = make.account()
        sign_in(browser, account)
        browser.post("/account/email/", {"email": "zhaoyi@example.cn", "action_add": ""})
        link = next(word for word in mailoutbox[-1].body.split() if "/confirm-email/" in word)
        browser.post(link.removeprefix("http://localhost"))
        browser.post("/account/logout/")
        browser.post("/account/password/reset/", {"email": "zhaoyi@example.cn"})
        link = next(word for word in mailoutbox[-1].body.split() if "/password/reset/key/" in word)
        form = browser.get(link.removeprefix("http://localhost"), follow=True)
        fresh = "Chrysanthemum-9-Pot"
        browser.post(form.request["PATH_INFO"], {"password1": fresh, "password2": fresh})
        browser.post("/account/login/", {"login": "zhaoyi@example.cn", "password": fresh})
        assert signed_in(browser)

    def test_unknown_addresses_are_answered_alike(self, browser, mailoutbox):
        answer = browser.post("/account/password/reset/", {"email": "nobody@example.cn"})
        assert answer["Location"] == "/account/password/reset/done/"

    def test_a_provider_that_is_down_stops_nobody(self, browser, monkeypatch):
        def down(self, **_):
            raise Unavailable("messages.smtp", "down")

        monkeypatch.setattr("zhengtong.foundation.messages.providers.DjangoMailProvider.send", down)
        account = make.account()
        sign_in(browser, account)
        answer = browser.post("/account/email/", {"email": "zhaoyi@example.cn", "action_add": ""})
        assert answer.status_code == 302


class TestLeavingNoTrace:
    """The next one at the machine of a hall presses “back” and sees nothing."""

    @pytest.mark.parametrize("page", ["/", "/my/", "/my/cases/", "/account/", "/account/keys/", "/account/email/"])
    def test_a_page_for_somebody_is_kept_nowhere(self, browser, page):
        sign_in(browser, make.account())
        answer = browser.get(page)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]

    def test_a_page_for_anybody_may_be_kept(self, browser):
        assert "Cache-Control" not in browser.get("/")


class TestCapacities:
    def test_choosing_for_whom_to_act(self, browser):
        account = make.account()
        mandate = make.mandate(account.person)
        sign_in(browser, account)
        assert browser.post("/account/act-as/", {"capacity": f"mandate:{mandate.pk}"}).status_code == 302
        actor = browser.get("/account/").wsgi_request.actor
        assert actor.on_behalf_of == f"org:{mandate.principal_organisation_id}"

    @pytest.mark.parametrize("next_page", ["9", "x", "account_logout", "..", "?x", "#"])
    def test_a_way_on_that_is_no_address_leads_to_the_account(self, browser, next_page):
        sign_in(browser, make.account())
        answer = browser.post("/account/act-as/", {"capacity": "self", "next": next_page})
        assert (answer.status_code, answer["Location"]) == (302, "/account/")

    def test_not_for_others(self, browser):
        mandate = make.mandate(make.person())
        sign_in(browser, make.account())
        assert browser.post("/account/act-as/", {"capacity": f"mandate:{mandate.pk}"}).status_code == 400

    def test_an_ended_mandate_falls_back_to_oneself(self, browser):
        account = make.account()
        mandate = make.mandate(account.person)
        sign_in(browser, account)
        browser.post("/account/act-as/", {"capacity": f"mandate:{mandate.pk}"})
        services.end_mandate(by=SYSTEM, mandate=mandate, reason="x")
        assert browser.get("/account/").wsgi_request.actor.on_behalf_of is None


class TestRealNamePage:
    def test_it_raises_the_level(self, browser):
        person = make.person(name="赵一")
        account = services.sign_up(username="zhaoyi", password=make.PASSWORD)
        sign_in(browser, account)
        given = {"name": "赵二", "document_type": "resident_id", "number": person.document_number}
        wrong = browser.post("/account/real-name/", given)
        assert wrong.status_code == 422
        assert person.document_number in wrong.content.decode()  # what was typed stays
        assert browser.post("/account/real-name/", given | {"name": "赵一"}).status_code == 302
        account.refresh_from_db()
        assert (account.assurance, account.person) == (2, person)

    def test_guessing_is_bounded(self, browser):
        person = make.person(name="赵一")
        account = services.sign_up(username="zhaoyi", password=make.PASSWORD)
        sign_in(browser, account)
        given = {"name": "赵二", "document_type": "resident_id", "number": person.document_number}
        for _ in range(5):
            assert browser.post("/account/real-name/", given).status_code == 422
        answer = browser.post("/account/real-name/", given | {"name": "赵一"})
        assert answer.status_code == 429
        assert 3500 < int(answer["Retry-After"]) <= 3600
        assert "核对失败次数过多" in answer.content.decode()


PAGES = ["login/", "signup/", "password/reset/", "password/reset/done/"]
OWN_PAGES = [
    "", "act-as/", "real-name/", "password/change/", "email/", "logout/", "2fa/", "2fa/totp/activate/",
    "2fa/webauthn/", "2fa/webauthn/add/",
]  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES + OWN_PAGES)
def test_every_page_is_drawn_by_the_house_in_both_languages(browser, page, language):
    if page in OWN_PAGES:
        sign_in(browser, make.account())
        confirm(browser)
    browser.cookies["django_language"] = language
    answer = browser.get(f"/account/{page}")
    assert answer.status_code == 200, page
    text = answer.content.decode()
    assert "zt-masthead" in text
    assert text.count("<h1") == 1
    assert 'lang="zh-Hans"' in text if language == "zh-hans" else 'lang="en"' in text


def test_what_went_wrong_stands_in_a_summary_that_leads_there(browser):
    given = {"username": "zhaoyi", "email": "", "password1": "short", "password2": "short"}
    text = browser.post("/account/signup/", given).content.decode()
    assert "zt-error-summary" in text
    assert 'href="#id_password1"' in text
    assert "密码至少 10 个字符。" in text
    assert 'value="zhaoyi"' in text  # what was typed stays
    assert 'value="short"' not in text  # but for passwords
