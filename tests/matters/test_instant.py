"""Instant items (即办件): handed in, decided by rule, served and closed in one act; else a person is asked."""

import base64
import dataclasses
import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from factories import allowance as made
from zhengtong.engines.documents import compose_letter
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, NotAllowed, NotFound, Unavailable
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries, services
from zhengtong.matters.cases.models import Case, Decision, Notice, Ruling, Submission
from zhengtong.matters.cases.queries import rulings
from zhengtong.matters.cases.services import submission
from zhengtong.matters.cases.services.papers import notice_facts
from zhengtong.matters.cases.services.specs import spec_of
from zhengtong.matters.catalog.models import ReleasedPack
from zhengtong.matters.deadlines.queries import clocks_of
from zhengtong.matters.workflow.models import Process, Task
from zhengtong.matters.workflow.queries import open_task
from zhengtong.people.identity.models import Person
from zhengtong.records.exchange.models import FactAnswer
from zhengtong.records.exchange.registry import Provider, facts

pytestmark = pytest.mark.django_db
REGISTER = "public-security.identity"
MONDAY = dt.date(2025, 3, 3)


def at(text: str) -> AbstractContextManager[None]:
    """Hold time still at a local instant."""
    return clock.frozen(dt.datetime.fromisoformat(text).replace(tzinfo=clock.LOCAL_ZONE))


def hand_in(bureau: made.Bureau, by: Actor, when: str = "2025-03-03 10:00", **given: object) -> Case:
    with at(when):
        receipt = services.submit_application(by=by, item_id=bureau.item.id, answers=made.answers(**given))
    return Case.objects.get(id=receipt.case_id)


def act(by: Actor, outcome: str, case: Case, **entry: object) -> None:
    task = open_task("case", case.id)
    assert task is not None
    services.act(by=by, task_id=task.id, outcome=outcome, entry=entry)


def letter(case: Case, kind: str, locale: str = "zh-hans") -> str:
    notice = Notice.objects.get(case_id=case.id, kind=kind)
    return compose_letter(kind, notice_facts(notice, case), locale).text


def hand_in_late(bureau: made.Bureau, monkeypatch: pytest.MonkeyPatch, until: str) -> Ruling:
    """Hand in at one second to midnight; the turn to write comes at `until`."""

    def waiting(job: Callable[[], Any], **options: Any) -> Any:
        with at(until):
            return write(job, **options)

    monkeypatch.setattr(submission, "write", waiting)
    case = hand_in(bureau, made.applicant(), "2025-03-03 23:59:59")
    return Ruling.objects.get(case_id=case.id)


@pytest.fixture
def bureau() -> made.Bureau:
    return made.bureau()


def away(_subject: object) -> None:
    raise Unavailable("test.away", "no answer")


def answering(monkeypatch: pytest.MonkeyPatch, provider: Provider) -> None:
    """Have the residents' register answer otherwise."""
    offered = facts.get(REGISTER)
    monkeypatch.setitem(facts._things, REGISTER, dataclasses.replace(offered, provider=provider))


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The residents' register does not answer."""
    answering(monkeypatch, away)


def redrawn(bureau: made.Bureau, *changes: tuple[str, str]) -> None:
    """The process as a careless hand might have drawn it, straight into the store."""
    pack = bureau.item.pack
    assert pack is not None
    drawn = base64.b64decode(pack.files["process.bpmn"]).decode()
    for before, after in changes:
        assert before in drawn
        drawn = drawn.replace(before, after)
    files = {**pack.files, "process.bpmn": base64.b64encode(drawn.encode()).decode()}
    ReleasedPack.objects.filter(id=pack.id).update(files=files)


def test_the_whole_case_in_one_act(bureau: made.Bureau) -> None:
    case = hand_in(bureau, made.applicant())
    assert (case.state, case.close_type, case.close_result) == ("CLOSED", "approved", "passed")
    days = {case.received_on, case.accepted_on, case.decided_on, clock.local(case.closed_at).date()}
    assert days == {MONDAY}
    assert (case.decider_id, case.reviewer_id, case.light_at_close) == (None, None, "green")
    assert {row.state for row in clocks_of(("case", case.id)).values()} == {"stopped"}
    kinds = [notice.kind for notice in Notice.objects.filter(case_id=case.id).order_by("id")]
    assert kinds == ["receipt", "acceptance", "approval", "delivery"]
    assert not Task.objects.filter(subject_id=case.id).exists()
    assert Process.objects.get(id=case.process_id).data == {"高龄津贴核定": {"结论": "准予", "每月金额": 300}}


