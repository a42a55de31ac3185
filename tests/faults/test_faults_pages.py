"""What somebody at a browser sees when things go wrong: a page that says so, with what he typed still on it."""

import datetime as dt
import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factories import cases as made
from factories.identity import PASSWORD
from faults.house import browser, disk_of
from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case, Draft
from zhengtong.matters.workflow.queries import open_task
from zhengtong.people.identity import services as accounts
from zhengtong.people.identity.models import Account, Mandate

LONG = "和平路十八号甲" * 20


@pytest.fixture(autouse=True)
def _one_factor(settings: Any) -> None:
    settings.ZT_REQUIRE_STAFF_MFA = False
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]


@pytest.fixture
def draft(world: made.World) -> Draft:
    return services.start_draft(by=world.applicant, item_id=world.item.id, answers=made.answers(world.applicant))


@pytest.fixture
def citizen(world: made.World) -> Client:
    return browser(world.applicant)


def page(draft: Draft) -> str:
    return reverse("portal:apply_page", args=[draft.token, "business"])


def check(draft: Draft) -> str:
    return reverse("portal:apply_check", args=[draft.token])


def task_of(case: Case) -> Any:
    task = open_task("case", case.id)
    assert task is not None
    return task


def test_a_page_of_the_form_and_a_full_disk(citizen: Client, draft: Draft) -> None:
    citizen.get(check(draft))
    with disk_of(room=0):
        said = citizen.post(page(draft), {"premises": LONG, "premises_area": "81"})
    assert said.status_code == 503
    assert LONG in said.content.decode()
    assert "no-store" in said["Cache-Control"]
    assert Draft.objects.get().answers["premises_area"] == 80
    citizen.post(page(draft), {"premises": LONG, "premises_area": "81"})
    assert Draft.objects.get().answers["premises"] == LONG


def test_reading_at_a_full_disk(world: made.World, draft: Draft) -> None:
    """A session that should note that it is alive cannot; the page is drawn all the same."""
    visitor = browser(world.applicant)
    visitor.get(page(draft))
    with clock.frozen(clock.now() + dt.timedelta(minutes=5)), disk_of(room=0):
        assert visitor.get(page(draft)).status_code == 200
        assert visitor.post(page(draft), {"premises": LONG}).status_code == 503


def test_signing_in_at_a_full_disk(world: made.World) -> None:
    """Nobody is let in half: a page says what is the matter, and later it works."""
    visitor = Client(HTTP_HOST="localhost")
    name = Account.objects.get(id=world.applicant.account_id).username
    visitor.get(reverse("account_login"))
    with disk_of(room=0):
        said = visitor.post(reverse("account_login"), {"login": name, "password": PASSWORD})
    assert said.status_code == 503
    assert visitor.post(reverse("account_login"), {"login": name, "password": PASSWORD}).status_code == 302


def test_a_program_at_a_full_disk(world: made.World, draft: Draft) -> None:
    """A problem that says so; reading goes on; the same key does it later, once."""
    account = Account.objects.get(id=world.applicant.account_id)
    capacity = f"mandate:{Mandate.objects.get(agent_id=world.applicant.person_id).pk}"
    scopes = ["read", "apply"]
    key = accounts.issue_api_key(by=SYSTEM, account=account, name="报表", scopes=scopes, capacity=capacity)
    known = {"Authorization": f"Bearer {key.secret}", "Idempotency-Key": "one"}
    program, address = Client(HTTP_HOST="localhost", headers=known), f"/api/v1/drafts/{draft.token}"
    with disk_of(room=0):
        assert program.get(address).json()["answers"]["holder_name"] == "京味餐饮有限公司"
        said = program.post(f"{address}/submission", {}, "application/json")
        assert (said.status_code, said.json()["code"]) == (503, "writes.no_room")
    done = [program.post(f"{address}/submission", {}, "application/json").json() for _ in range(2)]
    assert done[0]["case"] == done[1]["case"] == Case.objects.get().token


def test_handing_in_at_a_full_disk(citizen: Client, draft: Draft) -> None:
    citizen.get(check(draft))
    with disk_of(room=0):
        said = citizen.post(check(draft), {"_key": "one"})
    assert said.status_code == 503
    assert "京味餐饮有限公司" in said.content.decode(), "the answers are still there to be seen"
    assert Draft.objects.filter(token=draft.token).exists()
    done = citizen.post(check(draft), {"_key": "one"})
    assert (done.status_code, Case.objects.get().token) == (302, draft.token)


