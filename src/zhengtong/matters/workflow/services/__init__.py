"""Verbs of running work: begin, complete, deliver, fire, cancel; take tasks in hand, hand them on and put them back."""

from zhengtong.matters.workflow.services.copies import give_copies, read_copy, take_back_copy
from zhengtong.matters.workflow.services.processes import (
    Hold,
    begin,
    cancel,
    claim,
    complete_task,
    deliver,
    fire,
    queue_of,
    release,
    require_task,
    show_anew,
    taken_by,
)
from zhengtong.matters.workflow.services.relocations import (
    begin_moving,
    begin_undoing,
    order_relocation,
    work_on,
)
from zhengtong.matters.workflow.services.repairs import retry_timers
from zhengtong.matters.workflow.services.retiming import follow_dates
from zhengtong.matters.workflow.services.rows import by_task
from zhengtong.matters.workflow.services.standing_in import stand_in
from zhengtong.matters.workflow.services.transfers import transfer_task
from zhengtong.matters.workflow.services.urging import urge_task

__all__ = [
    "Hold",
    "begin",
    "begin_moving",
    "begin_undoing",
    "by_task",
    "cancel",
    "claim",
    "complete_task",
    "deliver",
    "fire",
    "follow_dates",
    "give_copies",
    "order_relocation",
    "queue_of",
    "read_copy",
    "release",
    "require_task",
    "retry_timers",
    "show_anew",
    "stand_in",
    "take_back_copy",
    "taken_by",
    "transfer_task",
    "urge_task",
    "work_on",
]
