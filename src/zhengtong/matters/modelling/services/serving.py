"""Models of services: begun with the process of a pack, put in force for new cases, kept when the pack comes anew."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError
from django.utils.translation import gettext as _

from zhengtong.engines.seals import sm3
from zhengtong.foundation import policy
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotFound
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.policy import Actor
from zhengtong.matters.catalog import queries as catalog
from zhengtong.matters.catalog import services as items
from zhengtong.matters.catalog.queries import PROCESS
from zhengtong.matters.modelling import queries
from zhengtong.matters.modelling.choices import Standing
from zhengtong.matters.modelling.models import ModelVersion, ProcessModel
from zhengtong.matters.modelling.registry import DRAW
from zhengtong.matters.modelling.services.drafting import draft, tell
from zhengtong.matters.workflow.definitions import define

if TYPE_CHECKING:
    from zhengtong.matters.catalog.models import ReleasedPack, ServiceItem


def begin_for_service(*, by: Actor, key: str) -> ModelVersion:
    """The model of a service: its version 1 is the process of its pack as it runs, version 2 a draft to be changed.

    Raises NotAllowed; NotFound where no pack of that key is in use, or the actor may not read it; Conflict where the
    service has a model already.
    """
    policy.require(by, DRAW)
    item = catalog.items_with_packs(by).filter(key=key).first()
    release = catalog.releases_for(by).filter(id=item.pack_id or 0).first() if item is not None else None
    if item is None or release is None:
        raise NotFound("modelling.no_service", _("There is no such service here."))

    def job() -> ModelVersion:
        model = ProcessModel.objects.create(
            name=item.name[:120], name_en=item.name_en[:200], item_key=key, begun_at=clock.now()
        )
        first = _of_pack(model, 1, release)
        tell(by, "modelling.service_begun", first, more={"item": item.id, "release": first.release_id})
        version = draft(by, model, 2, bytes(first.xml))
        tell(by, "modelling.version_begun", version)
        return version

    try:
        return write(job)
    except IntegrityError:
        raise Conflict("modelling.has_model", _("This service has a model already; begin its next version.")) from None


def _of_pack(model: ProcessModel, number: int, release: "ReleasedPack", *, replaced: int | None = None) -> ModelVersion:
    """The process of a pack as a published version; within a write."""
    pack = catalog.pack_of(release.id)
    xml = pack.files[PROCESS]
    return ModelVersion.objects.create(
        model=model,
        number=number,
        state=Standing.PUBLISHED,
        xml=xml,
        digest=sm3(xml).hex(),
        saved_by_name=f"{pack.id} v{pack.version}"[-100:],
        saved_at=release.released_at,
        reviewed_by_name=release.released_by_name,
        reviewed_at=release.released_at,
        definition_id=define(xml),
        release_id=release.id,
        replaced_id=replaced,
    )


def serve(by: Actor, version: ModelVersion) -> dict[str, object]:
    """Let new cases of the service run by a version, whoever asked has checked it; what to tell of it.

    Within a write; the version is not saved here.
    """
    key = version.model.item_key
    before = catalog.current_item(key)
    version.replaced_id = queries.definition_in_force(before) if before is not None else None
    item = items.run_by(by=by, key=key, definition_id=version.definition_id)
    return {"item": item.id, "from": version.replaced_id, "to": version.definition_id}


@dataclass(frozen=True, slots=True)
class Installed:
    """A pack's item in use; `kept` is the version published here that still runs its new cases, None: the pack's."""

    item: "ServiceItem"
    kept: ModelVersion | None


def install_pack(*, by: Actor, released: "ReleasedPack", take_process: bool = False) -> Installed:
    """Put a released pack in use. A process that was published here stays in force; it is never replaced in silence.

    Where it does not fit the new pack, the pack is refused (Invalid, each fault with its elements). With
    `take_process` the process of the pack runs new cases again, and is the next version of the model.
    """

    def job() -> Installed:
        kept = queries.in_force(released.pack_id)
        if kept is not None and not take_process:
            _require_fit(by, kept, released)
        item = items.install_pack(by=by, released=released)
        if kept is not None and take_process:
            item, kept = _take(by, kept, released), None
        return Installed(item, kept)

    return write(job)


def _require_fit(by: Actor, kept: ModelVersion, released: "ReleasedPack") -> None:
    found = queries.checked(bytes(kept.xml), by.locale, catalog.pack_of(released.id))
    if not found.fit:
        faults = [(",".join(each.elements), each.code, each.told) for each in found.remarks if each.blocking]
        sentence = _("Version %(number)d of the process published here does not fit this pack: %(why)s")
        told = {"number": kept.number, "why": "; ".join(fault[2] for fault in faults)}
        raise Invalid("modelling.pack_unfit", sentence % told, faults)


def _take(by: Actor, kept: ModelVersion, released: "ReleasedPack") -> "ServiceItem":
    """The pack's process runs new cases again; that it does is a version of the model too."""
    item = items.run_by(by=by, key=released.pack_id, definition_id=None)
    newest = ModelVersion.objects.filter(model_id=kept.model_id).order_by("-number").values_list("number", flat=True)[0]
    version = _of_pack(kept.model, newest + 1, released, replaced=kept.definition_id)
    more = {"item": item.id, "from": kept.definition_id, "to": version.definition_id}
    tell(by, "modelling.pack_taken", version, more=more)
    return item
