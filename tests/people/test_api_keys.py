"""Keys of programs: told once, bounded, revoked at once, bound to a capacity; nobody issues them to another."""

import datetime as dt
import re

import pytest
from django.test import Client

from factories import access as give
from factories import identity as make
from zhengtong.foundation.core import clock
from zhengtong.foundation.core.errors import Conflict, Invalid, NotAllowed, Refusal, SignInNeeded
from zhengtong.foundation.ledger.models import Event
from zhengtong.foundation.ledger.services import deliver_outbox
from zhengtong.foundation.messages import queries as messages
from zhengtong.foundation.policy import SYSTEM
from zhengtong.people.access import services as access
from zhengtong.people.identity import queries, services
from zhengtong.people.identity.adapter import SESSION_MARK
from zhengtong.people.identity.models import ApiKey
from zhengtong.people.identity.rules import key_state

pytestmark = pytest.mark.django_db


def issued(account, **given):
    made = {"by": queries.actor_for(account), "account": account, "name": "ERP", "scopes": ["read"]}
    return services.issue_api_key(**made | given)


def test_only_the_digest_of_a_secret_is_kept() -> None:
    given = issued(make.account())
    held = ApiKey.objects.get(pk=given.key.pk)
    assert given.secret not in str([getattr(held, field.attname) for field in held._meta.concrete_fields])
    assert queries.api_key(given.secret) == held


def test_a_key_ends_with_its_time_its_revocation_and_its_account() -> None:
    account, why = make.account(), "the machine it lay on has left the house; " * 9
    by_time, by_hand, by_account = issued(account, days=1), issued(account), issued(account)
    with clock.frozen(clock.now() + dt.timedelta(days=1)), pytest.raises(SignInNeeded):
        queries.api_key(by_time.secret)
    services.revoke_api_key(by=queries.actor_for(account), key=by_hand.key, reason=why)
    assert ApiKey.objects.get(pk=by_hand.key.pk).revoke_reason == why
    services.change_account_state(by=SYSTEM, account=account, state="disabled", reason="test")
    for secret in (by_hand.secret, by_account.secret, "ztk_nonsense", ""):
        with pytest.raises(SignInNeeded):
            queries.api_key(secret)


def test_issuing_and_revoking_are_recorded_once_each() -> None:
    account = make.account()
    given = issued(account)
    for _again in range(2):
        services.revoke_api_key(by=queries.actor_for(account), key=given.key)
    kinds = list(Event.objects.filter(type__startswith="identity.api_key").values_list("type", flat=True))
    assert sorted(kinds) == ["identity.api_key_issued", "identity.api_key_revoked"]


def test_nobody_issues_or_revokes_a_key_of_another() -> None:
    account, other = make.account(), queries.actor_for(make.account())
    with pytest.raises(NotAllowed):
        issued(account, by=other)
    with pytest.raises(NotAllowed):
        services.revoke_api_key(by=other, key=issued(account).key)
    assert queries.visible_api_keys(other).count() == 0
    assert queries.visible_api_keys(queries.actor_for(account)).count() == 1


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"days": 0}, Invalid),
        ({"days": 367}, Invalid),
        ({"scopes": []}, Invalid),
        ({"scopes": ["everything"]}, Invalid),
        ({"name": " "}, Invalid),
        ({"capacity": "post:1"}, NotAllowed),
    ],
)
def test_a_key_without_bounds_is_refused(given: dict[str, object], refused: type[Refusal]) -> None:
    with pytest.raises(refused):
        issued(make.account(), **given)


def test_officials_keys_live_shorter() -> None:
    with pytest.raises(Invalid):
        issued(make.officer(), days=91)


def test_a_pending_account_has_no_keys() -> None:
    with pytest.raises(Conflict):
        issued(make.account(active=False), by=SYSTEM)


def test_a_program_acts_in_the_capacity_it_names() -> None:
    account = make.account()
    assert account.person is not None
    company = make.enterprise()
    mandate = make.mandate(account.person, principal_organisation=company)
    key = issued(account).key
    assert queries.actor_by_key(key).on_behalf_of is None
    assert queries.actor_by_key(key, f"org:{company.uscc}").on_behalf_of == f"org:{company.pk}"
    assert queries.actor_by_key(key, f"mandate:{mandate.pk}").mandate_id == mandate.pk
    others = (f"org:{make.enterprise().uscc}", "post:1", "king", "org:")
    numbers = ("", "-1", "x", "²", "9" * 30, "9" * 5000)  # none of which may end in acting for oneself instead
    for stranger in (*others, *(f"{kind}:{number}" for kind in ("mandate", "post", "self") for number in numbers)):
        with pytest.raises(NotAllowed):
            queries.actor_by_key(key, stranger)


def test_a_bound_key_acts_in_no_other_capacity() -> None:
    account = make.account()
    assert account.person is not None
    mandate = make.mandate(account.person)
    key = issued(account, capacity=f"mandate:{mandate.pk}").key
    assert queries.actor_by_key(key).mandate_id == mandate.pk
    with pytest.raises(NotAllowed):
        queries.actor_by_key(key, "self")


