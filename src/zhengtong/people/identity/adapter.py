"""How allauth signs people in here: our verbs write, our ledger remembers, our mail provider carries."""

import logging
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zhengtong.foundation import policy
from zhengtong.foundation.core.errors import Conflict, Unavailable
from zhengtong.foundation.core.identifiers import new_token
from zhengtong.foundation.core.keys import seal, unseal
from zhengtong.foundation.messages.providers import email_provider
from zhengtong.people.identity import queries, services
from zhengtong.people.identity.models import Account

if TYPE_CHECKING:
    from django import forms

_log = logging.getLogger(__name__)

SESSION_MARK = "zt_mark"
SESSION_CAPACITY = "zt_capacity"


class Backend(AuthenticationBackend):  # type: ignore[misc] # allauth is not typed
    """Loads the account together with its person, in one read."""

    def get_user(self, user_id: int) -> Account | None:
        account = queries.account(user_id)
        return account if account is not None and account.is_active else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth is not typed
    """Signing up, in and out, and passwords."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 allauth's signature
        return bool(settings.ZT_OPEN_SIGN_UP)

    def save_user(
        self,
        request: HttpRequest,  # noqa: ARG002 allauth's signature
        user: Account,
        form: "forms.Form",
        commit: bool = True,  # noqa: ARG002 allauth's signature
    ) -> Account:
        """Open the citizen's account through our verb."""
        data = form.cleaned_data
        user.locale = get_language() or "zh-hans"
        try:
            return services.sign_up(account=user, username=data["username"], password=data["password1"])
        except Conflict as refusal:
            raise self.validation_error("username_taken") from refusal

    def set_password(self, user: Account, password: str) -> None:
        services.choose_password(by=policy.current(), account=user, password=password)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, object] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what happened; not that somebody signed in, whose name every page bears.

        The pages after signing in are the doors', and the words would lie there until the next form for signing in.
        """
        if message_template != "account/messages/logged_in.txt":
            super().add_message(request, level, message_template, message_context, extra_tags, message)

    def login(self, request: HttpRequest, user: Account) -> None:
        """Sign in under a new session, and record by what means."""
        super().login(request, user)
        means = "+".join(record["method"] for record in get_authentication_records(request, user)) or "password"
        request.session[SESSION_MARK] = services.note_sign_in(by=queries.actor_for(user), account=user, method=means)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, Account):
            services.note_sign_out(by=queries.actor_for(request.user), account=request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        name = str(credentials.get("username") or credentials.get("email") or "")
        account = queries.account_by_sign_in(name)
        services.note_sign_in_failed(account=account, locked=bool(getattr(request, "axes_locked_out", False)))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        kind = request.user.kind if isinstance(request.user, Account) else ""
        return str(settings.ZT_HOMES.get(kind, settings.LOGIN_REDIRECT_URL))

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Account,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """What a holder is told about his second factors, the ledger remembers."""
        if template_prefix.startswith("mfa/"):
            change = template_prefix.rpartition("/")[2]
            services.note_factor_changed(by=policy.current(), account=user, change=change)
        super().send_notification_mail(template_prefix, user, context, email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send plain text through the provider of messages; a provider that is down does not stop the page."""
        site = {"name": _("Zhengtong government services"), "domain": self.request.get_host()}
        context = {**context, "email": email, "current_site": site}
        subject = render_to_string(f"{template_prefix}_subject.txt", context)
        text = render_to_string(f"{template_prefix}_message.txt", context)
        try:
            email_provider().send(
                stable_id=f"account-{new_token()}", address=email, subject=" ".join(subject.split()), text=text
            )
        except Unavailable:
            _log.warning("an e-mail about an account could not be handed over")


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth is not typed
    """Second factors, their secrets sealed."""

    PURPOSE = "identity.second_factor"

    def encrypt(self, text: str) -> str:
        return seal(self.PURPOSE, text.encode())

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(self.PURPOSE, encrypted_text).decode()

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)


def sign_in_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """For axes: the one name under which failures of an account count, whether typed as name or e-mail address."""
    given = credentials or {}
    typed = given.get("username") or given.get("login") or given.get("email") or request.POST.get("login") or ""
    account = queries.account_by_sign_in(str(typed))
    return account.username.lower() if account is not None else str(typed).lower()[:64]
