"""Releasing packs: kept whole by digest, signed with SM2, made into an item version."""

import base64
import os
import pathlib
import secrets
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhengtong.engines.seals import SOFTWARE, signing_nonce, sm2_generate, sm2_public_key, sm2_sign, sm2_verify
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid
from zhengtong.foundation.core.identifiers import new_id, new_token
from zhengtong.foundation.core.keys import seal, unseal
from zhengtong.foundation.core.writes import write
from zhengtong.foundation.ledger import services as ledger
from zhengtong.foundation.policy import Actor, require
from zhengtong.matters.catalog.choices import Audience, MaterialHow, ServiceObject, Status, TagKind
from zhengtong.matters.catalog.models import ItemTag, MaterialRequirement, ReleasedPack, ServiceItem
from zhengtong.matters.catalog.packs import House, Pack, findings_of, pack_of_files, read_folder
from zhengtong.matters.catalog.packs.loading import digest_of
from zhengtong.matters.catalog.packs.service import FORMAT
from zhengtong.matters.catalog.rules import MANAGE
from zhengtong.matters.catalog.services.items import publish_item, submit_for_review

_PURPOSE = "pack-release"


def release_pack(
    *, by: Actor, folder: pathlib.Path | str, house: House | None = None, laws: str | None = None
) -> ReleasedPack:
    """Check the pack in `folder` and keep it whole, signed by who releases it; the same pack twice is one release.

    Raises PackError where it cannot be read, Invalid with every blocking finding, Conflict when another content
    was already released under its version.
    """
    require(by, MANAGE)
    pack = pack_of_files(read_folder(folder))
    blocking = [finding for finding in findings_of(pack, house=house, laws=laws) if finding.blocking]
    if blocking:
        errors = [(finding.position, finding.code, finding.text(by.locale)) for finding in blocking]
        raise Invalid("catalog.pack", _("The pack has faults; mend them and release it again"), errors)
    return write(lambda: _released(by, pack))


def _released(by: Actor, pack: Pack) -> ReleasedPack:
    known = ReleasedPack.objects.filter(pack_id=pack.id, version=pack.version).first()
    if known is not None and known.digest == pack.digest:
        return known
    if known is not None:
        raise Conflict("catalog.pack_version", _("This version was released with another content; raise the version"))
    private = _release_key()
    message = bytes.fromhex(pack.digest)
    nonce = signing_nonce(SOFTWARE.hmac_sm3, private, message, secrets.token_bytes(48))
    made = ReleasedPack.objects.create(
        pack_id=pack.id,
        version=pack.version,
        format=FORMAT,
        digest=pack.digest,
        files={name: base64.b64encode(raw).decode() for name, raw in pack.files.items()},
        released_by=by.account_id,
        released_by_name=by.name,
        released_at=clock.now(),
        public_key=sm2_public_key(private).hex(),
        signature=sm2_sign(private, message, nonce=nonce).hex(),
    )
    ledger.record(
        by=by, type="catalog.pack_released", subject=("pack", made.id), payload={"id": pack.id, "digest": pack.digest}
    )
    return made


def verify_release(released: ReleasedPack) -> bool:
    """Whether the stored files still give the digest and the digest bears the signature."""
    files = {name: base64.b64decode(raw) for name, raw in released.files.items()}
    if digest_of(files) != released.digest:
        return False
    return bool(
        sm2_verify(
            bytes.fromhex(released.public_key), bytes.fromhex(released.digest), bytes.fromhex(released.signature)
        )
    )


def install_pack(*, by: Actor, released: ReleasedPack, organisation_id: int | None = None) -> ServiceItem:
    """Make the item version that a released pack states and put it in use; installing it again answers that one.

    Raises Conflict when the stored pack no longer verifies, and as `publish_item` does.
    """
    require(by, MANAGE)
    if not verify_release(released):
        raise Conflict("catalog.pack_altered", _("The stored pack no longer bears its signature and is not installed"))
    present = ServiceItem.objects.filter(pack=released).first()
    if present is not None:
        return present

    def install() -> ServiceItem:
        item = _item_of(released, organisation_id)
        submit_for_review(by=by, item=item)
        return publish_item(by=by, item=item, on=None)

    return write(install)


