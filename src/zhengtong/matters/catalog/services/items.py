"""Moving an item version through its life: draft, review, in use, suspended, cancelled."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.core.identifiers import new_id, new_token
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, require
from zhengtong.matters.catalog.choices import Status
from zhengtong.matters.catalog.models import ItemTag, MaterialRequirement, ServiceItem
from zhengtong.matters.catalog.rules import MANAGE, MOVES, four_level_sameness, limit_faults
from zhengtong.matters.catalog.services.finding import forget, make_findable

_WORDS = {
    "catalog.limits_missing": _("State the legal and the promised limit before the item takes applications"),
    "catalog.limit_units": _("State the promised limit in the unit of the legal limit"),
    "catalog.promise_above_legal": _("The promised limit is longer than the legal limit; shorten it"),
    "catalog.instant_promise": _("An item done on the spot promises 0 or 1 working day"),
}
# What a new version never takes over from the old one.
_OWN = frozenset(
    {"id", "token", "version", "status", "current", "used", "effective_from", "effective_to", "published_at"}
)


def submit_for_review(*, by: Actor, item: ServiceItem) -> ServiceItem:
    """DRAFT → REVIEWING."""
    return _move(by, item, Status.REVIEWING)


def return_item(*, by: Actor, item: ServiceItem) -> ServiceItem:
    """REVIEWING → DRAFT, to be changed again."""
    return _move(by, item, Status.DRAFT)


def publish_item(*, by: Actor, item: ServiceItem, on: dt.date | None = None) -> ServiceItem:
    """REVIEWING or SUSPENDED → PUBLISHED: the version becomes the current one, its forerunner ends the day before.

    A process that was published for the forerunner (`run_by`) goes on to serve this one.

    Raises Invalid when the promise is above the legal limit (services.md §10, test 8) or name, type and setting
    basis differ from the same item on other levels (四级四同); Conflict from another status.
    """
    require(by, MANAGE, item)
    _check_publishable(item)

    def publish() -> ServiceItem:
        day = on or clock.today()
        former = ServiceItem.objects.filter(key=item.key, current=True).exclude(id=item.id)
        for replaced in former.select_for_update():
            forget(replaced.id)
        former.update(current=False, effective_to=day - dt.timedelta(days=1))
        item.current = True
        item.effective_from = item.effective_from or day
        if item.published_at is None:
            item.definition_id = _published_process(item)
        item.published_at = clock.now()
        _moved(by, item, Status.PUBLISHED, "current", "effective_from", "published_at", "definition_id")
        make_findable(item)
        return item

    return write(publish)


def suspend_item(*, by: Actor, item: ServiceItem) -> ServiceItem:
    """PUBLISHED → SUSPENDED: still shown, takes no new cases."""
    return _move(by, item, Status.SUSPENDED)


def cancel_item(*, by: Actor, item: ServiceItem) -> ServiceItem:
    """To CANCELLED for good; running cases keep their version."""
    require(by, MANAGE, item)

    def cancel() -> ServiceItem:
        item.current = False
        item.effective_to = clock.today()
        forget(item.id)
        return _moved(by, item, Status.CANCELLED, "current", "effective_to")

    return write(cancel)


def edit_item(*, by: Actor, item: ServiceItem, changes: Mapping[str, Any]) -> ServiceItem:
    """Change a draft in place; anything later than a draft is left as it is and a draft of version + 1 is made.

    Cases keep the version they began with (services.md §10, test 9). Raises Invalid for a column that may not be
    changed.
    """
    require(by, MANAGE, item)
    allowed = {field.name for field in ServiceItem._meta.concrete_fields} - _OWN - {"key", "created_at"}
    if unknown := sorted(set(changes) - allowed):
        raise Invalid("catalog.column", _("These cannot be changed: %s") % ", ".join(unknown))
    return write(lambda: _edited(by, item, changes))


def _edited(by: Actor, item: ServiceItem, changes: Mapping[str, Any]) -> ServiceItem:
    draft = item if item.status == Status.DRAFT and not item.used else _next_version(item)
    for name, value in changes.items():
        setattr(draft, name, value)
    draft.save()
    _record(by, draft, "edited", {"columns": sorted(changes)})
    return draft


def _next_version(item: ServiceItem) -> ServiceItem:
    taken = {field.attname: getattr(item, field.attname) for field in ServiceItem._meta.concrete_fields}
    newest = ServiceItem.objects.filter(key=item.key).order_by("-version").values_list("version", flat=True)[0]
    made = ServiceItem(**{name: value for name, value in taken.items() if name not in _OWN})
    made.id, made.token, made.version, made.created_at = new_id(), new_token(), newest + 1, clock.now()
    made.save(force_insert=True)
    for material in item.materials.all():
        values = model_to_dict(material, exclude=["id", "item"])
        MaterialRequirement.objects.create(item=made, **values)
    ItemTag.objects.bulk_create(ItemTag(item=made, kind=tag.kind, value=tag.value) for tag in item.tags.all())
    return made


def mark_used(*, by: Actor, item_id: int) -> None:  # noqa: ARG001 every verb names who acts
    """Say that a case or draft refers to this version; from now on it never changes. Joins the write it is in."""
    ServiceItem.objects.filter(id=item_id, used=False).update(used=True)


def run_by(*, by: Actor, key: str, definition_id: int | None) -> ServiceItem:
    """Let new cases of an item run by this definition, None: by the process of its pack; running ones keep theirs.

    For `matters.modelling`, which asks who may, checks the process and knows its versions. Joins the write it is in.
    Raises Conflict where no version of the item is in use.
    """
    item = ServiceItem.objects.select_for_update().filter(key=key, current=True).first()
    if item is None:
        raise Conflict("catalog.not_in_use", _("No version of this service is in use."))
    payload = {"from": item.definition_id, "to": definition_id, "version": item.version}
    item.definition_id = definition_id
    item.save(update_fields=["definition_id"])
    _record(by, item, "process_changed", payload)
    return item


def _published_process(item: ServiceItem) -> int | None:
    """The process that was published for the version in use before this one."""
    before = ServiceItem.objects.filter(key=item.key, published_at__isnull=False).exclude(id=item.id)
    return before.order_by("-version").values_list("definition_id", flat=True).first()


def link_implementer(*, by: Actor, code: str, organisation_id: int) -> int:
    """Point every item of a department code at its organisation; answers how many."""
    require(by, MANAGE)
    return write(lambda: ServiceItem.objects.filter(department_code=code).update(organisation_id=organisation_id))


def _check_publishable(item: ServiceItem) -> None:
    codes = limit_faults(item)
    if codes:
        errors = [("promise_limit", code, str(_WORDS[code])) for code in codes]
        raise Invalid(codes[0], _WORDS[codes[0]], errors)
    others = ServiceItem.objects.filter(basic_code=item.basic_code, current=True).exclude(key=item.key)
    different = four_level_sameness(item, others) if item.basic_code else ()
    if different:
        message = _("Equal on all four levels must be: %s") % ", ".join(different)
        errors = [(field, "catalog.sameness", str(message)) for field in different]
        raise Invalid("catalog.sameness", message, errors)


def _move(by: Actor, item: ServiceItem, status: Status) -> ServiceItem:
    require(by, MANAGE, item)
    return write(lambda: _moved(by, item, status))


def _moved(by: Actor, item: ServiceItem, status: Status, *columns: str) -> ServiceItem:
    if status not in MOVES[item.status]:
        raise Conflict(
            "catalog.status",
            _("From “%(before)s” an item cannot go to “%(after)s”.")
            % {"before": Status(item.status).label, "after": status.label},
        )
    before = item.status
    item.status = status
    changed = ServiceItem.objects.filter(id=item.id, status=before).update(
        status=status, **{name: getattr(item, name) for name in columns}
    )
    if changed != 1:
        raise Conflict("catalog.moved_on", _("Somebody else has changed this item; look at it again."))
    _record(by, item, str(status.value), {"from": before, "version": item.version})
    return item


def _record(by: Actor, item: ServiceItem, what: str, payload: Mapping[str, object]) -> None:
    ledger.record(by=by, type=f"catalog.{what}", subject=("service_item", item.id), payload=payload)
