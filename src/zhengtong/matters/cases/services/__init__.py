"""Verbs of cases: hand in, handle, correct, withdraw, decide, evaluate."""

from zhengtong.matters.cases.services.applying import evaluate_case, submit_correction, withdraw_case
from zhengtong.matters.cases.services.drafting import discard_draft, save_draft, start_draft
from zhengtong.matters.cases.services.handling import act, extend_case, take_task, terminate_case
from zhengtong.matters.cases.services.materials import Obtained
from zhengtong.matters.cases.services.submission import Receipt, submit_application

__all__ = [
    "Obtained",
    "Receipt",
    "act",
    "discard_draft",
    "evaluate_case",
    "extend_case",
    "save_draft",
    "start_draft",
    "submit_application",
    "submit_correction",
    "take_task",
    "terminate_case",
    "withdraw_case",
]
