"""Drafts: begun, and saved as often as one likes; who comes second is told, and nothing of either is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import IntegrityError
from django.utils.translation import gettext as _

from zhengtong.engines.bpmn import BpmnError, read
from zhengtong.engines.bpmn.listing import Step, faults, only_its_own, open_list, write_list
from zhengtong.engines.seals import sm3
from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor
from zhengtong.matters.modelling.choices import Standing
from zhengtong.matters.modelling.models import ModelVersion, ProcessModel
from zhengtong.matters.modelling.queries import version_for
from zhengtong.matters.modelling.registry import DRAW


def begin_model(*, by: Actor, name: str, name_en: str, xml: bytes) -> ModelVersion:
    """A new model with its first draft. Raises NotAllowed; Invalid where the text is no BPMN."""
    policy.require(by, DRAW)
    readable(by, xml)

    def job() -> ModelVersion:
        model = ProcessModel.objects.create(name=name, name_en=name_en, begun_at=clock.now())
        version = draft(by, model, 1, xml)
        tell(by, "modelling.begun", version)
        return version

    return write(job)


def begin_version(*, by: Actor, model: ProcessModel, xml: bytes | None = None) -> ModelVersion:
    """The next draft of a model, a copy of what was published last, or of `xml`.

    Raises NotAllowed; Invalid where the text is no BPMN; Conflict: one is in hand.
    """
    policy.require(by, DRAW)
    if xml is not None:
        readable(by, xml)

    def job() -> ModelVersion:
        newest = ModelVersion.objects.filter(model=model).order_by("-number").first()
        if newest is None or newest.state != Standing.PUBLISHED:
            raise Conflict("modelling.in_hand", _("A version of this process is in hand already."))
        version = draft(by, model, newest.number + 1, bytes(newest.xml) if xml is None else xml)
        tell(by, "modelling.version_begun", version)
        return version

    try:
        return write(job)
    except IntegrityError:  # somebody else began one at the same moment
        raise Conflict("modelling.in_hand", _("A version of this process is in hand already.")) from None


def save_draft(*, by: Actor, version_id: int, xml: bytes, revision: int) -> ModelVersion:
    """Save a draft that was read as `revision`.

    Raises NotAllowed; Invalid where the text is no BPMN (that it cannot be executed is no hindrance yet); Conflict
    where it is no draft any longer, or somebody saved meanwhile (`revision`, `name`, `at` in its details).
    """
    policy.require(by, DRAW)
    readable(by, xml)

    def job() -> ModelVersion:
        version = held(version_id)
        if version.state != Standing.DRAFT:
            raise Conflict("modelling.no_draft", _("This version is no draft any longer, so it cannot be changed."))
        if version.revision != revision:
            sentence = _("%(name)s has saved this draft meanwhile. Yours is kept below; nothing was overwritten.")
            told = {"revision": version.revision, "name": version.saved_by_name, "at": version.saved_at.isoformat()}
            raise Conflict("modelling.saved_meanwhile", sentence % {"name": version.saved_by_name}, **told)
        version.xml, version.digest, version.revision = xml, sm3(xml).hex(), revision + 1
        version.saved_by, version.saved_by_name, version.saved_at = by.account_id, by.name, clock.now()
        version.editors = sorted({*version.editors, by.account_id})
        version.save()
        tell(by, "modelling.saved", version)
        return version

    return write(job)


def save_list(*, by: Actor, version_id: int, steps: Sequence[Step], revision: int) -> ModelVersion:
    """Save a draft that is a list of steps with these in place of its own; errors as `save_draft`.

    Invalid also for a list that is no process (`steps/<number>/<field>` of each fault), Conflict for a draft that is
    none.
    """
    policy.require(by, DRAW)
    version = version_for(by, version_id)
    try:
        listed = open_list(read(bytes(version.xml)))
    except BpmnError as refusal:
        raise Conflict("modelling.no_list", refusal.text(by.locale)) from None
    made = replace(listed, steps=tuple(only_its_own(step) for step in steps))
    found = [(f"steps/{number}/{field}".rstrip("/"), fault) for number, field, fault in faults(made)]
    if found:
        told = [(place, fault.code, fault.text(by.locale)) for place, fault in found]
        raise Invalid("modelling.steps", _("Some steps need attention."), told)
    return save_draft(by=by, version_id=version_id, xml=write_list(made), revision=revision)


def readable(by: Actor, xml: bytes) -> None:
    """Invalid, at the field `xml`, where a text is no BPMN document with a process."""
    try:
        model = read(xml)
        if not model.process_ids:
            raise BpmnError("bpmn.no_process")
    except BpmnError as fault:
        where = f" ({fault.position})" if fault.position else ""
        sentence = fault.text(by.locale) + where
        raise Invalid("modelling.unreadable", sentence, [("xml", fault.code, sentence)]) from None


def held(version_id: int) -> ModelVersion:
    """A version, locked until the write ends."""
    return ModelVersion.objects.select_for_update().select_related("model").get(id=version_id)


def draft(by: Actor, model: ProcessModel, number: int, xml: bytes) -> ModelVersion:
    """A new draft; within a write."""
    return ModelVersion.objects.create(
        model=model,
        number=number,
        xml=xml,
        digest=sm3(xml).hex(),
        editors=[by.account_id],
        saved_by=by.account_id,
        saved_by_name=by.name,
        saved_at=clock.now(),
    )


def tell(
    by: Actor, type_: str, version: ModelVersion, reason: str = "", more: Mapping[str, object] | None = None
) -> None:
    """Record what was done with a version; within its write."""
    told = {"model": version.model_id, "number": version.number, "digest": version.digest, **(more or {})}
    ledger.record(by=by, type=type_, subject=("process_model", version.id), payload=told, reason=reason.strip())
