"""Soundness before use: whether a process can always end, does each step as often as drawn, and can do every step."""

from zhengtong.engines.bpmn.soundness.examining import STATE_LIMIT, examine
from zhengtong.engines.bpmn.soundness.faults import Fault, Soundness, Verdict
from zhengtong.engines.bpmn.soundness.reporting import review, soundness_of, unreadable

__all__ = ["STATE_LIMIT", "Fault", "Soundness", "Verdict", "examine", "review", "soundness_of", "unreadable"]
