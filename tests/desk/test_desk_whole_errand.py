"""The page of an errand itself: it needs no task, says what is waited for and until when, and bears its own verbs."""

import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import etree

from factories import desks
from factories.desks import signed_in
from factories.errands import Office, waiting
from zhengtong.foundation.ledger import tasks as ledger
from zhengtong.foundation.messages.models import Message as Told
from zhengtong.matters.workflow import services, tasks
from zhengtong.matters.workflow.models import Copy, Errand, Process, Task
from zhengtong.matters.workflow.services import together

pytestmark = pytest.mark.django_db
MOST_READS = 22


@pytest.fixture
def office(settings: Any) -> Iterator[Office]:
    settings.ZT_REQUIRE_STAFF_MFA = False
    with desks.at("2025-03-13 14:20"):
        yield Office()


def at(errand: Errand, verb: str = "") -> str:
    return f"/desk/errands/whole/{errand.id}/" + (f"{verb}/" if verb else "")


def page(client: Client, address: str, language: str = "zh-CN") -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.content.decode())


def send(client: Client, address: str, **given: Any) -> str:
    """Fill in the form at an address and send it, as a browser without scripts does."""
    form = page(client, address)
    hidden = {name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("once", "task")}
    answer = client.post(address, {**hidden, **given}, follow=True)
    assert answer.status_code == 200, answer.content.decode()
    return html.unescape(answer.content.decode())


def steps(told: str) -> list[tuple[str, str]]:
    return re.findall(r'data-zt-element="(\w+)" data-zt-state="(\w+)"', told)


def test_one_that_waits_for_a_time_says_so_and_until_when(office: Office) -> None:
    errand = office.waited()
    assert not Task.objects.exists()
    told = page(signed_in(office.head), at(errand))
    for words in ("公示", "运行中", "3 月 13 日 14:20 发起，起因：消息", "公示期满", "等时间到，3 月 16 日 14:20 到时"):
        assert words in told, words
    assert steps(told) == [("pause", "now"), ("file", "next")]
    english = page(signed_in(office.head), at(errand), "en")
    for words in ("Public notice", "Notice period over", "Waits for a time", "What it waits for", "by: Message"):
        assert words in english, words


def test_what_was_done_and_by_whom_leads_to_each_task(office: Office) -> None:
    errand = office.drafted()
    task, drafted = waiting(), Task.objects.get(element="draft")
    told = page(signed_in(office.reviewer), at(errand))
    assert steps(told) == [("draft", "done"), ("check", "now"), ("sign", "next")]
    assert f'<a href="/desk/errands/{task.id}/">核稿</a>' in told
    assert f'<a href="/desk/errands/{drafted.id}/">' in told
    for words in ("孙洁", "初稿已拟。", "未分派", "4 月 12 日起变红"):
        assert words in told, words
    together.take_task(by=office.reviewer, task_id=task.id)
    assert "赵敏" in page(signed_in(office.head), at(errand))


def test_what_is_on_offer_is_named_and_who_may_start_it(office: Office) -> None:
    errand = office.improvised()
    lying = Task.objects.get(state="offered")
    told = page(signed_in(office.head), at(errand))
    for words in ("可启动：走访", "审查人员", f'<a href="/desk/errands/{lying.id}/">按需走访</a>'):
        assert words in told, words
    nobodys = office.improvised(role="")
    assert "流程没有写明由哪个岗位启动。" in page(signed_in(office.head), at(nobodys))


def test_one_that_is_over_says_since_when_and_bears_no_verbs(office: Office) -> None:
    errand = office.waited()
    head = signed_in(office.head)
    for verb in ("halt", "terminate", "copy"):
        assert f'href="{at(errand, verb)}"' in page(head, at(errand)), verb
    services.terminate_errand(by=office.head, errand_id=errand.id, reason="活动已取消。")
    told = page(head, at(errand))
    assert "已于 3 月 13 日 14:20 结束，不再流转。" in told
    assert "活动已取消。" in told
    for verb in ("halt", "terminate", "urge"):
        assert f'href="{at(errand, verb)}"' not in told, verb


