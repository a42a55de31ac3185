"""Absence and substitution (代理): the list, entering an absence, ending it early."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.queries import absences, inboxes
from zhengtong.doors.desk.views.asking import ask
from zhengtong.doors.desk.views.guard import DeskRequest, official
from zhengtong.people.access import services


@require_GET
@official
def listing(request: DeskRequest) -> HttpResponse:
    """One's own absences, those one stands in for, those of one's office."""
    page = absences.listing(request.actor, forms.before_of(request.GET)) | {
        "side": inboxes.side(request.actor, "absences")
    }
    return render(request, "desk/absences.html", page)


@require_http_methods(["GET", "POST"])
@official
def enter(request: DeskRequest) -> HttpResponse:
    """Say from when to when somebody is away, and who stands in."""
    actor, post = request.actor, request.POST
    return ask(
        request,
        lambda given: absences.entering(actor, given),
        lambda: services.enter_absence(
            by=actor,
            account_id=forms.number_of(post.get("who")) or actor.account_id or 0,
            organisation_id=actor.organisation_id or 0,
            substitute_id=forms.number_of(post.get("to")),
            begins_on=_day(post.get("begins_on", "")),
            ends_on=_day(post.get("ends_on", "")),
            reason=forms.reason_of(request),
        ),
        _("Entered; your substitute gets a message."),
        reverse("desk:absences"),
    )


@require_POST
@official
def end(request: DeskRequest, absence_id: int) -> HttpResponse:
    """End an absence before its time."""
    services.end_absence(by=request.actor, absence_id=absence_id)
    messages.success(request, _("Ended; the tasks are with whose they were."))
    return redirect("desk:absences")


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
