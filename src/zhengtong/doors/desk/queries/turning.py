"""Lists that are read page by page, the newest first."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

PAGE = 50
Row = dict[str, Any]


def turned(rows: QuerySet[Any], before: int, name: str) -> tuple[list[Any], Row]:
    """A page of rows, newest first, of the list at the address `name`, and the ways to the next and the first.

    It begins after the id `before`, 0 for the first page.
    """
    found = list((rows.filter(id__lt=before) if before else rows)[: PAGE + 1])
    return found[:PAGE], {
        "next_url": f"?before={found[PAGE - 1].id}" if len(found) > PAGE else "",
        "first_url": reverse(f"desk:{name}") if before else "",
    }