def test_the_decision_rests_on_the_ruling_and_prints_amount_reasons_and_article(bureau: made.Bureau) -> None:
    case = hand_in(bureau, made.applicant())
    decision, ruling = Decision.objects.get(case_id=case.id), Ruling.objects.get(case_id=case.id)
    assert (decision.outcome, decision.ruling_id, decision.decider_id) == ("approve", ruling.id, 0)
    assert ruling.inputs == {"年龄": 92, "户籍所在区划": "110108", "在别处领取": False}
    assert ruling.value == {"结论": "准予", "每月金额": 300}
    assert ruling.trace == {"领取条件": [4], "发放标准": [2]}
    assert ruling.model == spec_of(bureau.item.id).rulebook.digest
    text = letter(case, "approval")
    for said in (
        "行政给付决定书",
        "王福寿：",
        "每月发给高龄津贴 300 元",
        "九十至九十九周岁",
        "《中华人民共和国老年人权益保障法》第三十三条",
        "60日内向示范区人民政府申请行政复议",
        "个人信息保护法》第二十四条",
    ):
        assert said in text, text
    english = letter(case, "approval", "en")
    assert "an allowance of 300 yuan a month" in english
    assert "From 90 to 99 years of age" in english
    assert "300 元" in decision.reasons


@pytest.mark.parametrize(
    ("birth", "division", "given", "reason"),
    [
        (dt.date(1950, 5, 1), "110108", {}, "未满八十周岁"),
        (dt.date(1945, 3, 4), "110108", {}, "未满八十周岁"),
        (dt.date(1940, 1, 1), "110105", {}, "户籍不在本区"),
        (dt.date(1940, 1, 1), "110108", {"paid_elsewhere": True, "paid_where": "邻区"}, "不重复发放"),
    ],
)
def test_a_refusal_prints_its_reasons_and_remedies(
    bureau: made.Bureau, birth: dt.date, division: str, given: dict[str, object], reason: str
) -> None:
    case = hand_in(bureau, made.applicant(birth, division=division), **given)
    assert (case.state, case.close_type) == ("CLOSED", "refused")
    text = letter(case, "refusal")
    assert "不予行政给付决定书" in text
    assert reason in text
    assert "行政诉讼" in text
    assert "许可" not in text


def test_the_day_of_the_birthday_counts(bureau: made.Bureau) -> None:
    assert hand_in(bureau, made.applicant(dt.date(1945, 3, 3))).close_type == "approved"


def test_the_authority_acts_by_its_rule_and_not_the_applicant(bureau: made.Bureau) -> None:
    case = hand_in(bureau, made.applicant())
    told = [(entry.type, entry.actor_name) for entry in reversed(ledger.timeline(("case", case.id)))]
    assert told[0] == ("case.submit", "王福寿")
    assert [kind for kind, _name in told] == [
        "case.submit",
        "case.receive",
        "case.accept",
        "case.ruled",
        "case.approve",
        "case.deliver",
        "case.close",
    ]
    assert "王福寿" not in {name for _kind, name in told[1:]}
    ruled = next(entry for entry in ledger.timeline(("case", case.id)) if entry.type == "case.ruled")
    assert ruled.payload["value"] == {"结论": "准予", "每月金额": 300}
    assert ruled.payload["decision"] == "高龄津贴核定"


def test_at_night_and_on_a_sunday_it_is_the_same_day(bureau: made.Bureau) -> None:
    case = hand_in(bureau, made.applicant(), "2025-03-02 23:30")
    assert {case.received_on, case.accepted_on, case.decided_on} == {dt.date(2025, 3, 2)}
    assert case.state == "CLOSED"


