"""What of messages can be looked at: that none is stuck, and that mail can leave the house."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.errors import Unavailable
from zhengtong.foundation.core.health import Answer, ill, look, soon, well
from zhengtong.foundation.messages.providers import email_provider
from zhengtong.foundation.messages.queries import stuck

COUNTED = 100


@look("messages", _("Messages"))
def messages() -> Answer:
    """Whether every message left, or is still being tried."""
    count = len(stuck()[:COUNTED])
    return ill(_("%(count)d messages cannot be sent.") % {"count": count}) if count else well(_("None is stuck."))


@look("mail", _("Outgoing e-mail"))
def mail() -> Answer:
    """Whether the provider can be reached; nothing is sent."""
    try:
        leaves = email_provider().reach()
    except Unavailable:
        return ill(_("The mail server does not answer; messages wait."))
    if leaves:
        return well(_("The mail server answers."))
    return soon(_("E-mail is kept in a folder and leaves the house once a mail provider is set."))
