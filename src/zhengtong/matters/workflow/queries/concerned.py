"""Whom what is recorded of a task concerns: to be told of it."""

from collections.abc import Iterable, Mapping
from typing import cast

from zhengtong.matters.workflow.models import Task
from zhengtong.matters.workflow.queries import task, task_numbered
from zhengtong.people.access.queries import holders
from zhengtong.people.access.queries.absences import name_of_absent, pairs_away


def task_of(process_id: int, told: Mapping[str, object]) -> Task | None:
    """The task an act concerns: named, or by where it stands in the process that the event is about."""
    if told.get("number"):
        return task_numbered(process_id, int(str(told["number"])))
    return task(int(str(told.get("task") or 0)))


def people_of(told: Mapping[str, object]) -> list[int]:
    """The accounts an act concerns: those named, else the holder of the task that was asked about."""
    named = cast("list[int]", told.get("accounts") or ([told["account"]] if told.get("account") else []))
    if named or not told.get("asker"):
        return named
    holder = task(int(str(told["asker"]))).assignee_id
    return [holder] if holder is not None else []


def asked_from(found: Task, account_id: int) -> Task | None:
    """The task in which an official was asked from another one, the latest."""
    return Task.objects.filter(asker_id=found.id, who_id=account_id).order_by("-id").first()


def free_to(found: Task) -> list[int]:
    """All who might take a task that nobody has."""
    return list(dict.fromkeys(each.account_id for each in holders(f"task.{found.role}", found.agency_id)))


def in_place_of(found: Task, accounts: Iterable[int]) -> list[tuple[int, int, str]]:
    """Who stands in today, where a task lies, for one of these accounts: absent, substitute, name of the absent."""
    told = set(accounts)
    pairs = sorted(pairs_away(found.agency_id))
    return [
        (absent, substitute, name_of_absent(absent))
        for absent, substitute in pairs
        if absent in told and substitute not in told
    ]
