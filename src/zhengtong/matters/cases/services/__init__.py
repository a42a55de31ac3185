"""Verbs of cases: hand in, handle, correct, withdraw, decide, evaluate; what colleagues do on any matter among them."""

from zhengtong.matters.cases.services.applying import (
    choose_delivery,
    evaluate_case,
    start_correction,
    submit_correction,
    withdraw_case,
)
from zhengtong.matters.cases.services.archiving import archive_case
from zhengtong.matters.cases.services.drafting import discard_draft, save_draft, start_draft
from zhengtong.matters.cases.services.handing_in import HandedIn, hand_in_draft, prepare_draft, require_same_principal
from zhengtong.matters.cases.services.handling import act, extend_case, terminate_case
from zhengtong.matters.cases.services.manners import CaseManner
from zhengtong.matters.cases.services.materials import Obtained
from zhengtong.matters.cases.services.notes import strike_note, write_note
from zhengtong.matters.cases.services.opinions import keep_opinion_draft, save_opinion_draft, view_in_full
from zhengtong.matters.cases.services.prefilling import changed_sources, prefill
from zhengtong.matters.cases.services.previewing import preview_acceptance, preview_correction
from zhengtong.matters.cases.services.sending import send_to_case
from zhengtong.matters.cases.services.sharing import (
    continue_case,
    end_activities,
    halt_case,
    send_copies,
    start_activity,
)
from zhengtong.matters.cases.services.submission import Receipt, facts_for, ready_application, submit_application
from zhengtong.matters.cases.services.urging import urge_case
from zhengtong.matters.workflow.services.together import (
    ask_colleagues,
    ask_no_longer,
    give_opinion,
    name_no_longer,
    release_task,
    send_back_task,
    take_task,
    transfer_task,
    urge_task,
    withdraw_act,
)

__all__ = [
    "archive_case",
    "ask_colleagues",
    "ask_no_longer",
    "CaseManner",
    "HandedIn",
    "Obtained",
    "Receipt",
    "act",
    "changed_sources",
    "choose_delivery",
    "continue_case",
    "discard_draft",
    "end_activities",
    "evaluate_case",
    "extend_case",
    "facts_for",
    "give_opinion",
    "halt_case",
    "hand_in_draft",
    "keep_opinion_draft",
    "name_no_longer",
    "prefill",
    "prepare_draft",
    "preview_acceptance",
    "preview_correction",
    "ready_application",
    "require_same_principal",
    "release_task",
    "save_draft",
    "save_opinion_draft",
    "send_back_task",
    "send_to_case",
    "send_copies",
    "start_activity",
    "start_correction",
    "start_draft",
    "strike_note",
    "submit_application",
    "submit_correction",
    "take_task",
    "terminate_case",
    "transfer_task",
    "urge_case",
    "urge_task",
    "view_in_full",
    "withdraw_case",
    "withdraw_act",
    "write_note",
]