@pytest.mark.parametrize(
    ("turn", "asked"),
    [
        pytest.param("2025-03-03 23:59:59.5", "2025-03-03 23:59:59", id="same-day-worked-out-ahead"),
        pytest.param("2025-03-04 00:00:01", "2025-03-04 00:00:01", id="next-day-asked-anew"),
    ],
)
def test_the_rules_are_asked_of_the_day_on_which_the_case_is_written(
    bureau: made.Bureau, monkeypatch: pytest.MonkeyPatch, turn: str, asked: str
) -> None:
    ruling = hand_in_late(bureau, monkeypatch, turn)
    assert f"{clock.local(ruling.ruled_at):%F %T}" == asked
    (told,) = rulings.rulings_of(bureau.clerk, Case.objects.get(id=ruling.case_id), "zh-hans")
    assert told.unchanged


def test_inputs_values_and_facts_lie_sealed(bureau: made.Bureau) -> None:
    case = hand_in(bureau, made.applicant())
    with connection.cursor() as cursor:
        cursor.execute("SELECT inputs, value, trace FROM cases_ruling WHERE case_id = %s", [case.id])
        (row,) = cursor.fetchall()
        cursor.execute("SELECT facts FROM cases_submission WHERE case_id = %s", [case.id])
        (kept,) = cursor.fetchone()
    assert all(column.startswith("v") and "110108" not in column and "准予" not in column for column in (*row, kept))
    (submission,) = Submission.objects.filter(case_id=case.id)
    assert submission.facts["public-security.identity"]["values"]["division"] == "110108"


def test_the_fact_is_asked_before_with_its_lineage(bureau: made.Bureau) -> None:
    case = hand_in(bureau, made.applicant())
    (asked,) = FactAnswer.objects.filter(fact="public-security.identity")
    assert (asked.purpose_kind, asked.purpose_id, asked.status) == ("case", case.id, "found")
    (submission,) = Submission.objects.filter(case_id=case.id)
    assert submission.facts["public-security.identity"]["answer"] == asked.id


# Where the rules come to nothing


def test_a_source_that_is_away_leads_to_a_clerk_who_is_told_what_is_missing(bureau: made.Bureau, silent: None) -> None:
    case = hand_in(bureau, made.applicant())
    task = open_task("case", case.id)
    assert task is not None
    assert (case.state, task.element, task.role) == ("ACCEPTED", "verify", "clerk")
    assert Process.objects.get(id=case.process_id).data == {"高龄津贴核定": {"结论": None, "每月金额": None}}
    (told,) = rulings.rulings_of(bureau.clerk, case, "zh-hans")
    assert told.missing == ("老人的户籍在哪个区（以公安户籍信息为准）",)
    assert told.lines[0].state == "doubtful"
    assert any(told.missing[0] in text for text in told.lines[0].trace)
    (english,) = rulings.rulings_of(bureau.clerk, case, "en")
    assert english.missing[0].startswith("In which district")
    assert Ruling.objects.get(case_id=case.id).missing == ["户籍所在区划"]


