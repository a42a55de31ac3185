"""The parts of the console: each page's entry in the navigation, and the permissions that open it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhengtong.foundation.core.registry import registry
from zhengtong.foundation.ledger.registry import name_events
from zhengtong.foundation.messages.registry import RETRY
from zhengtong.foundation.ui.shells import Entry
from zhengtong.matters.catalog.rules import READ_MODELS
from zhengtong.matters.deadlines.registry import ENTER_CALENDAR
from zhengtong.matters.modelling.registry import DRAW, REVIEW
from zhengtong.matters.workflow.registry import RELOCATE, REPAIR
from zhengtong.people.access.registry import EXPORT_LOG, GRANT_ROLE, MANAGE_PARAMETERS, MANAGE_ROLES, READ_LOG
from zhengtong.people.identity.registry import (
    APPOINT,
    KEEP_OFFICIALS,
    MANAGE_ACCOUNT,
    MANAGE_ORGANISATION,
    OPEN_ACCOUNT,
    SET_CLEARANCE,
)


@dataclass(frozen=True)
class Part:
    """One part of the console: its line in the navigation, what it is for, and which permissions open it."""

    entry: Entry
    words: object
    opened_by: tuple[str, ...]


name_events({"console.page": _("Page of the console opened")})
PARTS = {
    "organisations": Part(
        Entry(_("Organisations"), "console:organisations", 10, "building-2"),
        _("The tree of agencies, their posts, who follows whom"),
        (MANAGE_ORGANISATION, APPOINT),
    ),
    "people": Part(
        Entry(_("Officials"), "console:people", 20, "users"),
        _("Look up, register and appoint those who work here"),
        (KEEP_OFFICIALS,),
    ),
    "accounts": Part(
        Entry(_("Accounts"), "console:accounts", 30, "user-cog"),
        _("Open without rights, disable, close, unlock"),
        (OPEN_ACCOUNT, MANAGE_ACCOUNT, SET_CLEARANCE),
    ),
    "keys": Part(
        Entry(_("Keys of programs"), "console:keys", 35, "key-round"),
        _("Which programs may act for an account; grant and end keys"),
        (MANAGE_ACCOUNT,),
    ),
    "calendar": Part(
        Entry(_("Calendar years"), "console:calendar", 40, "calendar-days"),
        _("Working days of each year; enter the yearly notice"),
        (ENTER_CALENDAR,),
    ),
    "rules": Part(
        Entry(_("Rules of services"), "console:rules", 45, "scale"),
        _("Decision tables as they are in force; try them, compare versions"),
        (READ_MODELS,),
    ),
    "models": Part(
        Entry(_("Processes"), "console:models", 47, "workflow"),
        _("Draw processes, have them checked and reviewed, publish them"),
        (DRAW, REVIEW),
    ),
    "moves": Part(
        Entry(_("Move processes"), "console:moves", 48, "git-compare-arrows"),
        _("Move running processes to a new version, after a dry run"),
        (RELOCATE,),
    ),
    "health": Part(
        Entry(_("Health"), "console:health", 50, "stethoscope"),
        _("Whether the house is well; try again what is stuck"),
        (MANAGE_PARAMETERS, RETRY, REPAIR),
    ),
    "stuck": Part(
        Entry(_("Stuck processes"), "console:stuck", 55, "rotate-cw"),
        _("Where processes stand still; try again, skip, end"),
        (REPAIR,),
    ),
    "starts": Part(
        Entry(_("Automatic starts"), "console:starts", 57, "circle-play"),
        _("By what published processes begin of themselves; close them"),
        (REPAIR,),
    ),
    "roles": Part(
        Entry(_("Roles"), "console:roles", 60, "shield"),
        _("What each role permits and which exclude one another"),
        (MANAGE_ROLES, GRANT_ROLE),
    ),
    "grants": Part(
        Entry(_("Grants"), "console:grants", 70, "shield-user"),
        _("Who has which role, where and how long; give and revoke"),
        (GRANT_ROLE,),
    ),
    "explain": Part(
        Entry(_("Why allowed or not"), "console:explain", 80, "circle-help"),
        _("Why somebody may do something, or may not"),
        (GRANT_ROLE,),
    ),
    "log": Part(
        Entry(_("Log"), "console:log", 90, "scroll-text"),
        _("Search, refusals, what administrators did, export"),
        (READ_LOG, EXPORT_LOG),
    ),
    "proof": Part(
        Entry(_("Proof of the log"), "console:proof", 100, "fingerprint"),
        _("Verify the whole log now; its signed heads"),
        (READ_LOG,),
    ),
}

for _name, _part in PARTS.items():
    registry.navigation.add(f"console.{_name}", _part.entry)
