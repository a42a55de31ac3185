"""Each administrator reaches his own part, nobody else's; others reach nothing; nobody reads business."""

import pytest
from django.urls import get_resolver

from console.conftest import signed_in
from factories import identity as make
from zhengtong.foundation.ledger.models import Event

pytestmark = pytest.mark.django_db

SYSTEM = ("organisations/", "organisations/add/", "people/", "people/register/", "accounts/", "accounts/open/", "keys/",
          "keys/grant/",
          "calendar/", "calendar/2026/", "calendar/enter/", "health/", "rules/", "stuck/", "starts/",
          "models/", "models/begin/", "models/begin/packs/", "models/service/", "moves/", "moves/plan/")  # fmt: skip
SECURITY = ("roles/", "roles/define/", "grants/", "grants/give/", "grants/give/posts/", "explain/", "accounts/")
AUDIT = ("log/", "log/export/", "proof/")
EVERY = sorted({*SYSTEM, *SECURITY, *AUDIT})
SHARED = ("", "search/?q=x", "messages/")


def reach(administrator, pages):
    return {page for page in EVERY if administrator.browser.get(f"/console/{page}").status_code == 200} == set(pages)


def test_the_system_administrator_reaches_his_part_only(system):
    assert reach(system, SYSTEM)


def test_the_security_administrator_reaches_his_part_only(security):
    assert reach(security, SECURITY)
    security.get("accounts/open/", 403)


def test_the_audit_administrator_reaches_his_part_only(audit):
    assert reach(audit, AUDIT)


@pytest.mark.parametrize("page", SHARED)
def test_the_first_page_search_and_messages_are_everybody_s(page, system, security, audit):
    for each in (system, security, audit):
        each.get(page)


def test_the_navigation_shows_what_may_be_opened(security):
    page = security.get("").content.decode()
    assert "/console/roles/" in page
    assert "/console/log/" not in page
    assert "/console/organisations/" not in page


@pytest.mark.parametrize("kind", ["citizen", "staff", "admin"])
def test_nobody_else_reaches_anything(kind, settings):
    browser = signed_in(make.account(kind), settings)
    for page in (*EVERY, *SHARED):
        assert browser.get(f"/console/{page}").status_code == 403


def test_who_is_not_signed_in_is_sent_to_sign_in(client):
    for page in (*EVERY, *SHARED):
        answer = client.get(f"/console/{page}", HTTP_HOST="localhost")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/?next=%2Fconsole%2F")


def test_a_refused_page_is_recorded(audit):
    audit.get("grants/", 403)
    event = Event.objects.filter(type="console.page.refused").get()
    assert event.actor_id == audit.account.pk


def test_every_page_of_the_console_is_named_here_or_hangs_below_one():
    console = next(entry for entry in get_resolver().url_patterns if str(entry.pattern) == "console/")
    tops = {str(entry.pattern).split("/")[0] for entry in console.url_patterns}
    assert tops - {page.split("/")[0] for page in (*EVERY, *SHARED)} <= {"posts", "tenures"}


def test_verbs_are_closed_to_the_other_two(security, audit, system):
    agency = make.agency()
    for other in (security, audit):
        other.post(f"organisations/{agency.pk}/close/", 403, last_day="2030-01-01", reason="x")
        other.post("health/timers/retry/", 403)
    for other in (system, audit):
        other.post("grants/give/", 403, role="1")
    for other in (system, security):
        other.post("proof/verify/", 403)
        other.post("log/export/", 403, reason="x")


def test_a_refusal_stands_in_the_console_and_leads_back_to_it(system):
    page = system.get("organisations/1/", 404).content.decode()
    assert 'class="zt-side"' in page
    assert "去系统管理" in page
