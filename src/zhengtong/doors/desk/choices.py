"""The words of the desk: what each outcome of a task is called, asks for and leads to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtong.matters.catalog.registry import outcomes

LIGHTS = ("red", "yellow", "green", "paused")
LIST_LABELS = {
    "mine": _("My tasks"),
    "me": _("In my hands"),
    "free": _("To take"),
    "all": _("Our section"),
}
LIST_ICONS = {"mine": "inbox", "me": "check-check", "free": "file-text", "all": "users"}


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing an official enters for an outcome; `kind` is long, line, whole or choice."""

    key: str
    label: object
    kind: str = "long"
    hint: object = ""
    options: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """How an outcome is called, what follows it, and what it asks for."""

    label: object
    follows: object
    asks: tuple[Ask, ...] = field(default=())
    grave: bool = False


PLACES = (
    ("nw", _("upper left")),
    ("n", _("upper middle")),
    ("ne", _("upper right")),
    ("w", _("middle left")),
    ("c", _("in the middle")),
    ("e", _("middle right")),
    ("sw", _("lower left")),
    ("s", _("lower middle")),
    ("se", _("lower right")),
)
"""The nine parts of a page, row by row, for whoever names a point in words."""

REASONS = Ask("reasons", _("Reasons"), "long")
OPINION = Ask("opinion", _("Opinion"))
REMARK = Ask("opinion", _("Opinion"), hint=_("You may leave it empty."))
DONE = "done"
"""How a task ends that has no outcomes of its own."""

OUTCOMES: Mapping[str, Words] = {
    "accept": Words(_("Accept"), _("The clock starts today; a reviewer looks at it next.")),
    "request_correction": Words(_("Ask for corrections"), _("List every gap on the next page; it can be asked once.")),
    "refuse_acceptance": Words(
        _("Do not accept"),
        _("The applicant gets a written notice; the case closes."),
        (
            Ask(
                "reason_code",
                _("Ground"),
                "choice",
                options=(
                    ("outside_authority", _("Not within this authority’s power")),
                    ("no_permission_needed", _("No permission is needed for this")),
                ),
            ),
            Ask("right_organ", _("Competent authority"), "line", _("Needed when it is another authority’s.")),
            REASONS,
        ),
        grave=True,
    ),
    "return": Words(_("Return"), _("The application goes back; the case closes."), (REASONS,), grave=True),
    "recheck": Words(_("Ask the sources again"), _("The other authorities are asked anew, and the rules decide.")),
    "review": Words(_("Hand over to review"), _("An official reviews the case, another decides it.")),
    "checked": Words(
        _("Visited"),
        _("The review goes on with what was found."),
        (
            Ask("result", _("What was found")),
            Ask("companions", _("Who went along"), "line", _("Two officials go at least (Licensing Law, Article 34).")),
        ),
    ),
    "propose_approve": Words(_("Propose approval"), _("Another person decides next."), (OPINION,)),
    "propose_refuse": Words(_("Propose refusal"), _("Another person decides next."), (OPINION,), grave=True),
    "suspend": Words(
        _("Special procedure"),
        _("The clock stops from tomorrow; the applicant is told in writing."),
        (
            Ask("procedure", _("Procedure"), "choice"),
            Ask("planned_days", _("Working days needed"), "whole"),
            Ask("basis", _("Basis"), "line"),
        ),
    ),
    "resume": Words(
        _("End the procedure"),
        _("The clock runs again from tomorrow; review goes on."),
        (Ask("result", _("Result"), "long", _("What was found, as the report says.")),),
    ),
    "approve": Words(
        _("Approve"), _("The decision is made; the licence is issued and served next."), (REASONS,)
    ),
    "refuse": Words(_("Refuse the licence"), _("Reasons and remedies go to the applicant."), (REASONS,), grave=True),
    "issue": Words(
        _("Issue and serve"), _("Licence and proof of delivery go to the applicant’s account; the case closes.")
    ),
    "done": Words(pgettext_lazy("outcome", "Done"), _("It goes on to the next step."), (REMARK,)),
    "agree": Words(_("Agree"), _("It goes on to the next step."), (REMARK,)),
    "disagree": Words(_("Disagree"), _("It goes where the process leads it then."), (OPINION,), grave=True),
    "send_back": Words(_("Send back to review"), _("The reviewer gets it back with your reason."), (REASONS,)),
}  # fmt: skip

for _name, _words in OUTCOMES.items():
    outcomes.add(_name, _words)

PANEL_TITLES = {
    "acceptance": _("Result of examination"),
    "review": _("Review opinion"),
    "decision": _("Deciding"),
    "delivery": _("Issuing"),
}
SUBMITS = {
    "acceptance": _("Submit the result"),
    "review": _("Submit the opinion"),
    "decision": _("Make the decision"),
    "delivery": _("Issue and serve"),
}
"""By the stage of the task."""
