"""Having what is stuck go on at another element: chosen, looked at, done with a reason."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengtong.doors.console.forms import Field
from zhengtong.doors.console.queries.standing import named, said
from zhengtong.doors.console.views.accounts import BOTH, REASON
from zhengtong.doors.console.views.gate import act, actor_of, cursor, facts_of, found_or_404, open_to, sheet_for
from zhengtong.doors.console.views.stuck import PART
from zhengtong.engines.bpmn import Graph
from zhengtong.matters.workflow import queries as workflow
from zhengtong.matters.workflow import services
from zhengtong.matters.workflow.definitions import graph_of
from zhengtong.matters.workflow.services.redirecting import Place


@open_to(PART, methods=BOTH)
def choose(request: HttpRequest, key: int) -> HttpResponse:
    """Pick one of the elements at which it can go on with nothing lost or done twice."""
    trouble = _trouble(request, key)
    options = [(node.id, said(node)) for node in services.places_elsewhere(by=actor_of(request), trouble=trouble)]
    lead = _("Only elements are offered at which the process could stand by itself: nothing is lost or done twice.")
    if not options:
        lead = _("There is no other element at which it could go on with nothing lost or done twice.")
    fields = (Field("to", _("Go on at"), "radios", options=options),) if options else ()
    back, title = reverse("console:mend", args=[key]), _("Go on elsewhere")
    facts = facts_of((_("Stuck at"), named(graph_of(trouble.process.definition_id), trouble.element)))
    sheet = sheet_for(request, fields)
    if request.method == "POST" and options and sheet.sound:
        return _looking(key, str(sheet.values["to"]), trouble.process.version)
    submit = _("See what would happen") if options else _("Look again")
    return act(request, sheet, _nothing, part=PART, title=title, submit=submit, back=back, lead=lead, facts=facts)


def _nothing(**_chosen: str) -> str:
    """Choosing alone does nothing."""
    return _("Nothing was changed.")


def _looking(key: int, to: str, version: int) -> HttpResponseRedirect:
    """To the dry run of the process as it stands at `version`."""
    wanted = urlencode({"to": to, "at": str(version)})
    return HttpResponseRedirect(f"{reverse('console:look_elsewhere', args=[key])}?{wanted}")


@open_to(PART, methods=BOTH)
def look(request: HttpRequest, key: int) -> HttpResponse:
    """What would be taken away and what would come; with a reason it is done, if the process still stands so."""
    actor, trouble = actor_of(request), _trouble(request, key)
    graph, to = graph_of(trouble.process.definition_id), request.GET.get("to", "")[:100]
    seen, version = services.look_elsewhere(by=actor, trouble=trouble, to=to), cursor(request, "at")
    if request.method != "POST" and version != seen.version:
        return _looking(key, to, seen.version)

    def verb(reason: str) -> str:
        services.go_on_elsewhere(by=actor, trouble_id=key, to=to, version=version or 0, reason=reason)
        return _("It goes on there.")

    facts = facts_of(
        (_("Stuck at"), named(graph, trouble.element)),
        (_("Go on at"), named(graph, to)),
        (_("Is taken away"), _listed(graph, seen.cancelled)),
        (_("Comes instead"), _("The process ends.") if seen.ends else _listed(graph, seen.added)),
    )
    back, title = reverse("console:mend_elsewhere", args=[key]), _("Go on elsewhere")
    sheet = sheet_for(request, (REASON,))
    done = reverse("console:stuck_process", args=[trouble.process_id])
    lead = _("Nothing has been done yet. What is taken away is not done; the ledger keeps who did this and why.")
    answer = act(
        request, sheet, verb, part=PART, title=title, submit=_("Go on there"), back=back, lead=lead, facts=facts
    )
    return HttpResponseRedirect(done) if answer.status_code == 302 else answer


def _trouble(request: HttpRequest, key: int) -> Any:
    found = workflow.troubles_for(actor_of(request)).filter(pk=key, number__gt=0).select_related("process").first()
    return found_or_404(found)


def _listed(graph: Graph, places: Iterable[Place]) -> str:
    return pgettext("between things of a list", ", ").join(named(graph, element) for element, _wait in places)
