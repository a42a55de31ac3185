"""The values of processes as JSON."""

import json
from decimal import InvalidOperation
from typing import Any

from zhengtong.engines.bpmn import marked, unmarked


class Writing(json.JSONEncoder):
    """JSON that also knows the numbers, dates, times and spans of FEEL."""

    def default(self, o: Any) -> Any:
        """A mapping that says what it was."""
        return marked(o)


class Reading(json.JSONDecoder):
    """Gives back what `Writing` was given."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, object_hook=_read)


def _read(found: dict[str, Any]) -> Any:
    try:
        return unmarked(found)
    except (TypeError, ValueError, InvalidOperation, OverflowError):
        return found  # it only looks like a mark
