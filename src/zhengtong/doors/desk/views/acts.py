"""Acting on a case: take it, submit an outcome, keep a draft, compose the correction, extend, terminate."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.choices import OUTCOMES
from zhengtong.doors.desk.queries import composing, inboxes, panels, workspaces
from zhengtong.doors.desk.queries.saying import grouped, locale
from zhengtong.doors.desk.views.cases import drawn
from zhengtong.doors.desk.views.guard import DeskRequest, framed, official
from zhengtong.engines.errors import EngineError
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, Refusal
from zhengtong.foundation.core.idempotency import Reply, idempotent
from zhengtong.matters.cases import queries, services

Fields = Mapping[str, str]


@require_POST
@framed
def act(request: DeskRequest, token: str) -> HttpResponseBase:
    """Submit an outcome or keep what is typed; whose session is over finds his words again after signing in."""
    if request.actor.account_id is None:
        return _kept_for_later(request, token)
    return _act(request, token)


@official
def _act(request: DeskRequest, token: str) -> HttpResponse:
    case = queries.case_by_token(request.actor, token)
    outcome, fields = forms.outcome_of(request.POST), forms.typed(request.POST)
    task_id = task_id_of(request)
    if request.POST.get("action") == "draft":
        services.save_opinion_draft(by=request.actor, task_id=task_id, outcome=outcome, entry=fields)
        messages.success(request, _("Kept. Nobody else sees it until you submit."))
        return redirect("desk:case", token)
    if outcome == "request_correction":
        return redirect("desk:correction", token)
    try:
        _act_once(request, task_id, outcome, forms.entry_of(outcome, fields))
    except (Conflict, Invalid, NotAllowed) as refusal:
        return _refused(request, case, refusal, fields, outcome)
    return _done(request, token, outcome)


def task_id_of(request: DeskRequest) -> int:
    """The task a form was drawn for, 0 for none."""
    given = request.POST.get("task", "")
    return int(given) if given.isdecimal() and len(given) < 20 else 0


def _act_once(request: DeskRequest, task_id: int, outcome: str, entry: Mapping[str, object]) -> Reply:
    """The act of an outcome, once for its key."""
    if not outcome:
        raise Invalid("desk.outcome", _("Choose one."), [("outcome", "required", _("Choose what you conclude."))])
    with countable():
        return once(
            request,
            [task_id, outcome, entry],
            lambda: services.act(by=request.actor, task_id=task_id, outcome=outcome, entry=entry),
        )


def once(request: DeskRequest, told: object, verb: Callable[[], object]) -> Reply:
    """Run a verb once for the key of its form, however often the form arrives; `told` is what was sent."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)

    def job() -> Reply:
        verb()
        return Reply(200)

    key, digest = request.POST.get("once", ""), hashlib.sha256(text.encode()).hexdigest()
    return idempotent(f"account:{request.actor.account_id}", key, digest, job)


@contextmanager
def countable() -> Iterator[None]:
    """What an engine cannot work out (a year without its notice of holidays) is a refusal that says what to do."""
    try:
        yield
    except EngineError as error:
        raise Conflict(error.code, error.text(locale())) from None


def _refused(request: DeskRequest, case: object, refusal: Refusal, fields: Fields, outcome: str) -> HttpResponse:
    """The page again with what was typed, and why the act was refused."""
    look = workspaces.shown(request, typed=dict(fields), outcome=outcome)
    errors = [
        {"id": f"{outcome}-{path}" if path != "outcome" else "outcome-1", "message": sentence}
        for path, _code, sentence in getattr(refusal, "errors", ())
    ]
    kept = {name: text for name, text in fields.items() if text.strip() and name.startswith(f"{outcome}.")}
    more = {"refusal": refusal, "errors": errors, "kept": kept}
    return drawn(request, case, look, status=refusal.status, **more)


def _done(request: DeskRequest, token: str, outcome: str) -> HttpResponse:
    messages.success(request, _("Done: %s") % OUTCOMES[outcome].label)
    place, url = request.POST.get("place", ""), reverse("desk:case", args=[token])
    return redirect(f"{url}?{urlencode({'done': place})}" if inboxes.place_of(place) else url)


