"""The verbs of approval on a case: send back, ask colleagues, give an opinion, halt and go on."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.doors.desk import forms
from zhengtong.doors.desk.queries import acting, withdrawing
from zhengtong.doors.desk.views.acts import countable, task_id_of
from zhengtong.doors.desk.views.asking import ask, back_to
from zhengtong.doors.desk.views.guard import DeskRequest, official
from zhengtong.foundation.core.errors import Invalid
from zhengtong.matters.cases import queries, services


def _countable(verb: Callable[[], object]) -> Callable[[], object]:
    def job() -> object:
        with countable():
            return verb()

    return job


@require_http_methods(["GET", "POST"])
@official
def send_back(request: DeskRequest, token: str) -> HttpResponse:
    """Send the open task back to a step done before, or have it done there and come straight back."""
    case, post = queries.case_by_token(request.actor, token), request.POST

    def verb() -> None:
        if not post.get("target"):
            said = _("Choose a step.")
            raise Invalid("desk.target", _("Please complete what is marked."), [("target", "required", said)])
        services.send_back_task(
            by=request.actor,
            task_id=task_id_of(request),
            to=post["target"],
            reason=forms.reason_of(request),
            direct=post.get("direct") == "1",
        )

    page = acting.sending_back
    return ask(
        request, lambda given: page(request.actor, case, given), _countable(verb), _("Sent back."), back_to(case)
    )


@require_http_methods(["GET", "POST"])
@official
def consult(request: DeskRequest, token: str) -> HttpResponse:
    """Ask colleagues about the open task."""
    case = queries.case_by_token(request.actor, token)
    return ask(
        request,
        lambda given: acting.consulting(request.actor, case, given),
        _countable(
            lambda: services.ask_colleagues(
                by=request.actor,
                task_id=task_id_of(request),
                account_ids=forms.accounts_of(request.POST),
                reason=forms.reason_of(request),
                way=forms.way_of(request.POST),
            )
        ),
        _("Asked; your colleagues get a message."),
        back_to(case),
    )


@require_http_methods(["GET", "POST"])
@official
def opinion(request: DeskRequest, token: str) -> HttpResponse:
    """Say what one was asked to say; who asked reads it, and the case is his again."""
    case = queries.case_by_token(request.actor, token)
    return ask(
        request,
        lambda given: acting.answering(request.actor, case, given),
        _countable(
            lambda: services.give_opinion(by=request.actor, task_id=task_id_of(request), words=forms.reason_of(request))
        ),
        _("Given; the task is with who asked again."),
        reverse("desk:inbox"),
    )


@require_http_methods(["GET", "POST"])
@official
def withdraw(request: DeskRequest, token: str) -> HttpResponse:
    """Take back what one did last on a case, which one may no longer read."""
    case = queries.acted_case(request.actor, token)
    verb = _countable(
        lambda: services.withdraw_act(by=request.actor, task_id=task_id_of(request), reason=forms.reason_of(request))
    )
    return ask(
        request,
        lambda given: withdrawing.withdrawing(request.actor, case, given),
        verb,
        _("Taken back; it is yours to do again."),
        back_to(case),
    )


@require_http_methods(["GET", "POST"])
@official
def halt(request: DeskRequest, token: str) -> HttpResponse:
    """Have nothing be done on a case until it goes on."""
    case = queries.case_by_token(request.actor, token)
    verb = _countable(lambda: services.halt_case(by=request.actor, case_id=case.id, reason=forms.reason_of(request)))
    return ask(request, lambda given: acting.halting(request.actor, case, given), verb, _("Halted."), back_to(case))


@require_http_methods(["GET", "POST"])
@official
def go_on(request: DeskRequest, token: str) -> HttpResponse:
    """Have a halted case go on."""
    case = queries.case_by_token(request.actor, token)
    verb = _countable(lambda: services.continue_case(by=request.actor, case_id=case.id))
    return ask(
        request,
        lambda given: acting.halting(request.actor, case, given, go_on=True),
        verb,
        _("It goes on."),
        back_to(case),
    )


@require_POST
@official
def ask_no_longer(request: DeskRequest, token: str, task_id: int) -> HttpResponse:
    """Take a question back that nobody has answered."""
    case = queries.case_by_token(request.actor, token)
    with countable():
        services.ask_no_longer(by=request.actor, task_id=task_id)
    messages.success(request, _("Taken back; nothing is asked of your colleague any more."))
    return redirect(back_to(case))


@require_POST
@official
def name_no_longer(request: DeskRequest, token: str, task_id: int) -> HttpResponse:
    """Have nobody sign after one's own task."""
    case = queries.case_by_token(request.actor, token)
    with countable():
        services.name_no_longer(by=request.actor, task_id=task_id)
    messages.success(request, _("Taken back; nothing is asked of your colleague any more."))
    return redirect(back_to(case))
