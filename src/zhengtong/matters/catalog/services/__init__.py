"""Verbs of the catalogue: release and install packs, move items through their life, import published lists."""

from zhengtong.matters.catalog.services.importing import Imported, import_items
from zhengtong.matters.catalog.services.items import (
    cancel_item,
    edit_item,
    link_implementer,
    mark_used,
    publish_item,
    return_item,
    run_by,
    submit_for_review,
    suspend_item,
)
from zhengtong.matters.catalog.services.releases import (
    ensure_release_key,
    install_pack,
    release_pack,
    verify_release,
)

__all__ = [
    "Imported",
    "cancel_item",
    "edit_item",
    "ensure_release_key",
    "import_items",
    "install_pack",
    "link_implementer",
    "mark_used",
    "publish_item",
    "release_pack",
    "return_item",
    "run_by",
    "submit_for_review",
    "suspend_item",
    "verify_release",
]
