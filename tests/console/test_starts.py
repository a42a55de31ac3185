"""By what processes begin of themselves: listed with what came of it, closed with a reason, by nobody else."""

import datetime as dt
import importlib
import re
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from console.test_moves import published
from engines.bpmn_drawing import chain, document, message, node, signal, task, timer
from factories import identity as people
from factories.processes import NOW
from zhengtong.doors.console.views import gate
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Invalid, NotAllowed, NotFound
from zhengtong.foundation.ledger.models import Event
from zhengtong.foundation.policy import SYSTEM
from zhengtong.matters.workflow import services, tasks
from zhengtong.matters.workflow.models import Process, Start

pytestmark = pytest.mark.django_db
END = node("endEvent", "e")


def put(trigger: str, key: str = "p", name: str = "年度检查", **attributes: str) -> int:
    xml = document(
        node("startEvent", "s", trigger), task("a"), END, chain("s", "a", "e"), name=name,
        zt_agency=people.agency().uscc or "", **attributes,
    )  # fmt: skip
    with clock.frozen(NOW):
        return services.put_in_force(by=SYSTEM, xml=xml.replace(b'id="p"', f'id="{key}"'.encode()))


def page(who, path: str = "starts/") -> str:
    """A page as it is read: without the marks that keep a number and its unit together."""
    return re.sub(r'<span class="zt-nb">(.*?)</span>', r"\1", who.get(path).content.decode())


def test_each_is_told_with_its_model_what_begins_it_and_what_came_of_it(system):
    number = put(timer("R3/2025-03-05T01:30:00+00:00/P1D", "timeCycle"), "yearly")
    put(message(), "report", "接收通报")
    put(signal(), "alarm", "应急响应")
    assert "年度检查" in page(system)
    published("年检流程", 1, number, system)
    seen = page(system)
    for told in ("年检流程 第 1 版", "2025-03-05 09:30", "接收通报", "应急响应", "消息", "信号", "定时"):
        assert told in seen
    with clock.frozen(dt.datetime(2025, 3, 5, 1, 31, tzinfo=dt.UTC)):
        tasks.wake()
    seen = page(system)
    assert "2025-03-06 09:30" in seen, "the next instant, by the clock on the wall"
    assert "2025-03-05 09:31" in seen, "when it began one last"
    one = page(system, f"starts/{Start.objects.get(key='yearly').pk}/")
    assert "年检流程 第 1 版" in one
    assert "/console/models/versions/" in one
    assert "剩余次数" in one
    english = system.browser.get("/console/starts/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Automatic starts" in english
    assert "Licensing Version 1" in english


def test_what_began_before_that_was_kept_is_told_by_its_errands():
    put(timer("2025-03-05T01:30:00+00:00", "timeDate"))
    at = dt.datetime(2025, 3, 5, 1, 31, tzinfo=dt.UTC)
    with clock.frozen(at):
        tasks.wake()
    Start.objects.update(begun_at=None)
    step = importlib.import_module("zhengtong.matters.workflow.migrations.0010_starts_say_when_they_last_began")
    step.from_errands(apps, SimpleNamespace(connection=connection))
    assert Start.objects.get().begun_at == at


def test_what_fails_is_seen_with_the_reason(system):
    put(timer("2025-03-05T01:30:00+00:00", "timeDate"))
    row = Start.objects.get()
    services.postpone_start(start_id=row.pk, due=row.due_at, reason="KeyError", now=NOW)
    assert "启动失败" in page(system)
    assert "已失败 1 次：程序出错，详情见服务器日志。（KeyError）" in page(system, f"starts/{row.pk}/")


def test_it_is_closed_with_a_reason_after_a_second_look_and_recorded(system):
    put(message())
    key = Start.objects.get().pk
    look = page(system, f"starts/{key}/close/")
    assert "将停用" in look
    assert "s: 消息 m" in look
    assert Start.objects.filter(closed_at=None).exists(), "looking closes nothing"
    assert "zt-error-summary" in system.post(f"starts/{key}/close/", 422, reason="").content.decode()
    assert "zt-error-summary" in system.post(f"starts/{key}/close/", 422, reason="停").content.decode()
    assert Start.objects.filter(closed_at=None).exists()
    assert system.post(f"starts/{key}/close/", reason="改由窗口受理").headers["Location"] == "/console/starts/"
    event = Event.objects.get(type="workflow.start_closed")
    assert event.actor_id == system.account.pk
    assert "没有自行启动的流程" in page(system)
    services.send_message(by=SYSTEM, name="m", data={})
    tasks.wake()
    assert not Process.objects.exists()
    for path in (f"starts/{key}/", f"starts/{key}/close/"):
        system.get(path, 404)
    system.post(f"starts/{key}/close/", 404, reason="再停一次")


def test_nobody_closes_a_version_he_has_not_seen(system):
    old = put(message(), name="旧版")
    put(message(), name="新版")
    with pytest.raises(NotFound):
        services.close_starts(by=system.actor, key="p", reason="按旧版停用", definition_id=old)
    assert Start.objects.filter(closed_at=None).count() == 1


def test_nobody_else_sees_or_closes_any(system, security, audit):
    put(message())
    key = Start.objects.get().pk
    for other in (security, audit):
        for path in ("starts/", f"starts/{key}/", f"starts/{key}/close/"):
            other.get(path, 403)
        other.post(f"starts/{key}/close/", 403, reason="越权停用")
        with pytest.raises(NotAllowed):
            services.close_starts(by=other.actor, key="p", reason="越权停用")
    with pytest.raises(Invalid):
        services.close_starts(by=system.actor, key="p", reason=" ")
    assert Start.objects.filter(closed_at=None).count() == 1


def test_pages_follow_one_another_and_take_no_more_queries_for_more(system, monkeypatch):
    monkeypatch.setattr(gate, "PAGE_SIZE", 3)
    counts = []
    page(system)
    for number in range(7):
        put(signal(), f"p{number}", f"流程{number}")
        if number in (1, 6):
            with CaptureQueriesContext(connection) as queries:
                seen = page(system)
            counts.append(len(queries))
            assert not [each["sql"] for each in queries if "COUNT(" in each["sql"].upper()]
    assert counts[0] == counts[1] <= 14
    assert "流程6" in seen
    assert "流程3" not in seen
    last = Start.objects.order_by("-pk")[2].pk
    assert f"?before={last}" in seen
    following = page(system, f"starts/?before={last}")
    assert "流程3" in following
    assert "流程6" not in following
