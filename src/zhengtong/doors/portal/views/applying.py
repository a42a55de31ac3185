"""Applying: page after page, each saved as it is left; then everything is checked, and handed in once."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.doors.portal.forms.answers import Sent, page_sent, shown_keys, take_files
from zhengtong.doors.portal.queries import applying as read
from zhengtong.doors.portal.queries.correcting import correction_of
from zhengtong.doors.portal.views.drawing import actor_of, draw, locale, signed_in
from zhengtong.doors.portal.views.shown_once import remember_code
from zhengtong.doors.portal.views.signed_out import restored, to_sign_in
from zhengtong.engines.errors import EngineError
from zhengtong.engines.forms import FieldError, Page, check_page
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotFound, Unavailable
from zhengtong.foundation.files import services as files
from zhengtong.foundation.policy import Actor
from zhengtong.matters.cases import queries as cases
from zhengtong.matters.cases import services
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.licences import queries as licences
from zhengtong.matters.licences import services as licence_services

NEVER = {"Cache-Control": "private, no-store"}


class _HandedIn(Exception):
    """The draft is gone because it was handed in."""


def _or_its_case(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Who comes back to an application that was handed in is led to its case."""

    @functools.wraps(view)
    def led(request: HttpRequest, token: str, **more: str) -> HttpResponse:
        try:
            return view(request, token, **more)
        except _HandedIn:
            return HttpResponseRedirect(reverse("portal:case", args=[token]))

    return led


@require_safe
@_or_its_case
def apply(request: HttpRequest, token: str) -> HttpResponse:
    """Go on where the draft was left."""
    draft = _draft(signed_in(request), token)
    page = read.page_of(catalog.item_spec(draft.item_id).form, draft.page)
    return HttpResponseRedirect(reverse("portal:apply_page", args=[token, page.key]))