def _kept_for_later(request: DeskRequest, token: str) -> HttpResponse:
    """Keep what was typed as the draft of whom the form was drawn for, then let him sign in again."""
    known = panels.whose(request.POST.get("zt_keep", ""))
    target = reverse("desk:case", args=[token])
    if known is not None:
        account_id, task_id = known
        fields, outcome = forms.typed(request.POST), forms.outcome_of(request.POST)
        services.keep_opinion_draft(account_id=account_id, task_id=task_id, outcome=outcome, entry=fields)
        messages.info(request, _("Your session was over. What you typed is kept: sign in and go on."))
    return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': target})}")


@require_POST
@official
def claim(request: DeskRequest, token: str) -> HttpResponse:
    """Take the task of a case in hand."""
    case = queries.case_by_token(request.actor, token)
    try:
        services.take_task(by=request.actor, task_id=task_id_of(request))
    except (Conflict, NotAllowed) as refusal:
        return _refused(request, case, refusal, {}, "")
    messages.success(request, _("It is in your hands now."))
    return redirect("desk:case", token)


@require_POST
@official
def release(request: DeskRequest, token: str) -> HttpResponse:
    """Put the task of a case back for colleagues."""
    queries.case_by_token(request.actor, token)
    services.release_task(by=request.actor, task_id=task_id_of(request))
    messages.success(request, _("It lies in the queue again."))
    return redirect("desk:back")


@require_http_methods(["GET", "POST"])
@official
def correction(request: DeskRequest, token: str) -> HttpResponse:
    """Compose the one-off correction notice: gaps beside material and answer, the letter shown before."""
    case = queries.case_by_token(request.actor, token)
    page = composing.composer(request.actor, case, request.POST)
    if request.method == "GET":
        return render(request, "desk/correction.html", page)
    gaps = forms.gaps_of(request.POST)
    if request.POST.get("action") != "send":
        return render(request, "desk/correction.html", page | composing.preview(request.actor, case, gaps))
    try:
        _act_once(request, task_id_of(request), "request_correction", {"gaps": gaps})
    except (Conflict, Invalid, NotAllowed) as refusal:
        more = {
            "refusal": refusal,
            "errors": [{"id": "", "message": each[2]} for each in getattr(refusal, "errors", ())],
        }
        return render(request, "desk/correction.html", page | more, status=refusal.status)
    return _done(request, token, "request_correction")


@require_http_methods(["GET"])
@official
def acceptance(request: DeskRequest, token: str) -> HttpResponse:
    """The notice of acceptance as it would leave today."""
    case = queries.case_by_token(request.actor, token)
    page = {"case": case, "number": grouped(case.short_no)} | composing.acceptance(request.actor, case)
    return render(request, "desk/acceptance.html", page)


@require_http_methods(["GET", "POST"])
@official
def extend(request: DeskRequest, token: str) -> HttpResponse:
    """Extend the statutory limit as head of the authority."""
    return _with_reason(request, token, "extend")


@require_http_methods(["GET", "POST"])
@official
def terminate(request: DeskRequest, token: str) -> HttpResponse:
    """End a case that has lost its object."""
    return _with_reason(request, token, "terminate")


def _with_reason(request: DeskRequest, token: str, kind: str) -> HttpResponse:
    case = queries.case_by_token(request.actor, token)
    reason = forms.reason_of(request)
    page = {"case": case, "number": grouped(case.short_no), "kind": kind, "reason": reason}
    if request.method == "GET":
        return render(request, "desk/reason.html", page)
    verb = {"extend": services.extend_case, "terminate": services.terminate_case}[kind]
    try:
        with countable():
            verb(by=request.actor, case_id=case.id, reason=reason)
    except Refusal as refusal:
        errors = [sentence for _path, _code, sentence in getattr(refusal, "errors", ())] or [refusal.message]
        return render(request, "desk/reason.html", page | {"errors": errors}, status=refusal.status)
    messages.success(request, _("Done."))
    return redirect("desk:case", token)
