"""Verbs of running work: begin, complete, deliver, fire, cancel; take tasks in hand, hand them on and put them back."""

from zhengtong.matters.workflow.services.asking import add_alongside, add_signers, answer, delegate
from zhengtong.matters.workflow.services.bringing import bring_message, bring_signal, bring_to_errand
from zhengtong.matters.workflow.services.coming_back import bring_back
from zhengtong.matters.workflow.services.copies import give_copies, read_copy, take_back_copy
from zhengtong.matters.workflow.services.delivering import deliver_message, postpone_message
from zhengtong.matters.workflow.services.following import queue_of
from zhengtong.matters.workflow.services.handling import complete_errand_task, improvise_errand, terminate_errand
from zhengtong.matters.workflow.services.improvising import (
    end_activities,
    improvises,
    offer_at,
    offers,
    offers_of,
    start_activity,
)
from zhengtong.matters.workflow.services.processes import (
    Hold,
    begin,
    cancel,
    cancel_beside,
    change_data,
    claim,
    complete_task,
    deliver,
    fire,
    release,
    require_task,
    resume,
    show_anew,
    suspend,
    taken_by,
)
from zhengtong.matters.workflow.services.redirecting import go_on_elsewhere, look_elsewhere, places_elsewhere
from zhengtong.matters.workflow.services.relocations import (
    begin_moving,
    begin_undoing,
    order_relocation,
    sweep_relocations,
    work_on,
)
from zhengtong.matters.workflow.services.repairs import end_process, retry, retry_action, retry_timers, skip, take_note
from zhengtong.matters.workflow.services.retiming import follow_dates
from zhengtong.matters.workflow.services.rows import by_task, past_of
from zhengtong.matters.workflow.services.sending_back import require_reason, send_back
from zhengtong.matters.workflow.services.standing_in import stand_in
from zhengtong.matters.workflow.services.starting import (
    begin_due,
    close_starts,
    postpone_start,
    put_in_force,
    send_message,
)
from zhengtong.matters.workflow.services.stepping import Stalls, in_background, kind_of
from zhengtong.matters.workflow.services.sweeping import sweep_messages
from zhengtong.matters.workflow.services.taking_back import ask_no_longer, name_no_longer, withdraw
from zhengtong.matters.workflow.services.transfers import transfer_task
from zhengtong.matters.workflow.services.troubles import later, note_trouble
from zhengtong.matters.workflow.services.urging import urge_task

__all__ = [
    "Hold",
    "Stalls",
    "add_alongside",
    "add_signers",
    "answer",
    "ask_no_longer",
    "begin",
    "begin_due",
    "bring_back",
    "bring_message",
    "bring_signal",
    "bring_to_errand",
    "begin_moving",
    "begin_undoing",
    "by_task",
    "cancel",
    "cancel_beside",
    "change_data",
    "claim",
    "close_starts",
    "complete_errand_task",
    "complete_task",
    "delegate",
    "deliver",
    "deliver_message",
    "end_activities",
    "end_process",
    "fire",
    "follow_dates",
    "give_copies",
    "go_on_elsewhere",
    "offer_at",
    "offers",
    "offers_of",
    "order_relocation",
    "in_background",
    "improvise_errand",
    "improvises",
    "kind_of",
    "later",
    "look_elsewhere",
    "name_no_longer",
    "note_trouble",
    "past_of",
    "places_elsewhere",
    "postpone_message",
    "postpone_start",
    "put_in_force",
    "queue_of",
    "read_copy",
    "release",
    "require_reason",
    "require_task",
    "resume",
    "retry",
    "retry_action",
    "retry_timers",
    "send_back",
    "send_message",
    "show_anew",
    "stand_in",
    "start_activity",
    "suspend",
    "sweep_messages",
    "sweep_relocations",
    "take_back_copy",
    "skip",
    "take_note",
    "taken_by",
    "terminate_errand",
    "transfer_task",
    "urge_task",
    "withdraw",
    "work_on",
]
