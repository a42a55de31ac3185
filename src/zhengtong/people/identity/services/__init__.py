"""Verbs of identity: who is registered, who holds which post, who may act for whom, and how they sign in."""

from zhengtong.people.identity.services.accounts import (
    change_account_state,
    choose_capacity,
    choose_password,
    disable_idle_accounts,
    merge_accounts,
    note_factor_changed,
    note_sign_in,
    note_sign_in_failed,
    note_sign_out,
    open_account,
    set_clearance,
    sign_up,
)
from zhengtong.people.identity.services.api_keys import (
    IssuedKey,
    collect_api_key,
    grant_api_key,
    issue_api_key,
    note_key_used,
    revoke_api_key,
)
from zhengtong.people.identity.services.factors import spend_code
from zhengtong.people.identity.services.mandates import end_mandate, give_mandate
from zhengtong.people.identity.services.organisations import (
    appoint,
    close_organisation,
    close_post,
    end_tenure,
    open_post,
    open_unit,
    place_under,
    register_organisation,
    succeed_organisation,
)
from zhengtong.people.identity.services.people import correct_person, register_person, verify_person

__all__ = [
    "IssuedKey",
    "appoint",
    "change_account_state",
    "choose_capacity",
    "choose_password",
    "close_organisation",
    "close_post",
    "collect_api_key",
    "correct_person",
    "disable_idle_accounts",
    "end_mandate",
    "end_tenure",
    "give_mandate",
    "grant_api_key",
    "merge_accounts",
    "issue_api_key",
    "note_factor_changed",
    "note_key_used",
    "note_sign_in",
    "note_sign_in_failed",
    "note_sign_out",
    "open_account",
    "open_post",
    "open_unit",
    "place_under",
    "register_organisation",
    "register_person",
    "revoke_api_key",
    "set_clearance",
    "sign_up",
    "spend_code",
    "succeed_organisation",
    "verify_person",
]
