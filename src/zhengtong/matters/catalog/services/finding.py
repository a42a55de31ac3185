"""Making items findable: by name, everyday name, synonyms and department."""

from zhengtong.foundation.search.services import Findable, put, remove
from zhengtong.matters.catalog.models import ServiceItem

KIND = "service"
OPEN_WEIGHT, LISTED_WEIGHT = 3, 1


def make_findable(item: ServiceItem) -> None:
    """Put the version in use into the index; open services come first. Joins the write it is called in."""
    search = item.stated.get("search") or {}
    put(
        Findable(
            kind=KIND,
            object_id=item.id,
            title=item.name,
            title_en=item.name_en,
            summary=item.everyday_name or item.catalogue,
            summary_en=item.everyday_name_en,
            address=f"/services/{item.token}/",
            words=[*search.get("synonyms", []), item.everyday_name, item.everyday_name_en, item.department],
            body=f"{item.summary} {item.summary_en}",
            weight=OPEN_WEIGHT if item.open else LISTED_WEIGHT,
            labels={
                "department": item.department,
                "department_en": item.department_en,
                "item_type": item.item_type,
                "open": item.open,
            },
        )
    )


def forget(item_id: int) -> None:
    """Take a version that is no longer in use out of the index."""
    remove(kind=KIND, object_id=item_id)
