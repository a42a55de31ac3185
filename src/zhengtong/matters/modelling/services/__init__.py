"""Verbs of process models: begin, save, submit, send back, publish; nobody publishes what he drew himself."""

from zhengtong.matters.modelling.services.drafting import begin_model, begin_version, save_draft
from zhengtong.matters.modelling.services.reviewing import publish, send_back, submit

__all__ = ["begin_model", "begin_version", "publish", "save_draft", "send_back", "submit"]
