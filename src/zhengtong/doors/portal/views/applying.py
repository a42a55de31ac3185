"""Applying: page after page, each saved as it is left; then everything is checked, and handed in once."""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.doors.portal.forms.answers import Sent, forget_twins, page_sent, shown_keys, take_files
from zhengtong.doors.portal.queries import applying as read
from zhengtong.doors.portal.queries.correcting import correction_of, gap_address, next_gap
from zhengtong.doors.portal.queries.places import ASKED, CHECK, Place, around, place_of
from zhengtong.doors.portal.queries.reviewing import conflict_page, review_page
from zhengtong.doors.portal.views.drawing import actor_of, draw, is_elder, locale, signed_in
from zhengtong.doors.portal.views.shown_once import remember_code
from zhengtong.doors.portal.views.signed_out import restored, to_sign_in
from zhengtong.engines.errors import EngineError
from zhengtong.engines.forms import FieldError, Form, Page, check_page
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
            address = reverse("portal:case", args=[token])
            if request.headers.get("HX-Request"):
                return HttpResponse(status=204, headers={"HX-Redirect": address})
            return HttpResponseRedirect(address)

    return led


@require_safe
@_or_its_case
def apply(request: HttpRequest, token: str) -> HttpResponse:
    """Go on where the draft was left: on its page, of the elder's groups at the first that lacks something; a
    correction at the first thing asked that is still as it was, and when nothing is left, or the notice does not say
    where it is, at everything given."""
    actor = signed_in(request)
    draft = _draft(actor, token)
    form = catalog.item_spec(draft.item_id).form
    if draft.case_id is not None:
        return HttpResponseRedirect(_next_asked(actor, draft, form, None, elder=is_elder(request)))
    place = _place(request, form, draft, draft.page)
    while place.elder and not _faults(form, place.page, draft):
        _before, after = around(form, place, draft.answers)
        if after is None:
            break
        place = after
    return HttpResponseRedirect(place.address(token))


def _next_asked(actor: Actor, draft: Any, form: Form, here: Place | None, *, elder: bool) -> str:
    gaps = correction_of(actor, draft, form).gaps
    gap = next_gap(form, draft.answers, gaps, here, elder=elder)
    return gap_address(draft, form, gap, elder=elder) if gap else reverse("portal:apply_check", args=[draft.token])


def _place(request: HttpRequest, form: Form, draft: Any, key: str) -> Place:
    """What is sent says itself whether it is a group or a whole page: the view may have been changed meanwhile."""
    posted = request.method == "POST"
    part, then = (
        request.POST.get(f"_{name}", "") if posted else request.GET.get(name, "") for name in ("part", "then")
    )
    elder = bool(part) if posted else is_elder(request)
    return place_of(form, key, draft.answers, elder=elder, part=part, then=then)


