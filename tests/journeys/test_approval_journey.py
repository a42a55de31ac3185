"""An office decides together: sent back, a colleague asked, a copy sent, in both languages, on a phone's width too."""

import os

import pytest
from playwright.sync_api import Page, expect

from factories import desks, versions
from factories import identity as people
from journeys.desk_support import Windows, clean
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import services
from zhengtong.matters.cases.models import Case
from zhengtong.people.identity import queries as identity
from zhengtong.people.identity.models import Organisation

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 360, "height": 740}


def official(city: desks.Desk, name: str) -> Actor:
    post = people.post(Organisation.objects.get(id=city.world.agency_id), name_zh=f"{name}岗")
    return identity.actor_for(people.officer(post, holder=people.person(name=name)))


def picture(page: Page, name: str) -> None:
    """Keep what was seen where somebody asked for it."""
    folder = os.environ.get("ZT_PICTURES", "")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def narrow(page: Page) -> None:
    """The small page fits a width of 360 without moving sideways."""
    before = page.viewport_size
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    clean(page)
    if before is not None:
        page.set_viewport_size(before)


def taken_back_and_said_anew(asked: Page, address: str) -> None:
    """Who answered takes it back while nobody has acted on it, and answers again."""
    asked.goto(address)
    expect(asked.locator("h1")).to_have_text("撤回所办")
    asked.get_by_label("撤回原因").fill("说得不全。")
    narrow(asked)
    picture(asked, "withdraw")
    asked.get_by_role("button", name="撤回", exact=True).click()
    asked.get_by_role("link", name="发表意见").click()
    asked.get_by_label("意见").fill("消防合格。")
    asked.get_by_role("button", name="提交意见").click()
    expect(asked.locator("main")).to_contain_text("已提交")


def offered(city: desks.Desk) -> Case:
    """A case whose process offers activities to start."""
    case = city.case()
    versions.run_as(case, versions.improvised(versions.process_of(case).definition_id))
    city.act("clerk", "accept", case)
    return case


def test_a_decision_goes_back_a_colleague_is_asked_and_it_is_decided(city: desks.Desk, windows: Windows) -> None:
    case, one = city.reviewed(), official(city, "吴远")
    address = f"{windows.address}/desk/cases/{case.token}/"

    decider = windows.of(city.world.decider)
    decider.goto(address)
    decider.get_by_role("link", name="退回", exact=True).click()
    decider.get_by_label("审查").check()
    decider.get_by_label("理由").fill("面积与图纸不符，请再核。")
    narrow(decider)
    picture(decider, "send-back")
    decider.get_by_role("button", name="退回并告知").click()
    expect(decider.locator("main")).to_contain_text("已退回。")
    clean(decider)

    reviewer = windows.of(city.world.reviewer)
    reviewer.goto(f"{address}?side=opinions")
    expect(reviewer.locator(".zt-workspace__right")).to_contain_text("面积与图纸不符，请再核。")
    reviewer.get_by_role("link", name="加签或委派").click()
    reviewer.get_by_label("吴远").check()
    reviewer.get_by_label("要问什么、办什么").fill("消防条件如何？")
    narrow(reviewer)
    picture(reviewer, "ask")
    reviewer.get_by_role("button", name="发出并告知").click()
    expect(reviewer.locator("main")).to_contain_text("正在等待所请同事答复")
    clean(reviewer)

    asked = windows.of(one)
    asked.goto(f"{windows.address}/desk/")
    asked.locator(f"a[href='/desk/cases/{case.token}/']").first.click()
    asked.get_by_role("link", name="发表意见").click()
    expect(asked.locator("main")).to_contain_text("请您答复：消防条件如何？")
    asked.get_by_label("意见").fill("消防合格。")
    narrow(asked)
    picture(asked, "opinion")
    asked.get_by_role("button", name="提交意见").click()
    expect(asked.locator("main")).to_contain_text("已提交")
    taken_back_and_said_anew(asked, address)

    reviewer.goto(f"{address}?side=opinions")
    expect(reviewer.locator(".zt-workspace__right")).to_contain_text("消防合格。")
    picture(reviewer, "opinions")
    clean(reviewer)
    entry = {"opinion": "已再核，建议准予许可。"}
    services.act(by=city.world.reviewer, task_id=desks.task_of(case).id, outcome="propose_approve", entry=entry)
    decider.goto(f"{address}?side=history")
    expect(decider.locator(".zt-workspace__right")).to_contain_text("面积与图纸不符，请再核。")

    clerk = windows.of(city.world.clerk)
    clerk.goto(address)
    clerk.get_by_role("link", name="抄送", exact=True).click()
    clerk.get_by_label("吴远").check()
    clerk.get_by_role("button", name="抄送并告知").click()
    asked.goto(f"{windows.address}/desk/copies/")
    expect(asked.locator("main")).to_contain_text("孙洁")
    clean(asked)
    picture(asked, "copies")


def test_the_small_pages_speak_english_too(city: desks.Desk, windows: Windows) -> None:
    case = city.reviewed()
    away = official(city, "Wu Yuan")
    official(city, "Li Lei")
    page = windows.of(city.world.decider, locale="en")
    for name, title in {
        "send-back": "Send back",
        "ask": "Ask colleagues",
        "copy": "Send copies",
        "urge": "Urge",
    }.items():
        page.goto(f"{windows.address}/desk/cases/{case.token}/{name}/")
        expect(page.locator("h1")).to_have_text(title)
        narrow(page)
    reviewer = windows.of(city.world.reviewer, locale="en")
    reviewer.goto(f"{windows.address}/desk/cases/{offered(city).token}/")
    clean(reviewer)
    reviewer.get_by_role("button", name="现场走访").click()
    expect(reviewer.locator("main")).to_contain_text("Started; it lies with whose post it is.")
    expect(reviewer.get_by_label("What was found")).to_be_visible()
    clean(reviewer)
    picture(reviewer, "offers")
    for name, title in {"copies": "Copies for me", "absences": "Absence and substitution"}.items():
        page.goto(f"{windows.address}/desk/{name}/")
        expect(page.locator("h1")).to_have_text(title)
        clean(page)
    page = windows.of(away, locale="en")
    page.goto(f"{windows.address}/desk/absences/new/")
    page.get_by_label("Li Lei").check()
    narrow(page)
    picture(page, "absence")
