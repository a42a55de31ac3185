"""Everything colleagues do on an errand, by pages without scripts: who sees which button, what is said and kept."""

import html
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories import desks
from factories.desks import signed_in
from factories.errands import Office, stands, waiting
from zhengtong.foundation.policy import Actor
from zhengtong.matters.workflow.models import Copy, Process, Task
from zhengtong.matters.workflow.queries.copies import copies_for

pytestmark = pytest.mark.django_db
WHY = "数字有误，请再核。"


@pytest.fixture
def office(settings: Any) -> Iterator[Office]:
    settings.ZT_REQUIRE_STAFF_MFA = False
    with desks.at("2025-03-13 14:20"):
        yield Office()


def page(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.content.decode())


def send(client: Client, address: str, status: int = 200, **given: Any) -> str:
    """Fill in the form at an address and send it, as a browser without scripts does."""
    form = page(client, address)
    hidden = {name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("once", "task")}
    answer = client.post(address, {**hidden, **given}, follow=True)
    assert answer.status_code == status, answer.content.decode()
    return html.unescape(answer.content.decode())


def at(task: Task, verb: str = "") -> str:
    return f"/desk/errands/{task.id}/" + (f"{verb}/" if verb else "")


def key(who: Actor) -> str:
    return str(who.account_id)


def test_it_is_taken_put_back_and_handed_on(office: Office) -> None:
    office.begin()
    task, clerk = waiting(), signed_in(office.clerk)
    assert at(task, "claim") in page(clerk, at(task))
    clerk.post(at(task, "claim"), {"task": task.id})
    assert stands() == [("draft", "孙洁")]
    clerk.post(at(task, "release"), {"task": task.id})
    assert stands() == [("draft", "")]
    address = f"/desk/hand-on/?chosen={task.id}"
    assert address in page(clerk, at(task))
    chosen = page(clerk, address).split('name="to" value="')[1].split('"')[0]
    clerk.post("/desk/hand-on/", {"chosen": task.id, "to": chosen, "reason": "我去开会。"})
    assert stands() == [("draft", "何静")]
    told = page(signed_in(office.second), at(task))
    assert "孙洁 → 何静" in told
    assert "我去开会。" in told


def test_it_is_sent_back_with_a_reason_and_never_to_an_applicant(office: Office) -> None:
    office.drafted()
    task, reviewer = waiting(), signed_in(office.reviewer)
    assert at(task, "send-back") in page(reviewer, at(task))
    assert "请选择" in send(reviewer, at(task, "send-back"), 422, reason=WHY)
    refused = send(reviewer, at(task, "send-back"), 409, target="s", reason=WHY)
    assert "事务没有申请人" in refused
    assert WHY in refused
    send(reviewer, at(task, "send-back"), target="draft", reason=WHY)
    assert stands() == [("draft", "孙洁")]
    again = page(signed_in(office.clerk), at(waiting()))
    assert f"退回：{WHY}" in again
    first = Task.objects.get(element="draft", state="claimed")
    assert "没有申请人" in page(signed_in(office.clerk), at(first, "send-back"))


def test_colleagues_are_asked_answer_and_are_asked_no_longer(office: Office) -> None:
    office.drafted()
    task, reviewer = waiting(), signed_in(office.reviewer)
    asked = [key(office.bystander), key(office.second)]
    send(reviewer, at(task, "ask"), way="before", to=asked, reason="口径对吗？")
    first, second = Task.objects.filter(asked="before").order_by("id")
    told = page(reviewer, at(task))
    assert "韩梅" in told
    assert f"/asked/{second.id}/take-back/" in told
    reviewer.post(f"/desk/errands/{task.id}/asked/{second.id}/take-back/")
    bystander = signed_in(office.bystander)
    assert "口径对吗？" in page(bystander, at(first))
    assert at(first, "opinion") in page(bystander, at(first))
    send(bystander, at(first, "opinion"), reason="口径无误。")
    assert "口径无误。" in page(reviewer, at(task))
    assert stands() == [("check", "赵敏")]


def test_who_signs_after_is_named_and_named_no_longer(office: Office) -> None:
    office.drafted()
    third, task, reviewer = office.officer("陈博", "task.reviewer"), waiting(), signed_in(office.reviewer)
    send(reviewer, at(task, "ask"), way="after", to=[key(third)], reason="请一并签署。")
    address = f"/desk/errands/{task.id}/asked/{task.id}/after/take-back/"
    assert address in page(reviewer, at(task))
    reviewer.post(address)
    assert address not in page(reviewer, at(task))


