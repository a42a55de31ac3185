"""The verbs of approval on a case or an errand: send back, ask colleagues, give an opinion, halt and go on."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.queries import acting, withdrawing
from zhengtong.doors.desk.queries.matters import acted, found
from zhengtong.doors.desk.views.acts import countable, task_id_of
from zhengtong.doors.desk.views.asking import ask
from zhengtong.doors.desk.views.guard import DeskRequest, official
from zhengtong.foundation.core.errors import Invalid
from zhengtong.matters.workflow.services import together


def _countable(verb: Callable[[], object]) -> Callable[[], object]:
    def job() -> object:
        with countable():
            return verb()

    return job


@require_http_methods(["GET", "POST"])
@official
def send_back(request: DeskRequest, /, **where: Any) -> HttpResponse:
    """Send the open task back to a step done before, or have it done there and come straight back."""
    matter, post = found(request.actor, **where), request.POST

    def verb() -> None:
        if not post.get("target"):
            said = _("Choose a step.")
            raise Invalid("desk.target", _("Please complete what is marked."), [("target", "required", said)])
        together.send_back_task(
            by=request.actor,
            task_id=task_id_of(request),
            to=post["target"],
            reason=forms.reason_of(request),
            direct=post.get("direct") == "1",
        )

    page = acting.sending_back
    return ask(
        request, lambda given: page(request.actor, matter, given), _countable(verb), _("Sent back."), matter.back_url
    )


@require_http_methods(["GET", "POST"])
@official
def consult(request: DeskRequest, /, **where: Any) -> HttpResponse:
    """Ask colleagues about the open task."""
    matter = found(request.actor, **where)
    return ask(
        request,
        lambda given: acting.consulting(request.actor, matter, given),
        _countable(
            lambda: together.ask_colleagues(
                by=request.actor,
                task_id=task_id_of(request),
                account_ids=forms.accounts_of(request.POST),
                reason=forms.reason_of(request),
                way=forms.way_of(request.POST),
            )
        ),
        _("Asked; your colleagues get a message."),
        matter.back_url,
    )


@require_http_methods(["GET", "POST"])
@official
def opinion(request: DeskRequest, /, **where: Any) -> HttpResponse:
    """Say what one was asked to say; who asked reads it, and the case is his again."""
    matter = found(request.actor, **where)
    return ask(
        request,
        lambda given: acting.answering(request.actor, matter, given),
        _countable(
            lambda: together.give_opinion(by=request.actor, task_id=task_id_of(request), words=forms.reason_of(request))
        ),
        _("Given; the task is with who asked again."),
        reverse("desk:back"),
    )


@require_http_methods(["GET", "POST"])
@official
def withdraw(request: DeskRequest, /, **where: Any) -> HttpResponse:
    """Take back what one did last on a case, which one may no longer read."""
    matter = acted(request.actor, **where)
    verb = _countable(
        lambda: together.withdraw_act(by=request.actor, task_id=task_id_of(request), reason=forms.reason_of(request))
    )
    return ask(
        request,
        lambda given: withdrawing.withdrawing(request.actor, matter, given),
        verb,
        _("Taken back; it is yours to do again."),
        matter.back_url,
    )


@require_http_methods(["GET", "POST"])
@official
def halt(request: DeskRequest, /, **where: Any) -> HttpResponse:
    """Have nothing be done on a case until it goes on."""
    matter = found(request.actor, **where)
    verb = _countable(
        lambda: together.halt(by=request.actor, about=(matter.kind, matter.id), reason=forms.reason_of(request))
    )
    return ask(request, lambda given: acting.halting(request.actor, matter, given), verb, _("Halted."), matter.back_url)


@require_http_methods(["GET", "POST"])
@official
def go_on(request: DeskRequest, /, **where: Any) -> HttpResponse:
    """Have a halted case go on."""
    matter = found(request.actor, **where)
    verb = _countable(lambda: together.go_on(by=request.actor, about=(matter.kind, matter.id)))
    return ask(
        request,
        lambda given: acting.halting(request.actor, matter, given, go_on=True),
        verb,
        _("It goes on."),
        matter.back_url,
    )


@require_POST
@official
def ask_no_longer(request: DeskRequest, /, asked_id: int, **where: Any) -> HttpResponse:
    """Take a question back that nobody has answered."""
    matter = found(request.actor, **where)
    with countable():
        together.ask_no_longer(by=request.actor, task_id=asked_id)
    messages.success(request, _("Taken back; nothing is asked of your colleague any more."))
    return redirect(matter.back_url)


@require_POST
@official
def name_no_longer(request: DeskRequest, /, asked_id: int, **where: Any) -> HttpResponse:
    """Have nobody sign after one's own task."""
    matter = found(request.actor, **where)
    with countable():
        together.name_no_longer(by=request.actor, task_id=asked_id)
    messages.success(request, _("Taken back; nothing is asked of your colleague any more."))
    return redirect(matter.back_url)
