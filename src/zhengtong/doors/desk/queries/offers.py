"""What an ad-hoc sub-process of a case offers an official to start (即席子流程)."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from zhengtong.doors.desk.queries.asking import Row
from zhengtong.doors.desk.queries.saying import named
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.foundation.policy import Actor, may
from zhengtong.matters.workflow.queries import process as process_of
from zhengtong.matters.workflow.services import improvises, offers

if TYPE_CHECKING:
    from zhengtong.matters.workflow.models import Task


def rows(actor: Actor, case: Any, tasks: "list[Task]") -> list[Row]:
    """What the actor may start on the case now; of a process that offers nothing anywhere, nothing is read."""
    if case.process_id is None or case.closed_at is not None:
        return []
    process = tasks[-1].process if tasks else process_of(case.process_id)
    if not improvises(process.definition_id):
        return []
    found = [each for each in offers(case.process_id) if each.role and may(actor, f"task.{each.role}", case)]
    return [
        {
            "name": named(each.name, each.name_en),
            "number": each.number,
            "once": new_token(),
            "activities": [
                {"element": one.element, "name": named(one.name, one.name_en), "once": new_token()}
                for one in each.activities
            ],
            "may_end": each.may_end,
            "start_url": reverse("desk:start_activity", args=[case.token]),
            "end_url": reverse("desk:end_activities", args=[case.token]),
        }
        for each in found
    ]
