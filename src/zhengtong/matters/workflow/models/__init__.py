"""Running processes as rows: process, token, task, timer, message; never one document that is rewritten."""

from django.db import models
from django.utils.translation import gettext as _

from zhengtong.engines.bpmn import lengths
from zhengtong.foundation.core.fields import SealedText
from zhengtong.foundation.core.models import Record
from zhengtong.matters.workflow.choices import (
    Asked,
    End,
    ItemState,
    MessageKind,
    ProcessState,
    RelocationState,
    TaskState,
    TroubleKind,
)
from zhengtong.matters.workflow.models.starts import Errand, Start
from zhengtong.matters.workflow.models.values import Reading, Writing

__all__ = [
    "Copy",
    "Definition",
    "Errand",
    "Message",
    "Process",
    "Reading",
    "Relocation",
    "RelocationItem",
    "Start",
    "Task",
    "Timer",
    "Token",
    "Trouble",
    "Writing",
]


class Definition(Record):
    """A process model, whole and immutable, found by the digest of its text.

    `key` is the id of its process, by which call activities of others name it; `calls` says which definition each
    process called from outside the text was when this one was stored, so that it never changes under a running process.
    """

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=lengths.PROCESS)
    key = models.CharField(max_length=lengths.PROCESS, default="", db_index=True)
    calls = models.JSONField(default=dict)
    xml = models.BinaryField()
    stored_at = models.DateTimeField()


class Process(Record):
    """One run of a definition for one subject. `data` holds outcomes and flags, never personal data."""

    definition_id = models.BigIntegerField()
    subject_kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=ProcessState, default=ProcessState.RUNNING)
    version = models.PositiveIntegerField(default=1)
    next_token = models.PositiveIntegerField(default=1)
    data = models.JSONField(default=dict, encoder=Writing, decoder=Reading)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    suspended = models.BooleanField(default=False)
    error = models.CharField(max_length=200, blank=True, default="", help_text="of one that failed: its code")

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="process_of_subject"),
            models.Index(fields=["definition_id", "id"], condition=models.Q(state="running"), name="process_running"),
            models.Index(
                fields=["subject_kind", "subject_id"],
                condition=models.Q(state="running", subject_kind="errand"),
                name="process_of_errand",
            ),
        ]


class Token(Record):
    """Where a process stands, and stood: one row a token, in the engine's own columns, marked when the token moves on.

    One with the number 0 is an activity that was done without anything ever resting there.
    """

    process = models.ForeignKey(Process, on_delete=models.CASCADE)
    number = models.PositiveIntegerField(help_text="the engine's id of the token")
    element = models.CharField(max_length=lengths.ELEMENT)
    wait = models.CharField(max_length=12)
    scope = models.PositiveIntegerField(default=0)
    host = models.PositiveIntegerField(default=0)
    flow = models.CharField(max_length=lengths.ELEMENT, blank=True)
    name = models.CharField(max_length=lengths.AWAITED, blank=True)
    due = models.DateTimeField(null=True)
    origins = models.TextField(blank=True)
    turn = models.PositiveIntegerField(default=0)
    data = models.TextField(blank=True, default="", help_text="what the engine keeps; never personal data")
    end = models.CharField(max_length=12, choices=End, blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["process", "number"], condition=models.Q(ended_at__isnull=True), name="one_live_token_a_number"
            )
        ]
        indexes = [
            models.Index(
                fields=["name", "process"],
                condition=models.Q(ended_at__isnull=True, wait__in=["message", "signal"]),
                name="token_listening",
            )
        ]


class Task(Record):
    """Work for somebody. `queue` is `agency:role`, so that an inbox reads one stretch of one index."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, db_index=False)
    number = models.PositiveIntegerField(help_text="the engine's number of the wait")
    element = models.CharField(max_length=lengths.ELEMENT)
    name = models.CharField(max_length=lengths.TASK_NAME)
    name_en = models.CharField(max_length=lengths.TASK_NAME, blank=True)
    stage = models.CharField(max_length=lengths.STAGE, blank=True)
    role = models.CharField(max_length=lengths.ROLE)
    outcomes = models.JSONField(default=list)
    agency_id = models.BigIntegerField()
    queue = models.CharField(max_length=48)
    subject_kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    label = models.CharField(max_length=200, help_text="public or masked name of the applicant")
    reference = models.CharField(max_length=32)
    state = models.CharField(max_length=12, choices=TaskState, default=TaskState.OPEN)
    yellow_on = models.DateField(null=True)
    red_on = models.DateField()
    paused = models.BooleanField(default=False)
    held = models.BooleanField(default=False, help_text="others were asked; it can be completed once they answered")
    assignee_id = models.BigIntegerField(null=True)
    assignee_name = models.CharField(max_length=60, blank=True)
    absent_name = models.CharField(max_length=60, blank=True, help_text="for whom the assignee stands in (代)")
    absent_id = models.BigIntegerField(null=True, help_text="that one's account")
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=lengths.OUTCOME, blank=True)
    asked = models.CharField(max_length=12, choices=Asked, blank=True, default="")
    asker_id = models.BigIntegerField(null=True, help_text="the task it was asked or sent back from")
    who_id = models.BigIntegerField(null=True, help_text="the account it is for, and nobody else's")
    words = SealedText(null=True, help_text="what is asked, then what was said; or why it was sent back")
    urges = models.PositiveSmallIntegerField(default=0, help_text="how often its holder was urged")
    urged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["process", "number"], name="one_task_a_number")]
        indexes = [
            models.Index(
                fields=["queue", "red_on", "id"],
                condition=models.Q(state__in=["open", "claimed", "offered"]),
                name="task_waiting",
            ),
            models.Index(
                fields=["assignee_id", "red_on", "id"], condition=models.Q(state="claimed"), name="task_in_hand"
            ),
            models.Index(fields=["subject_kind", "subject_id", "id"], name="task_of_subject"),
            models.Index(
                fields=["who_id", "subject_kind"], condition=models.Q(who_id__isnull=False), name="task_in_person"
            ),
        ]

    @property
    def holder(self) -> str:
        """Who has it or did it, and for whom he stood in, as the reader says it; empty for nobody."""
        if not self.absent_name:
            return self.assignee_name
        return _("%(name)s for %(absent)s") % {"name": self.assignee_name, "absent": self.absent_name}


class Copy(Record):
    """That a matter was brought to an official's notice (抄送); while it stands, he may read it. Never deleted."""

    subject_kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    label = models.CharField(max_length=200, help_text="public or masked name of the applicant")
    reference = models.CharField(max_length=32)
    account_id = models.BigIntegerField(help_text="who is to read it")
    name = models.CharField(max_length=60)
    giver_id = models.BigIntegerField()
    giver_name = models.CharField(max_length=60)
    words = SealedText(default="")
    given_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "account_id"],
                condition=models.Q(taken_back_at__isnull=True),
                name="one_standing_copy_a_reader",
            )
        ]
        indexes = [
            models.Index(
                fields=["account_id", "-id"], condition=models.Q(taken_back_at__isnull=True), name="copy_of_reader"
            )
        ]


