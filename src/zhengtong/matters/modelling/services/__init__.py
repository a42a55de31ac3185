"""Verbs of process models: begin, save, submit, send back, publish; nobody publishes what he drew himself.

And of the packs whose services they run: begin with a pack's process, install the next version of a pack.
"""

from zhengtong.matters.modelling.services.drafting import begin_model, begin_version, save_draft, save_list
from zhengtong.matters.modelling.services.reviewing import publish, send_back, submit
from zhengtong.matters.modelling.services.serving import Installed, begin_for_service, install_pack

__all__ = [
    "Installed",
    "begin_for_service",
    "begin_model",
    "begin_version",
    "install_pack",
    "publish",
    "save_draft",
    "save_list",
    "send_back",
    "submit",
]
