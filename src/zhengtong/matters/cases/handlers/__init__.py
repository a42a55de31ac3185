"""What follows the commit of a case's events: papers drawn, people told, the case made findable."""

from collections.abc import Mapping
from typing import cast

from zhengtong.foundation import policy
from zhengtong.foundation.core.registry import registry
from zhengtong.foundation.ledger.registry import Delivery, subscribe
from zhengtong.foundation.messages import services as messages
from zhengtong.foundation.messages.registry import Template, declare
from zhengtong.foundation.search import services as search
from zhengtong.matters.cases.handlers.officials import tell
from zhengtong.matters.cases.models import Case
from zhengtong.matters.cases.registry import APPLICANT
from zhengtong.matters.cases.services.papers import draw_pending
from zhengtong.matters.cases.services.redating import follow_notice
from zhengtong.matters.cases.services.specs import spec_of
from zhengtong.matters.cases.services.work import KIND
from zhengtong.matters.deadlines.registry import followers
from zhengtong.matters.workflow.queries import task as task_of_id
from zhengtong.people.access.queries import holders
from zhengtong.people.identity import queries as identity


def draw_papers(delivery: Delivery) -> None:
    """Draw what the act left to be drawn; repeated deliveries find nothing to do.

    Papers of imported history are drawn when somebody asks for them (`papers.drawn`).
    """
    if not delivery.imported:
        draw_pending(delivery.subject[1])


def tell_applicant(delivery: Delivery) -> None:
    """Tell the applicant, once an event."""
    if delivery.imported:
        return
    case = Case.objects.get(id=delivery.subject[1])
    person = identity.person(case.agent_person_id or case.applicant_person_id or 0)
    messages.tell(
        to=messages.Recipient(
            person_id=case.applicant_person_id,
            organisation_id=case.applicant_organisation_id,
            email=(person.email or "") if person else "",
        ),
        template=delivery.type,
        params={
            "item": case.item_name,
            "item_en": case.item_name_en,
            "number": case.short_no,
            **_DECIDED[spec_of(case.item_id).matter],
        },
        stable_id=f"case:{delivery.id}",
        address=f"/cases/{case.token}/",
    )


def tell_colleague(delivery: Delivery) -> None:
    """Tell the official into whose hand a task of a case was put, once an event; why stands in the case's history."""
    told = delivery.payload or {}
    task = task_of_id(int(str(told.get("task") or 0)))
    if delivery.imported or task.subject_kind != KIND:
        return
    case, once, giver = Case.objects.get(id=task.subject_id), f"transfer:{delivery.id}", told.get("from", "")
    tell(told.get("account"), template=TRANSFERRED.name, case=case, task=task, once=once, giver=giver)


def tell_officer(delivery: Delivery) -> None:
    """Tell whoever has a case in hand that its last day is another one by the notice of a year, once an event."""
    told = delivery.payload or {}
    clocks = cast("Mapping[str, Mapping[str, str]]", told["clocks"])
    days = "；".join(f"{days['from']} → {days['to']}" for days in clocks.values())
    case, once = Case.objects.get(id=delivery.subject[1]), f"redated:{delivery.id}"
    tell(told.get("account"), template=REDATED.name, case=case, once=once, year=told["year"], days=days)


def tell_informed(delivery: Delivery) -> None:
    """Tell whom the process lets know (通知): the applicant, or whoever holds the role, each once an event."""
    if delivery.imported:
        return
    case, whom = Case.objects.get(id=delivery.subject[1]), str((delivery.payload or {})["whom"])
    if whom == APPLICANT:
        tell_applicant(delivery)
        return
    for holder in holders(f"task.{whom}", case.agency_id):
        once = f"informed:{delivery.id}:{holder.account_id}"
        tell(holder.account_id, template=INFORMED.name, case=case, once=once)


def make_findable(delivery: Delivery) -> None:
    """Let those who may see the case find it by number and applicant."""
    case = Case.objects.get(id=delivery.subject[1])
    search.put(
        search.Findable(
            kind="case",
            object_id=case.id,
            title=f"{case.applicant_label} {case.item_name}",
            title_en=f"{case.applicant_label} {case.item_name_en}",
            summary=case.short_no,
            address=f"/desk/cases/{case.token}/",
            words=(case.short_no, case.case_no or ""),
            scope=policy.index_tokens(case),
        )
    )


