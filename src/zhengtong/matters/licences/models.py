"""Electronic licences, one row a version; an ended version stays and says what became of it."""

from django.db import models

from zhengtong.foundation.core.fields import SealedJSON
from zhengtong.foundation.core.models import Record
from zhengtong.matters.licences.choices import LicenceState


class Licence(Record):
    """One version of one licence (GB/T 36903-2018 metadata)."""

    token = models.CharField(max_length=32, unique=True)
    identifier = models.CharField(max_length=120, unique=True)
    type_code = models.CharField(max_length=24)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=64)
    version = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=16, choices=LicenceState, default=LicenceState.VALID)
    issuer_id = models.BigIntegerField()
    issuer_name = models.CharField(max_length=200)
    issuer_code = models.CharField(max_length=18)
    holder_kind = models.CharField(max_length=12)
    holder_person_id = models.BigIntegerField(null=True)
    holder_organisation_id = models.BigIntegerField(null=True)
    holder_name = models.CharField(max_length=200, help_text="public or masked")
    fields = SealedJSON(default=list, help_text="[{label, label_en, value, public}] in reading order")
    issued_on = models.DateField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    case_id = models.BigIntegerField(null=True)
    file_id = models.BigIntegerField(null=True)
    replaced_by_id = models.BigIntegerField(null=True)
    ended_on = models.DateField(null=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["type_code", "issuer_code", "number", "version"], name="one_licence_a_number_and_version"
            ),
        ]
        indexes = [
            models.Index(fields=["holder_person_id", "-id"], name="licence_of_person"),
            models.Index(fields=["holder_organisation_id", "-id"], name="licence_of_organisation"),
            models.Index(fields=["number"], name="licence_by_number"),
        ]


class LicenceUse(Record):
    """Who looked at or took a licence, when and for what: the holder can read it (用证记录)."""

    licence_id = models.BigIntegerField()
    by_name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    used_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["licence_id", "-id"], name="uses_of_licence")]
