"""The tables of a case: what was applied for, what was found, what was decided, what was sent."""

from django.db import models

from zhengtong.foundation.core.fields import SealedJSON, SealedText
from zhengtong.foundation.core.models import Record
from zhengtong.matters.cases import choices


class Draft(Record):
    """An application being written (暂存): saves itself, survives a closed browser, belongs to one account."""

    token = models.CharField(max_length=32, unique=True)
    account_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    item_id = models.BigIntegerField()
    situation = models.JSONField(default=dict)
    answers = SealedJSON(default=dict)
    sources = SealedJSON(default=dict)
    page = models.CharField(max_length=40, blank=True)
    case_id = models.BigIntegerField(null=True, help_text="the case under correction, when this is one")
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account_id", "-saved_at"], name="draft_of_account")]


class Case(Record):
    """One handling of one application (办件)."""

    token = models.CharField(max_length=32, unique=True)
    short_no = models.CharField(max_length=32, unique=True)
    case_no = models.CharField(max_length=64, unique=True, null=True)
    query_index = models.CharField(max_length=64)
    item_id = models.BigIntegerField()
    item_name = models.CharField(max_length=200)
    item_name_en = models.CharField(max_length=200)
    agency_id = models.BigIntegerField()
    region = models.CharField(max_length=12)
    applicant_kind = models.CharField(max_length=12)
    applicant_person_id = models.BigIntegerField(null=True)
    applicant_organisation_id = models.BigIntegerField(null=True)
    applicant_label = models.CharField(max_length=200, help_text="public or masked name")
    applicant = SealedJSON(default=dict)
    agent_person_id = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=12, choices=choices.Channel)
    state = models.CharField(max_length=16, choices=choices.State)
    version = models.PositiveIntegerField(default=1)
    process_id = models.BigIntegerField(null=True)
    submitted_at = models.DateTimeField()
    received_on = models.DateField(null=True)
    correction_requested_at = models.DateTimeField(null=True)
    accepted_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    reviewer_id = models.BigIntegerField(null=True)
    decider_id = models.BigIntegerField(null=True)
    first_contact_id = models.BigIntegerField(null=True)
    promise_due = models.DateField(null=True)
    legal_due = models.DateField(null=True)
    yellow_on = models.DateField(null=True)
    red_on = models.DateField(null=True, help_text="day on which the clock that now counts turns red")
    paused = models.BooleanField(default=False)
    delivery_mode = models.CharField(max_length=12, blank=True)
    light_at_close = models.CharField(max_length=8, blank=True)
    close_type = models.CharField(max_length=16, choices=choices.CloseType, blank=True)
    close_result = models.CharField(max_length=12, choices=choices.CloseResult, blank=True)
    visits = models.PositiveSmallIntegerField(default=0)
    imported = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["applicant_person_id", "-id"], name="case_of_person"),
            models.Index(fields=["applicant_organisation_id", "-id"], name="case_of_organisation"),
            models.Index(fields=["agency_id", "state", "-id"], name="case_of_agency"),
            models.Index(fields=["-closed_at"], name="case_closed", condition=models.Q(closed_at__isnull=False)),
            models.Index(fields=["closed_at"], name="case_to_archive", condition=models.Q(state="CLOSED")),
            models.Index(
                fields=["item_id", "-decided_on", "-id"],
                name="case_precedents",
                condition=models.Q(decided_on__isnull=False),
            ),
        ]


class Submission(Record):
    """What was handed in at one moment: the first application, then the correction; never overwritten."""

    case_id = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()
    answers = SealedJSON()
    sources = SealedJSON(default=dict, help_text="answer path → where it was taken from, and when")
    facts = SealedJSON(null=True, help_text="what the rules had asked of other authorities when it was handed in")
    digest = models.CharField(max_length=64, help_text="SM3 of the canonical answers")
    submitted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "number"], name="one_submission_a_number")]


class CaseMaterial(Record):
    """One material of one submission (申请材料)."""

    case_id = models.BigIntegerField()
    submission = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    source = models.CharField(max_length=12, choices=choices.MaterialSource)
    file_id = models.BigIntegerField(null=True)
    licence_id = models.BigIntegerField(null=True)
    status = models.CharField(max_length=12, choices=choices.MaterialStatus, default="pending")
    remark = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case_id", "submission"], name="materials_of_case")]