class Timer(Record):
    """An instant at which a process wants to be woken; fired once."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE, db_index=False)
    number = models.PositiveIntegerField()
    element = models.CharField(max_length=lengths.ELEMENT)
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["process", "number"], name="one_timer_a_number")]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(fired_at__isnull=True, cancelled_at__isnull=True),
                name="timer_waiting",
            )
        ]


class Relocation(Record):
    """An order to move the running processes of one definition to another: planned whole first, then done.

    `cursor` is the last process that was planned, `summary` what the plans say together (`queries.relocations`).
    """

    source_id = models.BigIntegerField()
    target_id = models.BigIntegerField()
    mapping = models.JSONField(default=dict)
    retime = models.BooleanField(default=False)
    undecided = models.BooleanField(default=False, help_text="move also what nobody could tell to be able to end")
    state = models.CharField(max_length=12, choices=RelocationState, default=RelocationState.PLANNING)
    total = models.PositiveIntegerField(default=0)
    cursor = models.BigIntegerField(default=0)
    summary = models.JSONField(default=dict)
    ordered_by_id = models.BigIntegerField(null=True)
    ordered_by_name = models.CharField(max_length=60, blank=True)
    ordered_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=["planning", "moving", "undoing"]),
                name="relocation_at_work",
            )
        ]


class RelocationItem(Record):
    """One process of an order: what was planned, what came of it, and `before`, how it stood where it was moved."""

    relocation = models.ForeignKey(Relocation, on_delete=models.CASCADE, db_index=False)
    process = models.ForeignKey(Process, on_delete=models.CASCADE)
    state = models.CharField(max_length=12, choices=ItemState, default=ItemState.READY)
    moves = models.JSONField(default=list, help_text="pairs of elements, from and to")
    remarks = models.JSONField(default=list, help_text="code, element and params of each")
    error = models.CharField(max_length=200, blank=True)
    left_version = models.PositiveIntegerField(null=True, help_text="of the process, as the move left it")
    before = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["relocation", "process"], name="one_item_a_process")]
        indexes = [models.Index(fields=["relocation", "state", "id"], name="item_by_state")]


class Message(Record):
    """What one process sent and others have not had yet: a message until it is awaited, a signal until all have it.

    One that came from outside has the number 0 for its sender, and for its subject where it says none; `brought_by_id`
    is the account that brought it.
    `process_id` is the one it is meant for, None where the name (and for a message the subject) finds it. A message
    that nobody awaits is not `ready` until somebody does; a signal has reached the waiting processes up to `reached`.
    """

    kind = models.CharField(max_length=12, choices=MessageKind)
    name = models.CharField(max_length=lengths.SENT)
    data = models.JSONField(default=dict, encoder=Writing, decoder=Reading)
    subject_kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    sender_id = models.BigIntegerField()
    brought_by_id = models.BigIntegerField(null=True)
    process_id = models.BigIntegerField(null=True)
    start_id = models.BigIntegerField(null=True, help_text="the start a signal is to begin a process by")
    reached = models.BigIntegerField(default=0)
    ready = models.BooleanField(default=True)
    sent_at = models.DateTimeField()
    due_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(delivered_at__isnull=True, ready=True), name="message_ready"
            ),
            models.Index(
                fields=["subject_kind", "subject_id", "name"],
                condition=models.Q(delivered_at__isnull=True),
                name="message_kept",
            ),
        ]


class Trouble(Record):
    """Why a process stands still: at which token, since when, how often it was tried; open until it is settled.

    One whose token has moved on meanwhile is over by itself. The number 0 stands for the whole process.
    """

    process = models.ForeignKey(Process, on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    element = models.CharField(max_length=lengths.ELEMENT)
    kind = models.CharField(max_length=12, choices=TroubleKind)
    reason = models.CharField(max_length=200)
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField(null=True, help_text="when it is tried again by itself")
    settled_at = models.DateTimeField(null=True)
    settled_by_id = models.BigIntegerField(null=True)
    settled_how = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["process", "number", "kind"],
                condition=models.Q(settled_at__isnull=True, number__gt=0),
                name="one_open_trouble_a_token",
            )
        ]
        indexes = [
            models.Index(fields=["since"], condition=models.Q(settled_at__isnull=True), name="trouble_open"),
            models.Index(
                fields=["due_at"],
                condition=models.Q(settled_at__isnull=True, due_at__isnull=False),
                name="trouble_due",
            ),
        ]
