"""Names of what happens in identity."""

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.ledger.registry import name_events

PERSON_REGISTERED = "identity.person_registered"
PERSON_CORRECTED = "identity.person_corrected"
PERSON_VERIFIED = "identity.person_verified"
REAL_NAME_MISMATCHED = "identity.person_mismatched"
ORGANISATION_REGISTERED = "identity.organisation_registered"
ORGANISATION_SUCCEEDED = "identity.organisation_succeeded"
ORGANISATION_CLOSED = "identity.organisation_closed"
ORGANISATION_PLACED = "identity.organisation_placed"
UNIT_OPENED = "identity.unit_opened"
POST_OPENED = "identity.post_opened"
POST_CLOSED = "identity.post_closed"
APPOINTED = "identity.appointed"
TENURE_ENDED = "identity.tenure_ended"
MANDATE_GIVEN = "identity.mandate_given"
MANDATE_ENDED = "identity.mandate_ended"
ACCOUNT_OPENED = "identity.account_opened"
ACCOUNT_STATE_CHANGED = "identity.account_state_changed"
ACCOUNT_CLEARED = "identity.account_cleared"
ACCOUNTS_MERGED = "identity.accounts_merged"
PASSWORD_CHANGED = "identity.password_changed"  # noqa: S105 a name
FACTOR_CHANGED = "identity.account_factor_changed"
CODE_USED_AGAIN = "identity.account_code_used_again"
SIGNED_IN = "identity.signed_in"
SIGNED_OUT = "identity.signed_out"
SIGN_IN_FAILED = "identity.sign_in_failed"
CAPACITY_CHOSEN = "identity.capacity_chosen"
API_KEY_GRANTED = "identity.api_key_granted"
API_KEY_COLLECTED = "identity.api_key_collected"
API_KEY_ISSUED = "identity.api_key_issued"
API_KEY_REVOKED = "identity.api_key_revoked"

name_events(
    {
        PERSON_REGISTERED: _("Person registered"),
        PERSON_CORRECTED: _("Record of a person corrected"),
        PERSON_VERIFIED: _("Real name verified"),
        REAL_NAME_MISMATCHED: _("Real name not confirmed"),
        ORGANISATION_REGISTERED: _("Organisation registered"),
        ORGANISATION_SUCCEEDED: _("Organisation succeeded by another"),
        ORGANISATION_CLOSED: _("Organisation closed"),
        ORGANISATION_PLACED: _("Organisation placed under another"),
        UNIT_OPENED: _("Department set up"),
        POST_OPENED: _("Post set up"),
        POST_CLOSED: _("Post closed"),
        APPOINTED: _("Appointed to a post"),
        TENURE_ENDED: _("Tenure of a post ended"),
        MANDATE_GIVEN: _("Mandate given"),
        MANDATE_ENDED: _("Mandate ended"),
        ACCOUNT_OPENED: _("Account opened"),
        ACCOUNT_STATE_CHANGED: _("State of an account changed"),
        ACCOUNT_CLEARED: _("Clearance set"),
        ACCOUNTS_MERGED: _("Accounts merged"),
        PASSWORD_CHANGED: _("Password changed"),
        FACTOR_CHANGED: _("Second factor changed"),
        CODE_USED_AGAIN: _("Used code shown again"),
        SIGNED_IN: _("Signed in"),
        SIGNED_OUT: _("Signed out"),
        SIGN_IN_FAILED: _("Sign-in failed"),
        CAPACITY_CHOSEN: _("Capacity chosen"),
        API_KEY_GRANTED: _("Key of a program granted"),
        API_KEY_COLLECTED: _("Key of a program collected"),
        API_KEY_ISSUED: _("Key of a program issued"),
        API_KEY_REVOKED: _("Key of a program ended"),
    }
)