_DECIDED = {
    "licence": {"granted": "准予许可", "refused": "不予许可"},
    "benefit": {"granted": "准予给付", "refused": "不予给付"},
    "other": {"granted": "准予", "refused": "不予批准"},
}
_TOLD = {
    "submit": ("已收到您的申请", "Application received", "我们已收到", "We have received"),
    "request_correction": ("请补正材料", "Please complete your papers", "有材料需要补正", "Something is missing in"),
    "accept": ("已受理", "Accepted", "已经受理", "We have accepted"),
    "deem_accepted": ("视为受理", "Deemed accepted", "已视为受理", "By law we have accepted"),
    "refuse_acceptance": ("不予受理", "Not accepted", "不予受理", "We cannot accept"),
    "return": ("已退件", "Returned", "已退回", "We have returned"),
    "correction_timeout": (
        "补正期满",
        "Time for correction ran out",
        "补正期限已过",
        "The time to correct has run out for",
    ),
    "suspend": ("进入特别程序", "Special procedure", "进入特别程序，期限暂停计算", "The clock is stopped for"),
    "resume": ("特别程序结束", "Special procedure ended", "特别程序结束，期限继续计算", "The clock runs again for"),
    "extend": ("办理期限延长", "Time extended", "办理期限已延长", "The time has been extended for"),
    "approve": ("{granted}", "Approved", "已准予", "We have approved"),
    "refuse": ("{refused}", "Refused", "作出{refused}决定", "We have refused"),
    "close": ("已办结，请您评价", "Closed: how did we do?", "已办结，欢迎您评价", "We have closed"),
    "redated": ("期限日期调整", "Dates counted anew", "按放假安排重新计算了期限", "By the yearly notice we count anew"),
    "withdraw": ("已撤回", "Withdrawn", "已按您的要求撤回", "As you asked, we have taken back"),
    "terminate": ("已终止", "Terminated", "已终止办理", "We have ended"),
}

for _event, (_zh, _en, _said_zh, _said_en) in _TOLD.items():
    declare(
        Template(
            name=f"case.{_event}",
            subject_zh=f"{{item}}：{_zh}",
            text_zh=f"您的“{{item}}”（办件编号 {{number}}）{_said_zh}。登录后可查看办理经过和文书。",
            subject_en=f"{{item_en}}: {_en}",
            text_en=f"{_said_en} “{{item_en}}” (case {{number}}). Sign in to see the progress and the papers.",
        )
    )
    subscribe(f"case.{_event}", f"cases.tell.{_event}", tell_applicant)

TRANSFERRED = declare(
    Template(
        name="workflow.task_transferred",
        subject_zh="{giver}转办给您：{item}",
        text_zh="“{item}”（办件编号 {number}）已转到您手中，原因见办件经过。",
        subject_en="Handed on to you by {giver}: {item_en}",
        text_en="“{item_en}” (case {number}) is in your hands now; its history says why.",
    )
)
subscribe("workflow.task_transferred", "cases.tell_colleague", tell_colleague)

INFORMED = declare(
    Template(
        name="case.informed.officer",
        subject_zh="通知：{item}",
        text_zh="“{item}”（办件编号 {number}）按流程通知您知悉，不需要办理。",
        subject_en="For your information: {item_en}",
        text_en="By the process you are let know of “{item_en}” (case {number}); nothing is to be done.",
    )
)
declare(
    Template(
        name="case.informed",
        subject_zh="{item}：办理进展",
        text_zh="您的“{item}”（办件编号 {number}）有新的进展。登录后可查看办理经过。",
        subject_en="{item_en}: progress",
        text_en="Your application “{item_en}” (case {number}) has come further. Sign in to see the progress.",
    )
)
subscribe("case.informed", "cases.tell_informed", tell_informed)

REDATED = declare(
    Template(
        name="case.redated.officer",
        subject_zh="期限日期调整：{item}",
        text_zh="按 {year} 年放假安排，“{item}”（办件编号 {number}）的最后一日调整：{days}。逐日算法见办件。",
        subject_en="Dates counted anew: {item_en}",
        text_en="By the notice of {year} the last day of “{item_en}” (case {number}) is another: {days}.",
    )
)
subscribe("case.redated", "cases.tell_officer_redated", tell_officer)
followers.add(KIND, follow_notice)

for _event in ("receive", "request_correction", "accept", "deem_accepted", "refuse_acceptance", "suspend", "extend"):
    subscribe(f"case.{_event}", f"cases.draw.{_event}", draw_papers)
for _event in ("approve", "refuse", "deliver"):
    subscribe(f"case.{_event}", f"cases.draw.{_event}", draw_papers)
registry.searchables.add("case", Case)
subscribe("case.submit", "cases.find", make_findable, in_write=True)
