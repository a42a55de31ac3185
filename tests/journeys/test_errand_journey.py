"""A task of a process that began of itself, in a real browser: found in the inbox, completed without scripts."""

import pytest
from playwright.sync_api import expect

from engines.bpmn_drawing import chain, document, node, timer
from factories import desks
from journeys.desk_support import Windows, clean
from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow import services, tasks
from zhengtong.matters.workflow.models import Process
from zhengtong.people.identity.models import Organisation

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def begun(city: desks.Desk) -> None:
    """A check that began of itself this very moment."""
    start = node("startEvent", "s", timer(clock.now().isoformat(), "timeDate"))
    check = node("userTask", "check", name="安全检查", zt_role="clerk", zt_outcomes="fit unfit")
    body = start, check, node("endEvent", "e"), chain("s", "check", "e")
    uscc = Organisation.objects.get(id=city.world.agency_id).uscc or ""
    services.put_in_force(by=SYSTEM, xml=document(*body, name="每周安全检查", zt_agency=uscc))
    tasks.begin_due_processes()


@pytest.mark.parametrize("width", [360, 1280])
def test_it_is_found_and_completed(city: desks.Desk, windows: Windows, width: int) -> None:
    begun(city)
    page = windows.of(city.world.clerk, script=width > 360, width=width)
    page.goto(f"{windows.address}/desk/")
    page.get_by_role("link", name="事务", exact=True).click()
    expect(page.get_by_role("heading", name="事务", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width > 360:
        clean(page)
    page.get_by_label("名称或编号").fill("安全")
    page.get_by_role("button", name="搜索事务").click()
    page.get_by_role("link", name="每周安全检查").click()
    expect(page.get_by_role("heading", name="在等什么")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width > 360:
        expect(page.locator(".djs-container")).to_be_visible()
        clean(page)
    page.get_by_role("link", name="安全检查", exact=True).first.click()
    expect(page.get_by_role("heading", name="安全检查")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width > 360:
        clean(page)
    page.get_by_role("link", name="抄送", exact=True).click()
    expect(page.get_by_role("heading", name="抄送", exact=True)).to_be_visible()
    if width > 360:
        clean(page)
    page.get_by_role("link", name="回到事务").click()
    expect(page.get_by_role("heading", name="经过", exact=True)).to_be_visible()
    page.get_by_role("button", name="办结任务").click()
    expect(page.get_by_text("请选择办理结果")).to_be_visible()
    page.get_by_label("unfit", exact=True).check()
    page.get_by_role("button", name="办结任务").click()
    expect(page.get_by_text("已办结。")).to_be_visible()
    assert Process.objects.get().state == "ended"
