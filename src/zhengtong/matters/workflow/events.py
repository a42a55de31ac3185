"""Names of what is recorded here, as people read them."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.ledger.registry import name_events

name_events(
    {
        "workflow.relocated": _("Process moved to another version"),
        "workflow.relocation_undone": _("Process moved back to the version it came from"),
        "workflow.relocation_planned": _("Move of processes to another version planned"),
        "workflow.relocation_begun": _("Move of processes to another version begun"),
        "workflow.relocation_taken_back": _("Move of processes to another version taken back"),
        "workflow.start_opened": _("Process set to begin of itself"),
        "workflow.start_closed": _("Process begins of itself no longer"),
        "workflow.begun": _("Process began of itself"),
        "workflow.errand_task_done": _("Task of an errand completed"),
        "workflow.errand_terminated": _("Errand ended before its time"),
        "errand.act": _("Act on an errand"),
        "workflow.message_sent": _("Message brought in from outside"),
        "workflow.message_forgotten": _("Message forgotten that nobody awaited"),
        "workflow.timer_retried": _("Stuck timer fired again"),
        "workflow.retried": _("Stuck step tried again"),
        "workflow.skipped": _("Stuck step skipped"),
        "workflow.redirected": _("Stuck process made to go on elsewhere"),
        "workflow.noted": _("Failure of a process taken note of"),
        "workflow.ended": _("Stuck process ended"),
        "workflow.task_transferred": _("Task handed on to a colleague"),
        "workflow.task_urged": _("Task urged"),
        "workflow.task_sent_back": _("Task sent back"),
        "workflow.signers_added": _("Colleagues asked to sign too"),
        "workflow.signers_named": _("Colleagues named to sign afterwards"),
        "workflow.signers_joined": _("Colleagues added to those who sign"),
        "workflow.task_in_person": _("Somebody’s turn to sign"),
        "workflow.task_delegated": _("Task delegated"),
        "workflow.signer_removed": _("Colleague asked no longer"),
        "workflow.act_withdrawn": _("Act taken back"),
        "workflow.asked_answered": _("Opinion given on request"),
        "workflow.activity_started": _("Activity on offer started"),
        "workflow.activities_ended": _("Nothing more is needed of what was on offer"),
        "workflow.process_suspended": _("Process suspended"),
        "workflow.process_resumed": _("Process resumed"),
        "workflow.task_stood_in": _("Task taken over for an absent colleague"),
        "workflow.task_came_back": _("Task came back from who does this work no longer"),
        "workflow.copy_given": _("Copy sent to a colleague"),
        "workflow.copy_taken_back": _("Copy taken back"),
        "workflow.copy_read": _("Copy marked as read"),
    }
)

_APPROVAL = (
    *("workflow.task_sent_back", "workflow.signers_added", "workflow.task_delegated", "workflow.asked_answered"),
    *("workflow.signers_named", "workflow.signers_joined", "workflow.signer_removed", "workflow.act_withdrawn"),
    *("workflow.process_suspended", "workflow.process_resumed"),
    *("workflow.activity_started", "workflow.activities_ended"),
)
OWN_ACTS = frozenset(
    {
        *("workflow.task_transferred", "workflow.task_urged", "workflow.task_stood_in", "workflow.task_came_back"),
        *_APPROVAL,
    }
)
"""What officials do with tasks among themselves: on the process, where an applicant does not read it."""
