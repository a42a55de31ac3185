"""Following a case, and what its applicant does with it: correct, withdraw, choose delivery, evaluate."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.doors.portal.choices import GRADE_TAGS
from zhengtong.doors.portal.queries import barred, materials
from zhengtong.doors.portal.queries import progress as read
from zhengtong.doors.portal.queries.deciding import decided_at_once
from zhengtong.doors.portal.queries.evaluating import LONGEST as LONGEST_REMARK
from zhengtong.doors.portal.queries.evaluating import evaluation_page
from zhengtong.doors.portal.queries.guides import home_crumbs
from zhengtong.doors.portal.views.drawing import actor_of, draw, is_elder, locale, signed_in
from zhengtong.doors.portal.views.limits import TRIES_OF_A_NUMBER, TRIES_OF_AN_ADDRESS, address_of
from zhengtong.doors.portal.views.shown_once import code_of, forget_code
from zhengtong.foundation.core.attempts import guess
from zhengtong.foundation.core.errors import Conflict, Invalid, NotFound, Refusal, TooMany, Unavailable
from zhengtong.foundation.files import queries as stored
from zhengtong.foundation.files import services as files
from zhengtong.foundation.ledger import queries as ledger
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases import services
from zhengtong.matters.cases.services import papers

LONGEST_REASON = 200


@require_safe
def case(request: HttpRequest, token: str) -> HttpResponse:
    """Where it stands, what is asked, the days, what happened, the proof."""
    found = _case(request, token)
    forget_code(request, token)
    return _private(draw(request, "progress", read.progress_page(found, locale())))


@require_safe
def received(request: HttpRequest, token: str) -> HttpResponse:
    """What one takes home: number, query code (once), receipt or decision; after a correction what was received."""
    found = _case(request, token)
    context = read.progress_page(found, locale())
    handed_in = list(cases.submissions_of(found))
    if len(handed_in) > 1:
        forget_code(request, token)
        given = materials.correction_given(actor_of(request), found, handed_in, locale())
        return _private(draw(request, "corrected", context | given))
    if decided := decided_at_once(actor_of(request), found, locale()):
        return _private(draw(request, "decided", {**context, "code": code_of(request, token), "decided": decided}))
    paper = next((one for one in cases.notices_of(found) if one.kind == "receipt"), None)
    return _private(draw(request, "received", {**context, "code": code_of(request, token), "paper": paper}))


@require_safe
def given(request: HttpRequest, token: str) -> HttpResponse:
    """The materials handed in, those that a correction replaced among them."""
    found = _case(request, token)
    rows = materials.given_rows(actor_of(request), found, locale())
    context = {"rows": rows, "case": found, "crumbs": _crumbs(found), "back": _back(token)}
    return _private(draw(request, "given", context))


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code")
def progress(request: HttpRequest) -> HttpResponse:
    """Anybody with number and query code; few tries in ten minutes, and a wrong pair says nothing about either."""
    if request.method == "GET":
        return draw(request, "ask_progress", {"crumbs": home_crumbs()})
    number, code = _unspaced(request, "number")[:40], _unspaced(request, "code")[:20]
    try:
        with guess((TRIES_OF_AN_ADDRESS, address_of(request)), (TRIES_OF_A_NUMBER, number)):
            found = cases.case_by_query_code(number, code)
    except (NotFound, TooMany) as refusal:
        words = (
            str(refusal.message)
            if isinstance(refusal, TooMany)
            else _("Number and query code do not fit together. Both were shown when you applied.")
        )
        context = {"crumbs": home_crumbs(), "number": number, "code": code, "fault": words}
        return _private(draw(request, "ask_progress", context, status=refusal.status))
    return _private(draw(request, "progress", read.progress_page(found, locale(), public=True)))


def _unspaced(request: HttpRequest, name: str) -> str:
    """What was typed without its gaps: both are shown in groups, and are typed as they are seen."""
    return "".join(request.POST.get(name, "").split())


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, token: str) -> HttpResponse:
    """Take the application back, after asking."""
    actor, found = signed_in(request), _case(request, token)
    context = _act(found)
    if request.method == "GET":
        why = barred.withdrawing_barred(found)
        return _barred(request, found, _("Withdraw"), why) if why else draw(request, "withdraw", context)
    context["reason"] = reason = request.POST.get("reason", "").strip()
    try:
        _require_short(reason, LONGEST_REASON)
        services.withdraw_case(by=actor, case_id=found.id, reason=reason)
    except Conflict as refusal:
        why = barred.withdrawing_barred(cases.case_by_token(actor, token)) or str(refusal.message)
        return _barred(request, found, _("Withdraw"), why, typed=reason, status=refusal.status)
    except Refusal as refusal:
        return draw(request, "withdraw", context | {"said": str(refusal.message)}, status=refusal.status)
    return _to_case(token)


@require_http_methods(["GET", "POST"])
def urge(request: HttpRequest, token: str) -> HttpResponse:
    """Press for an answer (催一催), after asking."""
    actor, found = signed_in(request), _case(request, token)
    if request.method == "GET":
        why = barred.urging_barred(found)
        return _barred(request, found, _("Press for an answer"), why) if why else draw(request, "urge", _act(found))
    try:
        services.urge_case(by=actor, case_id=found.id)
    except Conflict as refusal:
        return _barred(request, found, _("Press for an answer"), str(refusal.message), status=refusal.status)
    messages.success(request, _("You have pressed for an answer; the authority has been told."))
    return _to_case(token)


def _act(found: Any) -> dict[str, Any]:
    """What every page says that asks before something is done about a case."""
    return {"case": found, "short": read.name_of(found, locale()), "crumbs": _crumbs(found)}


def _barred(
    request: HttpRequest, found: Any, heading: str, why: str, *, typed: str = "", status: int = 200
) -> HttpResponse:
    """The page of an act that cannot be done any more: why, what was typed, and the way back; no form."""
    context = _act(found) | {"heading": heading, "why": why, "typed": typed, "back": _back(found.token)}
    return _private(draw(request, "barred", context, status=status))


def _require_short(text: str, most: int, name: str = "reason") -> None:
    """Nothing that was typed is cut off silently."""
    if len(text) > most:
        said = _("At most %(most)d characters; there are %(now)d.") % {"most": most, "now": len(text)}
        raise Invalid("portal.too_long", said, [(name, "too_long", said)])


@require_POST
def correct(request: HttpRequest, token: str) -> HttpResponse:
    """Open the correction: what was handed in before, and the list of what is missing."""
    draft = services.start_correction(by=signed_in(request), case_id=_case(request, token).id)
    return HttpResponseRedirect(reverse("portal:apply", args=[draft.token]))


@require_http_methods(["GET", "POST"])
def delivery(request: HttpRequest, token: str) -> HttpResponse:
    """How the result is to reach the applicant."""
    actor, found = signed_in(request), _case(request, token)
    errors: list[str] = []
    if request.method == "POST":
        try:
            services.choose_delivery(by=actor, case_id=found.id, mode=request.POST.get("mode", ""))
        except Invalid as refusal:
            errors = [sentence for _path, _code, sentence in refusal.errors]
        else:
            messages.success(request, _("Your choice is kept."))
            return _to_case(token)
    elif why := barred.delivery_barred(found):
        return _barred(request, found, _("Choose how to get your licence"), why)
    options = read.delivery_options(found)
    field = {
        "key": "mode",
        "label": _("How do you want to get it?"),
        "widget": "radios",
        "layout": "list",
        "options": options,
    }
    field |= {"value": found.delivery_mode or "electronic", "errors": errors}
    page = {
        "title": _("Choose how to get your licence"),
        "sections": [{"fields": [field]}],
        "submit": {"label": _("Keep my choice")},
        "back": _back(token),
    }
    return draw(
        request,
        "one_page",
        {"page": page, "crumbs": _crumbs(found), "has_errors": errors},
        status=422 if errors else 200,
    )


@require_http_methods(["GET", "POST"])
def evaluate(request: HttpRequest, token: str) -> HttpResponse:
    """好差评: five grades, unchangeable once given."""
    actor, found = signed_in(request), _case(request, token)
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        grade = request.POST.get("grade", "")
        tags = tuple(tag for tag in dict(GRADE_TAGS) if tag in request.POST.getlist("tags"))
        try:
            _require_short(request.POST.get("remark", ""), LONGEST_REMARK, "remark")
            services.evaluate_case(
                by=actor,
                case_id=found.id,
                grade=int(grade) if grade.isdecimal() and len(grade) == 1 else 0,
                tags=tags,
                remark=request.POST.get("remark", ""),
            )
        except Invalid as refusal:
            errors = dict(refusal.by_path())
        else:
            messages.success(request, _("Thank you. What you think is kept."))
            return _to_case(token)
    elif why := barred.evaluating_barred(found):
        return _barred(request, found, _("How did we do?"), why)
    earlier = cases.evaluations_of(found).first()
    page = evaluation_page(request.POST, errors, earlier.grade if earlier else None, tags=not is_elder(request))
    context = {"page": page | {"back": _back(token)}, "crumbs": _crumbs(found), "has_errors": errors}
    return draw(request, "one_page", context, status=422 if errors else 200)


@require_safe
def paper(request: HttpRequest, token: str, paper_token: str) -> HttpResponseBase:
    """A paper of the case as PDF; a minute after the act at the latest."""
    found = _case(request, token)
    notice = cases.notices_of(found).filter(token=paper_token).first()
    if notice is None:
        raise NotFound("cases.no_notice", _("There is no such paper"))
    try:
        number = papers.drawn(notice)
    except Unavailable:
        context = {"kind": notice.get_kind_display(), "back": _back(token), "crumbs": _crumbs(found)}
        return draw(request, "paper_waiting", context, status=202)
    return files.sent(stored.files_by_id([number])[number], inline=True)


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt of the newest sealed step with its content, for the applicant to keep."""
    found = _case(request, token)
    sealed = next((event for event in ledger.timeline(("case", found.id)) if event.sealed), None)
    if sealed is None:
        raise NotFound("portal.no_receipt", _("There is no such receipt"))
    return receipt_json(sealed.event_id, with_content=True)


def receipt_json(event_id: int, *, with_content: bool) -> HttpResponse:
    """A receipt as a file to keep."""
    text = json.dumps(dict(ledger.receipt(event_id, with_content=with_content)), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="receipt-{event_id % 10**8:08d}.json"'
    return response


def _case(request: HttpRequest, token: str) -> Any:
    signed_in(request)
    return cases.case_by_token(actor_of(request), token)


def _to_case(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("portal:case", args=[token]))


def _back(token: str) -> dict[str, str]:
    return {"label": _("Back to the case"), "url": reverse("portal:case", args=[token])}


def _crumbs(found: Any) -> list[dict[str, Any]]:
    mine, here = (
        (_("My cases"), reverse("portal:mine")),
        (read.name_of(found, locale()), reverse("portal:case", args=[found.token])),
    )
    return home_crumbs(mine, here)


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