class MaterialNote(Record):
    """A remark pinned to a point of a page of a material (批注): for the officials of the case, never its applicant.

    `x` and `y` are thousandths of the page's width and height from its upper left corner. `agency_id` and `region` are
    the case's, so that its visibility is one condition. It is struck out, never deleted or changed.
    """

    case_id = models.BigIntegerField()
    material_id = models.BigIntegerField()
    agency_id = models.BigIntegerField()
    region = models.CharField(max_length=12)
    page = models.PositiveSmallIntegerField()
    x = models.PositiveSmallIntegerField()
    y = models.PositiveSmallIntegerField()
    text = SealedText()
    account_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    written_at = models.DateTimeField()
    struck_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case_id", "id"], name="material_notes_of_case")]
        constraints = [
            models.CheckConstraint(condition=models.Q(x__lte=1000, y__lte=1000), name="material_note_on_its_page"),
            models.CheckConstraint(condition=models.Q(page__gte=1), name="material_note_page_from_one"),
        ]


class Opinion(Record):
    """What an official found and recommends (审查意见)."""

    case_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    stage = models.CharField(max_length=24)
    recommendation = models.CharField(max_length=16)
    text = SealedText()
    given_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case_id"], name="opinions_of_case")]


class OpinionDraft(Record):
    """What an official has typed for a task and not yet submitted (存草稿): one a task and account."""

    task_id = models.BigIntegerField()
    account_id = models.BigIntegerField()
    outcome = models.CharField(max_length=32, blank=True)
    entry = SealedJSON(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task_id", "account_id"], name="one_opinion_draft_a_task")]


class SpecialProcedure(Record):
    """A hearing, test or other procedure that stops the clock (特别程序, services.md §4.4)."""

    case_id = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=24, choices=choices.ProcedureKind)
    planned_days = models.PositiveIntegerField()
    basis = models.CharField(max_length=200)
    approver_id = models.BigIntegerField(null=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    result = models.TextField(blank=True)
    file_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case_id", "number"], name="one_procedure_a_number")]


class Ruling(Record):
    """What the rules said on one question about the case: asked anew, the same model, inputs and instant say it again.

    `trace` holds the numbers of the rules that counted, by decision. Never overwritten; a later one stands beside it.
    """

    case_id = models.BigIntegerField()
    decision = models.CharField(max_length=120)
    submission = models.PositiveSmallIntegerField(help_text="the one whose answers were used")
    model = models.CharField(max_length=64, help_text="SM3 of rules.dmn")
    inputs = SealedJSON()
    value = SealedJSON(null=True)
    trace = SealedJSON(default=dict)
    missing = models.JSONField(default=list, help_text="names of inputs that nobody knew")
    ruled_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["case_id", "id"], name="rulings_of_case")]


class Decision(Record):
    """What was decided, why, and what can be done against it (行政许可法 第38条)."""

    case_id = models.BigIntegerField(unique=True)
    number = models.CharField(max_length=40, unique=True)
    outcome = models.CharField(max_length=12, choices=choices.Outcome)
    reasons = SealedText()
    remedies = models.JSONField(help_text="review organ and days, court and months")
    decided_on = models.DateField()
    decider_id = models.BigIntegerField(help_text="0: the system, by the ruling")
    ruling_id = models.BigIntegerField(null=True, help_text="the ruling that decided, where the rules did")


class Notice(Record):
    """A paper of the case; the row is written with the act, the PDF is rendered after the commit."""

    token = models.CharField(max_length=32, unique=True)
    case_id = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=choices.NoticeKind)
    number = models.CharField(max_length=40, unique=True)
    data = SealedJSON()
    issued_on = models.DateField()
    file_id = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case_id", "id"], name="notices_of_case")]


class Delivery(Record):
    """How the result reached the applicant (送达)."""

    case_id = models.BigIntegerField(unique=True)
    mode = models.CharField(max_length=12)
    recipient = SealedText()
    delivered_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)


class Evaluation(Record):
    """好差评: five grades, unchangeable once given; silence is not counted as good (services.md §7)."""

    case_id = models.BigIntegerField()
    round = models.PositiveSmallIntegerField(default=1)
    grade = models.PositiveSmallIntegerField()
    tags = models.JSONField(default=list)
    remark = SealedText(default="")
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_id", "round"], name="one_evaluation_a_round"),
            models.CheckConstraint(condition=models.Q(grade__gte=1, grade__lte=5), name="grade_one_to_five"),
            models.CheckConstraint(condition=models.Q(round__gte=1, round__lte=2), name="one_supplement"),
        ]
