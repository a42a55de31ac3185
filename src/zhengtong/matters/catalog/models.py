"""The tables of the catalogue: packs whole by digest, item versions, their materials, tags and faults."""

from django.db import models
from django.db.models import Q

from zhengtong.foundation.core.models import Record
from zhengtong.matters.catalog.choices import ItemType, Level, LimitUnit, Status, TagKind


class ReleasedPack(Record):
    """A pack as it was released: every file, the digest, and the SM2 signature of who released it."""

    pack_id = models.CharField(max_length=120)
    version = models.PositiveIntegerField()
    format = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, unique=True, help_text="SM3 over names and digests of the files")
    files = models.JSONField(help_text="path → base64 of the content")
    released_by = models.BigIntegerField(null=True)
    released_by_name = models.CharField(max_length=100, blank=True)
    released_at = models.DateTimeField()
    public_key = models.CharField(max_length=130)
    signature = models.CharField(max_length=160)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack_id", "version"], name="pack_version_once")]


class ServiceItem(Record):
    """One version of one authority's implementation of an item (实施清单); a changed item is a further version.

    `key` stays over versions; at most one version of a key is `current`. `stated` is service.yaml as released. A
    version in use never changes, but for `definition_id`: by which process new cases run; the next version takes it on.
    """

    token = models.CharField(max_length=32, unique=True)
    key = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    current = models.BooleanField(default=False)
    open = models.BooleanField(default=False, help_text="takes applications here")
    used = models.BooleanField(default=False, help_text="a case or draft refers to this version")
    pack = models.ForeignKey(ReleasedPack, null=True, on_delete=models.PROTECT)
    definition_id = models.BigIntegerField(
        null=True, help_text="the process published for new cases; empty: that of the pack"
    )

    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=300, blank=True)
    everyday_name = models.CharField(max_length=200, blank=True)
    everyday_name_en = models.CharField(max_length=300, blank=True)
    summary = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    catalogue = models.CharField(max_length=300, blank=True, help_text="the entry of the basic catalogue it is under")
    item_type = models.CharField(max_length=2, choices=ItemType)
    basic_code = models.CharField(max_length=12, blank=True)
    implement_code = models.CharField(max_length=31, blank=True)
    handling_item_code = models.CharField(max_length=33, blank=True)
    external_code = models.CharField(max_length=200, blank=True, help_text="a local code, kept as published")
    exercise_level = models.CharField(max_length=1, choices=Level, blank=True)
    region = models.CharField(max_length=12, blank=True)
    department = models.CharField(max_length=200)
    department_en = models.CharField(max_length=300, blank=True)
    department_code = models.CharField(max_length=40, help_text="the credit code where it is one")
    organisation_id = models.BigIntegerField(null=True)

    handling_kind = models.CharField(max_length=10, blank=True)
    legal_limit = models.PositiveIntegerField(null=True)
    legal_unit = models.CharField(max_length=12, choices=LimitUnit, blank=True)
    promise_limit = models.PositiveIntegerField(null=True)
    promise_unit = models.CharField(max_length=12, choices=LimitUnit, blank=True)
    charged = models.BooleanField(default=False)
    max_visits = models.PositiveSmallIntegerField(null=True)
    result_type = models.CharField(max_length=10, blank=True)
    licence_type_code = models.CharField(max_length=21, blank=True)
    stated = models.JSONField(default=dict)
    texts = models.JSONField(default=dict)

    effective_from = models.DateField(null=True)
    effective_to = models.DateField(null=True)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=200, blank=True, help_text="where an imported item came from")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "version"], name="item_version_once"),
            models.UniqueConstraint(fields=["key"], condition=Q(current=True), name="item_one_current"),
            models.CheckConstraint(
                condition=Q(legal_limit__isnull=True)
                | Q(promise_limit__isnull=True)
                | ~Q(legal_unit=models.F("promise_unit"))
                | Q(promise_limit__lte=models.F("legal_limit")),
                name="item_promise_within_legal",
            ),
            models.CheckConstraint(
                condition=Q(current=False) | Q(status__in=[Status.PUBLISHED, Status.SUSPENDED]),
                name="item_current_is_in_use",
            ),
        ]
        indexes = [
            models.Index(fields=["current", "-open", "id"], name="item_listed"),
            models.Index(fields=["current", "department", "id"], name="item_of_department"),
            models.Index(fields=["current", "item_type", "id"], name="item_of_type"),
            models.Index(fields=["basic_code"], name="item_of_catalogue"),
        ]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"


class MaterialRequirement(Record):
    """One material of one item version (申请材料, services.md §1.4)."""

    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="materials", db_index=False)
    position = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=300, blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    issuer_en = models.CharField(max_length=300, blank=True)
    requirement = models.CharField(max_length=500, blank=True)
    requirement_en = models.CharField(max_length=600, blank=True)
    material_type = models.CharField(max_length=12)
    form = models.CharField(max_length=12)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    necessity = models.CharField(max_length=12)
    source_channel = models.CharField(max_length=14)
    how = models.CharField(max_length=8)
    source = models.CharField(max_length=100, blank=True)
    licence_type_code = models.CharField(max_length=21, blank=True)
    question = models.CharField(max_length=100, blank=True)
    sample = models.CharField(max_length=200, blank=True)
    only_when = models.CharField(max_length=300, blank=True, help_text="the answers under which it is asked (FEEL)")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "code"], name="material_once_an_item")]
        ordering = ["item", "position"]


class ItemTag(Record):
    """What an item is found under: audience and life events."""

    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="tags", db_index=False)
    kind = models.CharField(max_length=12, choices=TagKind)
    value = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "kind", "value"], name="tag_once_an_item")]
        indexes = [models.Index(fields=["kind", "value", "item"], name="item_by_tag")]


class ItemFault(Record):
    """What is wrong with an imported item: reported, never a reason to drop it."""

    item = models.ForeignKey(ServiceItem, on_delete=models.CASCADE, related_name="faults")
    code = models.CharField(max_length=60)
    field = models.CharField(max_length=40)
    position = models.CharField(max_length=60, blank=True)
    message = models.CharField(max_length=400)
    message_en = models.CharField(max_length=400)