def test_use_is_noted_at_most_every_ten_minutes() -> None:
    key = issued(make.account()).key
    services.note_key_used(key=key)
    first = ApiKey.objects.get(pk=key.pk)
    services.note_key_used(key=first)
    assert ApiKey.objects.get(pk=key.pk).last_used_at == first.last_used_at
    with clock.frozen(clock.now() + dt.timedelta(minutes=11)):
        services.note_key_used(key=first)
    later = ApiKey.objects.get(pk=key.pk).last_used_at
    assert later is not None and first.last_used_at is not None and later > first.last_used_at  # noqa: PT018


class TestGranted:
    """The system administrator lets a program have a key; its secret is the holder's alone, told once."""

    def administrator(self, kind: str = "sys"):
        account = make.account("admin")
        give.grant(access.install_roles(by=SYSTEM)[f"{kind}_admin"], account=account, scope="all")
        return queries.actor_for(account)

    def granted(self, account, **given):
        made = {"by": self.administrator(), "account": account, "name": "收银系统", "scopes": ["read"]}
        return services.grant_api_key(**made | given)

    def test_it_opens_nothing_until_its_holder_has_collected_it_once(self) -> None:
        account = make.account("citizen")
        key = self.granted(account)
        assert key_state(key) == "waiting"
        taken = services.collect_api_key(by=queries.actor_for(account), key=key)
        assert queries.api_key(taken.secret).pk == key.pk
        assert key_state(taken.key) == "in_force"
        with pytest.raises(Conflict):
            services.collect_api_key(by=queries.actor_for(account), key=key)
        assert queries.api_key(taken.secret).pk == key.pk

    def test_nobody_else_collects_it_not_even_who_granted_it(self) -> None:
        by, account = self.administrator(), make.account("citizen")
        key = self.granted(account, by=by)
        for other in (by, queries.actor_for(make.account("citizen"))):
            with pytest.raises(NotAllowed):
                services.collect_api_key(by=other, key=key)

    @pytest.mark.parametrize("kind", ["sec", "audit"])
    def test_the_other_administrators_and_officials_grant_none(self, kind: str) -> None:
        account = make.account("citizen")
        for by in (self.administrator(kind), queries.actor_for(make.officer()), queries.actor_for(account)):
            with pytest.raises(NotAllowed):
                self.granted(account, by=by)
        assert not ApiKey.objects.exists()

    @pytest.mark.parametrize(("kind", "scope"), [("citizen", "handle"), ("staff", "apply"), ("enterprise", "handle")])
    def test_a_scope_is_for_accounts_of_its_kind(self, kind: str, scope: str) -> None:
        with pytest.raises(Invalid) as refusal:
            self.granted(make.account(kind), scopes=["read", scope])
        assert list(refusal.value.by_path()) == ["scopes"]

    def test_administrators_have_no_programs(self) -> None:
        with pytest.raises(Conflict) as refusal:
            self.granted(make.account("admin"))
        assert refusal.value.code == "identity.key_of_administrator"

    def test_one_that_was_revoked_or_waited_too_long_is_not_collected(self) -> None:
        account = make.account("citizen")
        late, ended = self.granted(account), self.granted(account)
        services.revoke_api_key(by=self.administrator(), key=ended, reason="x")
        with clock.frozen(clock.now() + dt.timedelta(days=15)):
            assert key_state(late) == "expired"
            for key in (late, ended):
                with pytest.raises(Conflict):
                    services.collect_api_key(by=queries.actor_for(account), key=key)

    def test_the_holder_is_told_without_the_secret_and_each_act_is_recorded(self) -> None:
        account = make.account("citizen")
        key = self.granted(account)
        deliver_outbox()
        (told,) = messages.visible_to(queries.actor_for(account))
        assert (told.address, told.params) == ("/account/keys/", {"name": "收银系统"})
        services.collect_api_key(by=queries.actor_for(account), key=key)
        kinds = Event.objects.filter(type__startswith="identity.api_key").order_by("id").values_list("type", flat=True)
        assert list(kinds) == ["identity.api_key_granted", "identity.api_key_collected"]


def test_the_holder_collects_on_his_page_and_the_secret_is_not_shown_again(client: Client) -> None:
    account = make.account("citizen")
    key = TestGranted().granted(account)
    client.force_login(account)
    session = client.session
    session[SESSION_MARK] = account.session_mark
    session.save()
    assert "ztk_" not in client.get("/account/keys/").content.decode()
    answer = client.post(f"/account/keys/{key.pk}/collect/")
    found = re.search(r"ztk_\w{44}", answer.content.decode())
    assert found
    assert queries.api_key(found[0]).pk == key.pk
    assert "no-store" in answer["Cache-Control"]
    assert found[0] not in client.get("/account/keys/").content.decode()
    assert client.post(f"/account/keys/{key.pk}/collect/").status_code == 409
    other = TestGranted().granted(make.account("citizen"))
    assert client.post(f"/account/keys/{other.pk}/collect/").status_code == 404
    assert client.post(f"/account/keys/{key.pk}/end/").status_code == 302
    with pytest.raises(SignInNeeded):
        queries.api_key(found[0])
