"""Names of what happens in access."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.ledger.registry import name_events

ROLE_DEFINED = "access.role_defined"
ROLE_GRANTED = "access.role_granted"
GRANT_REVOKED = "access.grant_revoked"
ABSENCE_ENTERED = "access.absence_entered"
ABSENCE_ENDED = "access.absence_ended"
LOG_READ = "audit.log_read"
LOG_EXPORTED = "audit.log_exported"
LOG_EXAMINED = "audit.log_examined"

name_events(
    {
        ROLE_DEFINED: _("Role defined"),
        ROLE_GRANTED: _("Role granted"),
        GRANT_REVOKED: _("Grant revoked"),
        ABSENCE_ENTERED: _("Absence entered"),
        ABSENCE_ENDED: _("Absence ended early"),
        LOG_READ: _("Log searched"),
        LOG_EXPORTED: _("Log exported"),
        LOG_EXAMINED: _("Log examined"),
    }
)