def test_an_official_at_a_full_disk(world: made.World, draft: Draft) -> None:
    case = Case.objects.get(token=hand_in(world, draft))
    desk = browser(world.clerk)
    desk.get(reverse("desk:case", args=[case.token]))
    typed = {"task": task_of(case).id, "outcome": "return", "return.reasons": LONG, "once": "k1"}
    with disk_of(room=0):
        said = desk.post(reverse("desk:act", args=[case.token]), typed)
    assert said.status_code == 503
    assert LONG in said.content.decode()
    assert Case.objects.get().state == "RECEIVED"


def hand_in(world: made.World, draft: Draft) -> str:
    return services.hand_in_draft(by=world.applicant, token=draft.token, key="one").case_token


def test_the_back_button_after_handing_in_leads_to_the_case(citizen: Client, world: made.World, draft: Draft) -> None:
    citizen.post(check(draft), {"_key": "one"})
    case = reverse("portal:case", args=[draft.token])
    for address in (check(draft), page(draft), reverse("portal:apply", args=[draft.token])):
        assert citizen.get(address, follow=True).redirect_chain[-1][0] == case
    again = citizen.post(check(draft), {"_key": "another window"}, follow=True)
    assert again.status_code == 200
    assert Case.objects.count() == 1


def test_a_case_somebody_else_has_handled(world: made.World, draft: Draft) -> None:
    """Who comes second reads who was first and when, and has his own words before him."""
    case = Case.objects.get(token=hand_in(world, draft))
    task = task_of(case)
    desk = browser(world.clerk)
    other = made.officer(world.agency_id, "何静", "task.clerk")
    services.act(by=other, task_id=task.id, outcome="accept", entry={})
    typed = {"task": task.id, "outcome": "return", "return.reasons": LONG, "once": "k1"}
    said = desk.post(reverse("desk:act", args=[case.token]), typed)
    assert said.status_code == 409
    assert "何静" in said.content.decode()
    assert LONG in said.content.decode()


def test_a_session_that_ended_while_an_official_typed(world: made.World, draft: Draft) -> None:
    case = Case.objects.get(token=hand_in(world, draft))
    desk = browser(world.clerk)
    shown = desk.get(reverse("desk:case", args=[case.token])).content.decode()
    mark = html.unescape(shown.partition('name="zt_keep" value="')[2].partition('"')[0])
    typed = {"task": task_of(case).id, "outcome": "return", "return.reasons": LONG, "once": "k1", "zt_keep": mark}
    with clock.frozen(clock.now() + dt.timedelta(hours=2)):
        turned = desk.post(reverse("desk:act", args=[case.token]), typed)
    assert (turned.status_code, Case.objects.get().state) == (302, "RECEIVED")
    assert LONG in browser(world.clerk).get(reverse("desk:case", args=[case.token])).content.decode()


def hidden(shown: str) -> dict[str, str]:
    """What the form of a drawn page sends along unseen."""
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', shown)
    return {name: html.unescape(value) for name, value in fields}


@pytest.mark.parametrize("way", ["sent", "kept by itself"])
def test_a_session_that_ended_while_a_citizen_typed(citizen: Client, world: made.World, draft: Draft, way: str) -> None:
    """Who signs in again in that browser finds on the page what he had typed."""
    typed = hidden(citizen.get(page(draft)).content.decode()) | {"premises": LONG, "premises_area": "81"}
    with clock.frozen(clock.now() + dt.timedelta(hours=2)):
        if way == "sent":
            target = citizen.post(page(draft), typed)["Location"]
        else:
            target = citizen.post(f"{page(draft)}save/", typed, headers={"HX-Request": "true"})["HX-Redirect"]
    assert target == f"{reverse('account_login')}?next={page(draft).replace('/', '%2F')}"
    browser(world.applicant, citizen)
    assert LONG in citizen.get(page(draft)).content.decode()
    assert Draft.objects.get().answers["premises"] == LONG


def test_a_program_under_the_name_of_a_paper(citizen: Client, draft: Draft) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    program = SimpleUploadedFile("平面图.pdf", b"MZ" + b"\0" * 500, content_type="application/pdf")
    address = reverse("portal:apply_page", args=[draft.token, "papers"])
    said = citizen.post(address, {"floor_plan": program})
    assert said.status_code == 422
    assert "Windows" in said.content.decode()
    assert len(Draft.objects.get().answers["floor_plan"]) == 1
