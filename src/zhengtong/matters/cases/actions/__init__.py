"""What a process may ask of a case: each action lets one event of the life cycle happen, with all it entails.

What an official entered for the step lies in `work.entry`; outcomes and flags alone go back into the process.
"""

from zhengtong.matters.cases.actions import deciding, informing, reviewing, taking_in
from zhengtong.matters.cases.services.work import KIND, take
from zhengtong.matters.workflow.registry import subjects

__all__ = ["deciding", "informing", "reviewing", "taking_in"]

subjects.add(KIND, lambda case_id, by, now: take(case_id, by=by, now=now))
