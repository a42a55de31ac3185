"""What of the ground floor can be looked at: tables, the master key, room on the disk."""

import logging
import pathlib
import shutil

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core import clock
from zhengtong.foundation.core.health import Answer, ill, look, soon, well
from zhengtong.foundation.core.keys import newest_made, read_keys
from zhengtong.foundation.core.shared import is_shared

log = logging.getLogger("zhengtong.health")
NO_ROOM_MB, LITTLE_ROOM_MB = 200, 2000


@look("tables", _("Tables"))
def tables() -> Answer:
    """Whether the tables are those of this version."""
    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except (CommandError, SystemExit):
        return ill(_("Some migrations are not applied: run “zhengtong setup”."))
    return well(_("All migrations are applied."))


@look("keys", _("Keys"))
def keys() -> Answer:
    """Whether the master key could be read again (a running process keeps what it has read), and is not too old."""
    try:
        read_keys()
        made = newest_made()
    except (ImproperlyConfigured, OSError) as error:
        log.error("the master key cannot be read: %s", error)
        return ill(_("The master key cannot be read; the log says why. Nothing sealed opens after the next start."))
    days = (clock.now() - made).days if made is not None else 0
    if days >= settings.ZT_KEY_ROTATION_DAYS:
        return soon(_("The master key is %(days)d days old: run “zhengtong rotate-keys”.") % {"days": days})
    return well(_("The master key can be read."))


@look("room", _("Room on the disk"))
def room() -> Answer:
    """Whether there is room for files and, where it lies there, the database."""
    megabytes = shutil.disk_usage(pathlib.Path(settings.VAR)).free >> 20
    words = _("%(count)d MB are free.") % {"count": megabytes}
    if megabytes < NO_ROOM_MB:
        return ill(words)
    return soon(words) if megabytes < LITTLE_ROOM_MB else well(words)


@look("limits", _("Limits on attempts"))
def limits() -> Answer:
    """Whether attempts are counted for the whole deployment: a process that counts alone must be alone."""
    if is_shared():
        return well(_("Attempts are counted in the database, for all processes together."))
    if connection.vendor == "postgresql":
        return soon(_("Each process counts attempts alone: set ZHENGTONG_CACHE=database."))
    return well(_("Attempts are counted by the one process that serves."))