@require_http_methods(["GET", "POST"])
@_or_its_case
def apply_page(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """One page of the form: shown, or kept and judged. Typed while signed out, it waits until one has signed in."""
    if request.method == "POST" and actor_of(request).account_id is None:
        return to_sign_in(request, token, key)
    actor = signed_in(request)
    draft = _draft(actor, token)
    page = read.page_of(catalog.item_spec(draft.item_id).form, key)
    if request.method == "POST":
        return _kept(request, actor, draft, page)
    draft, back = restored(request, actor, draft, page)
    return _private(draw(request, "form", {**read.form_page(actor, draft, page, locale()), "restored": back}))


@require_POST
def apply_save(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """Kept by itself while somebody types; questions that come or go draw the form anew."""
    if actor_of(request).account_id is None:
        return to_sign_in(request, token, key)
    actor = signed_in(request)
    draft = _draft(actor, token)
    form = catalog.item_spec(draft.item_id).form
    page = read.page_of(form, key)
    sent = page_sent(form, page, draft.answers, request.POST)
    before = shown_keys(form, page, draft.answers)
    version = _version(request)
    try:
        draft = services.save_draft(
            by=actor, token=token, answers=sent.answers, page=page.key, version=version, by_itself=True
        )
    except Conflict:
        return render(request, "portal/_saved.html", {"stale": True})
    if shown_keys(form, page, draft.answers) == before:
        return render(request, "portal/_saved.html", {"at": draft.saved_at})
    response = render(request, "portal/_form.html", read.form_page(actor, draft, page, locale()))
    response["HX-Retarget"], response["HX-Reswap"] = "form.zt-form", "outerHTML"
    return response


def _kept(request: HttpRequest, actor: Actor, draft: Any, page: Page) -> HttpResponse:
    form = catalog.item_spec(draft.item_id).form
    before = shown_keys(form, page, draft.answers)
    earlier = correction_of(actor, draft, form).files
    sent = page_sent(form, page, draft.answers, request.POST, earlier)
    take_files(actor, form, page, sent, request.FILES)
    try:
        draft = services.save_draft(
            by=actor, token=draft.token, answers=sent.answers, page=page.key, version=_version(request)
        )
    except Conflict:
        return _two_windows(request, actor, draft.token, page, sent)
    return _judged(request, actor, draft, page, sent, before)


def _version(request: HttpRequest) -> int | None:
    given = request.POST.get("_version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _judged(request: HttpRequest, actor: Actor, draft: Any, page: Page, sent: Sent, before: list[str]) -> HttpResponse:
    form = catalog.item_spec(draft.item_id).form
    errors = [] if sent.stay else _faults(form, page, draft)
    fresh = set(shown_keys(form, page, draft.answers)) - set(before)
    errors = [error for error in errors if error.path.split("/")[1] not in fresh]
    if not (errors or sent.file_faults or sent.stay or fresh):
        later = read.next_page(form, page)
        name, arguments = (
            ("portal:apply_page", [draft.token, later.key]) if later else ("portal:apply_check", [draft.token])
        )
        return HttpResponseRedirect(reverse(name, args=arguments))
    context = read.form_page(actor, draft, page, locale(), errors=errors, notes=sent.file_faults)
    context["fresh"] = bool(fresh) and not errors
    return _private(draw(request, "form", context, status=422 if errors or sent.file_faults else 200))


def _faults(form: Any, page: Page, draft: Any) -> list[FieldError]:
    return list(check_page(form, page, dict(draft.answers), locale(), today=clock.today()).errors)


def _two_windows(request: HttpRequest, actor: Actor, token: str, page: Page, sent: Sent) -> HttpResponse:
    """Changed elsewhere meanwhile: both are shown, nothing is lost, the reader chooses."""
    context = read.conflict_page(_draft(actor, token), page, sent.answers, locale())
    pairs = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    context["pairs"] = [pair for pair in pairs if not pair[0].startswith(("_", "csrf"))]
    return _private(draw(request, "two_windows", context, status=409))


@require_http_methods(["GET", "POST"])
@_or_its_case
def apply_check(request: HttpRequest, token: str) -> HttpResponse:
    """Check the answers; handing in happens once, however often the button is pressed."""
    actor = signed_in(request)
    if request.method == "POST":
        return _handed_in(request, actor, token)
    return _private(draw(request, "check", read.check_page(actor, _draft(actor, token), locale())))


def _handed_in(request: HttpRequest, actor: Actor, token: str) -> HttpResponse:
    held = _in_place(actor, token)
    try:
        done = services.hand_in_draft(by=actor, token=token, key=request.POST.get("_key") or token, obtained=held)
    except Invalid as refusal:
        context = read.check_page(
            actor, _draft(actor, token), locale(), faults=refusal.errors, said=str(refusal.message)
        )
        return _private(draw(request, "check", context, status=422))
    except (EngineError, Unavailable) as trouble:
        said = trouble.text(locale()) if isinstance(trouble, EngineError) else str(trouble.message)
        context = read.check_page(actor, _draft(actor, token), locale(), said=said)
        return _private(draw(request, "check", context | {"trouble": True}, status=503))
    if done.query_code:
        _note_uses(held, done.case_token)
        remember_code(request, done.case_token, done.query_code)
    return HttpResponseRedirect(reverse("portal:received", args=[done.case_token]))


def _in_place(actor: Actor, token: str) -> dict[str, Any]:
    draft = cases.drafts_of(actor).filter(token=token).first()
    return licences.in_place_of_materials(actor, draft.item_id) if draft is not None else {}


def _note_uses(held: dict[str, Any], case_token: str) -> None:
    """Let the holder see which licences stood for papers, and for what (用证记录)."""
    spec = cases.item_by_case_token(case_token)
    for obtained in held.values():
        licence_services.note_use(licence_id=obtained.licence_id, by_name=spec.department, purpose=spec.name)


@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, token: str) -> HttpResponse:
    """Throw a draft away, after asking."""
    actor = signed_in(request)
    draft = _draft(actor, token)
    if request.method == "GET":
        spec = catalog.item_spec(draft.item_id)
        return draw(
            request,
            "discard",
            {"short": spec.name_en if locale() == "en" else spec.name, "crumbs": read.crumbs(spec, locale())},
        )
    services.discard_draft(by=actor, token=token)
    return HttpResponseRedirect(reverse("portal:mine"))


@require_safe
def file(request: HttpRequest, token: str) -> HttpResponseBase:
    """A file of one's own."""
    stored, content = files.open_file(by=signed_in(request), token=token)
    content.close()
    return files.sent(stored, inline=True)


def _draft(actor: Actor, token: str) -> Any:
    try:
        draft = cases.draft_by_token(actor, token)
    except NotFound:
        if cases.own_cases(actor).filter(token=token).exists():
            raise _HandedIn from None
        raise
    services.require_same_principal(actor, draft)
    return draft


def _private(response: HttpResponse) -> HttpResponse:
    for name, value in NEVER.items():
        response[name] = value
    return response
