"""The words of process models."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Standing(models.TextChoices):
    """Where a version stands: drawn, waiting for the second person, in the store for good."""

    DRAFT = "draft", pgettext_lazy("process model", "Draft")
    REVIEWING = "reviewing", pgettext_lazy("process model", "Under review")
    PUBLISHED = "published", pgettext_lazy("process model", "Published")
