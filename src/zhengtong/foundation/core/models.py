"""What every table shares: an identifier made in the process."""

from django.db import models

from zhengtong.foundation.core.identifiers import new_id


class Record(models.Model):
    """A row with a 63-bit, time-ordered identifier; never shown outside (DESIGN §6, identifiers)."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True
