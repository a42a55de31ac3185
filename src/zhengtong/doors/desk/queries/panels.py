"""The decision panel, drawn from the task's outcomes; what is forbidden stays visible with the article against it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.doors.desk.choices import DONE, OUTCOMES, PANEL_TITLES, SUBMITS, Ask
from zhengtong.doors.desk.queries.saying import day_words, moment_words, named
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases.choices import ProcedureKind
from zhengtong.matters.catalog.queries import item_spec
from zhengtong.matters.workflow.choices import Asked
from zhengtong.matters.workflow.queries import in_reach, is_own, wants_words
from zhengtong.matters.workflow.registry import WHO

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task

Row = dict[str, Any]
SALT = "desk.typed"


def panel(
    actor: Actor, case: Any, task: "Task | None", typed: Mapping[str, str] | None = None, outcome: str = ""
) -> Row:
    """The panel of an open task, or why there is none to fill; `typed` is what came back with a refusal."""
    if task is None:
        return {"waiting": _("Nothing is to be done here now.")}
    if wants_words(task) and is_own(actor, task):
        return {"waiting": _("You were asked: %s") % (task.words or ""), "typed": typed}
    if not in_reach(actor, task):
        return {"waiting": in_other_hands(actor, task), "typed": typed}
    return _filled(actor, case, task, typed, outcome)


def in_other_hands(actor: Actor, task: "Task") -> str:
    """Why an open task is not the actor's to do: it waits for others, is another post's, or in a colleague's hand."""
    if task.held:
        return _("It waits until the colleagues who were asked have answered; see the opinions.")
    if not task.claimed_at and not may(actor, f"task.{task.role}", task):
        return _("This step is handled by: %s") % (task.holder or WHO[task.role])
    when = moment_words(task.claimed_at) if task.claimed_at else ""
    return _("%(name)s has had this in hand since %(when)s.") % {"name": task.holder, "when": when}


def _filled(actor: Actor, case: Any, task: "Task", typed: Mapping[str, str] | None, outcome: str) -> Row:
    draft = cases.opinion_draft(actor, task.id)
    fields = dict(typed if typed is not None else draft.entry if draft else {})
    offered = task.outcomes or [DONE]
    forbidden = {code: why for code in offered if (why := _forbidden(actor, case, code))}
    wanted = outcome or (draft.outcome if draft else "") or _proposed(case, task, offered)
    chosen = wanted if wanted in offered and wanted not in forbidden else ""
    return {
        "title": PANEL_TITLES.get(task.stage) or named(task.name, task.name_en),
        "action": reverse("desk:act", args=[case.token]),
        "task_id": task.id,
        "once": new_token(),
        "place": place_words(task),
        "keep": signing.dumps([actor.account_id, task.id], salt=SALT),
        "submit": SUBMITS.get(task.stage) or _("Submit"),
        "role": task.role,
        "mine": task.assignee_id == actor.account_id,
        "asked": (task.words or "") if task.asked == Asked.ALONGSIDE else "",
        "in_person": task.who_id is not None,
        "draft_at": draft.saved_at if draft and typed is None else None,
        "choices": [_choice(code, chosen, forbidden) for code in offered],
        "reasons": list(dict.fromkeys(forbidden.values())),
        "entries": [_entry(case, code, fields) for code in offered if code not in forbidden],
    }


def _choice(code: str, chosen: str, forbidden: Mapping[str, str]) -> Row:
    words = OUTCOMES.get(code)
    label = words.label if words else code
    return {"value": code, "label": label, "checked": code == chosen, "forbidden": code in forbidden}


def _proposed(case: Any, task: "Task", offered: Sequence[str]) -> str:
    """What stands chosen at first: what the reviewer proposed, else the first outcome."""
    if task.role != "decider" or len(offered) == 1:
        return str(offered[0])
    opinions = [each for each in cases.opinions_of(case) if each.stage == "review"]
    return str(opinions[-1].recommendation) if opinions else ""


def _forbidden(actor: Actor, case: Any, code: str) -> str:
    """Why the law forbids an outcome now, empty where it does not."""
    if code == "request_correction" and case.correction_requested_at is not None:
        return asked_once(case)
    if code in ("approve", "refuse", "send_back") and case.reviewer_id == actor.account_id:
        return _("You reviewed this case, so another person decides it (separation of review and decision).")
    if code == "suspend" and not item_spec(case.item_id).special_procedures:
        return _("This service provides for no special procedure.")
    return ""


def asked_once(case: Any) -> str:
    """Why corrections cannot be asked for a second time."""
    told = _("Corrections were asked for once on %s and cannot be asked for again (Licensing Law, Article 32).")
    return told % day_words(clock.local(case.correction_requested_at).date())


def _entry(case: Any, code: str, typed: Mapping[str, str]) -> Row:
    words = OUTCOMES.get(code)
    if words is None:
        return {"code": code, "follows": "", "fields": []}
    drafted = dict(_drafted(case, code))
    fields = [_field(case, code, ask, typed, drafted) for ask in words.asks]
    return {"code": code, "follows": words.follows, "fields": fields}


def _field(case: Any, code: str, ask: Ask, typed: Mapping[str, str], drafted: Mapping[str, str]) -> Row:
    name = f"{code}.{ask.key}"
    options = ask.options if ask.key != "procedure" else _procedures(case)
    return {
        "name": name,
        "id": name.replace(".", "-"),
        "label": ask.label,
        "hint": ask.hint,
        "kind": ask.kind,
        "options": options,
        "value": typed.get(name, drafted.get(ask.key, "")),
    }


def _procedures(case: Any) -> tuple[tuple[str, object], ...]:
    most = item_spec(case.item_id).special_procedures
    return tuple(
        (kind, _("%(name)s (at most %(days)s working days)") % {"name": ProcedureKind(kind).label, "days": days})
        for kind, days in most.items()
    )


def _drafted(case: Any, code: str) -> Iterator[tuple[str, str]]:
    """Words to begin with, from the pack and the case; papers are written in Chinese."""
    spec = item_spec(case.item_id)
    basis = "、".join(f"《{each['law']}》{each['article']}" for each in spec.stated["setting_basis"])
    if code == "propose_approve":
        results = "".join(
            f"{each.get_kind_display()}：{each.result}。" for each in cases.procedures_of(case) if each.result
        )
        yield "opinion", f"{spec.approval_reasons}{results}建议准予许可。"
    elif code == "propose_refuse":
        yield "opinion", f"经审查，申请不符合{basis}规定的条件：\n"
    elif code == "approve":
        yield "reasons", spec.approval_reasons
    elif code == "refuse":
        yield "reasons", f"经审查，申请不符合{basis}规定的条件：\n"
    elif code == "suspend":
        days = min(spec.special_procedures.values(), default=1)
        yield "planned_days", str(days)
        yield "basis", "行政许可法 第45条"


def whose(keep: str) -> tuple[int, int] | None:
    """Account and task for which a form was drawn, from its signed mark; None for a mark that is forged or old."""
    try:
        account_id, task_id = signing.loads(keep, salt=SALT, max_age=24 * 3600)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return account_id, task_id


def place_words(task: "Task | None") -> str:
    """Where in the order of the inbox a task stands, as addresses carry it."""
    return f"{task.red_on.isoformat()}_{task.id}" if task is not None else ""


def step_words(task: "Task | None") -> str:
    """The step a case stands at."""
    return named(task.name, task.name_en) if task is not None else ""
