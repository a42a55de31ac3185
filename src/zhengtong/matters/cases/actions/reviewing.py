"""A case is reviewed: special procedures, site checks, the opinion, and the way back to it."""

from zhengtong.foundation.core.identifiers import new_id
from zhengtong.matters.cases.actions.sharing import (
    ARTICLE_45,
    iso,
    work_of,
)
from zhengtong.matters.cases.choices import NoticeKind
from zhengtong.matters.cases.events import Event
from zhengtong.matters.cases.models import SpecialProcedure
from zhengtong.matters.cases.services.handling import PLAIN
from zhengtong.matters.cases.services.manners import PROPOSED
from zhengtong.matters.cases.services.notices import issue_notice
from zhengtong.matters.cases.services.opinions import keep_opinion
from zhengtong.matters.deadlines import services as deadlines
from zhengtong.matters.deadlines.choices import ClockName
from zhengtong.matters.workflow.registry import Call, action


@action("cases.suspend@1")
def suspend(call: Call) -> None:
    """Start a special procedure: both handling clocks stop, the applicant is told in writing (第45条)."""
    work = work_of(call)
    kind, days = str(work.entry["procedure"]), int(work.entry["planned_days"])
    procedure = SpecialProcedure(
        id=new_id(),
        case_id=work.case.id,
        number=SpecialProcedure.objects.filter(case_id=work.case.id).count() + 1,
        kind=kind,
        planned_days=days,
        basis=str(work.entry.get("basis") or ARTICLE_45),
        approver_id=work.by.account_id,
        started_on=work.today,
    )
    procedure.save(force_insert=True)
    work.settle()
    deadlines.suspend_clocks(
        subject=work.subject,
        on=work.today,
        kind=kind,
        article=ARTICLE_45,
        planned_days=days,
        reason=procedure.get_kind_display(),
    )
    work.change(promise_due=None, legal_due=None)
    work.pause()
    work.happen(Event.SUSPEND, {"procedure": kind, "planned_days": days})
    planned = {"number": days, "unit": "working_day"}
    issue_notice(
        work,
        NoticeKind.SPECIAL_PROCEDURE,
        {"procedure": kind, "started_on": work.today.isoformat(), "planned": planned},
    )


@action("cases.resume@1")
def resume(call: Call) -> None:
    """End the special procedure: the clocks run again from the next day."""
    work = work_of(call)
    procedure = SpecialProcedure.objects.filter(case_id=work.case.id, ended_on__isnull=True).latest("number")
    procedure.ended_on = work.today
    procedure.result = str(work.entry["result"])
    procedure.save(update_fields=["ended_on", "result"])
    work.settle()
    dates = deadlines.resume_clocks(subject=work.subject, on=work.today)
    promise, legal = dates[ClockName.PROMISE], dates[ClockName.LEGAL]
    work.change(promise_due=promise.due_on, legal_due=legal.due_on)
    work.urgency(promise)
    work.happen(
        Event.RESUME,
        {"procedure": procedure.kind, "promise_due": iso(promise.due_on), "legal_due": iso(legal.due_on)},
    )


@action("cases.site_check@1")
def site_check(call: Call) -> None:
    """Note what was found on the premises, and who went along: two officials or more (行政许可法 第34条)."""
    work = work_of(call)
    went = "、".join(part.strip() for part in str(work.entry["companions"]).split("、") if part.strip())
    keep_opinion(work, "site_check", "checked", f"{str(work.entry['result']).strip()}\n同去核查：{went}")


@action("cases.propose@1")
def propose(call: Call) -> None:
    """Give an opinion; the decision is another person's (审核分离).

    Of several who sign (会签) the vote counts; it may also become certain because one of them is taken away (减签).
    """
    work = work_of(call)
    voted = str(call.data.get("outcome", ""))
    plain = voted in PLAIN and work.outcome in PLAIN
    said = voted if voted in PROPOSED or plain else work.outcome
    recommendation = "approve" if said in ("propose_approve", "agree") else "refuse"
    if work.entry and work.outcome not in PLAIN:  # whose words are kept already
        keep_opinion(work, "review", work.outcome.removeprefix("propose_"), str(work.entry["opinion"]))
    work.change(reviewer_id=work.by.account_id)
    work.happen(Event.PROPOSE, {"recommendation": recommendation})


@action("cases.send_back@1")
def send_back(call: Call) -> None:
    """Back to review, with the reason."""
    work = work_of(call)
    if work.outcome not in PLAIN:
        keep_opinion(work, "decide", "send_back", str(work.entry["reasons"]))
    work.happen(Event.SEND_BACK)
