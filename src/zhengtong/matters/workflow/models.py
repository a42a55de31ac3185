"""Running processes as rows: process, token, task, timer, awaited message; never one document that is rewritten."""

from django.db import models
from django.utils.translation import gettext as _

from zhengtong.foundation.core.fields import SealedText
from zhengtong.foundation.core.models import Record
from zhengtong.matters.workflow.choices import ItemState, ProcessState, RelocationState, TaskState


class Definition(Record):
    """A process model, whole and immutable, found by the digest of its text."""

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
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
    data = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id"], name="process_of_subject"),
            models.Index(fields=["definition_id", "id"], condition=models.Q(state="running"), name="process_running"),
        ]


class Token(Record):
    """Where a process stands: one row a token, in the engine's own columns, gone when the token moves on."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE)
    number = models.PositiveIntegerField(help_text="the engine's id of the token")
    element = models.CharField(max_length=80)
    wait = models.CharField(max_length=12)
    scope = models.PositiveIntegerField(default=0)
    host = models.PositiveIntegerField(default=0)
    flow = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=120, blank=True)
    due = models.DateTimeField(null=True)
    origins = models.TextField(blank=True)
    turn = models.PositiveIntegerField(default=0)
    data = models.TextField(blank=True, default="", help_text="what the engine keeps; never personal data")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["process", "number"], name="one_token_a_number")]


class Task(Record):
    """Work for somebody. `queue` is `agency:role`, so that an inbox reads one stretch of one index."""

    process = models.ForeignKey(Process, on_delete=models.CASCADE)
    number = models.PositiveIntegerField(help_text="the engine's number of the wait")
    element = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    stage = models.CharField(max_length=40, blank=True)
    role = models.CharField(max_length=24)
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
    assignee_id = models.BigIntegerField(null=True)
    assignee_name = models.CharField(max_length=60, blank=True)
    absent_name = models.CharField(max_length=60, blank=True, help_text="for whom the assignee stands in (代)")
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=32, blank=True)
    urges = models.PositiveSmallIntegerField(default=0, help_text="how often its holder was urged")
    urged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["process", "number"], name="one_task_a_number")]
        indexes = [
            models.Index(
                fields=["queue", "red_on", "id"],
                condition=models.Q(state__in=["open", "claimed"]),
                name="task_waiting",
            ),
            models.Index(
                fields=["assignee_id", "red_on", "id"], condition=models.Q(state="claimed"), name="task_in_hand"
            ),
            models.Index(fields=["subject_kind", "subject_id", "id"], name="task_of_subject"),
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

    process = models.ForeignKey(Process, on_delete=models.CASCADE)
    number = models.PositiveIntegerField()
    element = models.CharField(max_length=80)
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

    relocation = models.ForeignKey(Relocation, on_delete=models.CASCADE)
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
