"""Process models: the list, one model and its versions, one version with its check and review, two side by side."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zhengtong.doors.console.forms import Field
from zhengtong.doors.console.queries import modelling as shown
from zhengtong.doors.console.views.gate import (
    act,
    actor_of,
    crumbs,
    facts_of,
    found_or_404,
    open_to,
    paged,
    sheet_for,
    state,
    table,
)
from zhengtong.engines.bpmn import read
from zhengtong.engines.bpmn.compilation.differing import differences
from zhengtong.engines.bpmn.layout import with_diagram
from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.policy import Actor
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.modelling import queries, services
from zhengtong.matters.modelling.choices import Standing
from zhengtong.matters.modelling.registry import DRAW
from zhengtong.matters.modelling.rules import may_review
from zhengtong.matters.workflow.registry import RELOCATE

PART = "models"
BOTH = ("GET", "HEAD", "POST")
COLOURS = {Standing.DRAFT: "line", Standing.REVIEWING: "gold", Standing.PUBLISHED: "jade"}


@open_to(PART)
def models(request: HttpRequest) -> HttpResponse:
    """A page of the models, newest first, each with the version in hand or in force."""
    actor = actor_of(request)
    found, following = paged(request, queries.visible_to(actor))
    newest = queries.newest_versions(actor, found)
    lines = [(reverse("console:model", args=[each.pk]), (each.name, *_standing(newest[each.pk]))) for each in found]
    columns = (pgettext("process model", "Process"), pgettext("of a model", "Version"), _("State"), _("Saved"), _("By"))
    drawn = table(_("Processes"), columns, lines, _("No process has been drawn here yet."))
    context: dict[str, Any] = {"title": _("Processes"), "part": PART, "table": drawn, "next_url": following}
    context["lead"] = _("Processes are drawn, checked, reviewed by a second person, and then never change.")
    if policy.may(actor, DRAW):
        context["actions"] = [
            {"label": _("Draw a process"), "url": reverse("console:begin_model")},
            {"label": _("Go on from the process of a pack"), "url": reverse("console:choose_release")},
            {"label": _("Change the process of a service"), "url": reverse("console:begin_service")},
        ]
    return render(request, "console/list.html", context)


def _named(version: Any) -> str:
    return _("Version %(number)d") % {"number": version.number}


def _standing(version: Any) -> tuple[object, ...]:
    saved = clock.local(version.saved_at).strftime("%Y-%m-%d %H:%M")
    return version.number, state(version.get_state_display(), COLOURS[version.state]), saved, version.saved_by_name


@open_to(PART, methods=BOTH)
def begin(request: HttpRequest) -> HttpResponse:
    """Name a process; its first draft has one step, or is the process of the pack that was chosen before."""
    actor, chosen = actor_of(request), _chosen(request, "release")
    known = chosen.isascii() and chosen.isdecimal() and len(chosen) < 19
    releases = catalog.releases_for(actor).filter(pk=int(chosen)) if known else ()
    names = catalog.names_of_releases(releases)
    offered = [(str(each.pk), f"{names[each.pk]} · {each.version}") for each in releases]
    if chosen and request.method != "POST":
        found_or_404(offered or None)
    fields: tuple[Field, ...] = (
        Field("name", _("Chinese name"), most=120),
        Field("name_en", _("English name"), required=False),
    )
    if chosen:
        prompt = _("One step, to go on from")
        fields += (
            Field("release", _("Begin with"), "select", required=False, options=offered, initial=chosen, prompt=prompt),
        )

    made: list[int] = []

    def enter(name: str, name_en: str | None, release: str | None = None) -> str:
        xml = catalog.process_of(actor, int(release)) if release else shown.BLANK
        version = services.begin_model(by=actor, name=name, name_en=name_en or "", xml=found_or_404(xml))
        made.append(version.model_id)
        return _("%(name)s has been begun. Its first version is a draft.") % {"name": name}

    return act(
        request, sheet_for(request, fields), enter, part=PART, title=_("Draw a process"), submit=_("Begin"),
        back=reverse("console:models"), onward=lambda: reverse("console:model", args=made),
    )  # fmt: skip


@open_to(PART, methods=BOTH)
def begin_for_service(request: HttpRequest) -> HttpResponse:
    """Begin with the service that was chosen, from all that there are: its version 1 is the process of its pack."""
    actor, chosen = actor_of(request), _chosen(request, "item")
    if request.method != "POST" and not chosen:
        return _services(request, actor)
    found = catalog.items_with_packs(actor).filter(key=chosen)
    items = [(each.key, shown.service_name(each)) for each in found]
    if request.method != "POST":
        found_or_404(items or None)
    fields = (Field("item", _("Service"), "select", options=items, initial=chosen, prompt=_("Choose a service")),)

    made: list[int] = []

    def enter(item: str) -> str:
        version = services.begin_for_service(by=actor, key=item)
        made.append(version.model_id)
        return _("%(name)s has been begun. Version 1 is the process of its pack, version 2 a draft.") % {
            "name": version.model.name
        }

    lead = _("What is published then runs its new cases. Cases that run keep the version they began with.")
    return act(
        request, sheet_for(request, fields), enter, part=PART, title=_("Change the process of a service"),
        submit=_("Begin"), back=reverse("console:models"), lead=lead,
        onward=lambda: reverse("console:model", args=made),
    )  # fmt: skip


@open_to(PART)
def choose_release(request: HttpRequest) -> HttpResponse:
    """A page of the packs whose process a new model may begin with, newest first, or those with words in the name."""
    words = _words(request)
    found, following = paged(request, catalog.releases_for(actor_of(request), words))
    address = reverse("console:begin_model")
    names = catalog.names_of_releases(found)
    lines = [
        (f"{address}?{urlencode({'release': each.pk})}", (names[each.pk], each.pack_id, each.version)) for each in found
    ]
    columns = (_("Service"), _("Service pack"), pgettext("of a pack", "Version"))
    return _choosing(request, _("Go on from the process of a pack"), columns, lines, following, words)


def _services(request: HttpRequest, actor: Actor) -> HttpResponse:
    words = _words(request)
    found, following = paged(request, catalog.items_with_packs(actor, words))
    lines = [(f"?{urlencode({'item': each.key})}", (shown.called_by(each), each.key)) for each in found]
    columns = (_("Service"), pgettext("of a service", "Key"))
    return _choosing(request, _("Change the process of a service"), columns, lines, following, words)


def _choosing(
    request: HttpRequest,
    title: str,
    columns: tuple[object, ...],
    lines: Sequence[tuple[str, Sequence[object]]],
    following: str,
    words: str,
) -> HttpResponse:
    """A long choice, page by page and found by words; each row leads on with what it stands for."""
    context: dict[str, Any] = {
        "title": title,
        "part": PART,
        "lead": _("Choose one to go on."),
        "filters": [{"key": "q", "label": _("Name or key"), "value": words, "width": 20}],
        "table": table(title, columns, lines, _("Nothing matches.")),
        "next_url": following,
    }
    return render(request, "console/list.html", context | crumbs(PART))


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:100]


def _chosen(request: HttpRequest, key: str) -> str:
    given = request.POST if request.method == "POST" else request.GET
    return given.get(key, "").strip()[:200]


@open_to(PART, methods=BOTH)
def model(request: HttpRequest, key: int) -> HttpResponse:
    """One model and its versions; posting begins the next."""
    actor = actor_of(request)
    found = queries.model_for(actor, key)
    every = queries.versions_for(actor).filter(model=found)
    versions, following_page = paged(request, every)
    pack_process = queries.pack_process(actor, found)
    if request.method == "POST":
        fields: tuple[Field, ...] = ()

        def following() -> str:
            xml = found_or_404(pack_process) if "pack" in request.POST else None
            version = services.begin_version(by=actor, model=found, xml=xml)
            if xml is not None:
                told = _("Version %(number)d has been begun with the process of the pack.")
                return told % {"number": version.number}
            return _("Version %(number)d has been begun, a copy of the one before.") % {"number": version.number}

        here = reverse("console:model", args=[key])
        return act(
            request, sheet_for(request, fields), following, part=PART, title=found.name, submit=_("Begin"), back=here
        )
    lines = [
        (
            reverse("console:version", args=[each.pk]),
            (_("Version %(number)d") % {"number": each.number}, *_standing(each)[1:]),
        )
        for each in versions
    ]
    columns = (pgettext("of a model", "Version"), _("State"), _("Saved"), _("By"))
    context: dict[str, Any] = {
        "title": found.name,
        "part": PART,
        "facts": facts_of((_("Chinese name"), found.name), (_("English name"), found.name_en), *shown.served(found)),
        "tables": [table(_("Versions"), columns, lines, "", following_page)],
        "begin_next": policy.may(actor, DRAW) and not every.exclude(state=Standing.PUBLISHED).exists(),
        "from_pack": pack_process is not None,
    }
    return render(request, "console/model.html", context | crumbs(PART))


@open_to(PART)
def version(request: HttpRequest, key: int) -> HttpResponse:
    """One version: drawing, check, and what may be done with it now."""
    actor = actor_of(request)
    found = queries.version_for(actor, key)
    checked = queries.checked_of(found, actor.locale)
    context: dict[str, Any] = {
        "title": _("%(name)s, version %(number)d") % {"name": found.model.name, "number": found.number},
        "part": PART,
        "version": found,
        "facts": [*_facts(found), *facts_of(*shown.served(found.model, found))],
        "verdict": shown.verdict(checked),
        "remarks": shown.remarks(checked),
        "actions": _actions(actor, found, fit=checked.fit),
    }
    return render(request, "console/version.html", context | way_to(found))


def _facts(found: Any) -> list[dict[str, Any]]:
    submitted = _at(found.submitted_at, found.submitted_by_name)
    reviewed = _at(found.reviewed_at, found.reviewed_by_name)
    return facts_of(
        (_("State"), found.get_state_display()),
        (_("Saved"), _at(found.saved_at, found.saved_by_name)),
        (_("Sent to review"), submitted),
        (_("Reviewed"), reviewed),
        (_("Opinion"), found.opinion),
        (_("Digest (SM3)"), found.digest),
    )


def _at(instant: Any, name: str) -> str:
    return f"{clock.local(instant):%Y-%m-%d %H:%M} {name}" if instant else ""


def _actions(actor: Actor, found: Any, *, fit: bool) -> list[dict[str, Any]]:
    """What the actor may do with a version now; what the check or the four eyes forbid is not offered."""

    def to(name: str) -> str:
        return reverse(f"console:{name}", args=[found.pk])

    verbs = []
    if found.state == Standing.DRAFT and policy.may(actor, DRAW):
        verbs += [(_("As a list of steps"), to("model_steps")), (_("Draw"), to("edit_model"))]
        verbs += [(_("Send to review"), to("submit_model"))] if fit else []
    if found.state == Standing.REVIEWING:
        verbs += [(_("Publish"), to("publish_model"))] if may_review(actor, found) else []
        verbs += [(_("Send back to draft"), to("return_model"))]
    if found.replaced_id and found.replaced_id != found.definition_id and policy.may(actor, RELOCATE):
        versions = urlencode({"source": found.replaced_id, "target": found.definition_id})
        verbs += [(shown.moving(found), f"{reverse('console:plan_move')}?{versions}")]
    if found.number > 1:
        verbs += [(_("Compare with the version before"), to("compare_model"))]
    verbs += [(_("Download (BPMN)"), to("model_file"))]
    return [{"label": label, "url": url} for label, url in verbs]


def way_to(found: Any) -> dict[str, Any]:
    way = crumbs(PART)["crumbs"]
    return {"crumbs": [*way, {"label": found.model.name, "url": reverse("console:model", args=[found.model_id])}]}


@open_to(PART)
def file(request: HttpRequest, key: int) -> HttpResponse:
    """The text as it was saved; `?drawn` asks for it with a drawing."""
    found = queries.version_for(actor_of(request), key)
    xml = bytes(found.xml)
    response = HttpResponse(with_diagram(xml) if "drawn" in request.GET else xml, content_type="application/xml")
    response["Content-Disposition"] = f'attachment; filename="process-{found.model_id}-{found.number}.bpmn"'
    return response


@open_to(PART)
def compare(request: HttpRequest, key: int) -> HttpResponse:
    """A version and the one before it: what was added, changed, removed."""
    found = queries.version_for(actor_of(request), key)
    old = found_or_404(queries.before(found))
    rows = shown.changes(differences(read(bytes(old.xml)), read(bytes(found.xml))))
    title = _("%(name)s: versions %(old)d and %(new)d") % {
        "name": found.model.name, "old": old.number, "new": found.number,
    }  # fmt: skip
    context = {"title": title, "part": PART, "version": found, "changes": rows}
    return render(request, "console/model_compared.html", context | way_to(found))


@open_to(PART, methods=BOTH)
def submit(request: HttpRequest, key: int) -> HttpResponse:
    """Send a draft to the second person."""
    found = queries.version_for(actor_of(request), key)

    def send() -> str:
        services.submit(by=actor_of(request), version_id=key)
        return _("Sent to review. Somebody who had no hand in it publishes it.")

    return _decide(request, found, send, title=_("Send to review"), fields=())


@open_to(PART, methods=BOTH)
def send_back(request: HttpRequest, key: int) -> HttpResponse:
    """Back to draft, with a reason."""
    found = queries.version_for(actor_of(request), key)

    def back(opinion: str) -> str:
        services.send_back(by=actor_of(request), version_id=key, opinion=opinion)
        return _("It is a draft again.")

    return _decide(request, found, back, title=_("Send back to draft"), fields=(_opinion(),))


@open_to(PART, methods=BOTH)
def publish(request: HttpRequest, key: int) -> HttpResponse:
    """Publish what another drew."""
    found = queries.version_for(actor_of(request), key)

    def release(opinion: str) -> str:
        services.publish(by=actor_of(request), version_id=key, opinion=opinion)
        return _("Published. This version never changes from now on.")

    return _decide(
        request, found, release, title=_("Publish"), fields=(_opinion(),), lead=shown.taking_effect(found.model)
    )


def _opinion() -> Field:
    return Field("opinion", _("Opinion"), "textarea", rows=4, most=500, help=_("2 to 500 characters."))


def _decide(
    request: HttpRequest, found: Any, verb: Any, *, title: str, fields: tuple[Field, ...], lead: str = ""
) -> HttpResponse:
    back = reverse("console:version", args=[found.pk])
    facts = facts_of(
        (pgettext("process model", "Process"), found.model.name),
        (pgettext("of a model", "Version"), found.number),
        (_("Saved"), _at(found.saved_at, found.saved_by_name)),
        (_("Sent to review"), _at(found.submitted_at, found.submitted_by_name)),
        *(shown.served(found.model) if lead else ()),
    )
    return act(
        request,
        sheet_for(request, fields),
        verb,
        part=PART,
        title=title,
        submit=title,
        back=back,
        lead=lead,
        facts=facts,
    )
