"""Every read of process models; and what is to be said of a text before use."""

from dataclasses import dataclass
from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.engines.bpmn import BpmnError, compile_process, read
from zhengtong.engines.bpmn.soundness import review
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import NotFound
from zhengtong.foundation.policy import Actor, visible
from zhengtong.matters.catalog.packs import House
from zhengtong.matters.catalog.registry import lives, outcomes
from zhengtong.matters.modelling.models import ModelVersion, ProcessModel
from zhengtong.matters.workflow.definitions import going_on
from zhengtong.matters.workflow.queries.starts import faults_of
from zhengtong.matters.workflow.registry import ROLES, actions


def visible_to(actor: Actor) -> QuerySet[ProcessModel]:
    """The models this actor may see."""
    return visible(actor, ProcessModel)


def versions_for(actor: Actor) -> QuerySet[ModelVersion]:
    """The versions this actor may see, without their texts."""
    return visible(actor, ModelVersion).defer("xml").select_related("model")


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


@dataclass(frozen=True, slots=True)
class Checked:
    """What engine and house say of a text; `soundness` is sound, unsound, undecided, or empty: not looked at."""

    remarks: tuple[Remark, ...]
    soundness: str

    @property
    def fit(self) -> bool:
        """Whether it may go to review: it can be executed, is not unsound, and asks only for what this house has."""
        return not any(remark.blocking for remark in self.remarks) and self.soundness in ("sound", "undecided")


def checked(xml: bytes, locale: str) -> Checked:
    """Everything that is to be said of a text, in a language; never raises for bad input."""
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
    return Checked((*remarks, *(_house(xml) if soundness else ())), soundness)


def house() -> House:
    """What processes may ask for here."""
    return House(actions=set(actions), outcomes=set(outcomes), lives=lives.all())


def _house(xml: bytes) -> list[Remark]:
    """Roles and actions that nobody here has: such a task would wait for ever, such a step fail."""
    found: list[Remark] = []
    model = read(xml)
    known = actions.all()
    for process in model.process_ids:
        try:
            graph = compile_process(model, process)
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
        faults = faults_of(graph, clock.now(), going_on(graph))
        found += [Remark(each.code, (each.element,), each.text, True) for each in faults]
    return found
