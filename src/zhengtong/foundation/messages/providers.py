"""Who carries messages out: an interface, the embedded default, and Django's own mail."""

import email.message
import pathlib
import re
from typing import Protocol

from django.conf import settings
from django.core import mail
from django.utils.module_loading import import_string

from zhengtong.foundation.core.errors import Unavailable

PATIENCE_SECONDS = 3
"""How long somebody who looks at the health page waits for a mail server."""


class EmailProvider(Protocol):
    """Takes one message; answers a reference of its own. `stable_id` lets the provider drop a repeat."""

    def send(self, *, stable_id: str, address: str, subject: str, text: str) -> str:
        """Raises `Unavailable` when it cannot take it now; the message is tried again."""

    def reach(self) -> bool:
        """Whether what is sent leaves this house. Sends nothing; raises `Unavailable` when nobody answers."""


class FolderProvider:
    """Writes each message as an .eml file: complete on one machine, and the way to see what would be sent."""

    def send(self, *, stable_id: str, address: str, subject: str, text: str) -> str:
        folder = pathlib.Path(settings.VAR) / "outgoing-mail"
        name = re.sub(r"[^A-Za-z0-9.]+", "-", stable_id)
        letter = email.message.EmailMessage()
        letter["To"], letter["From"], letter["Subject"] = address, settings.DEFAULT_FROM_EMAIL, subject
        letter["Message-ID"] = f"<{name}@zhengtong.local>"
        letter.set_content(text)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"{name}.eml"
            path.write_bytes(bytes(letter))
        except OSError as error:
            raise Unavailable("messages.folder", str(error)) from error
        return path.name

    def reach(self) -> bool:
        """It stays here."""
        return False


class DjangoMailProvider:
    """Sends through Django's configured mail backend (SMTP on a server)."""

    def send(self, *, stable_id: str, address: str, subject: str, text: str) -> str:
        letter = mail.EmailMessage(subject, text, to=[address], headers={"X-Stable-Id": stable_id})
        try:
            letter.send(fail_silently=False)
        except OSError as error:  # smtplib's errors are OSErrors too
            raise Unavailable("messages.smtp", str(error)) from error
        return stable_id

    def reach(self) -> bool:
        """Connect and hang up."""
        line = mail.get_connection(timeout=PATIENCE_SECONDS)
        try:
            line.open()
            line.close()
        except OSError as error:
            raise Unavailable("messages.smtp", str(error)) from error
        return True


def email_provider() -> EmailProvider:
    """The provider that the settings name (ZT_EMAIL_PROVIDER)."""
    provider: EmailProvider = import_string(settings.ZT_EMAIL_PROVIDER)()
    return provider
