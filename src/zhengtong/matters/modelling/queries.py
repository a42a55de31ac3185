"""Every read of process models; and what is to be said of a text before use."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhengtong.engines.bpmn import BpmnError, Made, as_text, compile_process, openings, read, too_long
from zhengtong.engines.bpmn.listing import Step, open_list
from zhengtong.engines.bpmn.soundness import review
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.policy import Actor, visible
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.catalog.packs import House, Pack, process_findings
from zhengtong.matters.catalog.queries import PROCESS
from zhengtong.matters.catalog.registry import lives, outcomes
from zhengtong.matters.modelling.choices import Standing
from zhengtong.matters.modelling.models import ModelVersion, ProcessModel
from zhengtong.matters.workflow.definitions import define, going_on
from zhengtong.matters.workflow.queries.starts import faults_of
from zhengtong.matters.workflow.registry import ROLES, actions

if TYPE_CHECKING:
    from zhengtong.matters.catalog.models import ServiceItem


def visible_to(actor: Actor) -> QuerySet[ProcessModel]:
    """The models this actor may see."""
    return visible(actor, ProcessModel)


def versions_for(actor: Actor) -> QuerySet[ModelVersion]:
    """The versions this actor may see, without their texts."""
    return visible(actor, ModelVersion).defer("xml").select_related("model")


def newest_versions(actor: Actor, models: Iterable[ProcessModel]) -> dict[int, ModelVersion]:
    """The newest version of each of these models, by the model's id, without texts; however many came before it."""
    later = ModelVersion.objects.filter(model=OuterRef("model"), number__gt=OuterRef("number"))
    found = versions_for(actor).filter(~Exists(later), model__in=[model.pk for model in models])
    return {version.model_id: version for version in found}


def model_for(actor: Actor, key: int) -> ProcessModel:
    """One model; NotFound where there is none, or none that the actor may see."""
    found = visible_to(actor).filter(id=key).first()
    if found is None:
        raise NotFound("modelling.no_model", _("There is no such process model."))
    return found


def version_for(actor: Actor, key: int) -> ModelVersion:
    """One version with its text; NotFound where there is none, or none that the actor may see."""
    found = visible(actor, ModelVersion).select_related("model").filter(id=key).first()
    if found is None:
        raise NotFound("modelling.no_version", _("There is no such version."))
    return found


def published_as(actor: Actor, definitions: Iterable[int]) -> dict[int, ModelVersion]:
    """The published version that each of these definitions is, the newest of several, as far as the actor may see."""
    found = versions_for(actor).filter(state=Standing.PUBLISHED, definition_id__in=list(definitions))
    return {version.definition_id or 0: version for version in found.order_by("id")}


def before(version: ModelVersion) -> ModelVersion | None:
    """The version before this one."""
    return ModelVersion.objects.filter(model_id=version.model_id, number__lt=version.number).order_by("-number").first()


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to be said of a model, about these elements; a blocking one keeps it from use."""

    code: str
    elements: tuple[str, ...]
    text: str
    blocking: bool

    @property
    def told(self) -> str:
        """The sentence, with the elements before it that it does not name."""
        unnamed = [each for each in self.elements if each not in self.text]
        return f"{', '.join(unnamed)}: {self.text}" if unnamed else self.text


@dataclass(frozen=True, slots=True)
class Checked:
    """What engine and house say of a text; `soundness` is sound, unsound, undecided, or empty: not looked at."""

    remarks: tuple[Remark, ...]
    soundness: str

    @property
    def fit(self) -> bool:
        """Whether it may go to review: it can be executed, is not unsound, and asks only for what this house has."""
        return not any(remark.blocking for remark in self.remarks) and self.soundness in ("sound", "undecided")


@dataclass(frozen=True, slots=True)
class Listed:
    """A text as a list of steps; None where it is none, and why not."""

    steps: tuple[Step, ...] | None
    reason: str


def listed(version: ModelVersion, locale: str) -> Listed:
    """The steps of a version, as the simple designer has them."""
    try:
        return Listed(open_list(read(bytes(version.xml))).steps, "")
    except BpmnError as refusal:
        return Listed(None, refusal.text(locale))


def text_of(xml: bytes) -> str:
    """A model as one edits it, whatever encoding it came in."""
    return as_text(read(xml))


def pack_for(model: ProcessModel) -> Pack | None:
    """The pack of the service that a model runs, as it is in use; None where it runs none."""
    item = catalog.current_item(model.item_key) if model.item_key else None
    return catalog.pack_of(item.pack_id) if item is not None and item.pack_id is not None else None


def definition_in_force(item: "ServiceItem") -> int:
    """The definition by which new cases of a service run."""
    return item.definition_id or define(catalog.item_spec(item.id).files[PROCESS])


def in_force(key: str) -> ModelVersion | None:
    """The version published here that runs new cases of a service; None where the process of its pack does."""
    item = catalog.current_item(key)
    if item is None or item.definition_id is None:
        return None
    found = ModelVersion.objects.filter(model__item_key=key, definition_id=item.definition_id)
    return found.select_related("model").order_by("-number").first()


@dataclass(frozen=True, slots=True)
class Serving:
    """The service that a model runs: its name, the pack it came with, and the version that runs its new cases."""

    name: str
    name_en: str
    pack: str
    release_id: int
    in_force: ModelVersion | None


def serving(model: ProcessModel) -> Serving | None:
    """What a model runs; None where it runs no service, or none in use. Version None: the process of the pack does."""
    item = catalog.current_item(model.item_key) if model.item_key else None
    if item is None or item.pack_id is None:
        return None
    pack, current = catalog.pack_of(item.pack_id), version_by(model, definition_in_force(item))
    return Serving(item.name, item.name_en, f"{pack.id} v{pack.version}", item.pack_id, current)


def version_by(model: ProcessModel, definition_id: int | None) -> ModelVersion | None:
    """The newest published version of a model with that definition."""
    found = ModelVersion.objects.filter(model=model, state=Standing.PUBLISHED, definition_id=definition_id)
    return found.defer("xml").order_by("-number").first()


def pack_process(actor: Actor, model: ProcessModel) -> bytes | None:
    """The process of the pack in use, where it is another than the model's newest; None where there is none such."""
    found = serving(model)
    newest = ModelVersion.objects.filter(model=model).order_by("-number").first()
    xml = catalog.process_of(actor, found.release_id) if found is not None else None
    return None if xml is None or newest is None or bytes(newest.xml) == xml else xml


