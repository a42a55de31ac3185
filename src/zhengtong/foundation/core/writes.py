"""The one gate for writes."""

from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

T = TypeVar("T")


def write(job: Callable[[], T]) -> T:
    """Run `job` in one transaction and answer its result after the commit."""
    with transaction.atomic():
        return job()