@require_http_methods(["GET", "POST"])
@_or_its_case
def apply_page(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """One page of the form: shown, or kept and judged. Typed while signed out, it waits until one has signed in."""
    if request.method == "POST" and actor_of(request).account_id is None:
        return to_sign_in(request, token, key)
    actor = signed_in(request)
    draft = _draft(actor, token)
    place = _place(request, catalog.item_spec(draft.item_id).form, draft, key)
    if request.method == "POST":
        return _kept(request, actor, draft, place)
    draft, back = restored(request, actor, draft, place)
    return _private(draw(request, "form", {**read.form_page(actor, draft, place, locale()), "restored": back}))


@require_POST
@_or_its_case
def apply_save(request: HttpRequest, token: str, key: str) -> HttpResponse:
    """Kept by itself while somebody types; questions that come or go draw the form anew."""
    if actor_of(request).account_id is None:
        return to_sign_in(request, token, key)
    actor = signed_in(request)
    draft = _draft(actor, token)
    form = catalog.item_spec(draft.item_id).form
    place = _place(request, form, draft, key)
    sent = page_sent(form, place.page, draft.answers, request.POST)
    before = shown_keys(form, place.page, draft.answers)
    version = _version(request)
    try:
        draft = services.save_draft(
            by=actor, token=token, answers=sent.answers, page=place.key, version=version, by_itself=True
        )
    except Conflict:
        return render(request, "portal/_saved.html", {"stale": True})
    if shown_keys(form, place.page, draft.answers) == before:
        return render(request, "portal/_saved.html", {"at": draft.saved_at})
    context = read.form_page(actor, draft, place, locale()) | {"hide_title": is_elder(request)}
    response = render(request, "portal/_form.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "form.zt-form", "outerHTML"
    return response


def _kept(request: HttpRequest, actor: Actor, draft: Any, place: Place) -> HttpResponse:
    form = catalog.item_spec(draft.item_id).form
    before = shown_keys(form, place.page, draft.answers)
    earlier = correction_of(actor, draft, form).files
    sent = page_sent(form, place.page, draft.answers, request.POST, earlier)
    take_files(actor, form, place.page, sent, request.FILES, request.POST.getlist("_stored_file"))
    try:
        draft = services.save_draft(
            by=actor, token=draft.token, answers=sent.answers, page=place.key, version=_version(request)
        )
    except Conflict:
        draft = _draft(actor, draft.token)
        forget_twins(actor, sent, draft.answers)
        if draft.answers != sent.answers:  # else it is a second click
            return _two_windows(request, actor, draft.token, place, sent)
    return _judged(request, actor, draft, place, sent, before)


def _version(request: HttpRequest) -> int | None:
    given = request.POST.get("_version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else None


def _judged(
    request: HttpRequest, actor: Actor, draft: Any, place: Place, sent: Sent, before: list[str]
) -> HttpResponse:
    form = catalog.item_spec(draft.item_id).form
    errors = [] if sent.stay else _faults(form, place.page, draft)
    fresh = set(shown_keys(form, place.page, draft.answers)) - set(before)
    # Of a question that is new nothing was refused yet; of a refused file it is said once why, not that it is missing.
    errors = [error for error in errors if error.path.split("/")[1] not in {*fresh, *sent.file_faults}]
    if not (errors or sent.file_faults or sent.stay or fresh):
        _before, after = around(form, place, draft.answers)
        if place.then == ASKED:
            return HttpResponseRedirect(_next_asked(actor, draft, form, place, elder=place.elder))
        if place.then == CHECK or after is None:
            return HttpResponseRedirect(reverse("portal:apply_check", args=[draft.token]))
        return HttpResponseRedirect(after.address(draft.token))
    context = read.form_page(actor, draft, place, locale(), errors=errors, notes=sent.file_faults, begin=sent.begin)
    context["fresh"] = bool(fresh) and not errors
    return _private(draw(request, "form", context, status=422 if errors or sent.file_faults else 200))


def _faults(form: Form, page: Page, draft: Any) -> list[FieldError]:
    return list(check_page(form, page, dict(draft.answers), locale(), today=clock.today()).errors)


def _two_windows(request: HttpRequest, actor: Actor, token: str, place: Place, sent: Sent) -> HttpResponse:
    """Changed elsewhere meanwhile: both are shown, nothing is lost, the reader chooses."""
    context = conflict_page(_draft(actor, token), place, sent.answers, locale())
    pairs = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
    pairs = [pair for pair in pairs if pair[0] not in ("_version", "_action", "_stored_file", "csrfmiddlewaretoken")]
    context["pairs"] = pairs + [("_stored_file", f"{key}.{token}") for key, token in sent.stored]
    return _private(draw(request, "two_windows", context, status=409))


@require_http_methods(["GET", "POST"])
@_or_its_case
def apply_check(request: HttpRequest, token: str) -> HttpResponse:
    """Check the answers; handing in happens once, however often the button is pressed."""
    actor = signed_in(request)
    if request.method == "POST":
        return _handed_in(request, actor, token)
    return _checked(request, _draft(actor, token))


def _checked(request: HttpRequest, draft: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    """The answers to be checked; `more` says what stands in the way."""
    trouble = more.pop("trouble", False)
    context = review_page(actor_of(request), draft, locale(), elder=is_elder(request), **more)
    return _private(draw(request, "check", context | {"trouble": trouble}, status=status))


def _handed_in(request: HttpRequest, actor: Actor, token: str) -> HttpResponse:
    held = _in_place(actor, token)
    try:
        done = services.hand_in_draft(by=actor, token=token, key=request.POST.get("_key") or token, obtained=held)
    except Invalid as refusal:
        return _checked(request, _draft(actor, token), status=422, faults=refusal.errors, said=str(refusal.message))
    except (EngineError, Unavailable) as trouble:
        said = trouble.text(locale()) if isinstance(trouble, EngineError) else str(trouble.message)
        return _checked(request, _draft(actor, token), status=503, said=said, trouble=True)
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
@_or_its_case
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
