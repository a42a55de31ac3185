"""Commands for the keys with which programs call the interface (docs/reference/api.md)."""

from typing import TYPE_CHECKING, Any

import click
from django.utils.translation import gettext as _

from zhengtong.doors.cli.printing import as_json, console, fail, put_json, refuse
from zhengtong.doors.cli.speaking import Group, option

if TYPE_CHECKING:
    from zhengtong.people.identity.queries import Account

SCOPES = ("read", "apply", "handle", "send", "model")


@click.group(cls=Group)
def key() -> None:
    """Keys of programs: issue, list, revoke."""


@key.command()
@click.argument("account")
@option("--name", required=True, help="What the key is for.")
@option("--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES))
@option("--capacity", default="", help="Bind it to one: self, org:<credit code>, mandate:<id>, post:<id>.")
@option("--days", default=90, show_default=True)
@as_json
def issue(account: str, name: str, scopes: tuple[str, ...], capacity: str, days: int, as_json: bool) -> None:
    """Issue a key to ACCOUNT (a sign-in name) and print its secret, this once."""
    from zhengtong.foundation.core.errors import Refusal
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.people.identity import queries, services

    holder = _account(account)
    try:
        bound = queries.capacity_named(holder, capacity) if capacity else ""
        issued = services.issue_api_key(by=SYSTEM, account=holder, name=name, scopes=scopes, capacity=bound, days=days)
    except Refusal as refusal:
        refuse(refusal)
    if as_json:
        put_json({**_shown(issued.key), "secret": issued.secret})
    else:
        click.echo(issued.secret)


@key.command("list")
@click.argument("account")
@as_json
def list_keys(account: str, as_json: bool) -> None:
    """The keys of ACCOUNT, newest first; secrets are kept nowhere."""
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.people.identity import queries

    found = [_shown(each) for each in queries.visible_api_keys(SYSTEM).filter(account=_account(account))]
    if as_json:
        put_json(found)
        return
    for each in found:
        state = _("revoked") if each["revoked_at"] else _("until %(when)s") % {"when": each["expires_at"]}
        console.print(f"{each['hint']}…  {each['name']}  {' '.join(each['scopes'])}  {state}")


@key.command()
@click.argument("account")
@click.argument("hint")
@option("--reason", default="")
def revoke(account: str, hint: str, reason: str) -> None:
    """End the keys of ACCOUNT whose secret begins with HINT."""
    from zhengtong.foundation.policy import SYSTEM
    from zhengtong.people.identity import queries, services

    ended = list(queries.visible_api_keys(SYSTEM).filter(account=_account(account), hint=hint[:8], revoked_at=None))
    for each in ended:
        services.revoke_api_key(by=SYSTEM, key=each, reason=reason)
    if not ended:
        told = {"account": account, "hint": hint[:8]}
        fail(_("%(account)s has no key in use that begins with %(hint)s") % told)


def _account(name: str) -> "Account":
    from zhengtong.people.identity.queries import account_by_name

    found = account_by_name(name)
    if found is None:
        fail(_("there is no account %(name)s") % {"name": name})
    return found


def _shown(each: Any) -> dict[str, Any]:
    names = ("hint", "name", "scopes", "capacity", "created_at", "expires_at", "last_used_at", "revoked_at")
    return {name: getattr(each, name) for name in names}