def test_what_one_did_is_taken_back_and_both_stand_in_the_history(office: Office) -> None:
    office.drafted()
    done, clerk = Task.objects.get(element="draft"), signed_in(office.clerk)
    assert at(done, "withdraw") in page(clerk, at(done))
    assert "初稿已拟。" in page(clerk, at(done))
    send(clerk, at(done, "withdraw"), reason="还要改。")
    assert stands() == [("draft", "孙洁")]
    office.done(office.clerk)
    office.done(office.reviewer, "agree", "同意发。")
    told = page(signed_in(office.head), at(waiting()))
    for words in ("初稿已拟。", "还要改。", "同意发。"):
        assert words in told
    assert at(done, "withdraw") not in page(clerk, at(done))


def test_it_is_urged_and_brought_to_notice(office: Office) -> None:
    office.drafted()
    done, clerk = Task.objects.get(element="draft"), signed_in(office.clerk)
    send(clerk, at(done, "urge"), reason="今天要发。")
    assert waiting().urges == 1
    assert at(done, "urge") not in page(clerk, at(done))
    reader = signed_in(office.bystander)
    assert reader.get(at(done)).status_code == 404
    send(clerk, at(done, "copy"), to=[key(office.bystander)], reason="供参考。")
    row = copies_for(office.bystander).get()
    assert f"/desk/errands/whole/{waiting().subject_id}/" in page(reader, "/desk/copies/")
    told = page(reader, at(waiting()))
    assert "初稿已拟。" in told
    assert at(waiting(), "copy") not in told
    clerk.post(f"/desk/errands/{done.id}/copies/{row.id}/take-back/")
    assert Copy.objects.get().taken_back_at
    assert reader.get(at(waiting())).status_code == 404


def test_the_head_halts_it_has_it_go_on_and_ends_it(office: Office) -> None:
    office.drafted()
    task, head, reviewer = waiting(), signed_in(office.head), signed_in(office.reviewer)
    for verb in ("halt", "terminate"):
        assert at(task, verb) in page(head, at(task))
        assert at(task, verb) not in page(reviewer, at(task))
        assert reviewer.post(at(task, verb), {"once": "k" * 20, "reason": WHY}).status_code == 403
    send(head, at(task, "halt"), reason="等通知。")
    assert "已挂起" in page(reviewer, at(task))
    assert send(reviewer, at(task), 409, outcome="agree")
    send(head, at(task, "go-on"))
    assert "请写明终止的理由" in send(head, at(task, "terminate"), 422, reason="")
    told = send(head, at(task, "terminate"), reason="活动已取消。")
    assert "活动已取消。" in told
    assert (stands(), Process.objects.get().state) == ([], "cancelled")
    assert at(task, "terminate") not in told


def test_another_agency_finds_nothing(office: Office) -> None:
    office.drafted()
    task = waiting()
    stranger = signed_in(office.stranger)
    verbs = ("", "send-back", "ask", "opinion", "withdraw", "halt", "go-on", "terminate", "urge", "copy")
    for verb in verbs:
        assert stranger.get(at(task, verb)).status_code == 404
        assert stranger.post(at(task, verb), {"once": "k" * 20, "reason": WHY}).status_code == 404
    for verb in ("claim", "release"):
        assert stranger.post(at(task, verb)).status_code == 404
    assert stands() == [("check", "")]


def test_in_english_and_in_a_fixed_number_of_reads(office: Office) -> None:
    office.drafted()
    task, reviewer = waiting(), signed_in(office.reviewer)
    told = reviewer.get(at(task), headers={"Accept-Language": "en"}).content.decode()
    for words in ("Send back", "Ask colleagues", "History", "What came of it", "Task of an errand completed"):
        assert words in told

    def reads() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert reviewer.get(at(task)).status_code == 200
        return len(queries)

    before = reads()
    for number in range(3):
        colleague = office.officer(f"同事{number}")
        send(reviewer, at(task, "ask"), way="before", to=[key(colleague)], reason="请看。")
        own = waiting(who_id=colleague.account_id)
        send(signed_in(colleague), at(own, "opinion"), reason="已看。")
    assert reads() <= before + 2, "whatever was said, and by how many"
