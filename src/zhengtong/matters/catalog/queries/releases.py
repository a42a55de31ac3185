"""Released packs as those read them who may read models: their names, their process, their rules."""

import base64
from collections.abc import Collection

from django.db.models import Max, Q, QuerySet
from django.utils.translation import get_language

from zhengtong.foundation.policy import Actor, visible
from zhengtong.matters.catalog.models import ReleasedPack, ServiceItem

RULES = "rules.dmn"
PROCESS = "process.bpmn"


def releases_with_rules(actor: Actor) -> QuerySet[ReleasedPack]:
    """Released packs that decide by rules, newest first, without their files; for those who may read models."""
    return visible(actor, ReleasedPack).filter(files__has_key=RULES).defer("files").order_by("-id")


def newest_with_rules(actor: Actor, packs: Collection[str]) -> dict[str, int]:
    """The newest version with rules of each of these packs. One query for all."""
    found = releases_with_rules(actor).filter(pack_id__in=packs).order_by("pack_id")
    return dict(found.values_list("pack_id").annotate(newest=Max("version")))


def releases_for(actor: Actor, words: str = "") -> QuerySet[ReleasedPack]:
    """Released packs with these words in their names or those of their services, newest first, without their files;
    for who may read models."""
    named = ServiceItem.objects.filter(Q(name__icontains=words) | Q(name_en__icontains=words)).values("pack_id")
    found = Q(pack_id__icontains=words) | Q(id__in=named) if words else Q()
    return visible(actor, ReleasedPack).filter(found).defer("files").order_by("-id")


def names_of_releases(releases: Collection[ReleasedPack]) -> dict[int, str]:
    """What people call the service of each of these packs, by its number, in the reader's language; the name of the
    pack where nobody offers it. One query for all."""
    found = ServiceItem.objects.filter(pack_id__in=[each.pk for each in releases]).order_by("-id")
    english = (get_language() or "").startswith("en")
    names = {
        pack: (english and name_en) or name for pack, name, name_en in found.values_list("pack_id", "name", "name_en")
    }
    return {each.pk: names.get(each.pk) or each.pack_id for each in releases}


def process_of(actor: Actor, release_id: int) -> bytes | None:
    """The process model (BPMN) of a release, as it was signed; None where the actor may not see it."""
    release = visible(actor, ReleasedPack).filter(id=release_id).first()
    return base64.b64decode(release.files[PROCESS]) if release is not None else None


def rules_of(release: ReleasedPack) -> bytes:
    """The decision model (DMN) of a release, as it was signed."""
    return base64.b64decode(release.files[RULES])