def test_it_is_halted_continued_copied_and_ended_without_any_task(office: Office) -> None:
    errand, head = office.waited(), signed_in(office.head)
    assert "已挂起" in send(head, at(errand, "halt"), reason="等待上级答复。")
    assert Process.objects.get().suspended
    send(head, at(errand, "go-on"))
    assert not Process.objects.get().suspended
    send(head, at(errand, "copy"), to=[str(office.bystander.account_id)], reason="供参考。")
    ledger.run_once()
    assert Told.objects.get(template="errand.copy_given").address == at(errand)
    reader = signed_in(office.bystander)
    assert at(errand) in page(reader, "/desk/copies/")
    assert "公示期满" in page(reader, at(errand))
    head.post(at(errand, f"copies/{Copy.objects.get().id}/take-back"))
    assert reader.get(at(errand)).status_code == 404
    assert "已取消" in send(head, at(errand, "terminate"), reason="活动已取消。")
    assert Process.objects.get().state == "cancelled"


def test_whoever_has_its_task_is_urged_from_there(office: Office) -> None:
    errand = office.drafted()
    head = signed_in(office.head)
    assert f'href="{at(errand, "urge")}"' in page(head, at(errand))
    send(head, at(errand, "urge"), reason="今天要发。")
    assert waiting().urges == 1
    assert f'href="{at(errand, "urge")}"' not in page(head, at(errand))


def test_its_model_is_drawn_and_is_of_its_own_processes_alone(office: Office) -> None:
    errand, other = office.waited(), office.drafted()
    head, own = signed_in(office.head), Process.objects.get(subject_id=errand.id)
    address = f"{at(errand)}processes/{own.id}/model.bpmn"
    assert f'data-zt-process="{address}"' in page(head, at(errand))
    answer = head.get(address)
    assert answer.headers["Content-Type"].startswith("application/xml")
    assert etree.fromstring(answer.content).findall(".//{*}BPMNShape")
    foreign = Process.objects.get(subject_id=other.id).id
    assert head.get(f"{at(errand)}processes/{foreign}/model.bpmn").status_code == 404
    assert steps(page(head, f"{at(errand)}?process={foreign}")) == [("pause", "now"), ("file", "next")]


def test_several_processes_of_one_are_told_and_drawn_one_by_one(office: Office) -> None:
    errand, other = office.waited(), office.drafted()
    more = Process.objects.get(subject_id=other.id)
    Process.objects.filter(id=more.id).update(subject_id=errand.id)
    Task.objects.update(subject_id=errand.id)
    head = signed_in(office.head)
    told = page(head, at(errand))
    assert f'<a href="?process={more.id}" aria-current="true">通报</a>' in told
    assert "公示期满" in told
    assert "核稿" in told
    first = Process.objects.exclude(id=more.id).get()
    assert steps(page(head, f"{at(errand)}?process={first.id}")) == [("pause", "now"), ("file", "next")]


def test_nobody_opens_that_of_others(office: Office) -> None:
    errand = office.waited()
    for who in (office.stranger, office.bystander, office.clerk):
        client = signed_in(who)
        for verb in ("", "halt", "go-on", "terminate", "urge", "copy"):
            assert client.get(at(errand, verb)).status_code == 404, verb
        process = Process.objects.get().id
        assert client.get(f"{at(errand)}processes/{process}/model.bpmn").status_code == 404
    assert Client(HTTP_HOST="localhost").get(at(errand)).status_code in (302, 401, 403)
    assert signed_in(office.head).get("/desk/errands/whole/1/").status_code == 404


def test_it_costs_the_same_however_much_was_done(office: Office) -> None:
    errand = office.improvised()
    head, lying = signed_in(office.head), Task.objects.get(state="offered")

    def reads() -> int:
        with CaptureQueriesContext(connection) as spoken:
            page(head, at(errand))
        return len(spoken)

    counted = []
    for more in (1, 5):
        for _each in range(more):
            services.improvise_errand(by=office.reviewer, errand_id=errand.id, task_id=lying.id, element="visit")
            office.done(office.clerk)
            services.improvise_errand(by=office.reviewer, errand_id=errand.id, task_id=lying.id, element="visit")
            office.done(office.clerk)
        reads()
        counted.append(reads())
    assert counted[0] == counted[1] <= MOST_READS


def test_once_the_time_has_come_the_task_stands_there(office: Office) -> None:
    errand = office.waited()
    with desks.at("2025-03-16 14:21"):
        tasks.fire_due_timers()
        told = page(signed_in(office.clerk), at(errand))
    assert steps(told) == [("pause", "done"), ("file", "now")]
    assert f'<a href="/desk/errands/{waiting().id}/">归档</a>' in told