def test_asked_again_the_rules_decide(bureau: made.Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        answering(patch, lambda _subject: None)
        case = hand_in(bureau, made.applicant())
    with at("2025-03-04 09:00"):
        act(bureau.clerk, "recheck", case)
    case.refresh_from_db()
    assert (case.state, case.decided_on) == ("CLOSED", dt.date(2025, 3, 4))
    assert [row.value["结论"] for row in Ruling.objects.filter(case_id=case.id).order_by("id")] == [None, "准予"]
    assert [(row.purpose_kind, row.status) for row in FactAnswer.objects.order_by("id")] == [
        ("case", "absent"),
        ("case", "found"),
    ]
    approve = next(entry for entry in ledger.timeline(("case", case.id)) if entry.type == "case.approve")
    assert approve.actor_name == "沈玉"


@pytest.mark.usefixtures("silent")
def test_only_whoever_may_do_the_task_may_have_the_sources_asked(bureau: made.Bureau) -> None:
    case = hand_in(bureau, made.applicant())
    asked = FactAnswer.objects.count()
    with pytest.raises(NotAllowed):
        act(bureau.decider, "recheck", case)
    assert FactAnswer.objects.count() == asked


def test_two_officials_decide_what_no_source_can_tell(bureau: made.Bureau) -> None:
    somebody = made.applicant(dt.date(1930, 1, 1))
    Person.objects.filter(id=somebody.person_id).update(birth_date=None)
    case = hand_in(bureau, somebody)
    with at("2025-03-03 15:00"):
        act(bureau.clerk, "review", case)
        act(bureau.reviewer, "propose_approve", case, opinion="护照载明 1930 年出生，符合条件。")
        with pytest.raises(NotAllowed):
            act(bureau.reviewer, "approve", case)
        act(bureau.decider, "approve", case, reasons="每月发给高龄津贴 300 元。")
    case.refresh_from_db()
    assert (case.state, case.reviewer_id, case.decider_id) == (
        "CLOSED",
        bureau.reviewer.account_id,
        bureau.decider.account_id,
    )
    text = letter(case, "approval")
    assert "（一）每月发给高龄津贴 300 元。" in text
    assert "系统按照公布的规则" not in text
    assert Decision.objects.get(case_id=case.id).ruling_id is None


# What the law does not allow


@pytest.mark.usefixtures("silent")
def test_nobody_is_decided_on_by_his_own_act_alone(bureau: made.Bureau) -> None:
    """A process that approves whatever the rules say is stopped, and nothing of the application is left."""
    redrawn(bureau, ('高龄津贴核定.结论 = "准予"', "true"))
    with pytest.raises(Conflict) as refused:
        hand_in(bureau, made.applicant())
    assert refused.value.code == "cases.nobody_decides"
    assert not Case.objects.exists()
    assert not Ruling.objects.exists()


def test_a_decision_that_the_rules_do_not_have_refuses_the_whole_act(bureau: made.Bureau) -> None:
    redrawn(bureau, ('zt:decision="高龄津贴核定"', 'zt:decision="别的"'))
    with pytest.raises(Conflict) as refused:
        hand_in(bureau, made.applicant())
    assert refused.value.code == "cases.rules"
    assert "别的" in str(refused.value.message)
    assert not Case.objects.exists()


def test_facts_are_never_asked_inside_a_write(bureau: made.Bureau) -> None:
    by = made.applicant()
    with pytest.raises(RuntimeError, match="before the write"):
        write(lambda: services.submit_application(by=by, item_id=bureau.item.id, answers=made.answers()))
    assert not Case.objects.exists()


# Who reads the rulings


def test_the_applicant_reads_why_and_a_stranger_sees_no_case(bureau: made.Bureau) -> None:
    by = made.applicant()
    case = hand_in(bureau, by)
    (told,) = rulings.rulings_of(by, case, "zh-hans")
    assert told.unchanged
    assert told.content == ("自批准的下个月起，每月发给高龄津贴 300 元，存入申请表所填的账户。",)
    assert told.value == {"结论": "准予", "每月金额": 300}
    with pytest.raises(NotFound):
        rulings.rulings_of(made.applicant(dt.date(1930, 1, 1)), case, "zh-hans")


def test_a_ruling_that_was_altered_shows(bureau: made.Bureau) -> None:
    case = hand_in(bureau, made.applicant())
    ruling = Ruling.objects.get(case_id=case.id)
    ruling.value = {"结论": "准予", "每月金额": 3000}
    ruling.save()
    (told,) = rulings.rulings_of(bureau.clerk, case, "zh-hans")
    assert not told.unchanged
    assert queries.case_by_id(bureau.clerk, case.id).id == case.id


def test_a_draft_is_handed_in_and_decided_with_the_facts_asked_for_it(bureau: made.Bureau) -> None:
    by = made.applicant()
    with at("2025-03-03 10:00"):
        draft = services.start_draft(by=by, item_id=bureau.item.id)
        services.prefill(by=by, token=draft.token)
        draft.refresh_from_db()
        assert draft.answers["name"] == "王福寿"
        assert draft.sources["name"]["name"] == "公安户籍信息"
        services.save_draft(by=by, token=draft.token, answers={**made.answers(), **draft.answers})
        handed_in = services.hand_in_draft(by=by, token=draft.token, key="once")
        again = services.hand_in_draft(by=by, token=draft.token, key="once")
    assert handed_in.case_token == again.case_token
    case = Case.objects.get(token=handed_in.case_token)
    assert case.close_type == "approved"
    assert {(row.purpose_kind, row.purpose_id) for row in FactAnswer.objects.all()} == {("draft", draft.id)}
    assert Decimal(Ruling.objects.get(case_id=case.id).value["每月金额"]) == 300