def _item_of(released: ReleasedPack, organisation_id: int | None) -> ServiceItem:
    pack = pack_of_files({name: base64.b64decode(raw) for name, raw in released.files.items()})
    service, stated = pack.service, pack.service["item"]
    newest = ServiceItem.objects.filter(key=pack.id).order_by("-version").values_list("version", flat=True).first()
    limits = service["limits"]
    item = ServiceItem(
        id=new_id(),
        token=new_token(),
        key=pack.id,
        version=(newest or 0) + 1,
        status=Status.DRAFT,
        open=True,
        pack=released,
        item_type=stated["item_type"],
        basic_code=stated["basic_code"],
        implement_code=stated["implement_code"],
        handling_item_code=stated.get("handling_item_code") or "",
        exercise_level=stated["exercise_level"],
        region=stated["region"],
        department_code=service["implementer"]["code"],
        organisation_id=organisation_id,
        handling_kind=stated["handling_kind"],
        legal_limit=limits["legal"]["number"],
        legal_unit=limits["legal"]["unit"],
        promise_limit=limits["promise"]["number"],
        promise_unit=limits["promise"]["unit"],
        charged=bool(service.get("fees")),
        max_visits=stated["max_visits"],
        result_type=service["result"]["type"],
        licence_type_code=service["result"].get("licence_type_code") or "",
        stated=dict(service),
        texts={locale: dict(texts) for locale, texts in pack.texts.items()},
        effective_from=service["effective_from"],
        created_at=clock.now(),
        **_bilingual(pack, {"name": "name", "everyday_name": "everyday_name", "summary": "summary"}),
        **_bilingual(pack, {"department": "implementer.name"}),
    )
    item.save(force_insert=True)
    item.refresh_from_db()
    _materials(item, pack)
    _tags(item, service)
    return item


def _bilingual(pack: Pack, columns: dict[str, str]) -> dict[str, str]:
    said = {column: pack.say(key, "zh-hans") for column, key in columns.items()}
    return said | {f"{column}_en": pack.say(key, "en") for column, key in columns.items()}


def _materials(item: ServiceItem, pack: Pack) -> None:
    MaterialRequirement.objects.bulk_create(
        MaterialRequirement(
            item=item,
            position=position,
            code=material["code"],
            material_type=material["type"],
            form=material["form"],
            originals=material.get("originals") or (1 if material["how"] == MaterialHow.UPLOAD else 0),
            copies=material.get("copies") or 0,
            necessity=material["necessity"],
            source_channel=material["source"],
            how=material["how"],
            source=material.get("from") or "",
            licence_type_code=material.get("licence_type_code") or "",
            question=material.get("question") or "",
            sample=material.get("sample") or "",
            only_when=material.get("when") or "",
            **_bilingual(pack, {p: f"materials.{material['code']}.{p}" for p in ("name", "issuer", "requirement")}),
        )
        for position, material in enumerate(pack.service["materials"])
    )


def _tags(item: ServiceItem, service: Any) -> None:
    objects = set(service["item"]["service_objects"])
    audiences = {Audience.PERSON} if ServiceObject.PERSON in objects else set()
    if objects - {ServiceObject.PERSON, ServiceObject.AGENCY}:
        audiences.add(Audience.ENTERPRISE)
    tags = [(TagKind.AUDIENCE, audience) for audience in sorted(audiences)]
    tags += [(TagKind.LIFE_EVENT, event) for event in service.get("life_events") or []]
    ItemTag.objects.bulk_create(ItemTag(item=item, kind=kind, value=value) for kind, value in tags)


def ensure_release_key() -> pathlib.Path:
    """Make the SM2 key that signs releases where there is none; it lies closed in VAR/keys (software, for test)."""
    path = pathlib.Path(settings.VAR) / "keys" / "pack-release.key"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        private, _public = sm2_generate(secrets.token_bytes(48))
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w") as file:
            file.write(seal(_PURPOSE, private))
    return path


def _release_key() -> bytes:
    return unseal(_PURPOSE, ensure_release_key().read_text())