def checked_of(version: ModelVersion, locale: str) -> Checked:
    """Everything that is to be said of a version: of its text, and of how it fits the service it is for."""
    xml, pack = bytes(version.xml), pack_for(version.model)
    found = checked(xml, locale, pack)
    if pack is not None or not found.soundness or _begins(xml):
        return found
    told = _(
        "Nothing begins this process: draw it for a service, have it begin by a message, a signal or at a time, or "
        "call it from another process."
    )
    return replace(found, remarks=(*found.remarks, Remark("modelling.begun_by_nothing", (), told, False)))


def _begins(xml: bytes) -> bool:
    """Whether anything but a service begins a process of a text that can be executed."""
    model = read(xml)
    made = Made(model)
    return any(openings(compile_process(model, name, made=made), clock.now()) for name in model.process_ids)


def checked(xml: bytes, locale: str, pack: Pack | None = None) -> Checked:
    """Everything that is to be said of a text, in a language; never raises for bad input.

    With a `pack`, also what it says against serving that.
    """
    report = review(xml)
    findings = cast("list[dict[str, Any]]", report["findings"])
    remarks = [
        Remark(
            str(each["code"]),
            tuple(each.get("elements") or ([each["element"]] if each.get("element") else [])),
            str(each["message"][locale]),
            bool(each.get("blocking", True)),
        )
        for each in findings
    ]
    soundness = str(report["soundness"] or "")
    if soundness:
        remarks += [*_house(xml), *(_service(xml, locale, pack) if pack is not None else ())]
    return Checked(tuple(remarks), soundness)


def _service(xml: bytes, locale: str, pack: Pack) -> list[Remark]:
    """What keeps a process from serving a pack; of several processes in a text, cases run by no one knows which."""
    if len(read(xml).process_ids) != 1:
        return [Remark("modelling.processes", (), _("A service runs by one process, so the text has only one."), True)]
    here = replace(house(), actions=None)  # which the house has said already
    return [
        Remark(each.code, (str(each.params["element"]),), each.text(locale), each.blocking)
        for each in process_findings(pack, xml, here)
    ]


def house() -> House:
    """What processes may ask for here."""
    return House(actions=set(actions), outcomes=set(outcomes), lives=lives.all())


def _house(xml: bytes) -> list[Remark]:
    """Roles and actions that nobody here has: such a task would wait for ever, such a step fail."""
    found: list[Remark] = []
    model = read(xml)
    made = Made(model)
    known = actions.all()
    for process in model.process_ids:
        try:
            graph = compile_process(model, process, made=made)
        except BpmnError:
            continue
        for node in graph.nodes.values():
            if node.role and node.role not in ROLES:
                told = _("Nobody here has the role “%(role)s”.") % {"role": node.role}
                found.append(Remark("modelling.role_unknown", (node.id,), told, True))
            if node.action and node.action not in known:
                told = _("This house knows no action “%(action)s”.") % {"action": node.action}
                found.append(Remark("modelling.action_unknown", (node.id,), told, True))
            if node.kind == "task" and not node.role:
                told = _("Say which role does “%(name)s”.") % {"name": node.name or node.id}
                found.append(Remark("modelling.role_missing", (node.id,), told, True))
        long = ((each.element, each.text(get_language() or "")) for each in too_long(graph, called=False))
        found += [Remark("bpmn.too_long", (element,), text, True) for element, text in long]
        faults = faults_of(graph, clock.now(), going_on(graph))
        found += [Remark(each.code, (each.element,), each.text, True) for each in faults]
    return found
